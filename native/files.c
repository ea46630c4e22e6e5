/* The file agent: gives a tree of files as records, or takes one, with the rights of the user it runs as and no others. */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>
#include "files.h"
#include "modes.h"

enum { ROOM = 2 * (RECORD_HEADER + MOST_RECORD) };

static uint8_t in[ROOM], out[ROOM];
static size_t in_from, in_to, out_len;
void (*before_end)(void);
char where[MOST_DEPTH * (MOST_NAME + 1) + 4096];
static size_t where_len;

_Noreturn void give_up(void) {
  if (before_end != NULL) before_end();
  _exit(1);
}

/* Whether so much is there; 0 where the input ends before. */
static int fill(size_t wanted) {
  if (ROOM - in_from < wanted) {
    memmove(in, in + in_from, in_to - in_from);
    in_to -= in_from, in_from = 0;
  }
  while (in_to - in_from < wanted) {
    ssize_t n = read(0, in + in_to, ROOM - in_to);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return 0;
    in_to += (size_t)n;
  }
  return 1;
}

int next_record(struct record *r) {
  if (!fill(RECORD_HEADER)) return 0;
  r->len = big32(in + in_from), r->type = in[in_from + 4], r->flags = in[in_from + 5];
  if (r->len > MOST_RECORD) give_up();
  if (!fill(RECORD_HEADER + r->len)) return 0;
  r->payload = in + in_from + RECORD_HEADER;
  in_from += RECORD_HEADER + r->len;
  return 1;
}

void flush_records(void) {
  for (size_t at = 0; at < out_len;) {
    ssize_t n = write(1, out + at, out_len - at);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) give_up();
    at += (size_t)n;
  }
  out_len = 0;
}

uint8_t *begin_record(uint8_t type, uint8_t flags, uint32_t len) {
  if (ROOM - out_len < RECORD_HEADER + len) flush_records();
  uint8_t *p = say32(out + out_len, len);
  p[0] = type, p[1] = flags, p[2] = p[3] = 0;
  out_len += RECORD_HEADER + len;
  return p + 4;
}

void cut_record(uint32_t begun, uint32_t len) {
  say32(out + out_len - RECORD_HEADER - begun, len);
  out_len -= begun - len;
}

void drop_record(uint32_t begun) { out_len -= RECORD_HEADER + begun; }

static uint64_t times(uint64_t a, uint64_t b) {
  const uint64_t prime = (1ull << 61) - 1;
  unsigned __int128 product = (unsigned __int128)a * b;
  uint64_t r = ((uint64_t)product & prime) + (uint64_t)(product >> 61);
  r = (r & prime) + (r >> 61);
  return r >= prime ? r - prime : r;
}

int hash_file(int fd, uint64_t len, uint64_t key, uint64_t *hash) {
  static uint8_t piece[PIECE_BYTES + 4];
  uint64_t h = 1, k = key >> 3; /* below 2^61 */
  for (uint64_t at = 0; at < len;) {
    size_t want = len - at < PIECE_BYTES ? (size_t)(len - at) : PIECE_BYTES, have = 0;
    while (have < want) {
      ssize_t n = pread(fd, piece + have, want - have, (off_t)(at + have));
      if (n < 0) return -1;
      if (n == 0) { errno = ESTALE; return -1; }
      have += (size_t)n;
    }
    memset(piece + have, 0, 4);
    for (size_t i = 0; i < have; i += 4) h = times(h + big32(piece + i), k);
    at += have;
  }
  *hash = times(h + len % (1ull << 60), k);
  return 0;
}

size_t enter_path(const char *name) {
  size_t before = where_len, n = strlen(name);
  if (where_len + n + 2 < sizeof where) {
    if (where_len > 0 && where[where_len - 1] != '/') where[where_len++] = '/';
    memcpy(where + where_len, name, n + 1);
    where_len += n;
  }
  return before;
}

void leave_path(size_t before) { where[where_len = before] = '\0'; }

uint32_t path_bytes(void) { return (uint32_t)(where_len < 4096 ? where_len : 4096); }

int copy_files(void) {
  struct record order;
  struct rlimit files;
  prctl(PR_SET_NAME, "bproc-files");
  signal(SIGPIPE, SIG_IGN), signal(SIGXFSZ, SIG_IGN); /* they are errors of write */
  if (getrlimit(RLIMIT_NOFILE, &files) == 0) setrlimit(RLIMIT_NOFILE, &(struct rlimit){ files.rlim_max, files.rlim_max });
  if (!next_record(&order)) return 0; /* nobody wants anything any more */
  if (order.type == R_GIVE) give(&order);
  else if (order.type == R_TAKE) take(&order);
  else give_up();
  flush_records();
  return 0;
}
