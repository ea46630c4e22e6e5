/*
 * Pids of processes that are elsewhere and may come back: nobody is to get them meanwhile. Each belongs to the pid of the
 * process that was started, with which it is given back.
 */
#ifndef KEPT_PIDS_H
#define KEPT_PIDS_H
#include <sys/types.h>

/* Keeps a pid from now on, or from when whoever has it now is gone. */
void keep_pid(pid_t owner, pid_t pid);

/* Whether it is kept now: what has it in /proc is nobody. */
int is_kept(pid_t pid);

/* The process comes back: its pids are free for that. Kept again by keep_again(), where it has not come. */
void lend_pids(pid_t owner);
void keep_again(pid_t owner);

/* They are kept no more: those of one process, or all with 0. */
void give_back_pids(pid_t owner);

/* Somebody has gone, who may have had one that is to be kept. */
void keep_wanted(void);

#endif
