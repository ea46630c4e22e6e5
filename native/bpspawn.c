/*
 * bpspawn, the holder: starts, owns and reaps the processes of one slave, relays their standard
 * streams, and keeps processes, streams and statuses while the slave's daemon is away. Its options, and
 * the frames that it speaks over one unix stream socket, are described in native/README.md.
 *
 * One thread; whatever may block (open, execve) blocks the new process alone: it shares the
 * holder's memory until execve, as after vfork, but runs beside it, on a stack of its own.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
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
#include "bytes.h"
#include "cgroups.h"
#include "child.h"
#include "forgotten.h"
#include "kept-pids.h"
#include "frames.h"
#include "job.h"
#include "machine.h"
#include "modes.h"
#include "namespaces.h"
#include "proc.h"
#include "terminal.h"

/* Sizes in bytes. */
enum { HEADER = 12, MAX_FRAME = 8 << 20, MOST_INPUT = 20 << 20, ROOM = 1 << 20, PIECE = 64 << 10, WIDE_PIPE = 512 << 10,
       TTY_BUFFER = 64 << 10 /* more than the kernel keeps of what was written to a terminal */,
       MAX_NOTE = 1 << 10, MIN_WINDOW = 4 << 10, MAX_WINDOW = 16 << 20,
       MOST_WRITTEN = 32 << 20 /* of a process that is being made: a window, and what its pipes held at each move */, STACK = 64 << 10 };
enum { VERSION = 1, MOST_IDS = 1 << 20, MOST_PIDS = 1 << 22 /* as many as the kernel has */ };
#define LOOK_EVERY 5.0 /* seconds */
#define ROUNDS 8 /* of events for which the end of a stream may wait for company */

/* pages of these that nobody has touched cost nothing */
static struct job *by_id[MOST_IDS], *by_pid[MOST_PIDS], *dead, jobs = { .prev = &jobs, .next = &jobs };
static struct source listener = { .kind = LISTENER, .fd = -1 }, peer = { .kind = PEER, .fd = -1 },
                     signals = { .kind = SIGNALS, .fd = -1 };
static struct bytes inbuf, outbuf;
static int makers, holding; /* programs that make processes; whether any process's input stands still */
static int epfd, greeted, use_fork, in_pidns, stalled, quitting, orphaned, urgent;
static struct sockaddr_un address = { .sun_family = AF_UNIX };
static struct stat listen_file;
static int home = -1; /* where a relative path begins */
static int seen_outside = -1; /* this process's descriptors, as the machine's own /proc shows them */
static const char *cgroups; /* the directory of all that processes are put into */
static uint64_t instance[2];
static uint32_t fork_first, fork_last;
static double linger = -1, alone_since;

/* --- small things --- */

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
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
  if (j->successor > 0) keep_again(j->successor); /* it has not come */
  j->prev->next = j->next, j->next->prev = j->prev;
  for (int i = EXECPIPE; i <= ERR; i++) shut(&j->sources[i]);
  if (j->cgroup >= 0) close(j->cgroup);
  j->next_dead = dead, dead = j;
}

static void free_spec(struct job *j) {
  free(j->spec), free(j->files), free(j->argv), free(j->envp), free(j->stack);
  j->spec = j->stack = NULL, j->files = j->argv = j->envp = NULL;
}

static void bury(void) {
  for (struct job *j = dead; j != NULL; j = dead) {
    dead = j->next_dead;
    free_spec(j);
    discard(&j->queue), discard(&j->note), discard(&j->typed), discard(&j->out[0].kept), discard(&j->out[1].kept);
    free(j->tag.value), free(j);
  }
}

/* --- what is told --- */

static int hears(const struct job *j) { return greeted && !j->released; }

/* A frame of numbers, of 4 or 8 bytes each as `widths` has them, with room for so much more; returns where that is. */
static uint8_t *tell(uint8_t type, uint8_t flags, uint32_t id, size_t more, const char *widths, ...) {
  va_list numbers;
  if (type != OUTEND && type != INCLOSED) urgent = 1; /* most processes end with their streams, and all can be told at once */
  size_t len = more;
  for (const char *w = widths; *w != '\0'; w++) len += (size_t)(*w - '0');
  uint8_t *p = reserve(&outbuf, HEADER + len);
  outbuf.len += HEADER + len;
  put32(p, (uint32_t)len), p[4] = type, p[5] = flags, put16(p + 6, 0), put32(p + 8, id);
  p += HEADER;
  va_start(numbers, widths);
  for (const char *w = widths; *w != '\0'; p += *w++ - '0') {
    if (*w == '4') put32(p, va_arg(numbers, uint32_t));
    else put64(p, va_arg(numbers, uint64_t));
  }
  va_end(numbers);
  return p;
}

static void tell_exit(const struct job *j) {
  if (hears(j)) memcpy(tell(EXITED, 0, j->id, sizeof j->usage, "44", j->status, j->left), &j->usage, sizeof j->usage);
}

static void lose_peer(void) {
  shut(&peer);
  taken(&inbuf, waiting(&inbuf)), taken(&outbuf, waiting(&outbuf));
  greeted = stalled = 0;
  alone_since = now();
}

static int is_slow(void) { return waiting(&outbuf) > ROOM; }

static void flush(void) {
  if (!urgent) return;
  while (peer.fd >= 0 && waiting(&outbuf) > 0) {
    ssize_t n = send(peer.fd, outbuf.data + outbuf.from, waiting(&outbuf), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n < 0 && errno != EAGAIN) { lose_peer(); return; }
    if (n < 0) break;
    taken(&outbuf, (size_t)n);
  }
  urgent = waiting(&outbuf) > 0;
  if (peer.fd >= 0) watch(&peer, (is_slow() ? 0 : EPOLLIN) | (waiting(&outbuf) > 0 ? EPOLLOUT : 0));
}

/* --- streams --- */

static void settle(struct job *j) {
  if (j->released && !j->kept && j->reaped && j->out[0].ended && j->out[1].ended) drop_job(j);
}

