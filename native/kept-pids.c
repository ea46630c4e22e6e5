/* A pid is kept by a child that has ended and that nobody reaps: it costs no memory but its entry in the kernel, and nobody can kill it. */
#define _GNU_SOURCE
#include "kept-pids.h"
#include <stddef.h>
#include <stdint.h>
#include <sys/wait.h>
#include "machine.h"

enum { MOST_KEPT = 4096 }; /* more are not kept */
enum { WANTED, KEPT, LENT };

static struct { pid_t owner, pid; int state; } entries[MOST_KEPT];
static size_t count, wanted;

/* Its end is told by no signal, and so it is in no wait for all children but one that asks for such. */
static int occupy(pid_t pid) {
  struct clone_args args = { .flags = CLONE_VFORK, .set_tid = (uintptr_t)&pid, .set_tid_size = 1 };
  long made = SC(SYS_clone3, &args, sizeof args);
  if (made == 0) for (;;) SC(SYS_exit_group, 0);
  return made > 0;
}

static void change(size_t at, int state) {
  if (entries[at].state == KEPT && state != KEPT) waitpid(entries[at].pid, NULL, __WCLONE);
  wanted += state == WANTED, wanted -= entries[at].state == WANTED;
  entries[at].state = state;
}

void keep_wanted(void) {
  for (size_t i = 0; wanted > 0 && i < count; i++)
    if (entries[i].state == WANTED && occupy(entries[i].pid)) change(i, KEPT);
}

void keep_pid(pid_t owner, pid_t pid) {
  size_t at = 0;
  while (at < count && entries[at].pid != pid) at++;
  if (at == MOST_KEPT || (at < count && entries[at].state == KEPT)) return;
  if (at < count) change(at, LENT);
  else count++;
  entries[at].owner = owner, entries[at].pid = pid, entries[at].state = LENT;
  change(at, WANTED);
  keep_wanted();
}

int is_kept(pid_t pid) {
  for (size_t i = 0; i < count; i++) if (entries[i].pid == pid) return entries[i].state == KEPT;
  return 0;
}

void lend_pids(pid_t owner) {
  for (size_t i = 0; i < count; i++) if (entries[i].owner == owner) change(i, LENT);
}

void keep_again(pid_t owner) {
  for (size_t i = 0; i < count; i++) if (entries[i].owner == owner && entries[i].state == LENT) change(i, WANTED);
  keep_wanted();
}

void give_back_pids(pid_t owner) {
  for (size_t i = count; i-- > 0;) {
    if (owner != 0 && entries[i].owner != owner) continue;
    change(i, LENT);
    entries[i] = entries[--count];
  }
}
