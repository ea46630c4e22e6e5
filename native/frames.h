/* The numbers of the frames between a slave and its holder, as README.md has them. */
#ifndef FRAMES_H
#define FRAMES_H

/* What the slave says ... */
enum { HELLO = 1, START, INPUT, CREDIT, CLOSE, DISCARD, FINISH, SIGNAL, FORGET, LIST, RESIZE, SHUTDOWN, FORKPIDS, NOTE,
       HOLD, PRELOAD, KEEPPIDS };
/* ... and what it is told. */
enum { WELCOME = 64, HELD, READY, STARTED, FAILED, OUTPUT, OUTEND, TAKEN, INCLOSED, STOPPED, CONTINUED, EXITED, RESULT,
       LISTED, REFUSED, FORGOTTEN, NOTED, STILL };
/* Fields of START. Strings come with their NUL. */
enum { F_FILE = 1, F_ARG, F_ENV, F_CWD, F_ROOT, F_STDIO, F_UID, F_GID, F_GROUPS, F_UMASK, F_RLIMIT, F_CGROUP, F_UNSHARE,
       F_PID, F_TAG, F_WINDOW, F_FLAGS, F_TTY, F_BIND, F_SUCCESSOR, F_OFFSETS, F_JOIN, FIELDS };
enum { FLAG_FIN = 1, FLAG_MORE = 1, FLAG_RELEASE = 1, FLAG_KEEP = 2, FLAG_STILL = 1, FLAG_FROZEN = 2 };
enum { NO_NEW_PRIVS = 1, DROP_CAPS = 2, NO_IO_URING = 4, RUN_SELF = 8, KEEP_RIGHTS = 16 };
enum { BIND_FROZEN = 1 };
enum { FIRST_MORE = 4, LAST_MORE = 63 }; /* descriptors that a process may find open beside its streams */
enum { MADE_STDIN = 4 }; /* where a program that makes a process finds the first of its streams */
enum { TO_PROCESS, TO_GROUP };
enum { KIND_PIPE, KIND_NULL, KIND_FILE, KIND_TTY, KIND_SOCKET, KIND_OWN };
/* What a start was doing when it failed. */
enum { AT_CLONE = 1, AT_SESSION, AT_UNSHARE, AT_RLIMIT, AT_ROOT, AT_USER, AT_CWD, AT_STDIN, AT_STDOUT, AT_STDERR,
       AT_PRIVILEGES, AT_EXEC, AT_CGROUP, AT_BIND, AT_MAKER, AT_DESCRIPTOR };

#endif