/* Tells of an output what the slave has allowed; the rest waits. */
static void pump(struct job *j, int i) {
  struct out *o = &j->out[i];
  if (!greeted || j->released || j->phase == STARTING) return;
  while (o->sent < o->end && o->sent < o->limit) {
    if (is_slow()) { stalled = 1; return; }
    size_t n = (size_t)((o->end < o->limit ? o->end : o->limit) - o->sent);
    if (n > PIECE) n = PIECE;
    memcpy(tell(OUTPUT, (uint8_t)(i + 1), j->id, n, "8", o->sent), o->kept.data + o->kept.from + (o->sent - o->acked), n);
    o->sent += n;
  }
  if (!o->ended || o->sent < o->end || o->told_end) return;
  o->told_end = 1;
  tell(OUTEND, (uint8_t)(i + 1), j->id, 0, "8", o->end);
}

static void close_input(struct job *j, int say);

static void end_output(struct job *j, int i) {
  struct out *o = &j->out[i];
  shut(o->src);
  if (j->tty && i == 0) close_input(j, 1); /* with both a terminal is hung up */
  o->ended = 1;
  pump(j, i);
  settle(j);
}

static void read_output(struct job *j, int i) {
  static uint8_t nowhere[PIECE];
  struct out *o = &j->out[i];
  /* a few pieces each round, so that a flood of one process is not all that happens */
  for (int turns = 0; turns < 4 && o->src->fd >= 0; turns++) {
    uint8_t *to = nowhere;
    size_t room = sizeof nowhere;
    if (!o->discard) {
      room = waiting(&o->kept) < j->window ? j->window - waiting(&o->kept) : 0;
      if (room == 0) { watch(o->src, EPOLLET | EPOLLERR); break; }
      to = reserve(&o->kept, 1); /* small at first, since most processes write little */
      if (room > o->kept.cap - o->kept.len) room = o->kept.cap - o->kept.len;
    }
    ssize_t n = read(o->src->fd, to, room);
    if (n < 0 && errno == EAGAIN && !(o->finish && j->tty)) break;
    /* nobody has the terminal open now, but as long as the process runs it may open it again, and is not to be hung up */
    if (n < 0 && errno == EIO && j->tty && j->phase != DEAD) { watch(o->src, EPOLLIN | EPOLLET); break; }
    if (n > 0 && !o->discard) o->end += (uint64_t)n, o->kept.len += (size_t)n;
    if (n > 0 && o->finish) o->left -= (int)n;
    if (n <= 0 || (o->finish && o->left <= 0)) { end_output(j, i); return; }
    watch(o->src, EPOLLIN);
    if (n < (ssize_t)room) break;
    if (!o->wide) o->wide = 1, fcntl(o->src->fd, F_SETPIPE_SZ, WIDE_PIPE); /* it writes much: fewer turns for it and for us */
  }
  if (!j->freed) pump(j, i);
}

static void release_output(struct out *o) {
  discard(&o->kept);
  o->acked = o->sent = o->end;
  o->discard = 1;
  if (o->src->fd >= 0) watch(o->src, EPOLLIN);
}

static void close_input(struct job *j, int say) {
  if (j->in_closed) return;
  j->in_closed = 1;
  shut(&j->sources[IN]);
  discard(&j->queue);
  if (say && hears(j)) tell(INCLOSED, 0, j->id, 0, "");
}

/* A terminal's end of input is a character; the first one of a line that has begun ends that alone. */
static ssize_t end_terminal(const struct job *j) {
  struct termios t = { .c_cc[VEOF] = 4 };
  tcgetattr(j->sources[IN].fd, &t);
  const uint8_t eof[2] = { t.c_cc[VEOF], t.c_cc[VEOF] };
  return write(j->sources[IN].fd, eof, j->in_line && t.c_lflag & ICANON ? 2 : 1);
}

static void write_input(struct job *j) {
  struct bytes *q = &j->queue;
  size_t before = waiting(q);
  if (j->in_closed) return;
  if (j->held) { watch(&j->sources[IN], EPOLLET); return; }
  while (waiting(q) > 0) {
    ssize_t n = write(j->sources[IN].fd, q->data + q->from, waiting(q));
    if (n < 0 && errno == EAGAIN) break;
    if (n < 0) { close_input(j, 1); return; }
    j->in_line = q->data[q->from + (size_t)n - 1] != '\n';
    taken(q, (size_t)n);
  }
  size_t gone = before - waiting(q), again = gone < j->again ? gone : j->again;
  j->again -= again, j->in_written += gone - again;
  if (gone > again && hears(j)) tell(TAKEN, 0, j->id, 0, "8", j->in_written);
  if (waiting(q) > 0) watch(&j->sources[IN], EPOLLOUT);
  else if (!j->in_fin) watch(&j->sources[IN], EPOLLET); /* an error, the reader's end, is told anyway */
  else if (j->tty && end_terminal(j) < 0 && errno == EAGAIN) watch(&j->sources[IN], EPOLLOUT);
  else close_input(j, 0);
}

/* --- starting --- */

/* How long a field may be; what is not here is of a later version, and means nothing here. */
static const struct { uint32_t least, most; } LENGTHS[FIELDS] = {
  [F_FILE] = { 2, MAX_FRAME },  [F_ARG] = { 1, MAX_FRAME },             [F_ENV] = { 1, MAX_FRAME },  [F_CWD] = { 1, MAX_FRAME },
  [F_ROOT] = { 1, MAX_FRAME },  [F_STDIO] = { 2, MAX_FRAME },           [F_UID] = { 4, 4 },          [F_GID] = { 4, 4 },
  [F_UMASK] = { 4, 4 },         [F_GROUPS] = { 0, 4 * MOST_GROUPS },    [F_RLIMIT] = { 20, 20 },     [F_CGROUP] = { 2, 4096 },
  [F_PID] = { 4, 4 },           [F_TAG] = { 0, MAX_FRAME },             [F_WINDOW] = { 4, 4 },       [F_FLAGS] = { 4, 4 },
  [F_UNSHARE] = { 4, 4 },       [F_TTY] = { 8, MAX_FRAME },            [F_BIND] = { 6, MAX_FRAME },
  [F_SUCCESSOR] = { 4, 4 },     [F_OFFSETS] = { 24, 24 },      [F_JOIN] = { 4, 4 },
};

