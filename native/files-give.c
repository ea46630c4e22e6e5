/* The giving end of a copy: walks what is asked for and sends it. Links are followed where they are asked for by name alone. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>
#include "files.h"

static uint8_t flags;
static uint64_t key, total_bytes, total_entries;
static int counting, depth;

static void skipped(int error) {
  if (counting) return;
  uint8_t *p = begin_record(R_SKIPPED, 0, 4 + path_bytes());
  memcpy(say32(p, (uint32_t)error), where, path_bytes());
}

static uint8_t *say_attributes(uint8_t *p, const struct stat *st) {
  p = say32(say32(say32(p, st->st_mode & 07777), st->st_uid), st->st_gid);
  return say32(say64(p, (uint64_t)st->st_mtim.tv_sec), (uint32_t)st->st_mtim.tv_nsec);
}

/* Asks the taker what it has of this file already; how much of that is so. */
static uint64_t kept(int fd, uint64_t size) {
  struct record r;
  uint64_t hash;
  flush_records();
  if (!next_record(&r) || r.type != R_HAVE || r.len < 16) give_up();
  uint64_t has = big64(r.payload);
  if (has == 0 || has > size || hash_file(fd, has, key, &hash) < 0 || hash != big64(r.payload + 8)) has = 0;
  say64(begin_record(R_KEEP, 0, 8), has);
  return has;
}

/* One piece from `at` on, at most so long; how much there was, 0 at the end of the file, -1 for an error. */
static ssize_t send_piece(int fd, uint64_t at, uint64_t most) {
  uint32_t want = most < PIECE_BYTES ? (uint32_t)most : PIECE_BYTES;
  ssize_t n = pread(fd, begin_record(R_DATA, 0, want), want, (off_t)at);
  if (n > 0) { cut_record(want, (uint32_t)n); return n; }
  drop_record(want);
  return n;
}

/* Sends what is in a file, and its holes; up to where that went, or an error in errno. Files of the kernel's own say no true size. */
static int send_content(int fd, uint64_t *pos, uint64_t size) {
  uint64_t data_end = size > LEAST_RESUMED ? *pos : size; /* small files are sent with their holes */
  while (*pos < size) {
    if (*pos >= data_end) {
      off_t d = lseek(fd, (off_t)*pos, SEEK_DATA), h;
      uint64_t data = d >= 0 ? (uint64_t)d : errno == ENXIO ? size : *pos;
      if (data > size) data = size;
      if (data > *pos) say64(begin_record(R_HOLE, 0, 8), data - *pos), *pos = data;
      h = data < size ? lseek(fd, (off_t)data, SEEK_HOLE) : -1;
      data_end = h > (off_t)data && (uint64_t)h < size ? (uint64_t)h : size;
      if (*pos >= size) break;
    }
    ssize_t n = send_piece(fd, *pos, data_end - *pos);
    if (n < 0) return -1;
    if (n == 0) break;
    *pos += (uint64_t)n;
  }
  for (ssize_t n = 1; size == 0 && n > 0; *pos += (uint64_t)n) if ((n = send_piece(fd, *pos, PIECE_BYTES)) < 0) return -1;
  struct stat now;
  if (fstat(fd, &now) < 0) return -1;
  /* it was cut while it was read, and what has gone is no longer what it is */
  if ((uint64_t)now.st_size < size) { errno = ESTALE; return -1; }
  return 0;
}

static void send_file(int fd, const char *name, const struct stat *st) {
  uint64_t size = (uint64_t)st->st_size, pos = 0;
  int asks = flags & GIVE_RESUMABLE && size >= LEAST_RESUMED;
  size_t n = strlen(name);
  uint8_t *p = begin_record(R_FILE, asks ? FILE_ASKS : 0, (uint32_t)(ATTRIBUTES + 16 + n));
  memcpy(say64(say64(say_attributes(p, st), size), key), name, n);
  if (asks) pos = kept(fd, size);
  int error = send_content(fd, &pos, size) < 0 ? errno : 0;
  say64(say32(begin_record(R_END, 0, 12), (uint32_t)error), pos);
}

static void send_link(int dir, const char *name, const char *as, const struct stat *st) {
  char target[4096];
  ssize_t len = readlinkat(dir, name, target, sizeof target);
  size_t n = strlen(as);
  if (len < 0 || len == sizeof target) { skipped(len < 0 ? errno : ENAMETOOLONG); return; }
  uint8_t *p = say32(say_attributes(begin_record(R_LINK, 0, (uint32_t)(ATTRIBUTES + 4 + (size_t)len + n)), st), (uint32_t)len);
  memcpy(p, target, (size_t)len);
  memcpy(p + len, as, n);
}

