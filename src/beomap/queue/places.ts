/** Where jobs of the queue can run: what is free on which nodes, and who may use these. */
import { randomBytes } from 'node:crypto';
import { isUp, type MasterHome, NODE_MASTER } from '../../bproc/index.ts';
import { ID_BYTES } from '../master-part.ts';
import { LEASE_MS, type Reservations } from '../reservations.ts';
import type { Entry } from './entry.ts';
import type { Room } from './plan.ts';

/** Most slots that a node can be said to have. */
const MOST_CPUS = 4096;

/** The places of one queue. */
export class QueuePlaces {
  readonly #home: MasterHome;
  readonly #reservations: Reservations;
  /** The queue's own. */
  readonly #reservation = randomBytes(ID_BYTES).toString('hex');

  constructor(home: MasterHome, reservations: Reservations) {
    this.#home = home;
    this.#reservations = reservations;
  }

  /** The nodes that take work, and what is free there of what neither the queue nor others have. */
  rooms(running: Iterable<Entry>): readonly Room[] {
    const here = new Set(this.#home.attached());
    const taken = takenBy(running);
    const others = new Map(
      this.#reservations.held(this.#home.clock.now(), this.#reservation).map(({ node, slots }) => [node, slots]),
    );
    return this.#home.nodes().flatMap((info) => {
      if (info.node === NODE_MASTER || !isUp(info) || !here.has(info.node)) return [];
      const cpus = Math.max(1, Math.min(MOST_CPUS, Math.floor(Number(info.attributes['cpus'])) || 1));
      const free = cpus - (taken.get(info.node) ?? 0) - (others.get(info.node) ?? 0);
      return [{ node: info.node, cpus, free: Math.max(0, free) }];
    });
  }

  /** The nodes of each user, looked up once. */
  usable(rooms: readonly Room[]): (entry: Entry) => ReadonlySet<number> {
    const known = new Map<string, ReadonlySet<number>>();
    return ({ who, uid, gids }) => {
      const nodes =
        known.get(who) ??
        new Set(rooms.flatMap(({ node }) => (this.#home.mayPlace({ uid, gids }, node) ? [node] : [])));
      known.set(who, nodes);
      return nodes;
    };
  }

  /** What runs is busy to everybody who asks for a map. */
  reserve(running: Iterable<Entry>): void {
    const hold = [...takenBy(running)].map(([node, slots]) => ({ node, slots, most: Number.MAX_SAFE_INTEGER }));
    const uid = process.getuid?.() ?? 0;
    if (hold.length === 0) this.#reservations.release(this.#reservation, uid);
    else this.#reservations.hold(this.#home.clock.now(), this.#reservation, uid, hold, LEASE_MS.most);
  }
}

function takenBy(running: Iterable<Entry>): ReadonlyMap<number, number> {
  const taken = new Map<number, number>();
  for (const { slots } of running) {
    for (const node of slots) taken.set(node, (taken.get(node) ?? 0) + 1);
  }
  return taken;
}
