/* What the program does when it is no holder: it tells who is at the other end of sockets, is a process's ghost, or asks whether CRIU may go on. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/capability.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>
#include "modes.h"

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
 * Run by CRIU at each stage of its work: where a whole process has been captured, or made, it says so to the unix socket at
 * `path`, and waits until it reads what is to become of it: 1 to go on. Whatever else happens means not to.
 */
int ask_leave(const char *action, const char *path) {
  struct sockaddr_un to = { .sun_family = AF_UNIX };
  char verdict = 0;
  if (strcmp(action, "post-dump") != 0 && strcmp(action, "post-restore") != 0) return 0;
  if (path == NULL || strlen(path) >= sizeof to.sun_path) return 1;
  strcpy(to.sun_path, path);
  int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof to) < 0) return 1;
  return read(fd, &verdict, 1) == 1 && verdict == 1 ? 0 : 1;
}
