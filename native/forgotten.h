/* Names of processes that were forgotten, so that whoever connects later can tell that they have been. */
#ifndef FORGOTTEN_H
#define FORGOTTEN_H
#include <stddef.h>
#include <stdint.h>

enum { NAME = 16 }; /* bytes */

/* Takes a name; beyond 16,384 of them the oldest makes room. */
void remember_forgotten(const uint8_t *name);

/* How many there are; copies all of them, the oldest first. */
size_t forgotten_count(void);
void copy_forgotten(uint8_t *to);

#endif