static int is_stdio(const struct field *f) {
  const uint8_t *v = f->value;
  if (v[1] > KIND_OWN || (v[0] > 2 && (v[0] < FIRST_MORE || v[0] > LAST_MORE || v[1] != KIND_SOCKET))) return 0;
  if (v[1] == KIND_OWN) return f->len >= 4 && v[f->len - 1] == 0;
  if (v[1] == KIND_FILE) return f->len >= 11 && v[f->len - 1] == 0;
  return v[1] != KIND_SOCKET || (f->len >= 8 && get32(v + 2) >= 2 && get32(v + 2) <= f->len - 6);
}

static int is_bind(const struct field *f) {
  return f->value[f->len - 1] == 0 && memchr(f->value + 4, 0, f->len - 5) != NULL;
}

/* Where the fields of the spec are; 0 where it makes no sense. */
static int parse_start(struct job *j, size_t len) {
  size_t most = len / 6 + 1, files = 0, args = 0, envs = 0, limits = 0, more = 0;
  j->files = must(calloc(most, sizeof *j->files)); /* as many as there could be: what is not used costs nothing */
  j->spec_len = len;
  j->argv = must(calloc(most, sizeof *j->argv));
  j->envp = must(calloc(most, sizeof *j->envp));
  for (uint8_t *p = j->spec, *end = p + len; p < end;) {
    if (end - p < 6 || get32(p + 2) > end - p - 6) return 0;
    uint16_t tag = get16(p);
    struct field f = { p + 6, get32(p + 2) };
    p = f.value + f.len;
    if (tag >= FIELDS || LENGTHS[tag].most == 0) continue;
    if (f.len < LENGTHS[tag].least || f.len > LENGTHS[tag].most) return 0;
    if ((tag <= F_ROOT || tag == F_CGROUP) && p[-1] != 0) return 0;
    if (tag == F_FILE) j->files[files++] = (char *)f.value;
    else if (tag == F_ARG) j->argv[args++] = (char *)f.value;
    else if (tag == F_ENV) j->envp[envs++] = (char *)f.value;
    else if (tag == F_RLIMIT && limits < MOST_LIMITS - 1) j->limits[limits++] = f;
    else if (tag == F_RLIMIT || (tag == F_STDIO && !is_stdio(&f)) || (tag == F_BIND && !is_bind(&f)) || (tag == F_GROUPS && f.len % 4 != 0)) return 0;
    else if (tag == F_STDIO && f.value[0] > 2 && more == MOST_MORE) return 0;
    else if (tag == F_STDIO && f.value[0] > 2) j->more[more++] = f;
    else if (tag == F_STDIO) j->stdio[f.value[0]] = f;
    else j->fields[tag] = f;
  }
  int64_t window = number(j, F_WINDOW), successor = number(j, F_SUCCESSOR);
  const uint8_t *offsets = j->fields[F_OFFSETS].value;
  j->window = window < MIN_WINDOW ? MIN_WINDOW : window > MAX_WINDOW ? MAX_WINDOW : (uint32_t)window;
  j->tag.len = j->fields[F_TAG].len;
  if (j->tag.len > 0) j->tag.value = memcpy(must(malloc(j->tag.len)), j->fields[F_TAG].value, j->tag.len);
  if (offsets != NULL) j->in_offset = j->in_written = get64(offsets);
  for (int i = 0; offsets != NULL && i < 2; i++)
    j->out[i].acked = j->out[i].sent = j->out[i].end = j->out[i].limit = get64(offsets + 8 + 8 * i);
  if (successor == 0 || successor == 1 || successor >= MOST_PIDS) return 0;
  j->successor = successor < 0 ? 0 : (pid_t)successor;
  if (more > 0 && (j->successor > 0 || has_flag(j, RUN_SELF))) return 0; /* which have descriptors of their own there */
  for (int fd = 0; fd < 3; fd++) if (j->stdio[fd].value == NULL || (j->successor > 0 && j->stdio[fd].value[1] > KIND_NULL && j->stdio[fd].value[1] != KIND_TTY)) return 0;
  return files > 0 && args > 0 && j->fields[F_CWD].value != NULL;
}

static void resize(const struct job *j, const uint8_t *p) {
  struct winsize size = { .ws_row = (unsigned short)get32(p), .ws_col = (unsigned short)get32(p + 4) };
  if (j->tty && j->out[0].src->fd >= 0) ioctl(j->out[0].src->fd, TIOCSWINSZ, &size);
}

/* What had been typed before is typed again; what the terminal does not keep waits before all other input. */
static void restore_typed(struct job *j, const uint8_t *p, size_t len, int raw, int alone) {
  size_t done = type_again(j->out[0].src->fd, p, len, raw, alone), rest = len - done, before = waiting(&j->queue);
  if (rest == 0) return;
  struct bytes all = { 0 };
  memcpy(reserve(&all, rest + before), p + done, rest);
  if (before > 0) memcpy(all.data + rest, j->queue.data + j->queue.from, before);
  all.len = rest + before;
  discard(&j->queue);
  j->queue = all, j->again = rest;
}

/* What is asked for first makes the terminal, the rest get the same. */
static int open_tty(struct job *j, int *terminal) {
  if (*terminal >= 0) return fcntl(*terminal, F_DUPFD_CLOEXEC, 3);
  int unlocked = 0, master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
  j->tty = 1;
  j->out[0].src->fd = master;
  j->sources[IN].fd = fcntl(master, F_DUPFD_CLOEXEC, 3);
  if (j->fields[F_TTY].value != NULL) resize(j, j->fields[F_TTY].value);
  *terminal = ioctl(master, TIOCSPTLCK, &unlocked) < 0 ? -1 : ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (*terminal < 0) return -1;
  if (number(j, F_UID) >= 0 && fchown(*terminal, (uid_t)number(j, F_UID), (gid_t)-1) < 0) errno = 0; /* there is still /dev/tty */
  const struct field *given = &j->fields[F_TTY];
  if (given->len < 16) return *terminal;
  if (fchown(*terminal, (uid_t)get32(given->value + 8), (gid_t)-1) < 0) errno = 0;
  restore_typed(j, given->value + 16, given->len - 16, get32(given->value + 12) != 0, 1);
  return *terminal;
}

