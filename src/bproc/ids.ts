/** The 16-byte identities of the protocol, and the small numbers made of them. */
import type { Random } from '../random.ts';

/** Bytes of a puid, a boot id, a client id, a master id. */
export const ID_BYTES = 16;

/** A fresh identity. */
export function newId(random: Random): Uint8Array {
  return random.bytes(ID_BYTES);
}

/** An identity as text: what tables are keyed by and people see. */
export function idText(id: Uint8Array): string {
  const bytes = Buffer.isBuffer(id) ? id : Buffer.from(id.buffer, id.byteOffset, id.byteLength);
  return bytes.toString('hex');
}

/** The bytes of {@link idText}. */
export function idBytes(text: string): Uint8Array {
  return Buffer.from(text, 'hex');
}

/** A copy to be kept: it holds on to nothing but itself, where a small `Buffer` else does to a block of Node's pool. */
export function ownId(id: Uint8Array): Uint8Array {
  return Buffer.from(Uint8Array.from(id).buffer);
}

/** Whether the bytes can be an identity. */
export function isId(id: Uint8Array): boolean {
  return id.length === ID_BYTES;
}

/** A random number from 0 up to 1, for jitter. */
export function fraction(random: Random): number {
  return Buffer.from(random.bytes(4)).readUInt32BE(0) / 2 ** 32;
}

/** A random 32-bit number other than 0: the tag of a session. */
export function newTag(random: Random): number {
  return Buffer.from(random.bytes(4)).readUInt32BE(0) || 1;
}

/** The wire's stream id of a process's descriptor: PROTOCOL.md 5.1. */
export function streamOf(pid: number, fd: 0 | 1 | 2): number {
  return pid * 4 + fd;
}

/** The pid and descriptor of a stream id. */
export function ofStream(stream: number): { readonly pid: number; readonly fd: number } {
  return { pid: stream >>> 2, fd: stream & 3 };
}

/** Largest pid whose streams still have an id of 32 bits. */
export const MAX_PID = 2 ** 30 - 1;
