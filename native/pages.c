/* Runs CRIU where it gives or takes memory later than the rest of a process: by a unix socket, its descriptor 3. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>
#include "modes.h"

#define CRIU_FD 3

static char buffer[256 * 1024];

static int connect_to(const char *path) {
  struct sockaddr_un to = { .sun_family = AF_UNIX };
  if (strlen(path) >= sizeof to.sun_path) return errno = ENAMETOOLONG, -1;
  strcpy(to.sun_path, path);
  int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  return fd >= 0 && connect(fd, (struct sockaddr *)&to, sizeof to) == 0 ? fd : -1;
}

static void become(int fd, char **argv) {
  /* twice, since it may be that number already, and is to stay open */
  if ((fd = dup(fd)) < 0 || dup2(fd, CRIU_FD) < 0) _exit(127);
  execvp(argv[0], argv);
  perror(argv[0]);
  _exit(127);
}

/* Ends a process and what it has started: each is stopped before its children are looked for, so that no more come. */
static void end_tree(pid_t pid) {
  char path[300];
  if (pid <= 1 || kill(pid, SIGSTOP) < 0) return;
  snprintf(path, sizeof path, "/proc/%d/task", pid);
  DIR *threads = opendir(path);
  for (struct dirent *thread; threads != NULL && (thread = readdir(threads)) != NULL;) {
    snprintf(path, sizeof path, "/proc/%d/task/%s/children", pid, thread->d_name);
    FILE *children = thread->d_name[0] == '.' ? NULL : fopen(path, "re");
    for (int child; children != NULL && fscanf(children, "%d", &child) == 1;) end_tree(child);
    if (children != NULL) fclose(children);
  }
  if (threads != NULL) closedir(threads);
  kill(pid, SIGKILL);
}

/* What can be read from one is written to the other; 0 at its end. */
static int pass(int from, int to) {
  ssize_t n = read(from, buffer, sizeof buffer);
  if (n < 0 && errno == EINTR) return 1;
  if (n <= 0) return 0;
  for (ssize_t done = 0, m; done < n; done += m)
    if ((m = write(to, buffer + done, (size_t)(n - done))) < 0) {
      if (errno != EINTR) return 0;
      m = 0;
    }
  return 1;
}

static int pidfd(pid_t pid) { return (int)syscall(SYS_pidfd_open, pid, 0); }

/*
 * Gives a process's memory. CRIU ends well when nobody asks for it any more, and lets the process run then. Only where that was
 * ended before, while it stood still, is this 0.
 */
static int give(int fd, pid_t process, char **argv) {
  struct pollfd at[2] = { { .fd = pidfd(process), .events = POLLIN }, { .events = POLLIN } };
  pid_t criu = at[0].fd < 0 ? -1 : fork();
  if (criu < 0) return perror(argv[0]), 1;
  if (criu == 0) become(fd, argv);
  close(fd);
  at[1].fd = pidfd(criu);
  while (poll(at, 2, -1) < 0 || !(at[0].revents | at[1].revents)) continue;
  while (waitpid(criu, NULL, 0) < 0 && errno == EINTR) continue;
  return at[0].revents ? 0 : 1;
}

/* Takes it. Where the rest does not come the process is ended before CRIU lets it see nothing there, whoever has died. */
static int take(int fd, pid_t process, char **argv) {
  int status = 0, pair[2];
  pid_t criu;
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0 || (criu = fork()) < 0) return perror(argv[0]), 1;
  if (criu == 0) become(pair[1], argv);
  close(pair[1]);
  signal(SIGPIPE, SIG_IGN);
  struct pollfd at[2] = { { .fd = fd, .events = POLLIN }, { .fd = pair[0], .events = POLLIN } };
  for (;;) {
    if (poll(at, 2, -1) < 0) continue;
    if (at[1].revents && !pass(pair[0], fd)) break;
    if (at[0].revents && !pass(fd, pair[0])) {
      /* it may have closed after all had come: then CRIU has ended well by itself, or is about to */
      struct pollfd end = { .fd = pair[0], .events = POLLIN };
      if (poll(&end, 1, 100) == 1 && read(pair[0], buffer, 1) == 0) break;
      end_tree(process);
      kill(criu, SIGKILL);
      break;
    }
  }
  while (waitpid(criu, &status, 0) < 0 && errno == EINTR) continue;
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return 0;
  end_tree(process);
  return 1;
}

int run_with_pages(const char *way, const char *path, const char *pid, char **argv) {
  int fd = connect_to(path);
  if (fd < 0) return perror(path), 1;
  return strcmp(way, "give") == 0 ? give(fd, atoi(pid), argv) : take(fd, atoi(pid), argv);
}
