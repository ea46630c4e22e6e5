/* Cgroups of version 2, through their files. */
#define _GNU_SOURCE
#include "cgroups.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int open_cgroup(const char *path, int make) {
  for (;; make = 0) {
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0 || errno != ENOENT || !make || mkdir(path, 0755) < 0) return fd;
  }
}

int close_cgroup(int cgroup) {
  char text[64] = "";
  int fd = openat(cgroup, "cgroup.events", O_RDONLY | O_CLOEXEC);
  int is_populated = fd >= 0 && read(fd, text, sizeof text - 1) > 0 && strstr(text, "populated 1") != NULL;
  if (fd >= 0) close(fd);
  close(cgroup);
  return is_populated;
}

/* Linux 6.14 and later kill what is started from one that was ever killed into another that was not, and the reverse. */
int enter_cgroup(const char *directory, const char *name) {
  char path[4200];
  if (snprintf(path, sizeof path - 16, "%s/%s", directory, name) >= (int)sizeof path - 16) { errno = ENAMETOOLONG; return -1; }
  if (strcmp(name, "..") != 0) {
    if (rmdir(path) < 0 && errno != ENOENT) return -1; /* of a holder that was killed */
    if (mkdir(path, 0755) < 0) return -1;
  }
  strcat(path, "/cgroup.procs");
  int fd = open(path, O_WRONLY | O_CLOEXEC), moved = fd >= 0 && write(fd, "0", 1) == 1;
  if (fd >= 0) close(fd);
  return moved ? 0 : -1;
}

void remove_cgroups(const char *directory) {
  DIR *all = enter_cgroup(directory, "..") < 0 ? NULL : opendir(directory);
  if (all == NULL) return;
  for (struct dirent *e; (e = readdir(all)) != NULL;) unlinkat(dirfd(all), e->d_name, AT_REMOVEDIR);
  closedir(all);
  rmdir(directory);
}
