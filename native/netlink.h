/* What the kernel is asked to do about addresses and packets of this network namespace: for address.c. */
#ifndef NETLINK_H
#define NETLINK_H
#include <stdint.h>

/*
 * Drops all packets to and from an IPv4 address, until the descriptor that is returned is closed, in whatever way this
 * program ends. -1 with errno where that cannot be done.
 */
int drop_packets(uint32_t address);
/* Gives an interface an address of its own (a /32), or takes it away. -1 with errno. */
int add_address(int interface, uint32_t address);
int remove_address(int interface, uint32_t address);
/* Tells all machines of an interface's network that the address is there now. */
void announce_address(int interface, uint32_t address);

#endif
