/** Who holds how many slots of which node, until when: the state of a master's part. PROTOCOL.md 13.6. */
import { BprocError } from '../errors.ts';
import type { MapSlots } from '../wire/index.ts';

/** How long a lease can be, in milliseconds. */
export const LEASE_MS = { least: 100, most: 3_600_000 } as const;
/** Reservations that one user can have at a time. */
const MOST_OF_USER = 1024;

interface Held {
  readonly uid: number;
  readonly slots: ReadonlyMap<number, number>;
  /** By the master's clock. */
  readonly until: number;
}

/** All reservations. What has run out is as good as gone. */
export class Reservations {
  readonly #all = new Map<string, Held>();
  readonly #byNode = new Map<number, number>();

  /** What is held, but for one reservation. */
  held(now: number, except: string): readonly { readonly node: number; readonly slots: number }[] {
    this.#expire(now);
    const own = this.#all.get(except)?.slots;
    const others = [...this.#byNode].map(([node, slots]) => ({ node, slots: slots - (own?.get(node) ?? 0) }));
    return others.filter(({ slots }) => slots > 0);
  }

  /**
   * Lets a reservation hold slots from now on, all of them or, where one throws, none more than before.
   *
   * @throws BprocError EAGAIN where others hold too much; EPERM for one of another user; EDQUOT; EINVAL.
   */
  hold(now: number, id: string, uid: number, wanted: readonly MapSlots[], leaseMs: number): void {
    this.#expire(now);
    const before = this.#own(id, uid);
    if (leaseMs < LEASE_MS.least || leaseMs > LEASE_MS.most) {
      throw new BprocError(
        'EINVAL',
        `a lease of ${leaseMs} ms cannot be: from ${LEASE_MS.least} to ${LEASE_MS.most} can`,
      );
    }
    const slots = new Map<number, number>();
    for (const { node, slots: count, most } of wanted) {
      if (slots.has(node) || count === 0)
        throw new BprocError('EINVAL', `node ${node} is wanted twice, or with no slots`);
      slots.set(node, count);
      const own = before?.slots.get(node) ?? 0;
      const others = (this.#byNode.get(node) ?? 0) - own;
      // what it has already it keeps, whatever others have taken beside it since
      if (count <= own || others + count <= most) continue;
      const why = `${others} slots of node ${node} are reserved by others, so that ${count} more are too many`;
      throw new BprocError('EAGAIN', why, { node });
    }
    if (before === undefined && this.#ofUser(uid) >= MOST_OF_USER) {
      throw new BprocError('EDQUOT', `uid ${uid} has ${MOST_OF_USER} reservations already: some have to be given back`);
    }
    this.#remove(id);
    this.#all.set(id, { uid, slots, until: now + leaseMs });
    for (const [node, count] of slots) this.#byNode.set(node, (this.#byNode.get(node) ?? 0) + count);
  }

  /** Gives back what a reservation holds; one that is over is over. @throws BprocError EPERM for one of another user. */
  release(id: string, uid: number): void {
    if (this.#own(id, uid) !== undefined) this.#remove(id);
  }

  #own(id: string, uid: number): Held | undefined {
    const held = this.#all.get(id);
    if (held === undefined || held.uid === uid) return held;
    throw new BprocError('EPERM', `the reservation is of uid ${held.uid}`);
  }

  #ofUser(uid: number): number {
    let count = 0;
    for (const held of this.#all.values()) if (held.uid === uid) count += 1;
    return count;
  }

  #expire(now: number): void {
    for (const [id, { until }] of this.#all) if (until <= now) this.#remove(id);
  }

  #remove(id: string): void {
    for (const [node, count] of this.#all.get(id)?.slots ?? []) {
      const left = (this.#byNode.get(node) ?? 0) - count;
      if (left > 0) this.#byNode.set(node, left);
      else this.#byNode.delete(node);
    }
    this.#all.delete(id);
  }
}
