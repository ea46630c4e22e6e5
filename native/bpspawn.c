/*
 * bpspawn, the holder: starts, owns and reaps the processes of one slave, relays their standard
 * streams, and keeps processes, streams and statuses while the slave's daemon is away.
 *
 *   bpspawn --listen PATH [--linger SECONDS] [--pidns] [--userns] [--fork]
 *   bpspawn --peer < SOCKET
 *
 * The first form goes into the background and returns once PATH can be connected to. Without a
 * connection for SECONDS (default: for ever) it kills what it holds and ends. With --pidns it is
 * process 1 of a new pid namespace, with --userns of one made by an ordinary user. The second form
 * prints pid, uid and gid of whoever is connected to its standard input, and that user's groups.
 *
 * It speaks frames over one unix stream socket, described in native/README.md; numbers are
 * little-endian. One thread; whatever may block (open, execve) blocks the new process alone: it
 * shares the holder's memory until execve, as after vfork, but runs beside it, on a stack of its own.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <dirent.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

enum { VERSION = 1 };
/* What the slave says ... */
enum { HELLO = 1, START, INPUT, CREDIT, CLOSE, DISCARD, FINISH, SIGNAL, FORGET, LIST, RESIZE, SHUTDOWN, FORKPIDS };
/* ... and what it is told. */
enum { WELCOME = 64, HELD, READY, STARTED, FAILED, OUTPUT, OUTEND, TAKEN, INCLOSED, STOPPED, CONTINUED, EXITED, RESULT,
       LISTED, REFUSED };
/* Fields of START. Strings come with their NUL. */
enum { F_FILE = 1, F_ARG, F_ENV, F_CWD, F_ROOT, F_STDIO, F_UID, F_GID, F_GROUPS, F_UMASK, F_RLIMIT, F_CGROUP, F_UNSHARE,
       F_PID, F_TAG, F_WINDOW, F_FLAGS, F_TTY };
enum { FLAG_FIN = 1, FLAG_MORE = 1, FLAG_RELEASE = 1 };
enum { NO_NEW_PRIVS = 1, DROP_CAPS = 2, NO_IO_URING = 4 };
enum { TO_PROCESS, TO_GROUP, TO_CGROUP };
enum { KIND_PIPE, KIND_NULL, KIND_FILE, KIND_TTY, KIND_SOCKET };
/* What a start was doing when it failed. */
enum { AT_CLONE = 1, AT_SESSION, AT_UNSHARE, AT_RLIMIT, AT_ROOT, AT_USER, AT_CWD, AT_STDIN, AT_STDOUT, AT_STDERR,
       AT_PRIVILEGES, AT_EXEC, AT_CGROUP };
enum { STARTING, RUNNING, DEAD, REFUSED_START };
enum { REPORT = 3 }; /* the descriptor by which a new process says what failed */

#define MAX_FRAME (8u << 20)
#define MOST_INPUT (20u << 20)
#define ROOM (1u << 20)
#define PIECE (64u << 10)
#define LOOK_EVERY 5.0 /* seconds */
#define WIDE_PIPE (512 << 10)
#define TTY_BUFFER (64 << 10) /* more than the kernel keeps of what was written to a terminal */
#define MIN_WINDOW (4u << 10)
#define MAX_WINDOW (16u << 20)
#define STACK (64u << 10)
#define MOST_IDS (1u << 20)
#define MOST_PIDS (1u << 22) /* as many as the kernel has */
#define HEADER 12

/* A descriptor that epoll watches. */
struct source {
  enum { LISTENER, PEER, SIGNALS, EXECPIPE, IN, OUT } kind;
  int fd;
  uint32_t events;
  struct job *job;
};

struct bytes { uint8_t *data; size_t len, cap; };

/* A stream that the process writes: [acked, end) is kept in a ring, [acked, sent) was told. */
struct out {
  struct source src;
  uint8_t *ring;
  size_t cap;
  uint64_t acked, sent, end, limit;
  int none, ended, told_end, discard, wide, finish, left; /* finish: after so many bytes more */
};

struct job {
  struct job *next_dead, *prev, *next;
  uint32_t id, window;
  pid_t pid;
  int phase, status, stopped, released, freed, tty, reaped, in_line;
  uint64_t start_time, uts;
  struct rusage usage;
  struct source report;
  struct source in;
  struct bytes queue;
  uint64_t in_offset, in_written;
  int in_fin, in_closed;
  struct out out[2];
  uint8_t *tag;
  uint32_t tag_len;
  char *cgroup;
  /* What the new process needs until execve. */
  uint8_t *spec;
  void *stack;
  char **argv, **envp;
  const char *file, *cwd, *root;
  const uint8_t *stdio[3];
  uint32_t stdio_len[3];
  int child_fd[3], exec_fd, cgroup_fd;
  uint32_t unshare, flags, umask_set, umask, gid_set, uid_set, uid, gid, ngroups, set_tid, rows, cols, nlimits;
  const uint8_t *groups, *limits[32];
};

/* pages of these that nobody has touched cost nothing */
static struct job *by_id[MOST_IDS], *by_pid[MOST_PIDS], *dead, jobs = { .prev = &jobs, .next = &jobs };
static struct source listener = { .kind = LISTENER, .fd = -1 }, peer = { .kind = PEER, .fd = -1 },
                     signals = { .kind = SIGNALS, .fd = -1 };
static struct bytes inbuf, outbuf;
static size_t outpos;
static int epfd, greeted, use_fork, in_pidns, stalled, quitting, orphaned;
static char listen_path[128];
static struct stat listen_file;
static int home = -1; /* where a relative path begins */
static uint8_t instance[16];
static void *spare_stack;
static uint32_t fork_first, fork_last;
static double linger = -1, alone_since;
static struct rlimit files; /* as it was: processes are not to have more for being started here */

/* --- small things --- */

static uint16_t get16(const uint8_t *p) { return (uint16_t)(p[0] | p[1] << 8); }
static uint32_t get32(const uint8_t *p) { return get16(p) | (uint32_t)get16(p + 2) << 16; }
static uint64_t get64(const uint8_t *p) { return get32(p) | (uint64_t)get32(p + 4) << 32; }
static void put16(uint8_t *p, uint16_t v) { p[0] = (uint8_t)v, p[1] = (uint8_t)(v >> 8); }
static void put32(uint8_t *p, uint32_t v) { put16(p, (uint16_t)v), put16(p + 2, (uint16_t)(v >> 16)); }
static void put64(uint8_t *p, uint64_t v) { put32(p, (uint32_t)v), put32(p + 4, (uint32_t)(v >> 32)); }

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void *must(void *p) {
  if (p == NULL) abort(); /* nothing sensible is left to do, and the slave sees the holder go */
  return p;
}

static uint8_t *reserve(struct bytes *b, size_t more) {
  if (b->len + more > b->cap) {
    while (b->len + more > b->cap) b->cap = b->cap ? b->cap * 2 : 4096;
    b->data = must(realloc(b->data, b->cap));
  }
  return b->data + b->len;
}

static void watch(struct source *s, uint32_t events) {
  struct epoll_event e = { .events = events, .data.ptr = s };
  if (s->fd < 0 || s->events == events) return;
  epoll_ctl(epfd, s->events == 0 ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, s->fd, &e);
  s->events = events;
}

