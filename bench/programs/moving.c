/*
 * Something to move: memory of so many MiB, every page of it written, and a clock. It looks at the clock all the time; a
 * line on stdin is answered with the longest time in milliseconds between two looks since the last line, which is how
 * long it has stood still.
 */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static double now(void) {
  struct timespec at;
  /* not the monotonic one, which a restored process may have with an offset, so that it goes on where it stood */
  clock_gettime(CLOCK_REALTIME, &at);
  return at.tv_sec * 1e3 + at.tv_nsec / 1e6;
}

int main(int argc, char **argv) {
  size_t size = (size_t)atoi(argc > 1 ? argv[1] : "1") << 20;
  unsigned *memory = malloc(size);
  if (memory == NULL) return 1;
  for (size_t at = 0; at < size / sizeof *memory; at++) memory[at] = (unsigned)at * 2654435761u;
  puts("ready");
  fflush(stdout);
  struct pollfd input = {.fd = 0, .events = POLLIN};
  double last = now(), longest = 0;
  for (;;) {
    int count = poll(&input, 1, 1);
    double at = now();
    if (at - last > longest) longest = at - last;
    last = at;
    if (count <= 0) continue;
    char line[64];
    if (read(0, line, sizeof line) <= 0) return 0;
    printf("%.3f\n", longest);
    fflush(stdout);
    longest = 0;
    last = now();
  }
}
