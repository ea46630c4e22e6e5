/* The new process, until execve. */
#ifndef CHILD_H
#define CHILD_H
#include <sys/resource.h>

extern struct rlimit file_limit; /* as it was: processes are not to have more for being started here */

/* Runs in the new process, with its job; never returns. */
void child(void *job);

#endif
