/** What ranks have put, by whom and for whom: items that are passed on as they came. */
import { BprocError } from '../../errors.ts';
import type { Member } from '../node-home.ts';
import { SCOPE } from './numbers.ts';
import { Unpacker } from './unpacker.ts';

/** Which of a rank's items one reads: those for its own node, or for the others. */
export type Side = 'local' | 'remote';

/** Most bytes that a server keeps of what one rank has put. */
const MOST_BYTES = 16 * 1024 * 1024;
/** For how long a key is waited for that a rank has not put with the others. */
export const KEY_WAIT_MS = 2000;

/** What one rank has put, by key: the last of each. */
class RankItems {
  readonly #items = { local: new Map<string, Buffer>(), remote: new Map<string, Buffer>() };
  readonly #blobs: { local?: Buffer; remote?: Buffer } = {};
  /** Whether it has put anything. */
  isThere = false;
  /** Whether it has ended: what is not there will not come. */
  isGone = false;
  #bytes = 0;

  add(sides: readonly Side[], items: Uint8Array): void {
    const from = new Unpacker(items);
    while (from.left > 0) {
      const { key, bytes } = from.kval();
      for (const side of sides) this.#add(side, key, bytes);
    }
  }

  has(side: Side, key: string): boolean {
    return this.#items[side].has(key);
  }

  blob(side: Side): Buffer {
    this.#blobs[side] ??= Buffer.concat([...this.#items[side].values()]);
    return this.#blobs[side];
  }

  #add(side: Side, key: string, bytes: Uint8Array): void {
    const items = this.#items[side];
    this.#bytes += bytes.length - (items.get(key)?.length ?? 0);
    if (this.#bytes > MOST_BYTES) {
      throw new BprocError('EDQUOT', `a rank has put more than ${MOST_BYTES} bytes for others to read`);
    }
    // a copy: what it was read from may be much larger
    items.set(key, Buffer.from(bytes));
    delete this.#blobs[side];
  }
}

/** What the server of one node has of what ranks have put, its own and others. */
export class PutItems {
  readonly #ranks = new Map<string, RankItems>();
  readonly #waiting = new Map<string, Set<() => void>>();

  /** A rank of this node makes known what it has put: any number of items, each a scope and a buffer of items. */
  commit(member: Member, from: Unpacker): void {
    const rank = this.#of(member);
    try {
      while (from.left > 0) {
        const scope = from.one().u8();
        from.one().u8();
        rank.add(sidesOf(scope), from.object());
      }
    } finally {
      this.#changed(member);
    }
  }

  /** What another node's server says of a rank of its own. */
  learn(member: Member, items: Uint8Array): void {
    this.#of(member).add(['remote'], items);
    this.#changed(member);
  }

  /** It has ended. */
  gone(member: Member): void {
    this.#of(member).isGone = true;
    this.#look(member);
  }

  isGone(member: Member): boolean {
    return this.#ranks.get(nameOf(member))?.isGone ?? false;
  }

  /** Whether anything of a rank is there. */
  knows(member: Member): boolean {
    return this.#ranks.get(nameOf(member))?.isThere ?? false;
  }

  has(member: Member, side: Side, key: string): boolean {
    return this.#ranks.get(nameOf(member))?.has(side, key) ?? false;
  }

  /** All of a rank's items for one side. */
  blob(member: Member, side: Side): Buffer {
    return this.#ranks.get(nameOf(member))?.blob(side) ?? Buffer.alloc(0);
  }

  /** Calls `look` whenever something of a rank is new, until it returns true. @returns ends that. */
  watch(member: Member, look: () => boolean): () => void {
    const name = nameOf(member);
    const looks = this.#waiting.get(name) ?? new Set();
    this.#waiting.set(name, looks);
    const own = (): void => {
      if (look()) stop();
    };
    const stop = (): void => {
      looks.delete(own);
      if (looks.size === 0 && this.#waiting.get(name) === looks) this.#waiting.delete(name);
    };
    looks.add(own);
    return stop;
  }

  #of(member: Member): RankItems {
    const name = nameOf(member);
    const known = this.#ranks.get(name);
    if (known !== undefined) return known;
    const made = new RankItems();
    this.#ranks.set(name, made);
    return made;
  }

  #changed(member: Member): void {
    this.#of(member).isThere = true;
    this.#look(member);
  }

  #look(member: Member): void {
    for (const look of [...(this.#waiting.get(nameOf(member)) ?? [])]) look();
  }
}

function sidesOf(scope: number): readonly Side[] {
  switch (scope) {
    case SCOPE.LOCAL:
      return ['local'];
    case SCOPE.REMOTE:
      return ['remote'];
    case SCOPE.GLOBAL:
      return ['local', 'remote'];
    default:
      return [];
  }
}

function nameOf({ job, rank }: Member): string {
  return `${job} ${rank}`;
}
