/** What shows one slave that its master has sent another one to it: PROTOCOL.md 10.4. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Present } from '../wire/index.ts';

/** In the features of a WELCOME: the master says where to fetch what is lacking of an image [PROTOCOL 10.3]. */
export const TREE_FEATURE = 'tree';
/** Bytes of the key by which a slave knows tickets for it, and of a ticket. */
export const TICKET_KEY_BYTES = 32;

/** What a ticket is for: this image, to that node, by this number of the master's. */
export type Ticketed = Pick<Present, 'image' | 'node' | 'number'>;

/**
 * What a ticket for a process that moves, or for a copy of one, names in place of an image: it, the user that it is to run as, and the
 * address that comes along, empty where none does [PROTOCOL 12.3, 12.11].
 */
export function movedName(puid: Uint8Array, uid: number, virtualAddress = ''): Uint8Array {
  const user = Buffer.alloc(4);
  user.writeUInt32BE(uid);
  return Buffer.concat([puid, user, Buffer.from(virtualAddress)]);
}

/** A ticket for the slave that has this key. */
export function makeTicket(key: Uint8Array, { image, node, number }: Ticketed): Uint8Array {
  const numbers = Buffer.alloc(16);
  numbers.writeBigInt64BE(BigInt(node), 0);
  numbers.writeBigUInt64BE(BigInt(number), 8);
  return createHmac('sha256', key).update(image).update(numbers).digest();
}

/** Whether a ticket was made with this key. */
export function isTicketOf(key: Uint8Array, { ticket, image, node, number }: Present): boolean {
  const expected = makeTicket(key, { image, node, number });
  return ticket.length === expected.length && timingSafeEqual(ticket, expected);
}
