/*
 * The taking end of a copy. Names come one at a time and hold no slash, directories are opened one in another and never through
 * a link, so that nothing leads out of where the copy was asked to. A file gets its name when all of it is there, and not before.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>
#include "files.h"

/* More than that JavaScript does not count. */
static const uint64_t MOST_BYTES = (1ull << 53) - 1;
enum { MOST_TOLD = 100, EACH_NS = 250000000 };

/* Directories that are entered; the first one is where the copy goes to. */
static struct level { int fd, made; struct attributes attributes; size_t path; } levels[MOST_DEPTH + 1];
static int depth;
static uint64_t skipping; /* levels of one that could not be entered */

/* The file that is being taken; fd is -1 where it could not be made, and what comes of it goes nowhere. */
static struct {
  int open, fd, dir, named, whole, stale; /* named: under its temporary name; whole: it is the finished file of before */
  char name[MOST_NAME + 1];
  struct temporary temporary;
  struct attributes attributes;
  uint64_t pos, at, size; /* at: written up to here, holes not counted */
  int error;
} file;

static uint8_t flags;
static uint32_t forced_mode;
static mode_t mask;
static char last[MOST_NAME + 1]; /* what the copy is called, where it does not keep its name; else empty */
static int last_used;
static uint64_t bytes, files, directories, links, failures, entries, total_bytes, total_entries;

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

/* `side` is 1 where the giver could not read something. */
static void tell_failure(int error, uint8_t side, const void *path, uint32_t len) {
  if (failures++ >= MOST_TOLD) return;
  memcpy(say32(begin_record(R_FAILURE, side, 4 + len), (uint32_t)error), path, len);
  flush_records();
}

static void tell_result(int error) {
  const uint64_t numbers[] = { bytes, files, directories, links, failures };
  uint8_t *p = say32(begin_record(R_RESULT, 0, 44), (uint32_t)error);
  for (int i = 0; i < 5; i++) p = say64(p, numbers[i]);
  flush_records();
}

/* Of what can be gone on with, what is there stays. */
static void remove_temporary(void) {
  if (file.named && (file.stale || file.temporary.extra || !(flags & TAKE_RESUMABLE) || file.size < LEAST_RESUMED)) unlinkat(file.dir, file.temporary.name, 0);
  file.named = 0;
}

static void on_signal(int signal) {
  remove_temporary();
  _exit(128 + signal);
}

/* There is no use in going on with what comes. */
static _Noreturn void stop(int error) {
  tell_result(error);
  give_up();
}

static void failed(int error) {
  tell_failure(error, 0, where, path_bytes());
  if (error == ENOSPC || error == EDQUOT || error == EROFS || error == EIO) stop(error);
}

static int is_name(const char *name, size_t len) {
  if (len == 0 || len > MOST_NAME || memchr(name, '/', len) != NULL || memchr(name, 0, len) != NULL) return 0;
  return !(name[0] == '.' && (len == 1 || (len == 2 && name[1] == '.')));
}

/* The name that what comes gets here; NULL where it can have none, which is told. */
static const char *name_of(const uint8_t *given, uint32_t len) {
  static char name[MOST_NAME + 1];
  int renamed = depth == 0 && skipping == 0 && last[0] != '\0';
  if (renamed && last_used++) stop(ENOTDIR); /* many things, and one name */
  if (renamed) return last;
  if (!is_name((const char *)given, len)) stop(EPROTO);
  memcpy(name, given, len);
  name[len] = '\0';
  return name;
}

static void read_attributes(struct attributes *a, const uint8_t *p) {
  a->mode = big32(p) & 07777, a->uid = big32(p + 4), a->gid = big32(p + 8);
  a->sec = (int64_t)big64(p + 12), a->nsec = big32(p + 20);
  if (a->nsec >= 1000000000) stop(EPROTO);
}

/* Owner, mode and times of what was made. Who is not root owns it; set-user-ID and its like mean something to their owner alone. */
static int settle(int fd, const struct attributes *a, int is_file) {
  struct stat st;
  mode_t mode = a->mode & 0777 & ~mask;
  if (flags & TAKE_PRESERVE) {
    if (geteuid() == 0 && fchown(fd, a->uid, a->gid) < 0) return -1;
    if (fstat(fd, &st) < 0) return -1;
    mode = st.st_uid == a->uid && st.st_gid == a->gid ? a->mode : a->mode & 01777;
  }
  if (is_file && forced_mode != ~0u) mode = forced_mode & 07777;
  if (fchmod(fd, mode) < 0) return -1;
  struct timespec when[2] = { { .tv_nsec = UTIME_OMIT }, { a->sec, a->nsec } };
  return flags & TAKE_PRESERVE ? futimens(fd, when) : 0;
}