/* Opens what a stream needs on this side; -1 where it cannot. */
static int open_streams(struct job *j) {
  int terminal = -1, ends[2];
  for (int fd = 0; fd < 3; fd++) {
    uint8_t kind = j->stdio[fd].value[1];
    if (kind == KIND_FILE || kind == KIND_SOCKET) continue;
    if (kind == KIND_NULL) j->child_fd[fd] = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (kind == KIND_OWN) j->child_fd[fd] = open((const char *)j->stdio[fd].value + 2, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (kind == KIND_TTY) j->child_fd[fd] = open_tty(j, &terminal);
    if (kind == KIND_PIPE && pipe2(ends, O_CLOEXEC) == 0) {
      j->child_fd[fd] = ends[fd != 0], j->sources[IN + fd].fd = ends[fd == 0];
      fcntl(ends[fd == 0], F_SETFL, O_NONBLOCK);
    }
    if (j->child_fd[fd] < 0) return -1;
  }
  return 0;
}

static pid_t outside(pid_t pid) { return in_pidns ? outside_of(seen_outside, pid) : pid; }

/* The cgroup that it is to be in; 0 where none was asked for. */
static int find_cgroup(struct job *j) {
  const char *path = (const char *)j->fields[F_CGROUP].value;
  return path == NULL ? 0 : (j->cgroup = open_cgroup(path, cgroups != NULL));
}

static pid_t spawn(struct job *j) {
  struct clone_args args = { .exit_signal = SIGCHLD };
  pid_t tid = (pid_t)number(j, F_PID);
  if (j->cgroup >= 0) args.flags |= CLONE_INTO_CGROUP, args.cgroup = (uint64_t)j->cgroup;
  if (tid > 0) args.set_tid = (uintptr_t)&tid, args.set_tid_size = 1;
  if (use_fork) { /* under valgrind, which knows no other way */
    pid_t pid = tid > 0 || args.flags ? (pid_t)syscall(SYS_clone3, &args, sizeof args) : fork();
    if (pid == 0) child(j);
    return pid;
  }
  j->stack = must(aligned_alloc(16, STACK));
  args.flags |= CLONE_VM, args.stack = (uintptr_t)j->stack, args.stack_size = STACK;
  long r = clone_beside(&args, child, j);
  if (r < 0) errno = (int)-r;
  return r < 0 ? -1 : (pid_t)r;
}

static void fail_start(const struct job *j, int stage, int error) {
  if (hears(j)) tell(FAILED, 0, j->id, 0, "44", stage, error);
}

static void start(uint32_t id, const uint8_t *payload, size_t len) {
  int report[2] = { -1, -1 };
  struct job *j = must(calloc(1, sizeof *j));
  j->id = id;
  for (int i = EXECPIPE; i <= ERR; i++) j->sources[i] = (struct source){ .kind = i, .fd = -1, .job = j };
  j->out[0].src = &j->sources[OUT], j->out[1].src = &j->sources[ERR];
  j->cgroup = j->child_fd[0] = j->child_fd[1] = j->child_fd[2] = -1;
  j->prev = jobs.prev, j->next = &jobs, jobs.prev->next = j, jobs.prev = j;
  by_id[id] = j;
  j->spec = must(malloc(len + 1));
  memcpy(j->spec, payload, len);
  errno = EPROTO;
  int is_parsed = parse_start(j, len), has_cgroup = is_parsed && find_cgroup(j) >= 0;
  if (has_cgroup && open_streams(j) == 0 && pipe2(report, O_CLOEXEC) == 0) {
    j->exec_fd = report[1], j->sources[EXECPIPE].fd = report[0];
    if (j->successor > 0) lend_pids(j->successor), spare_pid((uint32_t)j->successor);
    else if (number(j, F_PID) > 0) give_back_pids((pid_t)number(j, F_PID));
    j->pid = spawn(j);
  }
  if (j->pid > 0) {
    by_pid[j->pid] = j, makers += j->successor > 0;
    j->start_time = start_time_of(j->pid), j->outside = outside(j->pid);
    watch(&j->sources[EXECPIPE], EPOLLIN);
  } else {
    fail_start(j, is_parsed && !has_cgroup ? AT_CGROUP : AT_CLONE, errno);
    drop_job(j);
  }
  for (int fd = 0; fd < 3; fd++) if (j->child_fd[fd] >= 0) close(j->child_fd[fd]);
  if (report[1] >= 0) close(report[1]);
}

/* It runs: its streams do too. */
static void begin(struct job *j) {
  j->phase = RUNNING;
  free_spec(j);
  if (hears(j)) tell(STARTED, 0, j->id, 0, "4884", j->pid, j->start_time, j->uts, j->outside);
  if (j->sources[IN].fd < 0) j->in_closed = 1;
  else write_input(j);
  for (int i = 0; i < 2; i++) {
    if (j->out[i].src->fd >= 0) watch(j->out[i].src, EPOLLIN);
    else j->out[i].none = j->out[i].ended = j->out[i].told_end = 1;
  }
}

/* The pipe of a start: empty where execve closed it, else what went wrong. */
static void started(struct job *j) {
  ssize_t n = read(j->sources[EXECPIPE].fd, j->refusal, sizeof j->refusal);
  if (n < 0 && errno == EAGAIN) return;
  shut(&j->sources[EXECPIPE]);
  if (n > 0 || j->successor > 0) return; /* it is still on its stack, or a program that makes it: told when that is reaped */
  j->uts = number(j, F_UNSHARE) > 0 && number(j, F_UNSHARE) & CLONE_NEWUTS ? uts_of(j->pid) : 0;
  begin(j);
}

/* --- ends --- */

static void bury_process(struct job *j, int status) {
  if (j->pid > 0) by_pid[j->pid] = NULL;
  j->phase = DEAD, j->status = status;
  close_input(j, 1);
  for (int i = 0; i < 2; i++) if (!j->freed && j->out[i].src->fd >= 0) read_output(j, i);
  if (!j->freed) tell_exit(j), settle(j);
}

/* A program that made a process has ended: where it says that all is well, that process takes its place. */
static void succeed(struct job *j, int status) {
  makers--;
  by_pid[j->pid] = NULL;
  if (status != 0 || find_pid(j->successor) != NULL) {
    if (find_pid(j->successor) == NULL && !j->early) kill_tree(j->successor); /* where it left something */
    fail_start(j, AT_MAKER, status == 0 ? -1 : status);
    drop_job(j);
    return;
  }
  j->pid = j->successor, j->successor = 0;
  give_back_pids(j->pid);
  j->reaped = j->early;
  if (!j->early) by_pid[j->pid] = j;
  j->start_time = start_time_of(j->pid), j->outside = outside(j->pid), j->uts = uts_of(j->pid);
  begin(j);
  if (j->early) bury_process(j, j->early_status);
}

/* A process that ended before the program that made it: that is told once both have. */
static void note_early(pid_t pid, int status, const struct rusage *usage) {
  for (struct job *j = makers > 0 ? jobs.next : &jobs; j != &jobs; j = j->next)
    if (j->successor == pid) j->early = 1, j->early_status = status, j->usage = *usage;
}

static void reap(void) {
  int status;
  struct rusage usage;
  pid_t pid;
  while ((pid = wait4(-1, &status, WNOHANG | WUNTRACED | WCONTINUED, &usage)) > 0) {
    struct job *j = find_pid(pid);
    int over = WIFEXITED(status) || WIFSIGNALED(status);
    if (j == NULL && over) note_early(pid, status, &usage);
    if (j == NULL) continue; /* an orphan that came to this process */
    if (j->sources[EXECPIPE].fd >= 0 && over) started(j);
    if (j->successor > 0 && j->refusal[0] == 0) {
      if (over) succeed(j, status);
      continue;
    }
    if (over) j->reaped = 1;
    if (over && j->cgroup >= 0) j->left = close_cgroup(j->cgroup), j->cgroup = -1;
    if (j->refusal[0] != 0) {
      if (over) fail_start(j, j->refusal[0], j->refusal[1]), makers -= j->successor > 0, drop_job(j);
    } else if (!over) {
      j->stopped = WIFSTOPPED(status) ? WSTOPSIG(status) : 0;
      if (hears(j)) tell(j->stopped ? STOPPED : CONTINUED, 0, j->id, 0, j->stopped ? "4" : "", j->stopped);
    } else {
      j->usage = usage;
      bury_process(j, status);
    }
  }
  if (pid < 0 && errno == ECHILD && orphaned) _exit(0);
  keep_wanted();
  if (fork_last != 0 && steer_pids(fork_first, fork_last) < 0) fork_last = 0;
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
  give_back_pids(0);
  for (double until = now() + 10; now() < until;) {
    char name[32], text[65536], *p = text;
    snprintf(name, sizeof name, "task/%d/children", getpid());
    text[read_proc(getpid(), name, text, sizeof text - 1)] = '\0';
    int killed = spared = 0;
    for (pid_t pid; (pid = (pid_t)strtol(p, &p, 10)) > 0;) {
      if (is_spared(pid)) spared++;
      else if (++killed) kill(-pid, SIGKILL), kill(pid, SIGKILL);
    }
    reap();
    if (killed == 0) break;
    usleep(1000);
  }
  unlinkat(home, address.sun_path, 0);
  if (cgroups != NULL) remove_cgroups(cgroups);
  if (spared == 0) _exit(0);
  shut(&listener);
  lose_peer();
  quitting = 0, linger = -1, orphaned = 1;
}

/* --- what the slave asks for --- */

static int deliver(pid_t pid, uint64_t start_time, int signal, int scope) {
  if (pid <= 1 || pid == getpid()) return EINVAL;
  if (scope == TO_GROUP) return kill(-pid, signal) < 0 ? errno : 0;
  return send_signal(pid, start_time, signal);
}

/* Every process that this one can see: its stat line, its user, its UTS namespace, its marker. */
static void list(uint32_t request) {
  static uint8_t environment[128 << 10];
  static const char NAME[] = "\0BPROC_ID=";
  /* whoever has just started may have the number of a namespace that is no more: that is told first */
  for (struct job *j = jobs.next; j != &jobs; j = j->next) if (j->sources[EXECPIPE].fd >= 0) started(j);
  DIR *proc = opendir("/proc");
  for (struct dirent *e; proc != NULL && (e = readdir(proc)) != NULL;) {
    char path[64];
    uint8_t line[1024];
    struct stat st;
    pid_t pid = (pid_t)strtol(e->d_name, NULL, 10);
    snprintf(path, sizeof path, "/proc/%d", pid);
    struct job *j = find_pid(pid);
    if (is_kept(pid)) continue;
    size_t len = pid > 0 && (j == NULL || j->sources[EXECPIPE].fd < 0) ? read_proc(pid, "stat", line, sizeof line) : 0;
    if (len == 0 || stat(path, &st) < 0) continue;
    size_t env = 1 + read_proc(pid, "environ", environment + 1, sizeof environment - 2);
    environment[env] = 0;
    const char *mark = memmem(environment, env, NAME, sizeof NAME - 1);
    mark = mark == NULL ? "" : mark + sizeof NAME - 1;
    size_t more = 2 + len + strlen(mark);
    uint8_t *p = tell(LISTED, FLAG_MORE, request, more, "484", st.st_uid, uts_of(pid), outside(pid));
    put16(p, (uint16_t)len);
    memcpy(p + 2, line, len);
    memcpy(p + 2 + len, mark, strlen(mark));
  }
  if (proc != NULL) closedir(proc);
  tell(LISTED, 0, request, 0, "");
}

static void forget(struct job *j, uint8_t flags) {
  if (j->phase == STARTING) {
    if (j->successor > 0) kill_tree(j->pid); /* given up: told as a start that failed */
    return;
  }
  if (j->released) {
    j->kept = 0;
    settle(j);
    return;
  }
  if (!(flags & FLAG_RELEASE)) {
    if (j->reaped) drop_job(j);
    return;
  }
  j->released = 1, j->kept = flags & FLAG_KEEP; /* kept: what was noted of it is told until it is forgotten */
  if (!j->tty) { j->in_fin = 1; write_input(j); }
  for (int i = 0; i < 2; i++) release_output(&j->out[i]);
  settle(j);
}

static void greet(void) {
  uint32_t count = 0;
  char limit[16] = "";
  greeted = 1;
  for (struct job *j = jobs.next; j != &jobs; j = j->next) count += !j->released || j->kept;
  if (in_pidns) read_proc(getpid(), "../sys/kernel/pid_max", limit, sizeof limit - 1);
  tell(WELCOME, 0, 0, 0, "4884444", VERSION, instance[0], instance[1], getpid(), in_pidns, count, atoi(limit));
  for (struct job *j = jobs.next; j != &jobs; j = j->next) {
    if (j->released && !j->kept) continue;
    uint8_t *p = tell(HELD, (uint8_t)j->phase, j->id, j->tag.len, "4888888444", j->pid, j->start_time, j->uts, j->in_offset,
                      j->in_written, j->out[0].acked, j->out[1].acked, j->stopped, j->in_closed | j->in_fin << 1 | j->tty << 2 | j->released << 3,
                      j->outside);
    if (j->tag.len > 0) memcpy(p, j->tag.value, j->tag.len);
    if (j->note.len > 0) memcpy(tell(NOTED, 0, j->id, j->note.len, ""), j->note.data, j->note.len);
    /* what was told may not have been kept: it is told again, from what the slave has acknowledged */
    for (int i = 0; i < 2; i++) j->out[i].sent = j->out[i].limit = j->out[i].acked, j->out[i].told_end = j->out[i].none;
    if (j->phase == DEAD) tell_exit(j);
  }
  if (forgotten_count() > 0) copy_forgotten(tell(FORGOTTEN, 0, 0, forgotten_count() * NAME, ""));
  tell(READY, 0, 0, 0, "");
  for (struct job *j = jobs.next; j != &jobs; j = j->next) pump(j, 0), pump(j, 1);
}

static int input(struct job *j, int fin, const uint8_t *p, size_t len) {
  uint64_t offset = get64(p);
  p += 8, len -= 8;
  if (offset != j->in_offset || j->in_fin) return 0; /* of another life of the slave */
  if (waiting(&j->queue) + len > MOST_INPUT) return -1;
  if (!j->in_closed && len > 0) memcpy(reserve(&j->queue, len), p, len), j->queue.len += len;
  j->in_offset += len;
  j->in_fin = fin;
  if (j->phase == RUNNING) write_input(j);
  return 0;
}

static int credit(struct job *j, int i, const uint8_t *p) {
  struct out *o = &j->out[i];
  uint64_t acked = get64(p), limit = get64(p + 8);
  if (acked > o->sent) return -1;
  if (acked > o->acked) taken(&o->kept, (size_t)(acked - o->acked)), o->acked = acked;
  if (limit > o->limit) o->limit = limit;
  if (o->src->fd >= 0 && !o->ended && j->phase != STARTING) watch(o->src, EPOLLIN);
  if (o->finish && j->tty) read_output(j, i);
  if (!j->freed) pump(j, i);
  return 0;
}

static uint64_t inode_of(const struct source *s) {
  struct stat st;
  return s->fd >= 0 && fstat(s->fd, &st) == 0 ? st.st_ino : 0;
}

/* The kernel does not say how much there is, but it is less than this; what does not stand still may write on. */
static void drain_terminal(struct job *j, int i) {
  static uint8_t piece[PIECE];
  struct out *o = &j->out[i];
  ssize_t n;
  for (int left = 4 * TTY_BUFFER; left > 0 && (n = read(o->src->fd, piece, sizeof piece)) > 0; left -= (int)n)
    if (!o->discard) memcpy(reserve(&o->kept, (size_t)n), piece, (size_t)n), o->kept.len += (size_t)n, o->end += (uint64_t)n;
  pump(j, i);
}

/* What of its input is in the terminal, and what was to get there again. */
static void take_input(struct job *j) {
  if (waiting(&j->typed) > 0) return;
  j->raw = take_typed(j->out[0].src->fd, &j->typed);
  if (j->again == 0) return;
  memcpy(reserve(&j->typed, j->again), j->queue.data + j->queue.from, j->again), j->typed.len += j->again;
  taken(&j->queue, j->again), j->again = 0;
}

static void tell_still(struct job *j) {
  struct terminal own = { 0 };
  if (!j->tty) {
    tell(STILL, 0, j->id, 0, "888888", j->in_written, j->out[0].end, j->out[1].end, inode_of(&j->sources[IN]), inode_of(j->out[0].src),
         inode_of(j->out[1].src));
    return;
  }
  look_at_terminal(j->out[0].src->fd, &own);
  size_t len = waiting(&j->typed);
  uint8_t *p = tell(STILL, 0, j->id, len, "88888888444", j->in_written, j->out[0].end, j->out[1].end, (uint64_t)0, (uint64_t)0, (uint64_t)0,
                    own.device, own.file_system, own.rows, own.columns, j->raw);
  if (len > 0) memcpy(p, j->typed.data + j->typed.from, len);
}

/* All that is in the pipe now, whatever the window: what CRIU captures of a pipe is only what is to be read. */
static void drain(struct job *j, int i) {
  struct out *o = &j->out[i];
  int left = 0;
  if (j->tty && o->src->fd >= 0) { drain_terminal(j, i); return; }
  if (o->src->fd < 0 || o->discard || ioctl(o->src->fd, FIONREAD, &left) < 0 || left <= 0) return;
  ssize_t n = read(o->src->fd, reserve(&o->kept, (size_t)left), (size_t)left);
  if (n > 0) o->end += (uint64_t)n, o->kept.len += (size_t)n;
  pump(j, i);
}

/* Its input stands still from here on, what it has written is read, and it is told where all is; or its input goes on. */
static void hold(struct job *j, uint8_t flags) {
  int still = flags & FLAG_STILL;
  j->held = still, holding |= still;
  if (!still && waiting(&j->typed) > 0) {
    restore_typed(j, j->typed.data + j->typed.from, waiting(&j->typed), j->raw, peer.fd >= 0 /* else it runs again already */);
    discard(&j->typed);
  }
  write_input(j);
  for (int i = 0; still && i < 2; i++) drain(j, i);
  if (still && j->tty && flags & FLAG_FROZEN) take_input(j);
  if (still) tell_still(j);
}

/* Whoever held them is gone. */
static void let_go(void) {
  holding = 0;
  for (struct job *j = jobs.next; j != &jobs; j = j->next) if (j->held) hold(j, 0);
}

/* What a process that is being made has written elsewhere, and nobody has had yet. */
static int preload(struct job *j, int i, const uint8_t *p, size_t len) {
  struct out *o = &j->out[i];
  if (j->phase != STARTING || waiting(&o->kept) + len > MOST_WRITTEN) return -1;
  if (len > 0) memcpy(reserve(&o->kept, len), p, len), o->kept.len += len, o->end += len;
  return 0;
}

/* The first is the process's own. */
static void keep_pids(int are_free, const uint8_t *p, size_t len) {
  pid_t owner = (pid_t)get32(p);
  if (owner <= 1 || !in_pidns) return;
  if (are_free) give_back_pids(owner);
  else for (size_t at = 0; at + 4 <= len; at += 4) if (get32(p + at) > 1 && get32(p + at) < MOST_PIDS) keep_pid(owner, (pid_t)get32(p + at));
}

/* One frame; -1 where it cannot be one of a slave that this holder understands. */
static int take(uint8_t type, uint8_t flags, uint32_t id, const uint8_t *p, size_t len) {
  static const uint8_t least[] = { [HELLO] = 4, [INPUT] = 8, [CREDIT] = 16, [SIGNAL] = 24, [RESIZE] = 8, [FORKPIDS] = 8, [KEEPPIDS] = 4 };
  if (type < COUNT(least) && len < least[type]) return -1;
  if (!greeted) {
    if (type != HELLO || get32(p) != VERSION) return -1;
    greet();
    return 0;
  }
  struct job *j = find_id(id);
  int i = flags - 1;
  struct out *o = j != NULL && (i == 0 || i == 1) ? &j->out[i] : NULL;
  switch (type) {
    case START: if (j != NULL || id >= MOST_IDS) return -1; start(id, p, len); return 0;
    case INPUT: return j == NULL ? 0 : input(j, flags & FLAG_FIN, p, len);
    case CREDIT: return o == NULL ? 0 : credit(j, i, p);
    case CLOSE: if (o != NULL && j->phase != STARTING) release_output(o), end_output(j, i); return 0;
    case DISCARD: if (o != NULL) release_output(o), pump(j, i); return 0;
    case FINISH:
      if (o == NULL || o->ended || o->src->fd < 0 || j->phase == STARTING) return 0;
      o->finish = 1; /* what is in the pipe now was written before */
      if (j->tty) o->left = TTY_BUFFER, read_output(j, i); /* of a terminal the kernel does not say how much that is */
      else if (ioctl(o->src->fd, FIONREAD, &o->left) < 0 || o->left == 0) end_output(j, i);
      return 0;
    case SIGNAL:
      tell(RESULT, 0, id, 0, "4", deliver((pid_t)get32(p), get64(p + 8), (int)get32(p + 4), (int)get32(p + 16)));
      return 0;
    case FORGET:
      if (len >= NAME) remember_forgotten(p);
      if (j != NULL) forget(j, flags);
      return 0;
    case NOTE:
      if (len > MAX_NOTE) return -1;
      if (j != NULL) replace(&j->note, p, len);
      return 0;
    case HOLD: if (j != NULL && j->phase != STARTING) hold(j, flags); return 0;
    case PRELOAD: return o == NULL ? 0 : preload(j, i, p, len);
    case LIST: list(id); return 0;
    case RESIZE: if (j != NULL) resize(j, p); return 0;
    case FORKPIDS: fork_first = get32(p), fork_last = get32(p + 4); reap(); return 0;
    case KEEPPIDS: keep_pids(flags & FLAG_RELEASE, p, len); return 0;
    case SHUTDOWN: quitting = 1; return 0;
    default: return 0; /* of a later version */
  }
}

/* As long as the answers are read: who asks without reading waits, and has nothing but its own requests waiting. */
static void digest(void) {
  while (peer.fd >= 0 && waiting(&inbuf) >= HEADER && !is_slow()) {
    const uint8_t *p = inbuf.data + inbuf.from;
    uint32_t len = get32(p);
    if (len <= MAX_FRAME && waiting(&inbuf) - HEADER < len) break;
    if (len > MAX_FRAME || take(p[4], p[5], get32(p + 8), p + HEADER, len) < 0) { lose_peer(); return; }
    taken(&inbuf, HEADER + len);
  }
}

static void hear(void) {
  reserve(&inbuf, PIECE);
  ssize_t n = recv(peer.fd, inbuf.data + inbuf.len, inbuf.cap - inbuf.len, MSG_DONTWAIT);
  if (n < 0 && errno == EAGAIN) return;
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
    case OUT: case ERR: read_output(j, s->kind - OUT); break;
  }
}

