/**
 * Which waiting jobs start now, and where: in their order, and past one that has to wait only those that do not make it wait longer (EASY backfill).
 * Pure.
 */
import type { Entry } from './entry.ts';

/** A node that takes work. */
export interface Room {
  readonly node: number;
  readonly cpus: number;
  free: number;
}

/** What is decided from. */
export interface Situation {
  /** In their order. */
  readonly waiting: Iterable<Entry>;
  readonly rooms: readonly Room[];
  readonly running: Iterable<Entry>;
  /** Milliseconds, by the clock of `startedAt`. */
  readonly now: number;
  /** The nodes on which a job may be. */
  readonly usable: (entry: Entry) => ReadonlySet<number>;
}

/** A job that starts. */
export interface Beginning {
  readonly entry: Entry;
  /** A node for each of its slots. */
  readonly slots: readonly number[];
}

/** How many jobs behind the first that waits are tried for a gap: each costs time, and the later ones have theirs later. */
const MOST_TRIED = 1000;

/** What the first job that has to wait is promised. */
interface Promised {
  readonly entry: Entry;
  /** When it will have enough, if all take the time they may. */
  readonly at: number;
  /** Slots that nobody needs even then. */
  spare: number;
}

/** Decides. What waits is told why (`reason`); `free` of the rooms is what is left. */
export function plan({ waiting, rooms, running, now, usable }: Situation): readonly Beginning[] {
  const beginnings: Beginning[] = [];
  let free = rooms.reduce((sum, room) => sum + room.free, 0);
  let open = rooms.filter((room) => room.free > 0);
  const capacityOf = capacities(rooms);
  const tooLarge = tooLargeTexts();
  let promised: Promised | undefined;
  let tried = 0;
  for (const entry of waiting) {
    // without nodes nothing starts, and it is enough that the first are told so
    if (rooms.length === 0) tried += 1;
    if (tried > MOST_TRIED) break;
    const { np } = entry.spec;
    const nodes = usable(entry);
    const most = capacityOf(nodes);
    if (np > most) {
      // nobody waits for what may never come
      entry.reason = tooLarge(np, most);
      continue;
    }
    if (promised !== undefined) {
      tried += 1;
      if (tried > MOST_TRIED || free === 0) break;
    }
    const slots =
      np > free
        ? undefined
        : place(
            open.filter(({ node }) => nodes.has(node)),
            np,
          );
    const head = promised;
    if (slots !== undefined && (head === undefined || isHarmless(entry, slots, head, now, usable))) {
      take(open, slots);
      open = open.filter((room) => room.free > 0);
      free -= np;
      beginnings.push({ entry, slots });
      continue;
    }
    if (head !== undefined) {
      entry.reason = slots === undefined ? 'waits for slots' : `lets job ${head.entry.id} go first`;
      continue;
    }
    entry.reason = 'waits for slots';
    promised = promise(
      entry,
      rooms.filter(({ node }) => nodes.has(node)),
      [...running, ...beginnings.map(begun(now))],
      now,
    );
  }
  return beginnings;
}

/** How many slots there are on sets of nodes, each counted once. */
function capacities(rooms: readonly Room[]): (nodes: ReadonlySet<number>) => number {
  const known = new Map<ReadonlySet<number>, number>();
  return (nodes) => {
    const most = known.get(nodes) ?? rooms.reduce((sum, { node, cpus }) => sum + (nodes.has(node) ? cpus : 0), 0);
    known.set(nodes, most);
    return most;
  };
}

/** Why a job waits that takes more than there is, said once of all that are alike: there may be ten thousand. */
function tooLargeTexts(): (np: number, most: number) => string {
  const known = new Map<number, Map<number, string>>();
  return (np, most) => {
    const ofMost = known.get(most) ?? new Map<number, string>();
    known.set(most, ofMost);
    const text = ofMost.get(np) ?? `takes ${np} slots, and the nodes that it may use now have ${most}`;
    ofMost.set(np, text);
    return text;
  };
}

/** On one node where it fits, the one that is left with the least; else on as few as possible. */
function place(rooms: readonly Room[], np: number): readonly number[] | undefined {
  let best: Room | undefined;
  let sum = 0;
  for (const room of rooms) {
    sum += room.free;
    if (room.free >= np && (best === undefined || room.free < best.free)) best = room;
  }
  if (best !== undefined) return new Array<number>(np).fill(best.node);
  if (sum < np) return undefined;
  const slots: number[] = [];
  for (const { node, free } of [...rooms].sort((a, b) => b.free - a.free || a.node - b.node)) {
    for (let count = Math.min(free, np - slots.length); count > 0; count -= 1) slots.push(node);
    if (slots.length === np) break;
  }
  return slots;
}

function take(rooms: readonly Room[], slots: readonly number[]): void {
  const counts = new Map<number, number>();
  for (const node of slots) counts.set(node, (counts.get(node) ?? 0) + 1);
  for (const room of rooms) room.free -= counts.get(room.node) ?? 0;
}

function begun(now: number): (beginning: Beginning) => Pick<Entry, 'slots' | 'startedAt' | 'spec'> {
  return ({ entry, slots }) => ({ slots, startedAt: now, spec: entry.spec });
}

/** When the first one will have its slots, on the nodes that it may use. */
function promise(
  entry: Entry,
  own: readonly Room[],
  running: readonly Pick<Entry, 'slots' | 'startedAt' | 'spec'>[],
  now: number,
): Promised {
  const nodes = new Set(own.map(({ node }) => node));
  let have = own.reduce((sum, { free }) => sum + free, 0);
  const ends = running.map(({ slots, startedAt, spec }) => {
    return { at: Math.max(now, startedAt + spec.limitMs), slots: slots.filter((node) => nodes.has(node)).length };
  });
  ends.sort((a, b) => a.at - b.at);
  for (const { at, slots } of ends) {
    have += slots;
    if (have >= entry.spec.np) return { entry, at, spare: have - entry.spec.np };
  }
  // others than the queue have what is missing, for nobody knows how long
  return { entry, at: Number.POSITIVE_INFINITY, spare: 0 };
}

/** Whether a job is over before the first one's time, or takes only what is spare even then. */
function isHarmless(
  entry: Entry,
  slots: readonly number[],
  head: Promised,
  now: number,
  usable: Situation['usable'],
): boolean {
  if (now + entry.spec.limitMs <= head.at) return true;
  const nodes = usable(head.entry);
  const taken = slots.filter((node) => nodes.has(node)).length;
  if (taken > head.spare) return false;
  head.spare -= taken;
  return true;
}
