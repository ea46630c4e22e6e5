/*
 * What was typed at a terminal and nobody has read. The kernel has edited and shown it already: so it is taken, and typed
 * again, at a terminal that does neither, and in between nobody else may read there or set it.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>
#include "terminal.h"

enum { END = 4, AS_IT_IS = 22 }; /* characters with a meaning while it is typed again */
enum { LINE = 4096 /* the kernel's longest */, MOST_AGAIN = 4000 /* what it keeps unread, and what was shown */, MOST_TYPED = 1 << 20 };
enum { PATIENCE = 1000, PAUSE_US = 1000 }; /* milliseconds, and microseconds */

static int open_terminal(int master) {
  return master < 0 ? -1 : ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
}

int look_at_terminal(int master, struct terminal *found) {
  struct stat st;
  struct winsize size = { 0 };
  int slave = open_terminal(master), r = slave >= 0 && fstat(slave, &st) == 0;
  if (r) {
    ioctl(slave, TIOCGWINSZ, &size);
    *found = (struct terminal){ st.st_rdev, st.st_dev, size.ws_row, size.ws_col };
  }
  if (slave >= 0) close(slave);
  return r;
}

/* Neither shows nor changes anything, and makes no signals. */
static struct termios quiet(struct termios t, int by_lines) {
  t.c_iflag = t.c_oflag = 0, t.c_lflag = by_lines ? ICANON | IEXTEN : 0;
  memset(t.c_cc, _POSIX_VDISABLE, sizeof t.c_cc);
  if (by_lines) t.c_cc[VEOF] = END, t.c_cc[VLNEXT] = AS_IT_IS;
  else t.c_cc[VMIN] = 1;
  return t;
}

static void add(struct bytes *to, uint8_t c, int as_it_is) {
  uint8_t *p = reserve(to, 2);
  if (as_it_is) *p++ = AS_IT_IS, to->len++;
  *p = c, to->len++;
}

int take_typed(int master, struct bytes *typed) {
  struct termios own, still;
  static uint8_t line[LINE];
  ssize_t n;
  int slave = open_terminal(master);
  if (slave < 0 || tcgetattr(slave, &own) < 0) {
    if (slave >= 0) close(slave);
    return 0;
  }
  int by_lines = (own.c_lflag & ICANON) != 0;
  for (int lines = by_lines; lines >= 0; lines--) {
    /* what is left after the lines is one that has only begun, and not to be had but without lines */
    still = quiet(own, lines);
    tcsetattr(slave, TCSANOW, &still);
    while (waiting(typed) < MOST_TYPED && (n = read(slave, line, sizeof line)) >= 0) {
      for (ssize_t i = 0; i < n; i++) add(typed, line[i], by_lines && (line[i] == END || line[i] == AS_IT_IS));
      if (lines && (n == 0 || line[n - 1] != '\n')) add(typed, END, 0);
      if (!lines && n == 0) break;
    }
  }
  tcsetattr(slave, TCSANOW, &own);
  close(slave);
  return !by_lines;
}

/* Where the last line ends that is whole, in what is typed; `given` is how much of that its reader gets. */
static size_t whole_lines(const uint8_t *p, size_t len, int *given) {
  size_t end = 0;
  int count = 0;
  for (size_t i = 0; i < len; i++) {
    if (p[i] == END) { end = i + 1, *given = count; continue; }
    if (p[i] == AS_IT_IS && i + 1 < len) i++;
    count++;
    if (p[i] == '\n') end = i + 1, *given = count;
  }
  return end;
}

/* The kernel takes what is typed in its own time: nothing is to be set before it has. */
static void type_lines(int master, int slave, const uint8_t *p, size_t len, int given) {
  int there = 0;
  if (len == 0 || write(master, p, len) != (ssize_t)len) return;
  for (int i = 0; i < PATIENCE && ioctl(slave, FIONREAD, &there) == 0 && there < given; i++) usleep(PAUSE_US);
}

/*
 * A line that has only begun is counted nowhere, but shown once it is taken: what is shown is read here, where nobody
 * else shows anything. Else the line may be shown twice.
 */
static void type_start(int master, int slave, struct termios still, const uint8_t *p, size_t len, int alone) {
  static uint8_t nowhere[LINE];
  struct pollfd look = { .fd = master, .events = POLLIN };
  size_t count = 0;
  ssize_t n;
  for (size_t i = 0; i < len; i++, count++) if (p[i] == AS_IT_IS) i++;
  if (alone) still.c_lflag |= ECHO;
  tcsetattr(slave, TCSANOW, &still);
  if (len == 0 || write(master, p, len) != (ssize_t)len || !alone) return;
  while (count > 0 && poll(&look, 1, PATIENCE) > 0 && (n = read(master, nowhere, count)) > 0) count -= (size_t)n;
}

size_t type_again(int master, const uint8_t *p, size_t len, int raw, int alone) {
  struct termios own, still;
  size_t most = len, lines;
  int slave = open_terminal(master), given = 0;
  if (most > MOST_AGAIN) most = p[MOST_AGAIN - 1] == AS_IT_IS ? MOST_AGAIN - 1 : MOST_AGAIN;
  if (slave < 0 || tcgetattr(slave, &own) < 0) most = 0;
  if (most > 0) {
    still = quiet(own, !raw);
    tcsetattr(slave, TCSANOW, &still);
    lines = raw ? (given = (int)most, most) : whole_lines(p, most, &given);
    type_lines(master, slave, p, lines, given);
    if (lines < most) type_start(master, slave, still, p + lines, most - lines, alone);
    tcsetattr(slave, TCSANOW, &own);
  }
  if (slave >= 0) close(slave);
  return most;
}