/* The file of before, where it looks like what is to come. */
static int open_whole(const char *name, uint64_t size, const struct attributes *a) {
  struct stat st;
  if (!(flags & TAKE_PRESERVE) || fstatat(file.dir, name, &st, AT_SYMLINK_NOFOLLOW) < 0 || !S_ISREG(st.st_mode)) return -1;
  if ((uint64_t)st.st_size != size || st.st_mtim.tv_sec != a->sec || (uint32_t)st.st_mtim.tv_nsec != a->nsec) return -1;
  return openat(file.dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
}

/* What may be replaced: a file, or a link, which is not followed. */
static int check_replaced(const char *name) {
  struct stat st;
  if (fstatat(file.dir, name, &st, AT_SYMLINK_NOFOLLOW) < 0) return errno == ENOENT ? 0 : errno;
  if (S_ISDIR(st.st_mode)) return EISDIR;
  return S_ISREG(st.st_mode) || S_ISLNK(st.st_mode) ? 0 : EEXIST;
}

static void begin_temporary(int asks) {
  file.fd = file.error == 0 ? make_temporary(file.dir, file.name, asks, &file.temporary) : -1;
  if (file.error == 0 && file.fd < 0) file.error = errno;
  file.named = file.fd >= 0;
}

static void begin_file(const struct record *r) {
  if (r->len < ATTRIBUTES + 16) stop(EPROTO);
  const char *name = name_of(r->payload + ATTRIBUTES + 16, r->len - ATTRIBUTES - 16);
  int asks = r->flags & FILE_ASKS;
  uint64_t key = big64(r->payload + ATTRIBUTES + 8), has = 0, hash = 0;
  struct stat st;
  memset(&file, 0, sizeof file);
  read_attributes(&file.attributes, r->payload);
  file.size = big64(r->payload + ATTRIBUTES);
  strcpy(file.name, name);
  file.open = 1, file.fd = -1, file.dir = levels[depth].fd;
  if (skipping == 0) {
    file.error = check_replaced(name);
    if (asks && file.error == 0) file.fd = open_whole(name, file.size, &file.attributes);
    file.whole = file.fd >= 0;
    if (!file.whole) begin_temporary(asks && flags & TAKE_RESUMABLE);
  }
  if (!asks) return;
  if (file.fd >= 0 && fstat(file.fd, &st) == 0 && st.st_size > 0 && (uint64_t)st.st_size <= file.size) {
    if (hash_file(file.fd, (uint64_t)st.st_size, key, &hash) == 0) has = (uint64_t)st.st_size;
  }
  say64(say64(begin_record(R_HAVE, 0, 16), has), hash);
  flush_records();
}

/* The giver has compared what is here: so much of it is good. */
static void keep(uint64_t good) {
  if (file.pos != 0 || good > file.size) stop(EPROTO);
  if (file.whole && good < file.size) {
    close(file.fd);
    file.whole = 0;
    begin_temporary(0);
  }
  if (file.fd < 0) { file.pos = good; return; }
  if (!file.whole && ftruncate(file.fd, (off_t)good) < 0) file.error = errno;
  file.pos = file.at = good;
  bytes += good;
}

static void drop_file(void) {
  remove_temporary();
  if (file.fd >= 0) close(file.fd);
  file.fd = -1;
}

static void write_file(const uint8_t *data, uint32_t len) {
  uint64_t to = file.pos + len;
  if (to > MOST_BYTES) stop(EPROTO);
  while (file.fd >= 0 && file.error == 0 && len > 0) {
    ssize_t n = pwrite(file.fd, data, len, (off_t)file.pos);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) { file.error = errno; break; }
    data += n, len -= (uint32_t)n, file.pos += (uint64_t)n, bytes += (uint64_t)n;
  }
  file.pos = to;
  if (file.error == 0) file.at = to;
  /* told now, where the rest of it would come for nothing */
  if (file.error == ENOSPC || file.error == EDQUOT) {
    int error = file.error;
    size_t before = enter_path(file.name);
    drop_file();
    failed(error);
    leave_path(before);
  }
}

