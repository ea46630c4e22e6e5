/* Reads /proc, and does what takes its word for who is who. */
#define _GNU_SOURCE
#include "proc.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

size_t read_proc(pid_t pid, const char *name, void *to, size_t room) {
  char path[64];
  size_t n = 0;
  snprintf(path, sizeof path, "/proc/%d/%s", pid, name);
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  for (ssize_t got; fd >= 0 && n < room && (got = read(fd, (char *)to + n, room - n)) > 0;) n += (size_t)got;
  if (fd >= 0) close(fd);
  return n;
}

uint64_t start_time_of(pid_t pid) {
  char text[1024];
  text[read_proc(pid, "stat", text, sizeof text - 1)] = '\0';
  char *p = strrchr(text, ')');
  for (int field = 2; p != NULL && field < 22; field++) p = strchr(p + 1, ' ');
  return p == NULL ? 0 : strtoull(p + 1, NULL, 10);
}

uint64_t uts_of(pid_t pid) {
  char path[32];
  struct stat st;
  snprintf(path, sizeof path, "/proc/%d/ns/uts", pid);
  return stat(path, &st) < 0 ? 0 : (uint64_t)st.st_ino;
}

pid_t outside_of(int seen_outside, pid_t pid) {
  char name[16], text[512] = "", *p = NULL;
  int fd = (int)syscall(SYS_pidfd_open, pid, 0), info;
  snprintf(name, sizeof name, "%d", fd);
  if ((info = openat(seen_outside, name, O_RDONLY | O_CLOEXEC)) >= 0) {
    if (read(info, text, sizeof text - 1) > 0) p = strstr(text, "\nPid:");
    close(info);
  }
  if (fd >= 0) close(fd);
  pid_t found = p == NULL ? 0 : (pid_t)strtol(p + 5, NULL, 10);
  return found > 0 ? found : 0;
}

int send_signal(pid_t pid, uint64_t start_time, int signal) {
  /* the pidfd is of whoever has the pid now, and stays so: then only its start time is to be compared */
  int fd = (int)syscall(SYS_pidfd_open, pid, 0);
  if (fd < 0) return errno;
  int error = start_time_of(pid) != start_time ? ESRCH : 0;
  if (error == 0 && syscall(SYS_pidfd_send_signal, fd, signal, NULL, 0) < 0) error = errno;
  close(fd);
  return error;
}

void kill_tree(pid_t root) {
  static pid_t found[1 << 16];
  static char text[1 << 16];
  size_t count = 0;
  found[count++] = root;
  for (size_t i = 0; i < count; i++) {
    char name[32], *p = text;
    kill(found[i], SIGSTOP); /* then it makes no more of them */
    snprintf(name, sizeof name, "task/%d/children", found[i]);
    text[read_proc(found[i], name, text, sizeof text - 1)] = '\0';
    for (pid_t pid; count < sizeof found / sizeof *found && (pid = (pid_t)strtol(p, &p, 10)) > 0;) found[count++] = pid;
  }
  while (count > 0) kill(found[--count], SIGKILL);
}

enum { SPARED = 256 }; /* what makes a process takes fewer pids */

static int last_pid_file = -1;

/* The pid that the kernel gave last in this namespace; 0 where that cannot be seen. */
static uint32_t last_pid(void) {
  char text[16] = "";
  if (last_pid_file < 0) last_pid_file = open("/proc/sys/kernel/ns_last_pid", O_RDWR | O_CLOEXEC);
  if (last_pid_file < 0 || pread(last_pid_file, text, sizeof text - 1, 0) <= 0) return 0;
  return (uint32_t)strtoul(text, NULL, 10);
}

static int set_last_pid(uint32_t pid) {
  char text[16];
  int n = snprintf(text, sizeof text, "%u", pid);
  return pwrite(last_pid_file, text, (size_t)n, 0) < 0 ? -1 : 0;
}

int steer_pids(uint32_t first, uint32_t end) {
  uint32_t at = last_pid();
  return at == 0 || (at >= first && at < end) ? 0 : set_last_pid(first);
}

void spare_pid(uint32_t pid) {
  uint32_t at = last_pid();
  if (at > 0 && at < pid && pid - at <= SPARED) set_last_pid(pid);
}