/* A new process still has the descriptor too: closing it alone would leave its events behind. */
static void shut(struct source *s) {
  if (s->fd < 0) return;
  if (s->events != 0) epoll_ctl(epfd, EPOLL_CTL_DEL, s->fd, NULL);
  close(s->fd);
  s->fd = -1, s->events = 0;
}

static struct job *find_id(uint32_t id) { return id < MOST_IDS ? by_id[id] : NULL; }
static struct job *find_pid(pid_t pid) { return pid > 0 && (uint32_t)pid < MOST_PIDS ? by_pid[pid] : NULL; }

/* Events of the same round may still name it: it is freed after them. */
static void drop_job(struct job *j) {
  if (j->freed) return;
  j->freed = 1;
  if (find_id(j->id) == j) by_id[j->id] = NULL;
  if (find_pid(j->pid) == j) by_pid[j->pid] = NULL;
  j->prev->next = j->next, j->next->prev = j->prev;
  shut(&j->report), shut(&j->in), shut(&j->out[0].src), shut(&j->out[1].src);
  if (j->cgroup != NULL) rmdir(j->cgroup);
  j->next_dead = dead, dead = j;
}

static void free_spec(struct job *j) {
  free(j->spec), free(j->argv), free(j->envp);
  j->spec = NULL, j->argv = j->envp = NULL;
  if (j->stack == NULL) return;
  if (spare_stack == NULL) spare_stack = j->stack;
  else munmap(j->stack, STACK);
  j->stack = NULL;
}

static void bury(void) {
  for (struct job *j = dead; j != NULL; j = dead) {
    dead = j->next_dead;
    free_spec(j);
    free(j->queue.data), free(j->out[0].ring), free(j->out[1].ring), free(j->tag), free(j->cgroup), free(j);
  }
}

/* --- what is told --- */

static uint8_t *frame(uint8_t type, uint8_t flags, uint32_t id, uint32_t len) {
  uint8_t *p = reserve(&outbuf, HEADER + len);
  put32(p, len), p[4] = type, p[5] = flags, put16(p + 6, 0), put32(p + 8, id);
  outbuf.len += HEADER + len;
  return p + HEADER;
}

static void tell(uint8_t type, uint8_t flags, const struct job *j) {
  if (greeted && !j->released) frame(type, flags, j->id, 0);
}

static void tell32(uint8_t type, uint8_t flags, uint32_t id, uint32_t value) {
  if (greeted) put32(frame(type, flags, id, 4), value);
}

static void tell64(uint8_t type, uint8_t flags, const struct job *j, uint64_t value) {
  if (greeted && !j->released) put64(frame(type, flags, j->id, 8), value);
}

static uint64_t micros(struct timeval t) { return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_usec; }

static void tell_exit(const struct job *j) {
  if (!greeted || j->released) return;
  uint8_t *p = frame(EXITED, 0, j->id, 4 + 9 * 8);
  const struct rusage *u = &j->usage;
  const uint64_t figures[] = { micros(u->ru_utime), micros(u->ru_stime), (uint64_t)u->ru_maxrss, (uint64_t)u->ru_minflt,
                               (uint64_t)u->ru_majflt, (uint64_t)u->ru_inblock, (uint64_t)u->ru_oublock,
                               (uint64_t)u->ru_nvcsw, (uint64_t)u->ru_nivcsw };
  put32(p, (uint32_t)j->status);
  for (int i = 0; i < 9; i++) put64(p + 4 + 8 * i, figures[i]);
}

static void tell_started(const struct job *j) {
  if (!greeted || j->released) return;
  uint8_t *p = frame(STARTED, 0, j->id, 20);
  put32(p, (uint32_t)j->pid), put64(p + 4, j->start_time), put64(p + 12, j->uts);
}

static void lose_peer(void) {
  shut(&peer);
  inbuf.len = outbuf.len = outpos = 0;
  greeted = stalled = 0;
  alone_since = now();
}

static void flush(void) {
  while (peer.fd >= 0 && outpos < outbuf.len) {
    ssize_t n = send(peer.fd, outbuf.data + outpos, outbuf.len - outpos, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && errno != EAGAIN) { lose_peer(); return; }
    if (n < 0) break;
    outpos += (size_t)n;
  }
  if (outpos == outbuf.len) outpos = outbuf.len = 0;
  if (outpos > ROOM) memmove(outbuf.data, outbuf.data + outpos, outbuf.len -= outpos), outpos = 0;
  if (peer.fd >= 0) watch(&peer, (outbuf.len - outpos > ROOM ? 0 : EPOLLIN) | (outbuf.len > 0 ? EPOLLOUT : 0));
}

/* --- streams --- */

static void settle(struct job *j) {
  if (j->released && j->reaped && j->out[0].ended && j->out[1].ended) drop_job(j);
}

/* Tells of an output what the slave has allowed; the rest stays in the ring. */
static void pump(struct job *j, int i) {
  struct out *o = &j->out[i];
  if (!greeted || j->released || j->phase == STARTING) return;
  while (o->sent < o->end && o->sent < o->limit) {
    if (outbuf.len - outpos > ROOM) { stalled = 1; return; }
    uint64_t n = (o->end < o->limit ? o->end : o->limit) - o->sent;
    size_t at = (size_t)(o->sent % o->cap);
    if (n > PIECE) n = PIECE;
    if (n > o->cap - at) n = o->cap - at;
    uint8_t *p = frame(OUTPUT, (uint8_t)(i + 1), j->id, (uint32_t)n + 8);
    put64(p, o->sent);
    memcpy(p + 8, o->ring + at, n);
    o->sent += n;
  }
  if (o->ended && o->sent == o->end && !o->told_end) o->told_end = 1, tell64(OUTEND, (uint8_t)(i + 1), j, o->end);
}

static void end_output(struct job *j, int i) {
  struct out *o = &j->out[i];
  shut(&o->src);
  o->ended = 1;
  pump(j, i);
  settle(j);
}

/* Makes room, up to the window; small at first, since most processes write little. */
static size_t grow(struct out *o, uint32_t window) {
  size_t kept = (size_t)(o->end - o->acked);
  if (kept < o->cap || o->cap >= window) return o->cap - kept;
  size_t cap = o->cap == 0 ? MIN_WINDOW : o->cap * 4;
  if (cap > window) cap = window;
  uint8_t *ring = must(malloc(cap));
  for (uint64_t at = o->acked; at < o->end;) { /* every byte keeps its place modulo the size */
    size_t from = (size_t)(at % o->cap), to = (size_t)(at % cap), n = (size_t)(o->end - at);
    if (n > o->cap - from) n = o->cap - from;
    if (n > cap - to) n = cap - to;
    memcpy(ring + to, o->ring + from, n);
    at += n;
  }
  free(o->ring);
  o->ring = ring, o->cap = cap;
  return cap - kept;
}