static void skip_hole(uint64_t len) {
  if (len > MOST_BYTES || file.pos + len > MOST_BYTES) stop(EPROTO);
  file.pos += len;
  if (file.fd >= 0 && file.error == 0) bytes += len;
}

static int finish_file(void) {
  if (file.whole) return 0;
  if (file.at < file.pos && ftruncate(file.fd, (off_t)file.pos) < 0) return errno;
  if (settle(file.fd, &file.attributes, 1) < 0) return errno;
  /* what was asked for by name is on the disk when it is there; of a tree all of it, when all is there */
  if (depth == 0 && fsync(file.fd) < 0 && errno != EINVAL) return errno;
  if (renameat(file.dir, file.temporary.name, file.dir, file.name) < 0) return errno;
  file.named = 0;
  return 0;
}

static void end_file(const struct record *r) {
  if (r->len < 12 || big64(r->payload + 4) != file.pos) stop(EPROTO);
  int given = (int)big32(r->payload);
  size_t before = enter_path(file.name);
  if (skipping == 0) {
    entries++;
    file.stale = given != 0;
    if (given == 0 && file.error == 0) file.error = finish_file();
    drop_file();
    if (given != 0) tell_failure(given, 1, where, path_bytes());
    else if (file.error != 0) failed(file.error);
    else files++;
  }
  file.open = 0;
  leave_path(before);
}

static void enter_directory(const struct record *r) {
  struct level *next = &levels[depth + 1];
  if (r->len < ATTRIBUTES) stop(EPROTO);
  if (skipping > 0) { if (++skipping > MOST_DEPTH) stop(EPROTO); return; }
  if (depth == MOST_DEPTH) stop(EPROTO);
  const char *name = name_of(r->payload + ATTRIBUTES, r->len - ATTRIBUTES);
  /* where the copy as such is to be, its user has said, a link that leads there included */
  int follow = depth == 0 && name == last ? 0 : O_NOFOLLOW;
  read_attributes(&next->attributes, r->payload);
  entries++;
  next->path = enter_path(name);
  next->made = mkdirat(levels[depth].fd, name, 0700) == 0;
  int error = next->made || errno == EEXIST ? 0 : errno;
  next->fd = error == 0 ? openat(levels[depth].fd, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | follow) : -1;
  if (error == 0 && next->fd < 0) error = errno == ELOOP ? ENOTDIR : errno;
  if (error != 0) {
    failed(error);
    leave_path(next->path);
    skipping = 1;
    return;
  }
  /* a giver on this machine sees by it what is made of what it gives; where there are no locks it does not */
  fcntl(next->fd, F_OFD_SETLK, &(struct flock){ .l_type = F_RDLCK, .l_whence = SEEK_SET });
  directories++, depth++;
}

static void leave_directory(void) {
  if (skipping > 0) { skipping--; return; }
  if (depth == 0) stop(EPROTO);
  struct level *l = &levels[depth--];
  int keep = flags & TAKE_PRESERVE;
  int error = (l->made || keep) && settle(l->fd, &l->attributes, 0) < 0 ? errno : 0;
  if (error == 0 && depth == 0 && syncfs(l->fd) < 0) error = errno;
  if (error != 0) failed(error);
  close(l->fd);
  leave_path(l->path);
}

static int make_link(const char *target, const char *name, const struct attributes *a) {
  int dir = levels[depth].fd;
  struct temporary temporary;
  uint64_t id;
  file.dir = dir;
  int error = check_replaced(name);
  if (error != 0) return error;
  if (symlinkat(target, dir, name) < 0) {
    if (errno != EEXIST) return errno;
    if (getrandom(&id, sizeof id, 0) != sizeof id) return errno;
    name_temporary(&temporary, id);
    if (symlinkat(target, dir, temporary.name) < 0) return errno;
    if (renameat(dir, temporary.name, dir, name) < 0) { error = errno; unlinkat(dir, temporary.name, 0); return error; }
  }
  struct timespec when[2] = { { .tv_nsec = UTIME_OMIT }, { a->sec, a->nsec } };
  if (!(flags & TAKE_PRESERVE)) return 0;
  if (geteuid() == 0 && fchownat(dir, name, a->uid, a->gid, AT_SYMLINK_NOFOLLOW) < 0) return errno;
  return utimensat(dir, name, when, AT_SYMLINK_NOFOLLOW) < 0 ? errno : 0;
}