static void send_entry(int dir, const char *name, const char *as, int follow);

/* Whether a copy is making it: one that goes into what it is of would never come to its end. */
static int is_being_made(int fd) {
  struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
  return fcntl(fd, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
}

static void send_directory(int fd, const char *name, const struct stat *st) {
  size_t n = strlen(name);
  DIR *entries = depth < MOST_DEPTH ? fdopendir(fd) : NULL;
  if (entries == NULL) { skipped(depth < MOST_DEPTH ? errno : ENAMETOOLONG); close(fd); return; }
  if (!counting) memcpy(say_attributes(begin_record(R_DIR, 0, (uint32_t)(ATTRIBUTES + n)), st), name, n);
  depth++;
  for (struct dirent *e; errno = 0, (e = readdir(entries)) != NULL;)
    if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0) send_entry(fd, e->d_name, e->d_name, 0);
  if (errno != 0) skipped(errno);
  depth--;
  if (!counting) begin_record(R_UP, 0, 0);
  closedir(entries);
}

/* Looked at before it is opened, since opening a device may do something, and after it, since it may be another one by then. */
static void send_opened(int dir, const char *name, const char *as, int follow, mode_t type) {
  struct stat st;
  int fd = openat(dir, name, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC | (follow ? 0 : O_NOFOLLOW));
  if (fd < 0) { skipped(errno); return; }
  if (fstat(fd, &st) < 0 || (st.st_mode & S_IFMT) != type) { skipped(ESTALE); close(fd); return; }
  if (type == S_IFDIR && is_being_made(fd)) { skipped(EBUSY); close(fd); return; }
  if (type == S_IFDIR) { send_directory(fd, as, &st); return; }
  send_file(fd, as, &st);
  close(fd);
}

static void send_entry(int dir, const char *name, const char *as, int follow) {
  struct stat st;
  size_t before = enter_path(name);
  mode_t type = fstatat(dir, name, &st, follow ? 0 : AT_SYMLINK_NOFOLLOW) < 0 ? 0 : st.st_mode & S_IFMT;
  if (type == 0) skipped(errno);
  else if (type == S_IFDIR && !(flags & GIVE_RECURSIVE)) skipped(EISDIR);
  else if (type != S_IFDIR && type != S_IFREG && type != S_IFLNK) skipped(EINVAL);
  else {
    total_entries++;
    if (type == S_IFREG) total_bytes += (uint64_t)st.st_size;
    if (type == S_IFLNK && !counting) send_link(dir, name, as, &st);
    else if (type == S_IFDIR || (type == S_IFREG && !counting)) send_opened(dir, name, as, follow, type);
  }
  leave_path(before);
}

/* The name of what a path leads to, whatever it is written like. */
static const char *last_name(char *path) {
  static char real[4096];
  size_t n = strlen(path);
  while (n > 1 && path[n - 1] == '/') path[--n] = '\0';
  const char *slash = strrchr(path, '/'), *name = slash == NULL ? path : slash + 1;
  if (strcmp(name, ".") != 0 && strcmp(name, "..") != 0) return name;
  return realpath(path, real) == NULL ? name : strrchr(real, '/') + 1;
}

static void send_all(char *paths, const char *end) {
  for (char *path = paths; path < end; path += strlen(path) + 1) {
    char copy[4096];
    if (strlen(path) >= sizeof copy) { skipped(ENAMETOOLONG); continue; }
    send_entry(AT_FDCWD, path, last_name(strcpy(copy, path)), 1);
  }
}

void give(const struct record *order) {
  char *paths = malloc(order->len + 1);
  if (paths == NULL || order->len == 0 || order->payload[order->len - 1] != 0) give_up();
  memcpy(paths, order->payload, order->len);
  flags = order->flags;
  if (getrandom(&key, sizeof key, 0) != sizeof key) give_up();
  if (flags & GIVE_TOTAL) {
    counting = 1;
    send_all(paths, paths + order->len);
    counting = 0;
    say64(say64(begin_record(R_TOTAL, 0, 16), total_bytes), total_entries);
  }
  send_all(paths, paths + order->len);
  free(paths);
  begin_record(R_DONE, 0, 0);
}