/* With its socket nobody can ever come to it: whoever took that away has given up what it holds. */
static int is_out_of_reach(void) {
  struct stat st;
  return fstatat(home, address.sun_path, &st, AT_SYMLINK_NOFOLLOW) < 0
         || st.st_ino != listen_file.st_ino || st.st_dev != listen_file.st_dev;
}

static _Noreturn void serve(void) {
  struct epoll_event events[256];
  for (int held = 0;;) {
    int alone = peer.fd < 0 && !orphaned;
    double wait = alone ? LOOK_EVERY : fork_last && jobs.next != &jobs ? 1 : -1;
    if (alone && linger >= 0 && alone_since + linger - now() < wait) wait = alone_since + linger - now();
    int is_held = !urgent && waiting(&outbuf) > 0;
    if (is_held) wait = 0;
    held = is_held ? held + 1 : 0;
    int n = epoll_wait(epfd, events, 256, wait >= 0 ? (int)(wait * 1000) + 1 : alone ? 0 : -1);
    if (n == 0 && alone && is_out_of_reach()) quitting = 1;
    for (int i = 0; i < n; i++) on_event(events[i].data.ptr, events[i].events);
    if (fork_last && n == 0) reap();
    if (n == 0 || held > ROUNDS) urgent = 1;
    flush();
    if (stalled && waiting(&outbuf) < ROOM / 2) {
      stalled = 0;
      for (struct job *j = jobs.next; j != &jobs && !stalled; j = j->next) pump(j, 0), pump(j, 1);
    }
    digest();
    flush();
    if (holding && peer.fd < 0) let_go();
    bury();
    if (quitting || (peer.fd < 0 && linger >= 0 && now() - alone_since >= linger)) quit();
  }
}