static void take_link(const struct record *r) {
  char target[4096];
  struct attributes a;
  if (r->len < ATTRIBUTES + 4) stop(EPROTO);
  uint32_t len = big32(r->payload + ATTRIBUTES), rest = r->len - ATTRIBUTES - 4;
  const uint8_t *p = r->payload + ATTRIBUTES + 4;
  if (len == 0 || len >= sizeof target || len > rest || memchr(p, 0, len) != NULL) stop(EPROTO);
  if (skipping > 0) return;
  const char *name = name_of(p + len, rest - len);
  read_attributes(&a, r->payload);
  memcpy(target, p, len);
  target[len] = '\0';
  size_t before = enter_path(name);
  int error = make_link(target, name, &a);
  entries++;
  if (error != 0) failed(error);
  else links++;
  leave_path(before);
}

static void take_record(const struct record *r) {
  int inside = r->type == R_DATA || r->type == R_HOLE || r->type == R_KEEP || r->type == R_END;
  if (r->type < R_TOTAL || r->type > R_DONE) return; /* of a later version */
  if (inside != file.open) stop(EPROTO);
  switch (r->type) {
    case R_TOTAL:
      if (r->len < 16) stop(EPROTO);
      total_bytes = big64(r->payload), total_entries = big64(r->payload + 8);
      break;
    case R_DIR: enter_directory(r); break;
    case R_FILE: begin_file(r); break;
    case R_LINK: take_link(r); break;
    case R_DATA: write_file(r->payload, r->len); break;
    case R_HOLE: case R_KEEP:
      if (r->len < 8) stop(EPROTO);
      if (r->type == R_HOLE) skip_hole(big64(r->payload));
      else keep(big64(r->payload));
      break;
    case R_END: end_file(r); break;
    case R_UP: leave_directory(); break;
    case R_SKIPPED:
      if (r->len < 4 || r->len > 4 + 4096) stop(EPROTO);
      tell_failure((int)big32(r->payload), 1, r->payload + 4, r->len - 4);
      break;
  }
}

/* Where the copy goes: into a directory, or beside what is there, under a name of its own. */
static int open_target(char *path) {
  struct stat st;
  size_t n = strlen(path);
  int into = flags & TAKE_INTO || (flags & TAKE_AUTO && stat(path, &st) == 0 && S_ISDIR(st.st_mode));
  while (n > 1 && path[n - 1] == '/') path[--n] = '\0';
  char *slash = strrchr(path, '/'), *name = slash == NULL ? path : slash + 1;
  const char *dir = slash == NULL ? "." : slash == path ? "/" : path;
  if (into) dir = path, name = "";
  else if (strlen(name) > MOST_NAME) errno = ENAMETOOLONG;
  else if (!is_name(name, strlen(name))) errno = EISDIR;
  else errno = 0;
  if (!into && errno != 0) return -1;
  strcpy(last, name);
  if (!into && slash != NULL && slash != path) *slash = '\0';
  enter_path(dir);
  return levels[0].fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

void take(const struct record *order) {
  char path[4096];
  struct record r;
  double told = now();
  const int signals[] = { SIGTERM, SIGHUP, SIGINT };
  flags = order->flags;
  if (order->len < 5 || order->len > 4 + sizeof path || order->payload[order->len - 1] != 0) give_up();
  forced_mode = big32(order->payload);
  strcpy(path, (const char *)order->payload + 4);
  umask(mask = umask(0));
  before_end = remove_temporary;
  for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) signal(signals[i], on_signal);
  if (open_target(path) < 0) {
    int error = errno;
    tell_failure(error, 0, order->payload + 4, order->len - 5);
    stop(error);
  }
  while (next_record(&r)) {
    if (r.type == R_DONE && !file.open && depth == 0 && skipping == 0) { tell_result(0); return; }
    take_record(&r);
    if (now() - told < EACH_NS) continue;
    told = now();
    const uint64_t numbers[] = { bytes, entries, total_bytes, total_entries };
    uint8_t *p = begin_record(R_PROGRESS, 0, 32);
    for (int i = 0; i < 4; i++) p = say64(p, numbers[i]);
    flush_records();
  }
  stop(ECONNRESET); /* the giver is gone; what it has begun to give is not there */
}
