/* The names that files have until all of them is there, and what a copy that was killed has left under one. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/random.h>
#include <unistd.h>
#include "files.h"

void name_temporary(struct temporary *t, uint64_t id) {
  snprintf(t->name, sizeof t->name, ".bproc-%016llx", (unsigned long long)id);
}

static int open_temporary(int dir, const char *name, int how) {
  return openat(dir, name, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | how, 0600);
}

/* Locked, and still under its name: no other copy writes it, or has just given it its own one. */
static int is_held(int dir, const char *name, int fd) {
  struct stat st, named;
  if (flock(fd, LOCK_EX | LOCK_NB) < 0) return errno != EWOULDBLOCK;
  return fstat(fd, &st) == 0 && fstatat(dir, name, &named, AT_SYMLINK_NOFOLLOW) == 0
      && st.st_dev == named.st_dev && st.st_ino == named.st_ino;
}

/* What a copy to this name has left that could not clear up: only one's own, which nobody else has under a name. */
static int open_left(int dir, const char *name) {
  struct stat st;
  int fd = open_temporary(dir, name, 0);
  if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_nlink == 1 && st.st_uid == geteuid()
      && flock(fd, LOCK_EX | LOCK_NB) == 0 && is_held(dir, name, fd)) return fd;
  if (fd >= 0) close(fd);
  return -1;
}

int make_temporary(int dir, const char *name, int asks, struct temporary *t) {
  uint64_t id = 14695981039346656037ull;
  t->extra = 0;
  for (const char *c = name; *c != '\0'; c++) id = (id ^ (uint8_t)*c) * 1099511628211ull;
  name_temporary(t, id);
  int fd = open_temporary(dir, t->name, O_CREAT | O_EXCL);
  if (fd < 0 && errno != EEXIST) return -1;
  int left = fd < 0 ? open_left(dir, t->name) : -1;
  if (left >= 0 && asks) return left;
  if (left >= 0) {
    unlinkat(dir, t->name, 0);
    fd = open_temporary(dir, t->name, O_CREAT | O_EXCL);
    close(left);
  }
  if (fd >= 0 && is_held(dir, t->name, fd)) return fd;
  if (fd >= 0) close(fd);
  /* another copy to the same name is under way */
  if (getrandom(&id, sizeof id, 0) != sizeof id) return -1;
  name_temporary(t, id);
  t->extra = 1;
  return open_temporary(dir, t->name, O_CREAT | O_EXCL);
}