/* --- setting up --- */

static _Noreturn void die(const char *what) {
  fprintf(stderr, "bpspawn: %s: %s\n", what, strerror(errno));
  exit(1);
}

static void listen_on(const char *path) {
  if (strlen(path) >= sizeof address.sun_path) { errno = ENAMETOOLONG; die(path); }
  strcpy(address.sun_path, path);
  mode_t before = umask(077);
  listener.fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (bind(listener.fd, (struct sockaddr *)&address, sizeof address) < 0 || listen(listener.fd, 16) < 0) die(path);
  umask(before);
  home = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (home < 0 || fstatat(home, path, &listen_file, AT_SYMLINK_NOFOLLOW) < 0) die(path);
}

/* Runs in the background from here on; the parent leaves when `ready` is closed, with what was said. */
static void set_up(int pidns, const char *path) {
  sigset_t all;
  in_pidns = pidns;
  seen_outside = open("/proc/self/fdinfo", O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (pidns && mount_proc() < 0) die("cannot mount /proc of the new pid namespace");
  setsid();
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  if (cgroups != NULL && enter_cgroup(cgroups, "holder") < 0) die(cgroups);
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
  getrlimit(RLIMIT_NOFILE, &file_limit);
  setrlimit(RLIMIT_NOFILE, &(struct rlimit){ file_limit.rlim_max, file_limit.rlim_max });
  if (chdir("/") < 0) die("/");
  alone_since = now() + 10; /* its slave has yet to come */
}

int main(int argc, char **argv) {
  const char *path = NULL, *ghost = getenv("BPROC_GHOST");
  int pidns = 0, userns = 0;
  if (ghost != NULL) return haunt(ghost);
  if (getenv("CRTOOLS_SCRIPT_ACTION") != NULL) return ask_leave(getenv("CRTOOLS_SCRIPT_ACTION"), getenv("BPROC_VERDICT"));
  for (int i = 1; i < argc; i++) {
    if (strcmp(argv[i], "--peers") == 0 && i + 1 < argc) return tell_peers(atoi(argv[i + 1]));
    if (strcmp(argv[i], "--files") == 0) return copy_files();
    if (strcmp(argv[i], "--pages") == 0 && i + 4 < argc) return run_with_pages(argv[i + 1], argv[i + 2], argv[i + 3], argv + i + 4);
    if (strcmp(argv[i], "--address") == 0 && i + 4 < argc) return move_address(argv[i + 1], argv[i + 2], argv[i + 3], argv[i + 4]);
    if (strcmp(argv[i], "--pidns") == 0) pidns = 1;
    else if (strcmp(argv[i], "--userns") == 0) pidns = userns = 1;
    else if (strcmp(argv[i], "--fork") == 0) use_fork = 1;
    else if (strcmp(argv[i], "--linger") == 0 && i + 1 < argc) linger = strtod(argv[++i], NULL);
    else if (strcmp(argv[i], "--listen") == 0 && i + 1 < argc) path = argv[++i];
    else if (strcmp(argv[i], "--cgroup") == 0 && i + 1 < argc) cgroups = argv[++i];
    else path = NULL, i = argc;
  }
  if (path == NULL) {
    fputs("usage: bpspawn --listen PATH [--linger SECONDS] [--cgroup DIR] [--pidns] [--userns] [--fork]\n"
          "       bpspawn --peers COUNT\n       bpspawn --files\n"
          "       bpspawn --address leave|take DEVICE ADDRESS PID\n"
          "       bpspawn --pages give|take PATH PID PROGRAM [ARG...]\n", stderr);
    return 2;
  }
  int ready[2], null;
  do null = open("/dev/null", O_RDWR); while (null >= 0 && null < 3); /* 0 to 2 are never a stream's */
  close_range((unsigned)null + 1, ~0u, 0);
  if (pipe2(ready, O_CLOEXEC) < 0) die("pipe");
  const char *failed = pidns ? enter_namespaces(userns) : NULL;
  if (failed != NULL) die(failed);
  pid_t pid = fork();
  if (pid < 0) die("fork");
  close(ready[pid > 0]);
  if (pid > 0) _exit(read(ready[0], &pid, 1) != 1);
  set_up(pidns, path);
  for (int fd = 0; fd < 3; fd++) dup2(null, fd);
  close(null);
  if (write(ready[1], "", 1) != 1) _exit(1);
  close(ready[1]);
  serve();
}
