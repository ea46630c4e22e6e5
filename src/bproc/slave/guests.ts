/** Programs of a node on their way to the master: whose each is, and what the slave says of it [PROTOCOL 8.6]. */
import type { Socket } from 'node:net';
import type { Clock } from '../../clock.ts';
import { BprocError } from '../../errors.ts';
import { findHolder, mayActForOthers, PeerAsker } from '../../linux/index.ts';
import {
  encodeControl,
  FrameType,
  HEADER_BYTES,
  MAX_GREETING_BYTES,
  readHeader,
  writeHeader,
} from '../../wire/index.ts';
import { type Credentials, ownCredentials } from '../permissions.ts';

/** How long a program may take to say HELLO, in milliseconds. */
const GREETING_MS = 5000;

/** A slave by whose node programs come. */
export interface GuestHost {
  /** Whether it runs a process of this user. */
  runsFor(uid: number): boolean;
  /** Resolves when all that it runs is told of. */
  untold(): Promise<void>;
}

/** Users of a gateway. */
export interface GuestRules {
  /** The slave's own user; whoever comes is he where there is nothing else to know of. */
  readonly own: Credentials;
  /** Where others may come too: who asks the kernel, and whether this node runs a process of theirs. */
  /** Resolves when all that runs here is told of: a copy is to be known where it comes. */
  readonly untold: () => Promise<unknown>;
  readonly others?: { readonly asker: PeerAsker; readonly runsFor: (uid: number) => boolean } | undefined;
}

/**
 * The rules of this program's slaves. Others may come where they run something for others: that takes the holder, which
 * knows who comes, too.
 */
export function guestRules(engine: string, clock: Clock, slaves: () => readonly GuestHost[]): GuestRules {
  const own = ownCredentials();
  const untold = (): Promise<unknown> => Promise.all(slaves().map((slave) => slave.untold()));
  if (engine !== 'holder' || !mayActForOthers()) return { own, untold };
  const runsFor = (uid: number): boolean => slaves().some((slave) => slave.runsFor(uid));
  return { own, untold, others: { asker: new PeerAsker(findHolder(), clock), runsFor } };
}

/**
 * Whose program has connected.
 *
 * @throws BprocError EPERM for a user that this node runs nothing of, or where it cannot be known; EAGAIN.
 */
export async function guestOf(socket: Socket, { own, others }: GuestRules): Promise<Credentials> {
  if (others === undefined) return own;
  const { uid, gids } = await others.asker.ask(socket);
  if (uid === own.uid || others.runsFor(uid)) return { uid, gids };
  throw new BprocError('EPERM', `uid ${uid} does not get to the master by this node, which runs no process of it`);
}

/**
 * The first frame of a connection; what comes after it stays there to be read.
 *
 * @returns its payload.
 * @throws BprocError EPROTO for what cannot be one, ETIMEDOUT, ECONNRESET.
 */
export function readGreeting(socket: Socket, clock: Clock): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let bytes = Buffer.alloc(0);
    const finish = (error?: BprocError): void => {
      cancel();
      socket.pause().off('data', take).off('close', gone);
      if (error === undefined) resolve(bytes);
      else reject(error);
    };
    const gone = (): void => finish(new BprocError('ECONNRESET', 'the program has closed the connection'));
    const late = (): void => finish(new BprocError('ETIMEDOUT', `no HELLO within ${GREETING_MS} ms`));
    const take = (chunk: Buffer): void => {
      bytes = Buffer.concat([bytes, chunk]);
      if (bytes.length < HEADER_BYTES) return;
      const { length, type, session, sequence } = readHeader(bytes, 0);
      if (type !== FrameType.CONTROL || length > MAX_GREETING_BYTES || session !== 0 || sequence !== 0) {
        return finish(new BprocError('EPROTO', 'a connection begins with a HELLO'));
      }
      const end = HEADER_BYTES + length;
      if (bytes.length < end) return;
      const rest = bytes.subarray(end);
      bytes = bytes.subarray(HEADER_BYTES, end);
      finish();
      if (rest.length > 0) socket.unshift(rest);
    };
    const cancel = clock.after(GREETING_MS, late);
    socket.once('close', gone).on('data', take);
    if (socket.destroyed) gone();
  });
}

/**
 * The frame in its place that says whose it is.
 *
 * @throws BprocError E2BIG where that is more than a master reads of one it does not know.
 */
export function guestFrame({ uid, gids }: Credentials, greeting: Buffer): Buffer {
  const payload = encodeControl({ guest: { uid, gids, greeting } });
  if (payload.length > MAX_GREETING_BYTES) {
    throw new BprocError(
      'E2BIG',
      `this HELLO and the ${gids.length} groups of uid ${uid} are too long to be passed on`,
    );
  }
  const header = Buffer.alloc(HEADER_BYTES);
  writeHeader(header, 0, {
    length: payload.length,
    type: FrameType.CONTROL,
    flags: 0,
    stream: 0,
    session: 0,
    sequence: 0,
  });
  return Buffer.concat([header, payload]);
}
