/*
 * Moves an address of a node that is one process's own, as its standard input says, a letter at a time. All packets to and
 * from it are dropped meanwhile: they are sent again, and nobody answers that he knows nothing of a connection.
 *
 * What it was started for it finishes by itself where whoever started it dies, as well as can be known.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "modes.h"
#include "netlink.h"

/* How long a process that is being ended may take for it, in milliseconds. */
#define MOST_DYING_MS 10000

static int fail(const char *what) {
  fprintf(stderr, "%s: %s\n", what, strerror(errno));
  return 1;
}

static void say(const char *line) {
  printf("%s\n", line);
  fflush(stdout);
}

/* The next letter; 0 where nobody is left to say one. */
static char next(void) {
  char letter = 0;
  return read(0, &letter, 1) == 1 ? letter : 0;
}

/*
 * From where the process is. `c`: it is being ended, so that the address goes once it has, also where nobody says
 * anything more; `a`: it runs on.
 */
static int leave(int interface, uint32_t address, pid_t pid) {
  struct pollfd process = { .fd = (int)syscall(SYS_pidfd_open, pid, 0), .events = POLLIN };
  if (process.fd < 0) return fail("pidfd_open");
  say("ready");
  char letter = next();
  if (letter == 'c') {
    struct pollfd at[2] = { process, { .fd = 0, .events = POLLIN } };
    /* either is told first; where it is the end of the input, the process may still be about to go */
    while (poll(at, 2, -1) < 0 && errno == EINTR) continue;
    if (!at[0].revents) letter = next();
    if (letter != 'a' && poll(&process, 1, MOST_DYING_MS) == 1) {
      if (remove_address(interface, address) < 0 && errno != EADDRNOTAVAIL) return fail("the address cannot be removed");
      return 0;
    }
  }
  /* others may have heard meanwhile that it is elsewhere */
  announce_address(interface, address);
  return 0;
}

/* To where it goes. `d`: it has the address from now on; `g`: and it runs. Else the address is taken away again. */
static int take(int interface, uint32_t address, int *dropping) {
  say("ready");
  if (next() != 'd') return 0;
  if (add_address(interface, address) < 0) return fail("the address cannot be added");
  say("added");
  if (next() == 'g') {
    close(*dropping);
    announce_address(interface, address);
    say("announced");
    return 0;
  }
  return remove_address(interface, address) < 0 ? fail("the address cannot be removed") : 0;
}

int move_address(const char *way, const char *device, const char *text, const char *pid) {
  struct in_addr address;
  int interface = (int)if_nametoindex(device);
  if (interface == 0) return fail(device);
  if (inet_pton(AF_INET, text, &address) != 1) return errno = EINVAL, fail(text);
  int dropping = drop_packets(address.s_addr);
  if (dropping < 0) return fail("its packets cannot be held up (nf_tables)");
  return strcmp(way, "leave") == 0 ? leave(interface, address.s_addr, atoi(pid)) : take(interface, address.s_addr, &dropping);
}
