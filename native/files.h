/* What both ends of a copy of files share: records on standard input and output (PROTOCOL.md 11), and where in the tree they are. */
#ifndef FILES_H
#define FILES_H
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

/* What an agent is told to be; what a giver sends to a taker; what a taker answers. */
enum { R_GIVE = 1, R_TAKE, R_TOTAL = 16, R_DIR, R_FILE, R_LINK, R_DATA, R_HOLE, R_KEEP, R_END, R_UP, R_SKIPPED, R_DONE,
       R_HAVE = 48, R_PROGRESS, R_FAILURE, R_RESULT };
enum { GIVE_RECURSIVE = 1, GIVE_RESUMABLE = 2, GIVE_TOTAL = 4 };
enum { TAKE_INTO = 1, TAKE_AUTO = 2, TAKE_PRESERVE = 4, TAKE_RESUMABLE = 8 };
enum { FILE_ASKS = 1 };
enum { RECORD_HEADER = 8, MOST_RECORD = 262144, PIECE_BYTES = 131072, ATTRIBUTES = 24, MOST_DEPTH = 512, MOST_NAME = 255 };
/* Smaller files are sent again as a whole. */
enum { LEAST_RESUMED = 65536 };

struct record { uint8_t type, flags; uint32_t len; uint8_t *payload; };
struct attributes { uint32_t mode, uid, gid, nsec; int64_t sec; };

static inline uint32_t big32(const uint8_t *p) { return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3]; }
static inline uint64_t big64(const uint8_t *p) { return (uint64_t)big32(p) << 32 | big32(p + 4); }
static inline uint8_t *say32(uint8_t *p, uint32_t v) {
  for (int i = 0; i < 4; i++) p[i] = (uint8_t)(v >> (24 - 8 * i));
  return p + 4;
}
static inline uint8_t *say64(uint8_t *p, uint64_t v) { return say32(say32(p, (uint32_t)(v >> 32)), (uint32_t)v); }

/* The next record, which is good until the one after it; 0 at the end of input. */
int next_record(struct record *r);
/* Room for the payload of a record that is sent with the next flush at the latest. */
uint8_t *begin_record(uint8_t type, uint8_t flags, uint32_t len);
/* Makes the last record, which was begun with so many bytes, shorter; or takes it back, where there is nothing to say. */
void cut_record(uint32_t begun, uint32_t len);
void drop_record(uint32_t begun);
void flush_records(void);
/* Ends this program: the other side is gone, or makes no sense. What is to be cleared up is done by `before`. */
_Noreturn void give_up(void);
extern void (*before_end)(void);

/* A polynomial in `key` modulo 2^61 - 1 of the first `len` bytes: who does not know the key finds no two files that have the same. */
int hash_file(int fd, uint64_t len, uint64_t key, uint64_t *hash);

/* The path of what is being copied, for messages. */
extern char where[];
size_t enter_path(const char *name);
void leave_path(size_t before);
uint32_t path_bytes(void);

/* The name of a file that is not whole yet; `extra`: one that nobody finds again. */
struct temporary { char name[24]; int extra; };
void name_temporary(struct temporary *t, uint64_t id);
/*
 * Makes and opens a file for what is to be `name` in a directory; -1 with errno. Its own name follows from that (FNV-1a, which has
 * no secret to keep), so that no copy that was killed leaves more than one beside it. `asks`: what is in that one may be gone on
 * with, and is compared; else it goes, since others may have it open.
 */
int make_temporary(int dir, const char *name, int asks, struct temporary *t);

void give(const struct record *order);
void take(const struct record *order);

#endif
