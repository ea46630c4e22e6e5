/* Cgroups of version 2: one for each process, and one for the holder, all in one directory. */
#ifndef CGROUPS_H
#define CGROUPS_H

/* A descriptor of the cgroup at a path, made there where it is missing and `make` says so; -1 with errno. */
int open_cgroup(const char *path, int make);

/* Closes it; whether anybody is in it still. */
int close_cgroup(int cgroup);

/* Moves this process into `name` in a directory, which is made anew but for ".."; -1 with errno. */
int enter_cgroup(const char *directory, const char *name);

/* Moves this process out of a directory, and removes that with all that is empty in it. */
void remove_cgroups(const char *directory);

#endif
