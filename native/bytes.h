/* Little-endian numbers, and bytes that wait to be written or to be understood. */
#ifndef BYTES_H
#define BYTES_H
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static inline uint16_t get16(const uint8_t *p) { return (uint16_t)(p[0] | p[1] << 8); }
static inline uint32_t get32(const uint8_t *p) { return get16(p) | (uint32_t)get16(p + 2) << 16; }
static inline uint64_t get64(const uint8_t *p) { return get32(p) | (uint64_t)get32(p + 4) << 32; }
static inline void put16(uint8_t *p, uint16_t v) { p[0] = (uint8_t)v, p[1] = (uint8_t)(v >> 8); }
static inline void put32(uint8_t *p, uint32_t v) { put16(p, (uint16_t)v), put16(p + 2, (uint16_t)(v >> 16)); }
static inline void put64(uint8_t *p, uint64_t v) { put32(p, (uint32_t)v), put32(p + 4, (uint32_t)(v >> 32)); }

/* What waits: [from, len) of the data. */
struct bytes { uint8_t *data; size_t from, len, cap; };

static inline void *must(void *p) {
  if (p == NULL) abort(); /* nothing sensible is left to do, and the slave sees the holder go */
  return p;
}

static inline size_t waiting(const struct bytes *b) { return b->len - b->from; }

/* Room for so many more. What was taken makes room once it is the larger part: so no byte is moved often. */
static inline uint8_t *reserve(struct bytes *b, size_t more) {
  if (b->len + more > b->cap && b->from > 0 && b->from >= waiting(b)) {
    memmove(b->data, b->data + b->from, waiting(b));
    b->len -= b->from, b->from = 0;
  }
  if (b->len + more > b->cap) {
    while (b->len + more > b->cap) b->cap = b->cap ? b->cap * 2 : 4096;
    b->data = must(realloc(b->data, b->cap));
  }
  return b->data + b->len;
}

static inline void taken(struct bytes *b, size_t count) {
  b->from += count;
  if (b->from == b->len) b->from = b->len = 0;
}

static inline void discard(struct bytes *b) {
  free(b->data);
  *b = (struct bytes){ 0 };
}

static inline void replace(struct bytes *b, const uint8_t *with, size_t len) {
  discard(b);
  if (len > 0) memcpy(reserve(b, len), with, len), b->len = len;
}

#endif
