/* Namespaces of the holder itself. */
#define _GNU_SOURCE
#include "namespaces.h"
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

static int put(const char *path, const char *text) {
  int fd = open(path, O_WRONLY | O_CLOEXEC);
  ssize_t n = fd < 0 ? -1 : write(fd, text, strlen(text));
  if (fd >= 0) close(fd);
  return n < 0 ? -1 : 0;
}

static int map_id(const char *path, unsigned id) {
  char text[32];
  snprintf(text, sizeof text, "%u %u 1", id, id);
  return put(path, text);
}

const char *enter_namespaces(int userns) {
  uid_t uid = geteuid();
  gid_t gid = getegid();
  if (unshare(CLONE_NEWPID | CLONE_NEWNS | (userns ? CLONE_NEWUSER : 0)) < 0) return "cannot make a pid namespace";
  if (!userns) return NULL;
  if (put("/proc/self/setgroups", "deny") < 0) return "/proc/self/setgroups";
  if (map_id("/proc/self/uid_map", uid) < 0) return "/proc/self/uid_map";
  return map_id("/proc/self/gid_map", gid) < 0 ? "/proc/self/gid_map" : NULL;
}

int mount_proc(void) {
  if (mount("none", "/", NULL, MS_REC | MS_SLAVE, NULL) < 0) return -1;
  return mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL);
}
