/* A process as the holder has it. */
#ifndef JOB_H
#define JOB_H
#include <signal.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/types.h>
#include "bytes.h"
#include "frames.h"

enum { STARTING, RUNNING, DEAD };
enum { MOST_LIMITS = 32, MOST_GROUPS = 256, MOST_MORE = 8 };
#define COUNT(array) (sizeof(array) / sizeof *(array))

/* A descriptor that epoll watches. */
struct source {
  enum { EXECPIPE, IN, OUT, ERR, LISTENER, PEER, SIGNALS } kind;
  int fd;
  uint32_t events;
  struct job *job;
};

/* A field of START. */
struct field { uint8_t *value; uint32_t len; };

/* A stream that the process writes: [acked, end) is kept, [acked, sent) was told. */
struct out {
  struct source *src;
  struct bytes kept;
  uint64_t acked, sent, end, limit;
  int none, ended, told_end, discard, wide, finish, left; /* finish: after so many bytes more */
};

struct job {
  struct job *next_dead, *prev, *next;
  uint32_t id, window;
  pid_t pid, outside; /* as its namespace and as the machine has it */
  pid_t successor; /* while another program makes the process: the pid that it will have */
  int early, early_status; /* it ended before that program did */
  int phase, status, stopped, released, kept, freed, tty, reaped, in_line, held /* its input stands still */, raw /* what was typed is in no lines */;
  int32_t refusal[2]; /* at which stage, and with which errno */
  uint64_t start_time, uts;
  struct rusage usage;
  struct source sources[4]; /* by kind, from EXECPIPE to ERR */
  struct bytes queue, note, typed; /* typed: taken out of its terminal, which it has to be in before it runs */
  size_t again; /* so much of the queue is no new input: it was in a terminal before */
  uint64_t in_offset, in_written;
  int in_fin, in_closed, cgroup, left; /* left: whether others were in the cgroup still when it ended */
  struct out out[2];
  struct field tag;
  /* What the new process needs until execve. */
  uint8_t *spec, *stack;
  size_t spec_len;
  char **files, **argv, **envp;
  struct field fields[FIELDS], stdio[3], limits[MOST_LIMITS], more[MOST_MORE + 1];
  int child_fd[3], exec_fd;
};

/* The number that a field of START gives; -1 where it was not given. */
static inline int64_t number(const struct job *j, int field) {
  return j->fields[field].value == NULL ? -1 : (int64_t)get32(j->fields[field].value);
}

static inline int has_flag(const struct job *j, uint32_t flags) { return number(j, F_FLAGS) > 0 && (number(j, F_FLAGS) & flags) != 0; }

#endif