static void read_output(struct job *j, int i) {
  static uint8_t nowhere[PIECE];
  struct out *o = &j->out[i];
  /* a few pieces each round, so that a flood of one process is not all that happens */
  for (int turns = 0; turns < 4 && o->src.fd >= 0; turns++) {
    uint8_t *to = nowhere;
    size_t room = sizeof nowhere;
    if (!o->discard) {
      room = grow(o, j->window);
      if (room == 0) { watch(&o->src, EPOLLET | EPOLLERR); break; }
      size_t at = (size_t)(o->end % o->cap);
      if (room > o->cap - at) room = o->cap - at;
      to = o->ring + at;
    }
    ssize_t n = read(o->src.fd, to, room);
    if (n < 0 && errno == EINTR) continue;
    /* nobody has the terminal open now, but as long as the process runs it may open /dev/tty again */
    if (n < 0 && errno == EIO && j->tty && j->phase != DEAD) { watch(&o->src, EPOLLIN | EPOLLET); break; }
    if (n < 0 && errno == EAGAIN && !(o->finish && j->tty)) break;
    if (n > 0 && j->tty) watch(&o->src, EPOLLIN);
    if (n > 0 && !o->discard) o->end += (uint64_t)n;
    if (n > 0 && o->finish) o->left -= (int)n;
    if (n <= 0 || (o->finish && o->left <= 0)) { end_output(j, i); return; } /* EIO is how a terminal's end looks */
    if (n < (ssize_t)room) break;
    if (!o->wide) o->wide = 1, fcntl(o->src.fd, F_SETPIPE_SZ, WIDE_PIPE); /* it writes much: fewer turns for it and for us */
  }
  if (!j->freed) pump(j, i);
}

static void release_output(struct out *o) {
  free(o->ring);
  o->ring = NULL, o->cap = 0;
  o->acked = o->sent = o->end;
  o->discard = 1;
  if (o->src.fd >= 0) watch(&o->src, EPOLLIN);
}

static void close_input(struct job *j, int say) {
  if (j->in_closed) return;
  j->in_closed = 1;
  shut(&j->in);
  j->queue.len = 0;
  if (say) tell(INCLOSED, 0, j);
}

static void write_input(struct job *j) {
  size_t done = 0;
  while (!j->in_closed && done < j->queue.len && j->in.fd >= 0) {
    ssize_t n = write(j->in.fd, j->queue.data + done, j->queue.len - done);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && errno == EAGAIN) break;
    if (n < 0) { close_input(j, 1); return; }
    done += (size_t)n;
  }
  if (j->in_closed) return;
  if (done > 0) {
    uint8_t last = j->queue.data[done - 1];
    j->queue.len -= done;
    memmove(j->queue.data, j->queue.data + done, j->queue.len);
    j->in_written += done;
    j->in_line = last != '\n';
    tell64(TAKEN, 0, j, j->in_written);
  }
  if (j->queue.len > 0) watch(&j->in, EPOLLOUT);
  else if (!j->in_fin) watch(&j->in, EPOLLET); /* an error, the reader's end, is told anyway */
  else if (j->tty && done == 0 && j->in.fd >= 0) { /* a terminal's end of input is a character */
    struct termios t = { .c_cc[VEOF] = 4 };
    tcgetattr(j->in.fd, &t);
    char eof[2] = { (char)t.c_cc[VEOF], (char)t.c_cc[VEOF] }; /* the first one of a line that has begun ends that alone */
    if (write(j->in.fd, eof, j->in_line && t.c_lflag & ICANON ? 2 : 1) < 0 && errno == EAGAIN) watch(&j->in, EPOLLOUT);
    else close_input(j, 0);
  } else if (!j->tty) close_input(j, 0);
  else write_input(j);
}

/* --- the new process, until execve: nothing but system calls, since it shares the holder's memory --- */

#if defined(__x86_64__)
static long sc6(long n, long a, long b, long c, long d, long e, long f) {
  long r;
  register long r10 __asm__("r10") = d, r8 __asm__("r8") = e, r9 __asm__("r9") = f;
  __asm__ volatile("syscall" : "=a"(r) : "a"(n), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                   : "rcx", "r11", "memory");
  return r;
}
static long clone_beside(struct clone_args *args, void (*run)(void *), void *with) {
  long r;
  register void *fn __asm__("r12") = (void *)run, *arg __asm__("r13") = with;
  __asm__ volatile("syscall\n\ttest %%rax, %%rax\n\tjnz 1f\n\txor %%ebp, %%ebp\n\tmov %%r13, %%rdi\n\tcall *%%r12\n\tud2\n1:"
                   : "=a"(r) : "a"(SYS_clone3), "D"(args), "S"(sizeof *args), "r"(fn), "r"(arg)
                   : "rcx", "r11", "memory", "cc");
  return r;
}
#define BESIDE 1
#define THIS_ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
static long sc6(long n, long a, long b, long c, long d, long e, long f) {
  register long x8 __asm__("x8") = n, x0 __asm__("x0") = a, x1 __asm__("x1") = b, x2 __asm__("x2") = c,
                x3 __asm__("x3") = d, x4 __asm__("x4") = e, x5 __asm__("x5") = f;
  __asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5) : "memory", "cc");
  return x0;
}
static long clone_beside(struct clone_args *args, void (*run)(void *), void *with) {
  register long x8 __asm__("x8") = SYS_clone3, x1 __asm__("x1") = sizeof *args;
  register void *x0 __asm__("x0") = args, *fn __asm__("x20") = (void *)run, *arg __asm__("x21") = with;
  __asm__ volatile("svc 0\n\tcbnz x0, 1f\n\tmov x29, xzr\n\tmov x0, x21\n\tblr x20\n\tbrk 0\n1:"
                   : "+r"(x0) : "r"(x8), "r"(x1), "r"(fn), "r"(arg) : "memory", "cc");
  return (long)x0;
}
#define BESIDE 1
#define THIS_ARCH AUDIT_ARCH_AARCH64
#else
static long sc6(long n, long a, long b, long c, long d, long e, long f) {
  long r = syscall(n, a, b, c, d, e, f); /* here it is a fork, with an errno of its own */
  return r < 0 ? -errno : r;
}
#define BESIDE 0
#endif
#define SC_(n, a, b, c, d, e, f, ...) sc6((long)(n), (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), (long)(f))
#define SC(...) SC_(__VA_ARGS__, 0, 0, 0, 0, 0, 0)

static _Noreturn void refuse(int stage, long error) {
  int32_t report[2] = { stage, (int32_t)-error };
  SC(SYS_write, REPORT, report, sizeof report);
  for (;;) SC(SYS_exit_group, 127);
}

static void demand(int stage, long result) {
  if (result < 0) refuse(stage, result);
}

/* A file is opened as its user, inside the root, from the working directory. */
static int open_stdio(const struct job *j, int fd) {
  const uint8_t *p = j->stdio[fd];
  int stage = AT_STDIN + fd;
  if (p[1] == KIND_SOCKET) {
    uint32_t len = get32(p + 2);
    long s = SC(SYS_socket, get16(p + 6), SOCK_STREAM | SOCK_CLOEXEC, 0);
    demand(stage, s);
    demand(stage, SC(SYS_connect, s, p + 6, len));
    for (uint32_t at = 6 + len; at < j->stdio_len[fd];) {
      long n = SC(SYS_write, s, p + at, j->stdio_len[fd] - at);
      demand(stage, n);
      at += (uint32_t)n;
    }
    return (int)s;
  }
  struct stat st;
  uint32_t flags = get32(p + 2);
  /* without waiting: opening a named pipe would wait for its other end */
  long f = SC(SYS_openat, AT_FDCWD, p + 10, flags | O_NONBLOCK | O_CLOEXEC | O_NOCTTY, get32(p + 6));
  if (f == -ENXIO) refuse(stage, -EINVAL);
  demand(stage, f);
  demand(stage, SC(SYS_fstat, f, &st));
  if (S_ISFIFO(st.st_mode)) refuse(stage, -EINVAL);
  SC(SYS_fcntl, f, F_SETFL, flags & ~(uint32_t)O_NONBLOCK);
  return (int)f;
}

