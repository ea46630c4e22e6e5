/**
 * Connections by unix sockets that lead out of what is captured. Those to where processes reach their master are not made
 * again: whoever had one sees that it has ended, as it does when a master is gone, and connects anew.
 */
import { readdir, readlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import protobuf from 'protobufjs/minimal.js';
import { BprocError } from '../../../errors.ts';
import { orGone, treeOf } from '../tree-of.ts';
import { entriesOf, fieldsOf, readImage, withEntries } from './images.ts';

const IMAGE = 'files.img';
/** Of an entry of a file, what a unix socket is. */
const SOCKET = 16;
/** Fields of a socket. */
const INODE = 2;
const FLAGS = 6;
const PEER = 8;
const NAME = 11;
const SHUTDOWN = 12;
/** Of the flags: it is only named here, as the other end of a connection. */
const ELSEWHERE = 1;
/** Nothing can be sent or received any more: what CRIU says of a connection whose other end was closed. */
const BOTH = 3;
const BYTES = 2;

/** The sockets of a process and what came of it, by inode. @param pid as this program's own `/proc` has it. */
export async function socketsOf(pid: number): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for (const each of await treeOf(pid)) {
    for (const fd of (await orGone(readdir(`/proc/${each.pid}/fd`))) ?? []) {
      const inode = /^socket:\[(\d+)\]$/.exec((await orGone(readlink(`/proc/${each.pid}/fd/${fd}`))) ?? '')?.[1];
      if (inode !== undefined) found.add(inode);
    }
  }
  return found;
}

/**
 * Ends the connections of what was captured to these unix sockets.
 *
 * @throws BprocError ENOTSUP for connections to others, which nobody would make again.
 */
export async function endConnections(directory: string, paths: readonly string[]): Promise<void> {
  const image = await readImage(directory, IMAGE);
  const changed = image === undefined ? undefined : endConnectionsIn(image, paths);
  if (changed !== undefined) await writeFile(join(directory, IMAGE), changed);
}

/** The same in an image; undefined where there is no such connection. @throws BprocError ENOTSUP. */
export function endConnectionsIn(image: Buffer, paths: readonly string[]): Buffer | undefined {
  const entries = [...entriesOf(image, IMAGE)].map(({ message }) => ({ message, socket: socketIn(message) }));
  const here = new Set<number>();
  const elsewhere = new Map<number, string>();
  for (const { socket } of entries) {
    if (socket === undefined) continue;
    if (socket.isElsewhere) elsewhere.set(socket.inode, socket.name);
    else here.add(socket.inode);
  }
  const leadsOut = ({ peer }: Socket): boolean => peer !== 0 && !here.has(peer);
  const others = entries.flatMap(({ socket }) => {
    if (socket === undefined || socket.isElsewhere || !leadsOut(socket)) return [];
    const name = elsewhere.get(socket.peer) ?? '';
    return paths.includes(name) ? [] : [name];
  });
  if (others.length > 0) {
    const whose = [...new Set(others)].map((name) => name || 'one without a name').join(', ');
    throw new BprocError('ENOTSUP', `it is connected to unix sockets of programs that stay: ${whose}`);
  }
  if (elsewhere.size === 0) return undefined;
  const kept = entries.filter(({ socket }) => socket?.isElsewhere !== true);
  return withEntries(
    image,
    kept.map(({ message, socket }) => (socket !== undefined && leadsOut(socket) ? ended(message, socket) : message)),
  );
}

/** A unix socket as an image has it. */
interface Socket {
  readonly inode: number;
  /** The inode of the other end; 0: there is none. */
  readonly peer: number;
  readonly name: string;
  readonly isElsewhere: boolean;
  readonly message: Buffer;
}

function socketIn(entry: Buffer): Socket | undefined {
  for (const { number, from, to } of fieldsOf(entry, IMAGE)) {
    if (number !== SOCKET) continue;
    const message = entry.subarray(from, to);
    const fields = new Map([...fieldsOf(message, IMAGE)].map((field) => [field.number, field]));
    const value = (field: number): number => fields.get(field)?.value ?? 0;
    const name = message.subarray(fields.get(NAME)?.from ?? 0, fields.get(NAME)?.to ?? 0);
    return {
      inode: value(INODE),
      peer: value(PEER),
      name: name.toString().replace(/\0+$/, ''),
      isElsewhere: (value(FLAGS) & ELSEWHERE) !== 0,
      message,
    };
  }
  return undefined;
}

/** The entry of a socket whose other end is closed. What has come and was not read is in another image. */
function ended(entry: Buffer, { message }: Socket): Buffer {
  const over = protobuf.Writer.create()
    .uint32(PEER * 8)
    .uint32(0)
    .uint32(SHUTDOWN * 8)
    .uint32(BOTH)
    .finish();
  const socket = Buffer.concat([...fieldsBut(message, [PEER, SHUTDOWN]), over]);
  const field = protobuf.Writer.create()
    .uint32(SOCKET * 8 + BYTES)
    .bytes(socket)
    .finish();
  return Buffer.concat([...fieldsBut(entry, [SOCKET]), field]);
}

function* fieldsBut(message: Buffer, numbers: readonly number[]): Generator<Buffer> {
  let start = 0;
  for (const { number, to } of fieldsOf(message, IMAGE)) {
    if (!numbers.includes(number)) yield message.subarray(start, to);
    start = to;
  }
}
