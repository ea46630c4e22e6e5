/* What the program does when it is no holder: it tells who is at the other end of sockets, is a process's ghost, or asks whether CRIU may go on. */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>
#include "modes.h"

#define MADE_FROM "/.bproc-criu" /* where CRIU is seen in the root of a process */
/* Bytes of environment that are looked through: more than a kernel with the usual limits lets a program have. */
#define MOST_ENVIRONMENT (8ul << 20)

/* A line for each of the descriptors from 3 on; an empty one for what is no unix socket. */
int tell_peers(int count) {
  for (int fd = 3; fd < 3 + count; fd++) {
    struct ucred who;
    gid_t groups[1024];
    socklen_t len = sizeof who, size = sizeof groups;
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &len) == 0) {
      if (getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, groups, &size) < 0) size = 0;
      printf("%d %u %u", who.pid, who.uid, who.gid);
      for (size_t i = 0; i < size / sizeof *groups; i++) printf(" %u", groups[i]);
    }
    printf("\n");
  }
  return 0;
}

/*
 * Writes a byte for each signal it gets, after a 0 once it can get any, until it reads how to end: two
 * bytes, a signal and an exit code. What its parent sends only shows how the process is, and is not told.
 */
int haunt(const char *name) {
  uint64_t mask = ~0ull; /* those of the C library too, which its own functions spare */
  uint8_t say = 0, end[2];
  pid_t keeper = getppid();
  struct __user_cap_header_struct whom = { .version = _LINUX_CAPABILITY_VERSION_3 };
  struct __user_cap_data_struct none[2] = { { 0 } };
  syscall(SYS_capset, &whom, none); /* root's has to be root's, and no more */
  prctl(PR_SET_PDEATHSIG, SIGKILL); /* also where it is stopped, and cannot read that its input has ended */
  prctl(PR_SET_NAME, name);
  syscall(SYS_rt_sigprocmask, SIG_BLOCK, &mask, NULL, sizeof mask);
  int signals = (int)syscall(SYS_signalfd4, -1, &mask, sizeof mask, SFD_CLOEXEC);
  struct pollfd at[2] = { { .fd = 0, .events = POLLIN }, { .fd = signals, .events = POLLIN } };
  if (at[1].fd < 0 || fcntl(1, F_SETFL, O_NONBLOCK) < 0 || write(1, &say, 1) != 1) return 1;
  while (!at[0].revents) {
    struct signalfd_siginfo info;
    if (poll(at, 2, -1) <= 0 || !at[1].revents) continue;
    if (read(at[1].fd, &info, sizeof info) != sizeof info || (pid_t)info.ssi_pid == keeper) continue;
    say = (uint8_t)info.ssi_signo;
    if (write(1, &say, 1) != 1) continue; /* nobody listens to so many */
  }
  if (read(0, end, 2) != 2) return 1;
  if (end[0] < 1 || end[0] > 64) _exit(end[1]);
  prctl(PR_SET_DUMPABLE, 0);
  mask ^= 1ull << (end[0] - 1);
  kill(getpid(), end[0]);
  syscall(SYS_rt_sigprocmask, SIG_SETMASK, &mask, NULL, sizeof mask);
  _exit(128 + end[0]);
}

/*
 * Writes variables over those of the same name and length in the environment that a process was started with: its
 * pointers lead there still. What it has set itself since is elsewhere, and its own.
 */
static void rewrite_environment(pid_t pid, const char *variables) {
  char path[64], text[1024];
  unsigned long from = 0, to = 0;
  snprintf(path, sizeof path, "/proc/%d/stat", pid);
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
  if (fd >= 0) close(fd);
  if (n <= 0) return;
  text[n] = 0;
  const char *field = strrchr(text, ')');
  for (int at = 2; field != NULL && at < 50; at++) field = strchr(field + 1, ' ');
  if (field == NULL || sscanf(field, " %lu %lu", &from, &to) != 2 || to <= from || to - from > MOST_ENVIRONMENT) return;
  char *block = malloc(to - from);
  /* unlike /proc/PID/mem this waits for memory that is still to come */
  struct iovec here = { block, to - from }, there = { (void *)from, to - from };
  n = block == NULL ? -1 : process_vm_readv(pid, &here, 1, &there, 1, 0);
  for (const char *p = block; n > 0 && p < block + n; p += strnlen(p, (size_t)(block + n - p)) + 1)
    for (const char *v = variables; *v != 0; v += strcspn(v, "\n"), v += *v == '\n') {
      size_t len = strcspn(v, "\n"), name = strcspn(v, "=") + 1;
      if (strnlen(p, (size_t)(block + n - p)) != len || strncmp(p, v, name) != 0) continue;
      here = (struct iovec){ (void *)v, len }, there = (struct iovec){ (void *)(from + (size_t)(p - block)), len };
      if (process_vm_writev(pid, &here, 1, &there, 1, 0) < 0) break;
    }
  free(block);
}

/* The same of all that it has started, and that of theirs: each thread has children of its own. */
static void rewrite_environments(pid_t pid, const char *variables) {
  char path[128];
  rewrite_environment(pid, variables);
  snprintf(path, sizeof path, "/proc/%d/task", pid);
  DIR *threads = opendir(path);
  if (threads == NULL) return;
  for (struct dirent *thread; (thread = readdir(threads)) != NULL;) {
    snprintf(path, sizeof path, "/proc/%d/task/%.32s/children", pid, thread->d_name);
    FILE *children = thread->d_name[0] == '.' ? NULL : fopen(path, "re");
    for (int child; children != NULL && fscanf(children, "%d", &child) == 1;) rewrite_environments(child, variables);
    if (children != NULL) fclose(children);
  }
  closedir(threads);
}

/*
 * Run by CRIU at each stage of its work: where a whole process has been captured, or made, it says so to the unix socket at
 * `path`, and waits until it reads what is to become of it: 1 to go on. Whatever else happens means not to.
 */
int ask_leave(const char *action, const char *path) {
  struct sockaddr_un to = { .sun_family = AF_UNIX };
  char verdict = 0;
  const char *made = getenv("CRTOOLS_INIT_PID"), *variables = getenv("BPROC_ENVIRONMENT");
  /* what was shown in the root of a process to make it is not its */
  if (strcmp(action, "post-resume") == 0 && path != NULL && strncmp(path, MADE_FROM "/", sizeof MADE_FROM) == 0)
    umount2(MADE_FROM "/images", MNT_DETACH), umount2(MADE_FROM, MNT_DETACH);
  if (strcmp(action, "post-dump") != 0 && strcmp(action, "post-restore") != 0) return 0;
  if (variables != NULL && made != NULL && strcmp(action, "post-restore") == 0) rewrite_environments(atoi(made), variables);
  if (path == NULL || strlen(path) >= sizeof to.sun_path) return 1;
  strcpy(to.sun_path, path);
  int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof to) < 0) return 1;
  return read(fd, &verdict, 1) == 1 && verdict == 1 ? 0 : 1;
}