static void become_user(const struct job *j) {
  if (j->flags & DROP_CAPS)
    for (int cap = 0; cap <= 63; cap++)
      if (SC(SYS_prctl, PR_CAPBSET_DROP, cap) == -EINVAL) break;
  if (j->gid_set) {
    uint32_t groups[256];
    for (uint32_t i = 0; i < j->ngroups; i++) groups[i] = get32(j->groups + 4 * i);
    demand(AT_USER, SC(SYS_setgroups, j->ngroups, groups));
    demand(AT_USER, SC(SYS_setresgid, j->gid, j->gid, j->gid));
  }
  if (j->uid_set) demand(AT_USER, SC(SYS_setresuid, j->uid, j->uid, j->uid));
}

static void forbid_io_uring(void) {
#if BESIDE
  struct sock_filter code[] = {
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, THIS_ARCH, 0, 3),
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 425, 0, 1), /* io_uring_setup, without which the others are of no use */
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  struct sock_fprog program = { sizeof code / sizeof *code, code };
  demand(AT_PRIVILEGES, SC(SYS_prctl, PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program));
#endif
}

static long run_file(const struct job *j) {
  const char *path = "/usr/local/bin:/usr/bin:/bin";
  long failed = -ENOENT;
  char name[4096];
  size_t len = 0;
  while (j->file[len] != '\0') if (j->file[len++] == '/') return SC(SYS_execve, j->file, j->argv, j->envp);
  if (len == 0) return -ENOENT;
  for (char **e = j->envp; *e != NULL; e++) {
    const char *v = *e;
    if (v[0] == 'P' && v[1] == 'A' && v[2] == 'T' && v[3] == 'H' && v[4] == '=') path = v + 5;
  }
  for (;;) {
    size_t n = 0;
    while (path[n] != ':' && path[n] != '\0') n++;
    if (n + 1 + len < sizeof name) {
      size_t at = 0;
      for (; at < n; at++) name[at] = path[at];
      if (n > 0) name[at++] = '/'; /* an empty entry is the working directory */
      for (size_t i = 0; i <= len; i++) name[at + i] = j->file[i];
      long r = SC(SYS_execve, name, j->argv, j->envp);
      if (r == -EACCES) failed = r; /* perhaps a later one may be run */
      else if (r != -ENOENT && r != -ENOTDIR) return r;
    }
    if (path[n] == '\0') return failed;
    path += n + 1;
  }
}

