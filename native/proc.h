/* What /proc says of processes, and what can be done to them by it. */
#ifndef PROC_H
#define PROC_H
#include <stdint.h>
#include <sys/types.h>

/* Reads a file of a process, as far as there is room; 0 where that cannot be. */
size_t read_proc(pid_t pid, const char *name, void *to, size_t room);

/* Field 22 of its stat; 0 where it is gone. */
uint64_t start_time_of(pid_t pid);

/* The inode of its UTS namespace; 0 where it is gone. */
uint64_t uts_of(pid_t pid);

/*
 * The pid by which the machine knows a process of this namespace, who may be a zombie; 0 where that is not known.
 * `seen_outside` are this process's own descriptors, as the machine's own /proc shows them.
 */
pid_t outside_of(int seen_outside, pid_t pid);

/*
 * Kills what came of a process, and then itself: who traces others would let them run by its death. Children are those
 * of main threads.
 */
void kill_tree(pid_t root);

/* Sees to it that the kernel's next pids in this namespace are from `first` on, before `end`; -1 where that cannot be. */
int steer_pids(uint32_t first, uint32_t end);

/* Sees to it that this pid is not among those that the kernel gives next: it is to be somebody's. */
void spare_pid(uint32_t pid);

/* Signals the process with this pid and start time, whoever else may get that pid meanwhile; an errno, or 0. */
int send_signal(pid_t pid, uint64_t start_time, int signal);

#endif
