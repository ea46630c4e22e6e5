/* The terminals that processes have, and what was typed at them and is not read yet. */
#ifndef TERMINAL_H
#define TERMINAL_H
#include <stdint.h>
#include "bytes.h"

/* How a terminal is known to whoever captures what has it open. */
struct terminal { uint64_t device, file_system; uint32_t rows, columns; };

/* 0 where nobody can have it any more. */
int look_at_terminal(int master, struct terminal *found);

/*
 * Takes what was typed and nobody has read, of what stands still, as type_again wants it: the characters as they were given to
 * the terminal's reader, where 4 ends what is given without a line's end and 22 has the next one taken as it is; but of a
 * terminal that is not read by lines all are as they are. Returns whether it is such a one.
 */
int take_typed(int master, struct bytes *typed);

/*
 * Has it waiting there again, not shown once more; returns how many bytes are, the rest is to be typed like any input.
 * `alone`: nobody shows anything there meanwhile.
 */
size_t type_again(int master, const uint8_t *p, size_t len, int raw, int alone);

#endif
