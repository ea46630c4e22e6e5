/** Fences, in a slave: what its servers give, and what came of it. PROTOCOL.md 14.2. */
import { BprocError } from '../errors.ts';
import { reasonOf } from '../transport/index.ts';
import type { Init, MpiNotice, MpiShares } from '../wire/index.ts';
import { fenceKey, PIECE_BYTES } from './fences.ts';
import type { Member } from './node-home.ts';

interface Waiting {
  readonly name: string;
  readonly members: readonly Member[];
  readonly round: number;
  readonly data: Uint8Array;
  readonly pieces: Buffer[][];
  readonly resolve: (shares: readonly Uint8Array[]) => void;
  readonly reject: (error: BprocError) => void;
}

/** The fences that a node has a share in. */
export class NodeFences {
  readonly #send: (notice: Init<MpiNotice>) => void;
  /** By what the fence is known. */
  readonly #waiting = new Map<string, Waiting>();
  readonly #rounds = new Map<string, number>();

  constructor(send: (notice: Init<MpiNotice>) => void) {
    this.#send = send;
  }

  /** Gives a share. */
  give(name: string, members: readonly Member[], data: Uint8Array): Promise<readonly Uint8Array[]> {
    const key = fenceKey(name, members);
    if (this.#waiting.has(key))
      return Promise.reject(new BprocError('EBUSY', `this node has a share in fence ${name} already`));
    const round = (this.#rounds.get(key) ?? 0) + 1;
    this.#rounds.set(key, round);
    return new Promise((resolve, reject) => {
      const waiting: Waiting = { name, members, round, data, pieces: [], resolve, reject };
      this.#waiting.set(key, waiting);
      this.#say(waiting);
    });
  }

  /** There is a master again, which may have heard nothing of what was said. */
  sayAgain(): void {
    for (const waiting of this.#waiting.values()) {
      waiting.pieces.length = 0;
      this.#say(waiting);
    }
  }

  /** What came of one. */
  heard({ fence: key, round, pieces, more, failure }: MpiShares): void {
    const waiting = this.#waiting.get(key);
    if (waiting === undefined || waiting.round !== round) return;
    for (const { index, data } of pieces) {
      // each node has at least one, in the order of the nodes
      if (index > waiting.pieces.length) continue;
      const parts = waiting.pieces[index] ?? [];
      parts.push(Buffer.from(data));
      waiting.pieces[index] = parts;
    }
    if (more) return;
    this.#waiting.delete(key);
    if (failure !== null) waiting.reject(reasonOf(failure));
    else waiting.resolve(waiting.pieces.map((parts) => (parts.length === 1 && parts[0]) || Buffer.concat(parts)));
  }

  /** A job is over. */
  drop(job: string): void {
    for (const [key, { members, reject }] of this.#waiting) {
      if (!members.some((member) => member.job === job)) continue;
      this.#waiting.delete(key);
      reject(new BprocError('ECANCELED', 'the job is over'));
    }
    for (const key of this.#rounds.keys()) if (key.includes(job)) this.#rounds.delete(key);
  }

  #say({ name: fence, members, round, data }: Waiting): void {
    for (let at = 0; at === 0 || at < data.length; at += PIECE_BYTES) {
      const more = at + PIECE_BYTES < data.length;
      const part = data.subarray(at, at + PIECE_BYTES);
      this.#send({ share: { fence, members: [...members], round, data: part, more } });
    }
  }
}