static void child(void *arg) {
  struct job *j = arg;
  uint64_t none = 0;
  for (int fd = 0; fd < 3; fd++) if (j->child_fd[fd] >= 0) demand(AT_STDIN + fd, SC(SYS_dup3, j->child_fd[fd], fd, 0));
  if (j->exec_fd != REPORT) SC(SYS_dup3, j->exec_fd, REPORT, O_CLOEXEC);
  /* what other starts have open in the holder is not to stay open here, should this one hang */
  SC(SYS_close_range, REPORT + 1, ~0u, 0);
  demand(AT_SESSION, SC(SYS_setsid));
  if (j->tty) demand(AT_SESSION, SC(SYS_ioctl, j->stdio[0][1] == KIND_TTY ? 0 : 1, TIOCSCTTY, 0));
  if (j->unshare) demand(AT_UNSHARE, SC(SYS_unshare, j->unshare));
  SC(SYS_prlimit64, 0, RLIMIT_NOFILE, &files, 0);
  if (j->umask_set) SC(SYS_umask, j->umask);
  if (j->root != NULL) demand(AT_ROOT, SC(SYS_chroot, j->root));
  become_user(j);
  demand(AT_CWD, SC(SYS_chdir, j->cwd));
  for (int fd = 0; fd < 3; fd++) {
    if (j->child_fd[fd] < 0) demand(AT_STDIN + fd, SC(SYS_dup3, open_stdio(j, fd), fd, 0));
  }
  /* as its user: only root raises a hard limit */
  for (uint32_t i = 0; i < j->nlimits; i++) {
    struct { uint64_t soft, hard; } limit = { get64(j->limits[i] + 4), get64(j->limits[i] + 12) };
    demand(AT_RLIMIT, SC(SYS_prlimit64, 0, get32(j->limits[i]), &limit, 0));
  }
  if (j->flags & (NO_NEW_PRIVS | NO_IO_URING)) demand(AT_PRIVILEGES, SC(SYS_prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
  if (j->flags & NO_IO_URING) forbid_io_uring();
  SC(SYS_rt_sigprocmask, SIG_SETMASK, &none, 0, sizeof none);
  refuse(AT_EXEC, run_file(j));
}

/* --- starting --- */

static int parse_start(struct job *j, uint8_t *p, size_t len) {
  size_t nargs = 0, nenv = 0;
  for (int pass = 0; pass < 2; pass++) {
    size_t args = 0, envs = 0;
    for (size_t at = 0; at < len;) {
      if (len - at < 6) return 0;
      uint16_t field = get16(p + at);
      uint32_t n = get32(p + at + 2);
      uint8_t *v = p + at + 6;
      if (n > len - at - 6) return 0;
      at += 6 + (size_t)n;
      int text = field <= F_ROOT || field == F_CGROUP;
      if (text && (n == 0 || v[n - 1] != 0)) return 0;
      switch (field) {
        case F_FILE: j->file = (char *)v; break;
        case F_ARG: if (pass) j->argv[args] = (char *)v; args++; break;
        case F_ENV: if (pass) j->envp[envs] = (char *)v; envs++; break;
        case F_CWD: j->cwd = (char *)v; break;
        case F_ROOT: j->root = (char *)v; break;
        case F_STDIO:
          if (n < 2 || v[0] > 2) return 0;
          if (v[1] == KIND_FILE && (n < 11 || v[n - 1] != 0)) return 0;
          if (v[1] == KIND_SOCKET && (n < 8 || get32(v + 2) < 2 || get32(v + 2) > n - 6)) return 0;
          if (v[1] > KIND_SOCKET) return 0;
          j->stdio[v[0]] = v, j->stdio_len[v[0]] = n;
          break;
        case F_UID: if (n != 4) return 0; j->uid_set = 1, j->uid = get32(v); break;
        case F_GID: if (n != 4) return 0; j->gid_set = 1, j->gid = get32(v); break;
        case F_GROUPS: if (n % 4 || n > 1024) return 0; j->groups = v, j->ngroups = n / 4; break;
        case F_UMASK: if (n != 4) return 0; j->umask_set = 1, j->umask = get32(v); break;
        case F_RLIMIT: if (n != 20 || j->nlimits >= 32) return 0; if (pass) j->limits[j->nlimits++] = v; break;
        case F_CGROUP: if (!pass) { free(j->cgroup); j->cgroup = must(strdup((char *)v)); } break;
        case F_UNSHARE: if (n != 4) return 0; j->unshare = get32(v); break;
        case F_PID: if (n != 4) return 0; j->set_tid = get32(v); break;
        case F_TAG: if (!pass) { free(j->tag); j->tag = must(malloc(n + 1)); memcpy(j->tag, v, n); j->tag_len = n; } break;
        case F_WINDOW: if (n != 4) return 0; j->window = get32(v); break;
        case F_FLAGS: if (n != 4) return 0; j->flags = get32(v); break;
        case F_TTY: if (n != 8) return 0; j->rows = get32(v), j->cols = get32(v + 4); break;
        default: break; /* of a later version: what it means here is nothing */
      }
    }
    if (pass == 0) {
      nargs = args, nenv = envs;
      j->argv = must(calloc(nargs + 1, sizeof *j->argv));
      j->envp = must(calloc(nenv + 1, sizeof *j->envp));
    }
  }
  if (j->window < MIN_WINDOW) j->window = MIN_WINDOW;
  if (j->window > MAX_WINDOW) j->window = MAX_WINDOW;
  return j->file != NULL && j->cwd != NULL && nargs > 0 && j->stdio[0] != NULL && j->stdio[1] != NULL && j->stdio[2] != NULL;
}

static int open_tty(struct job *j, int *terminal) {
  if (*terminal >= 0) return fcntl(*terminal, F_DUPFD_CLOEXEC, 3);
  int unlocked = 0;
  int master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
  if (master < 0) return -1;
  struct winsize size = { .ws_row = (unsigned short)j->rows, .ws_col = (unsigned short)j->cols };
  if (ioctl(master, TIOCSPTLCK, &unlocked) < 0 || ioctl(master, TIOCSWINSZ, &size) < 0) { close(master); return -1; }
  *terminal = ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (*terminal < 0) { close(master); return -1; }
  if (j->uid_set && fchown(*terminal, j->uid, (gid_t)-1) < 0) errno = 0; /* it can still be opened as /dev/tty */
  j->tty = 1;
  j->out[0].src.fd = master;
  j->in.fd = fcntl(master, F_DUPFD_CLOEXEC, 3);
  return *terminal;
}

/* Opens what a stream needs on this side; -1 where it cannot. */
static int open_streams(struct job *j) {
  int terminal = -1;
  for (int fd = 0; fd < 3; fd++) {
    int ends[2];
    uint8_t kind = j->stdio[fd][1];
    struct source *mine = fd == 0 ? &j->in : &j->out[fd - 1].src;
    if (kind == KIND_NULL) j->child_fd[fd] = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (kind == KIND_TTY) j->child_fd[fd] = open_tty(j, &terminal);
    if (kind == KIND_PIPE) {
      if (pipe2(ends, O_CLOEXEC) < 0) return -1;
      j->child_fd[fd] = ends[fd == 0 ? 0 : 1], mine->fd = ends[fd == 0 ? 1 : 0];
      fcntl(mine->fd, F_SETFL, O_NONBLOCK);
    }
    if (j->child_fd[fd] < 0 && kind != KIND_FILE && kind != KIND_SOCKET) return -1;
  }
  return 0;
}

static size_t read_file(const char *path, uint8_t *to, size_t room) {
  size_t n = 0;
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return 0;
  for (ssize_t got; n < room && (got = read(fd, to + n, room - n)) > 0;) n += (size_t)got;
  close(fd);
  return n;
}

static uint64_t start_time_of(pid_t pid) {
  char path[32], text[1024], *p;
  snprintf(path, sizeof path, "/proc/%d/stat", pid);
  text[read_file(path, (uint8_t *)text, sizeof text - 1)] = '\0';
  p = strrchr(text, ')');
  for (int field = 2; p != NULL && field < 22; field++) p = strchr(p + 1, ' ');
  return p == NULL ? 0 : strtoull(p + 1, NULL, 10);
}

static uint64_t uts_of(pid_t pid) {
  char path[32];
  struct stat st;
  snprintf(path, sizeof path, "/proc/%d/ns/uts", pid);
  return stat(path, &st) < 0 ? 0 : (uint64_t)st.st_ino;
}

static pid_t spawn(struct job *j) {
  struct clone_args args = { .exit_signal = SIGCHLD };
  pid_t tid = (pid_t)j->set_tid;
  if (tid > 0) args.set_tid = (uintptr_t)&tid, args.set_tid_size = 1;
  if (j->cgroup_fd >= 0) args.flags |= CLONE_INTO_CGROUP, args.cgroup = (uint64_t)j->cgroup_fd;
#if BESIDE
  if (!use_fork) {
    j->stack = spare_stack;
    spare_stack = NULL;
    if (j->stack == NULL) j->stack = mmap(NULL, STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (j->stack == MAP_FAILED) { j->stack = NULL; errno = ENOMEM; return -1; }
    args.flags |= CLONE_VM, args.stack = (uintptr_t)j->stack, args.stack_size = STACK;
    long r = clone_beside(&args, child, j);
    if (r < 0) errno = (int)-r;
    return r < 0 ? -1 : (pid_t)r;
  }
#endif
  /* under valgrind, which knows no other way */
  pid_t pid = args.flags || tid > 0 ? (pid_t)syscall(SYS_clone3, &args, sizeof args) : fork();
  if (pid == 0) child(j);
  return pid;
}

static void fail_start(struct job *j, int stage, int error) {
  if (greeted) {
    uint8_t *p = frame(FAILED, 0, j->id, 8);
    put32(p, (uint32_t)stage), put32(p + 4, (uint32_t)error);
  }
}

static void begin(struct job *j) {
  int report[2] = { -1, -1 }, stage = AT_CLONE, error;
  j->exec_fd = j->cgroup_fd = j->child_fd[0] = j->child_fd[1] = j->child_fd[2] = -1;
  if (j->cgroup != NULL) {
    stage = AT_CGROUP;
    if (mkdir(j->cgroup, 0755) < 0 && errno != EEXIST) goto failed;
    j->cgroup_fd = open(j->cgroup, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (j->cgroup_fd < 0) goto failed;
    stage = AT_CLONE;
  }
  if (open_streams(j) < 0 || pipe2(report, O_CLOEXEC) < 0) goto failed;
  j->exec_fd = report[1], j->report.fd = report[0];
  j->pid = spawn(j);
  if (j->pid < 0) goto failed;
  by_pid[j->pid] = j;
  watch(&j->report, EPOLLIN);
  goto close_theirs;
failed:
  error = errno;
  fail_start(j, stage, error);
  j->pid = 0;
  drop_job(j);
close_theirs:
  for (int fd = 0; fd < 3; fd++) if (j->child_fd[fd] >= 0) close(j->child_fd[fd]);
  if (report[1] >= 0) close(report[1]);
  if (j->cgroup_fd >= 0) close(j->cgroup_fd);
}

static void start(uint32_t id, const uint8_t *payload, size_t len) {
  struct job *j = must(calloc(1, sizeof *j));
  j->id = id;
  j->report = (struct source){ .kind = EXECPIPE, .fd = -1, .job = j };
  j->in = (struct source){ .kind = IN, .fd = -1, .job = j };
  for (int i = 0; i < 2; i++) j->out[i].src = (struct source){ .kind = OUT, .fd = -1, .job = j };
  j->prev = jobs.prev, j->next = &jobs, jobs.prev->next = j, jobs.prev = j;
  by_id[id] = j;
  j->spec = must(malloc(len + 1));
  memcpy(j->spec, payload, len);
  if (!parse_start(j, j->spec, len)) {
    fail_start(j, AT_CLONE, EPROTO);
    drop_job(j);
    return;
  }
  begin(j);
}

/* The pipe of a start: empty where execve closed it, else what went wrong. */
static void started(struct job *j) {
  int32_t report[2];
  ssize_t n = read(j->report.fd, report, sizeof report);
  if (n < 0 && (errno == EINTR || errno == EAGAIN)) return;
  shut(&j->report);
  if (n == (ssize_t)sizeof report) {
    /* it is still on its stack: kept until it is reaped */
    j->phase = REFUSED_START;
    fail_start(j, report[0], report[1]);
    by_id[j->id] = NULL; /* the number may be used again */
    if (j->reaped) drop_job(j);
    return;
  }
  j->phase = RUNNING;
  j->start_time = start_time_of(j->pid);
  j->uts = j->unshare & CLONE_NEWUTS ? uts_of(j->pid) : 0;
  free_spec(j);
  tell_started(j);
  if (j->in.fd < 0) j->in_closed = 1;
  else write_input(j);
  for (int i = 0; i < 2; i++) {
    if (j->out[i].src.fd >= 0) watch(&j->out[i].src, EPOLLIN);
    else j->out[i].none = j->out[i].ended = j->out[i].told_end = 1;
  }
}

/* --- ends --- */

static void reap(void) {
  int status;
  struct rusage usage;
  pid_t pid;
  while ((pid = wait4(-1, &status, WNOHANG | WUNTRACED | WCONTINUED, &usage)) > 0) {
    struct job *j = find_pid(pid);
    if (j == NULL) continue; /* an orphan that came to this process */
    int over = WIFEXITED(status) || WIFSIGNALED(status);
    if (over) j->reaped = 1;
    if (j->report.fd >= 0 && over) started(j);
    if (j->freed) continue;
    if (j->phase == REFUSED_START) { if (over) drop_job(j); continue; }
    if (WIFSTOPPED(status)) { j->stopped = WSTOPSIG(status); tell32(STOPPED, 0, j->id, (uint32_t)j->stopped); }
    else if (WIFCONTINUED(status)) { j->stopped = 0; tell(CONTINUED, 0, j); }
    else {
      by_pid[pid] = NULL;
      j->phase = DEAD, j->status = status, j->usage = usage;
      close_input(j, 1);
      for (int i = 0; i < 2; i++) if (!j->freed && j->out[i].src.fd >= 0) read_output(j, i);
      if (!j->freed) tell_exit(j), settle(j);
    }
  }
  if (pid < 0 && errno == ECHILD && orphaned) _exit(0);
  /* where the kernel's next pid has left the block that forked children are to have */
  if (fork_last == 0) return;
  int fd = open("/proc/sys/kernel/ns_last_pid", O_RDWR | O_CLOEXEC);
  char text[16] = "";
  if (fd >= 0 && read(fd, text, sizeof text - 1) > 0) {
    uint32_t at = (uint32_t)strtoul(text, NULL, 10);
    if (at < fork_first || at >= fork_last) {
      int n = snprintf(text, sizeof text, "%u", fork_first);
      if (pwrite(fd, text, (size_t)n, 0) < 0) fork_last = 0;
    }
  }
  if (fd >= 0) close(fd);
}

/* What was released, and whatever stayed in its session, runs on. */
static int is_spared(pid_t pid) {
  struct job *j = find_pid(pid);
  if (j == NULL) j = find_pid(getsid(pid));
  return j != NULL && j->released;
}

/* Kills everything that came of what was started, again and again since orphans come here, and ends. */
static void quit(void) {
  int spared = 0;
  for (double until = now() + 10; now() < until;) {
    char path[64], text[65536];
    snprintf(path, sizeof path, "/proc/self/task/%d/children", getpid());
    size_t n = read_file(path, (uint8_t *)text, sizeof text - 1);
    int killed = spared = 0;
    text[n] = '\0';
    for (char *p = text, *end; *p != '\0'; p = end) {
      pid_t pid = (pid_t)strtol(p, &end, 10);
      if (end == p) break;
      if (is_spared(pid)) spared++;
      else if (++killed) kill(-pid, SIGKILL), kill(pid, SIGKILL);
    }
    reap();
    if (killed == 0) break;
    usleep(1000);
  }
  for (struct job *j = jobs.next; j != &jobs; j = j->next) if (j->cgroup != NULL) rmdir(j->cgroup);
  unlinkat(home, listen_path, 0);
  if (spared == 0) _exit(0);
  shut(&listener);
  lose_peer();
  quitting = 0, linger = -1, orphaned = 1;
}

/* --- what the slave asks for --- */

static int deliver(pid_t pid, uint64_t start_time, int signal, int scope, uint32_t id) {
  if (scope == TO_CGROUP) {
    struct job *j = find_id(id);
    char path[4096];
    if (j == NULL || j->cgroup == NULL) return ESRCH;
    snprintf(path, sizeof path, "%s/cgroup.kill", j->cgroup);
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    int error = fd < 0 || write(fd, "1", 1) != 1 ? errno : 0;
    if (fd >= 0) close(fd);
    return error;
  }
  if (pid <= 1 || pid == getpid()) return EINVAL;
  if (scope == TO_GROUP) return kill(-pid, signal) < 0 ? errno : 0;
  /* the pidfd is of whoever has the pid now, and stays so: then only its start time is to be compared */
  int fd = (int)syscall(SYS_pidfd_open, pid, 0);
  if (fd < 0) return errno;
  int error = start_time_of(pid) != start_time ? ESRCH : 0;
  if (error == 0 && syscall(SYS_pidfd_send_signal, fd, signal, NULL, 0) < 0) error = errno;
  close(fd);
  return error;
}

/* Every process that this one can see: its stat line, its user, its UTS namespace, its marker. */
static void list(uint32_t request) {
  static uint8_t environment[128 << 10];
  DIR *proc = opendir("/proc");
  for (struct dirent *e; proc != NULL && (e = readdir(proc)) != NULL;) {
    char path[64];
    uint8_t line[1024];
    struct stat st;
    pid_t pid = (pid_t)strtol(e->d_name, NULL, 10);
    if (pid <= 0) continue;
    snprintf(path, sizeof path, "/proc/%d/stat", pid);
    size_t len = read_file(path, line, sizeof line);
    if (len == 0 || stat(path, &st) < 0) continue;
    snprintf(path, sizeof path, "/proc/%d/environ", pid);
    size_t env = read_file(path, environment, sizeof environment - 1), mark = 0, at = 0;
    environment[env] = 0;
    while (at < env && strncmp((char *)environment + at, "BPROC_ID=", 9) != 0) at += strlen((char *)environment + at) + 1;
    if (at < env) at += 9, mark = strlen((char *)environment + at);
    uint8_t *p = frame(LISTED, FLAG_MORE, request, (uint32_t)(4 + 8 + 2 + len + mark));
    put32(p, st.st_uid), put64(p + 4, uts_of(pid)), put16(p + 12, (uint16_t)len);
    memcpy(p + 14, line, len);
    memcpy(p + 14 + len, environment + at, mark);
  }
  if (proc != NULL) closedir(proc);
  frame(LISTED, 0, request, 0);
}

static void forget(struct job *j, int release) {
  if (j->phase == STARTING || j->phase == REFUSED_START) return;
  if (!release || j->released) {
    if (j->reaped) drop_job(j);
    return;
  }
  j->released = 1;
  if (!j->tty) { j->in_fin = 1; write_input(j); }
  for (int i = 0; i < 2; i++) release_output(&j->out[i]);
  settle(j);
}

static void greet(void) {
  uint32_t count = 0;
  greeted = 1;
  for (struct job *j = jobs.next; j != &jobs; j = j->next) count += !j->released && j->phase != REFUSED_START;
  uint8_t *p = frame(WELCOME, 0, 0, 32);
  put32(p, VERSION), memcpy(p + 4, instance, 16), put32(p + 20, (uint32_t)getpid());
  put32(p + 24, (uint32_t)in_pidns), put32(p + 28, count);
  for (struct job *j = jobs.next; j != &jobs; j = j->next) {
    if (j->released || j->phase == REFUSED_START) continue;
    p = frame(HELD, (uint8_t)j->phase, j->id, 60 + j->tag_len);
    put32(p, (uint32_t)j->pid), put64(p + 4, j->start_time), put64(p + 12, j->uts);
    put64(p + 20, j->in_offset), put64(p + 28, j->in_written);
    put64(p + 36, j->out[0].acked), put64(p + 44, j->out[1].acked);
    put32(p + 52, (uint32_t)j->stopped);
    put32(p + 56, (uint32_t)(j->in_closed | j->in_fin << 1 | j->tty << 2));
    if (j->tag_len > 0) memcpy(p + 60, j->tag, j->tag_len);
    /* what was told may not have been kept: it is told again, from what the slave has acknowledged */
    for (int i = 0; i < 2; i++) j->out[i].sent = j->out[i].limit = j->out[i].acked, j->out[i].told_end = j->out[i].none;
    if (j->phase == DEAD) tell_exit(j);
  }
  frame(READY, 0, 0, 0);
  for (struct job *j = jobs.next; j != &jobs; j = j->next) pump(j, 0), pump(j, 1);
}

static int input(struct job *j, int fin, const uint8_t *p, size_t len) {
  uint64_t offset = get64(p);
  p += 8, len -= 8;
  if (offset != j->in_offset || j->in_fin) return 0; /* of another life of the slave */
  if (j->queue.len + len > MOST_INPUT) return -1;
  if (!j->in_closed) memcpy(reserve(&j->queue, len), p, len), j->queue.len += len;
  j->in_offset += len;
  j->in_fin = fin;
  if (j->phase == RUNNING) write_input(j);
  return 0;
}

static int credit(struct job *j, int i, const uint8_t *p) {
  struct out *o = &j->out[i];
  uint64_t acked = get64(p), limit = get64(p + 8);
  if (acked > o->sent) return -1;
  if (acked > o->acked) o->acked = acked;
  if (limit > o->limit) o->limit = limit;
  if (o->src.fd >= 0 && !o->ended && j->phase != STARTING) watch(&o->src, EPOLLIN);
  if (o->finish && j->tty) read_output(j, i);
  if (!j->freed) pump(j, i);
  return 0;
}

/* One frame; -1 where it cannot be one of a slave that this holder understands. */
static int take(uint8_t type, uint8_t flags, uint32_t id, const uint8_t *p, size_t len) {
  if (!greeted) {
    if (type != HELLO || len < 4 || get32(p) != VERSION) return -1;
    greet();
    return 0;
  }
  struct job *j = find_id(id);
  int i = flags - 1, has_output = j != NULL && (i == 0 || i == 1);
  switch (type) {
    case START: if (j != NULL || id >= MOST_IDS) return -1; start(id, p, len); return 0;
    case INPUT: if (len < 8) return -1; return j == NULL ? 0 : input(j, flags & FLAG_FIN, p, len);
    case CREDIT: if (len != 16) return -1; return has_output ? credit(j, i, p) : 0;
    case CLOSE:
      if (has_output && j->phase != STARTING) release_output(&j->out[i]), end_output(j, i);
      return 0;
    case DISCARD: if (has_output) release_output(&j->out[i]), pump(j, i); return 0;
    case FINISH:
      if (!has_output || j->out[i].ended || j->out[i].src.fd < 0 || j->phase == STARTING) return 0;
      j->out[i].finish = 1; /* what is in the pipe now was written before */
      if (j->tty) j->out[i].left = TTY_BUFFER, read_output(j, i); /* of a terminal the kernel does not say how much that is */
      else if (ioctl(j->out[i].src.fd, FIONREAD, &j->out[i].left) < 0 || j->out[i].left == 0) end_output(j, i);
      return 0;
    case SIGNAL:
      if (len != 24) return -1;
      tell32(RESULT, 0, id, (uint32_t)deliver((pid_t)get32(p), get64(p + 8), (int)get32(p + 4), (int)get32(p + 16), get32(p + 20)));
      return 0;
    case FORGET: if (j != NULL) forget(j, flags & FLAG_RELEASE); return 0;
    case LIST: list(id); return 0;
    case RESIZE: {
      if (len != 8) return -1;
      struct winsize size = { .ws_row = (unsigned short)get32(p), .ws_col = (unsigned short)get32(p + 4) };
      if (j != NULL && j->tty && j->out[0].src.fd >= 0) ioctl(j->out[0].src.fd, TIOCSWINSZ, &size);
      return 0;
    }
    case FORKPIDS: if (len != 8) return -1; fork_first = get32(p), fork_last = get32(p + 4); reap(); return 0;
    case SHUTDOWN: quitting = 1; return 0;
    default: return 0; /* of a later version */
  }
}

/* As long as the answers are read: who asks without reading waits, and has nothing but its own requests waiting. */
static void digest(void) {
  size_t at = 0;
  while (peer.fd >= 0 && inbuf.len - at >= HEADER && outbuf.len - outpos <= ROOM) {
    const uint8_t *p = inbuf.data + at;
    uint32_t len = get32(p);
    if (len <= MAX_FRAME && inbuf.len - at - HEADER < len) break;
    if (len > MAX_FRAME || take(p[4], p[5], get32(p + 8), p + HEADER, len) < 0) { lose_peer(); return; }
    at += HEADER + len;
  }
  inbuf.len -= at;
  memmove(inbuf.data, inbuf.data + at, inbuf.len);
}

static void hear(void) {
  reserve(&inbuf, PIECE);
  ssize_t n = recv(peer.fd, inbuf.data + inbuf.len, inbuf.cap - inbuf.len, MSG_DONTWAIT);
  if (n < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (n <= 0) { lose_peer(); return; }
  inbuf.len += (size_t)n;
  digest();
}

static void welcome_peer(void) {
  int fd = accept4(listener.fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
  struct ucred who;
  socklen_t len = sizeof who;
  if (fd < 0) return;
  int stranger = getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &len) < 0 || (who.uid != geteuid() && who.uid != 0);
  if (stranger || peer.fd >= 0) {
    uint8_t text[HEADER + 4] = { 4, 0, 0, 0, REFUSED };
    put32(text + HEADER, stranger ? EPERM : EBUSY);
    if (send(fd, text, sizeof text, MSG_NOSIGNAL) < 0) errno = 0; /* it hears it by the end of the connection too */
    while (recv(fd, text, sizeof text, MSG_DONTWAIT) > 0) continue; /* unread, it would cost the other end the answer */
    close(fd);
    return;
  }
  peer.fd = fd;
  watch(&peer, EPOLLIN);
}

static void on_event(struct source *s, uint32_t events) {
  struct job *j = s->job;
  if (s->fd < 0 || (j != NULL && j->freed)) return;
  switch (s->kind) {
    case LISTENER: welcome_peer(); break;
    case PEER: if (events & ~EPOLLOUT) hear(); break;
    case SIGNALS: {
      struct signalfd_siginfo info;
      while (read(s->fd, &info, sizeof info) > 0) if (info.ssi_signo == SIGTERM) quitting = 1;
      reap();
      break;
    }
    case EXECPIPE: started(j); break;
    case IN: if (events & EPOLLERR) close_input(j, 1); else write_input(j); break;
    case OUT: read_output(j, s == &j->out[1].src); break;
  }
}

/* With its socket nobody can ever come to it: whoever took that away has given up what it holds. */
static int is_out_of_reach(void) {
  struct stat st;
  return fstatat(home, listen_path, &st, AT_SYMLINK_NOFOLLOW) < 0 || st.st_ino != listen_file.st_ino || st.st_dev != listen_file.st_dev;
}

static _Noreturn void serve(void) {
  struct epoll_event events[256];
  for (;;) {
    int alone = peer.fd < 0 && !orphaned;
    double wait = alone ? LOOK_EVERY : fork_last ? 1 : -1;
    if (alone && linger >= 0 && alone_since + linger - now() < wait) wait = alone_since + linger - now();
    int n = epoll_wait(epfd, events, 256, wait >= 0 ? (int)(wait * 1000) + 1 : alone ? 0 : -1);
    if (n == 0 && alone && is_out_of_reach()) quitting = 1;
    for (int i = 0; i < n; i++) on_event(events[i].data.ptr, events[i].events);
    if (fork_last && n == 0) reap();
    flush();
    if (stalled && outbuf.len - outpos < ROOM / 2) {
      stalled = 0;
      for (struct job *j = jobs.next; j != &jobs && !stalled; j = j->next) pump(j, 0), pump(j, 1);
    }
    if (inbuf.len >= HEADER) digest();
    flush();
    bury();
    if (quitting || (peer.fd < 0 && linger >= 0 && now() - alone_since >= linger)) quit();
  }
}

/* --- setting up --- */

static _Noreturn void die(const char *what) {
  fprintf(stderr, "bpspawn: %s: %s\n", what, strerror(errno));
  exit(1);
}

static void write_text(const char *path, const char *text) {
  int fd = open(path, O_WRONLY | O_CLOEXEC);
  if (fd < 0 || write(fd, text, strlen(text)) < 0) die(path);
  close(fd);
}

static void enter_namespaces(int userns) {
  char map[64];
  uid_t uid = geteuid();
  gid_t gid = getegid();
  if (unshare(CLONE_NEWPID | CLONE_NEWNS | (userns ? CLONE_NEWUSER : 0)) < 0) die("cannot make a pid namespace");
  if (!userns) return;
  write_text("/proc/self/setgroups", "deny");
  snprintf(map, sizeof map, "%u %u 1", uid, uid);
  write_text("/proc/self/uid_map", map);
  snprintf(map, sizeof map, "%u %u 1", gid, gid);
  write_text("/proc/self/gid_map", map);
}

static void listen_on(const char *path) {
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  if (strlen(path) >= sizeof address.sun_path) { errno = ENAMETOOLONG; die(path); }
  strcpy(address.sun_path, path);
  listener.fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  mode_t before = umask(077);
  if (listener.fd < 0 || bind(listener.fd, (struct sockaddr *)&address, sizeof address) < 0) die(path);
  if (listen(listener.fd, 16) < 0) die(path);
  umask(before);
  strcpy(listen_path, path);
  home = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (home < 0 || fstatat(home, path, &listen_file, AT_SYMLINK_NOFOLLOW) < 0) die(path);
}

/* Runs in the background from here on; the parent leaves when `ready` is closed, with what was said. */
static void set_up(int pidns, const char *path) {
  sigset_t all;
  in_pidns = pidns;
  if (pidns && (mount("none", "/", NULL, MS_REC | MS_SLAVE, NULL) < 0 || mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) < 0))
    die("cannot mount /proc of the new pid namespace");
  setsid();
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  listen_on(path);
  if (getrandom(instance, sizeof instance, 0) != sizeof instance) die("getrandom");
  for (int s = 1; s < NSIG; s++) if (s != SIGKILL && s != SIGSTOP) signal(s, SIG_DFL);
  sigfillset(&all);
  sigprocmask(SIG_BLOCK, &all, NULL);
  sigemptyset(&all);
  sigaddset(&all, SIGCHLD), sigaddset(&all, SIGTERM);
  signals.fd = signalfd(-1, &all, SFD_CLOEXEC | SFD_NONBLOCK);
  epfd = epoll_create1(EPOLL_CLOEXEC);
  if (signals.fd < 0 || epfd < 0) die("epoll");
  watch(&signals, EPOLLIN), watch(&listener, EPOLLIN);
  getrlimit(RLIMIT_NOFILE, &files);
  setrlimit(RLIMIT_NOFILE, &(struct rlimit){ files.rlim_max, files.rlim_max });
  if (chdir("/") < 0) die("/");
  alone_since = now() + 10; /* its slave has yet to come */
}

static int tell_peer(void) {
  struct ucred who;
  gid_t groups[1024];
  socklen_t len = sizeof who, size = sizeof groups;
  if (getsockopt(0, SOL_SOCKET, SO_PEERCRED, &who, &len) < 0) die("standard input is no unix socket");
  if (getsockopt(0, SOL_SOCKET, SO_PEERGROUPS, groups, &size) < 0) size = 0;
  printf("%d %u %u", who.pid, who.uid, who.gid);
  for (size_t i = 0; i < size / sizeof *groups; i++) printf(" %u", groups[i]);
  printf("\n");
  return 0;
}

int main(int argc, char **argv) {
  const char *path = NULL;
  int pidns = 0, userns = 0;
  for (int i = 1; i < argc; i++) {
    if (strcmp(argv[i], "--peer") == 0) return tell_peer();
    if (strcmp(argv[i], "--pidns") == 0) pidns = 1;
    else if (strcmp(argv[i], "--userns") == 0) pidns = userns = 1;
    else if (strcmp(argv[i], "--fork") == 0) use_fork = 1;
    else if (strcmp(argv[i], "--linger") == 0 && i + 1 < argc) linger = strtod(argv[++i], NULL);
    else if (strcmp(argv[i], "--listen") == 0 && i + 1 < argc) path = argv[++i];
    else path = NULL, i = argc;
  }
  if (path == NULL) {
    fprintf(stderr, "usage: bpspawn --listen PATH [--linger SECONDS] [--pidns] [--userns] [--fork]\n       bpspawn --peer\n");
    return 2;
  }
  int ready[2], null = open("/dev/null", O_RDWR), fd;
  while ((fd = open("/dev/null", O_RDWR)) >= 0 && fd < 3) continue; /* 0 to 2 are never a stream's */
  close_range(fd < 3 ? 3 : (unsigned)fd, ~0u, 0);
  if (pipe2(ready, O_CLOEXEC) < 0) die("pipe");
  if (pidns) enter_namespaces(userns);
  pid_t pid = fork();
  if (pid < 0) die("fork");
  if (pid > 0) {
    char text;
    close(ready[1]);
    if (read(ready[0], &text, 1) == 1) _exit(0);
    int status = 1;
    waitpid(pid, &status, 0);
    _exit(WIFEXITED(status) ? WEXITSTATUS(status) : 1);
  }
  close(ready[0]);
  set_up(pidns, path);
  for (fd = 0; fd < 3; fd++) dup2(null, fd);
  if (null > 2) close(null);
  if (write(ready[1], "", 1) != 1) _exit(1);
  close(ready[1]);
  serve();
}
