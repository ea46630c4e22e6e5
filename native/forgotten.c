/* A ring of names, which costs nothing where nobody has written yet. */
#include "forgotten.h"
#include <string.h>

enum { MOST = 16384 };

static uint8_t names[MOST][NAME];
static size_t total; /* ever */

void remember_forgotten(const uint8_t *name) { memcpy(names[total++ % MOST], name, NAME); }

size_t forgotten_count(void) { return total < MOST ? total : MOST; }

void copy_forgotten(uint8_t *to) {
  size_t count = forgotten_count(), oldest = (total - count) % MOST, first = MOST - oldest < count ? MOST - oldest : count;
  memcpy(to, names[oldest], first * NAME);
  memcpy(to + first * NAME, names[0], (count - first) * NAME);
}
