/* A pid namespace for what this process forks. */
#ifndef NAMESPACES_H
#define NAMESPACES_H

/* Makes one, in a user namespace of this user alone where `userns` says so; what could not be done, with errno, or NULL. */
const char *enter_namespaces(int userns);

/* Shows process 1 of it, and what comes of that, its own /proc; -1 with errno. */
int mount_proc(void);

#endif
