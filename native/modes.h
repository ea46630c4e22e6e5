/* The program's other modes; each returns its exit code. */
#ifndef MODES_H
#define MODES_H

int tell_peers(int count);
int haunt(const char *name);
int copy_files(void);
int ask_leave(const char *action, const char *path);
int run_with_pages(const char *way, const char *path, const char *pid, char **argv);
int move_address(const char *way, const char *device, const char *address, const char *pid);

#endif
