/** The policies that need to know of nodes only how many processors they have, and how busy these are. */
import {
  again,
  type CpuOrder,
  deal,
  idleCpus,
  type MapNode,
  type NodeShare,
  type PlaceRequest,
  type Policy,
} from './policy.ts';

/** Loads are compared in steps of this, so that noise does not tear jobs apart. */
const LOAD_STEPS = 20;
/** More than nodes that there can be, and few enough that a share in millionths before it is still a whole number. */
const MOST_PLACES = 2 ** 31;
const SHARE_STEPS = 1_000_000;

/**
 * Scyld's: the processors that are least busy, one slot each, whichever nodes they are of; and all of them again where there are too few.
 * Among those alike, the nodes with the lower numbers.
 */
export const leastLoaded: Policy = {
  name: 'least-loaded',
  place: (request, nodes) => {
    const order = byLoad(request, nodes);
    // ranks that follow each other share nodes, since neighbours talk most
    const round = together(order.slice(0, request.np), nodes.length);
    const more = request.over ? again(order, request.np - round.length, true) : [];
    return { slots: [...round, ...more].map((at) => nodes[at]?.node ?? 0) };
  },
};

/** The place in `nodes` of each processor's node, the least busy processor first. */
function byLoad({ over, idleBelow }: PlaceRequest, nodes: readonly MapNode[]): readonly number[] {
  const steps = Array.from({ length: LOAD_STEPS + 1 }, (): number[] => []);
  nodes.forEach(({ cpus, load }, at) => {
    for (let cpu = 0; cpu < cpus; cpu += 1) {
      const busy = Math.min(1, Math.max(0, load[cpu] ?? 0));
      if (over || busy < idleBelow) steps[Math.round(busy * LOAD_STEPS)]?.push(at);
    }
  });
  return steps.flat();
}

/** The same places in ascending order; quicker than sorting, since they are few. */
function together(places: readonly number[], most: number): readonly number[] {
  const counts = new Uint32Array(most);
  for (const at of places) counts[at] = (counts[at] ?? 0) + 1;
  const sorted: number[] = [];
  counts.forEach((count, at) => {
    for (let each = 0; each < count; each += 1) sorted.push(at);
  });
  return sorted;
}

/** As few nodes as can be: those with most idle processors first, and for the rest the smallest that it fits on. */
export const pack: Policy = { name: 'pack', place: (request, nodes) => deal(request, nodes, packed) };

const packed: CpuOrder = (shares, np) => {
  const left = [...shares].sort((a, b) => b.cpus - a.cpus || a.node.node - b.node.node);
  const order: number[] = [];
  const take = ({ node, cpus }: NodeShare): void => {
    for (let cpu = 0; cpu < cpus; cpu += 1) order.push(node.node);
  };
  for (const share of left) {
    const missing = np - order.length;
    if (missing <= 0) break;
    // from here on all that is missing fits on one: on the smallest that is large enough, of those alike the first
    if (share.cpus > missing) {
      const smallest = left.findLast(({ cpus }) => cpus >= missing)?.cpus;
      const best = left.slice(left.indexOf(share)).find(({ cpus }) => cpus === smallest);
      take(best ?? share);
      break;
    }
    take(share);
  }
  return order;
};

/** As many nodes as can be, each with as large a part of its processors in use as the others; ranks of a node follow each other. */
export const spread: Policy = {
  name: 'spread',
  place: (request, nodes) => {
    const places = new Map(nodes.map(({ node }, at) => [node, at]));
    const { slots } = deal(request, nodes, (shares) => evenly(shares, request.idleBelow));
    const sorted = together(
      slots.map((node) => places.get(node) ?? 0),
      nodes.length,
    );
    return { slots: sorted.map((at) => nodes[at]?.node ?? 0) };
  },
};

function evenly(shares: readonly NodeShare[], idleBelow: number): readonly number[] {
  const keys = new Float64Array(shares.reduce((sum, { cpus }) => sum + cpus, 0));
  let count = 0;
  shares.forEach(({ node, cpus }, at) => {
    const inUse = node.cpus - Math.max(cpus, idleCpus(node, idleBelow));
    for (let cpu = 0; cpu < cpus; cpu += 1) {
      keys[count] = Math.round(((inUse + cpu) / node.cpus) * SHARE_STEPS) * MOST_PLACES + at;
      count += 1;
    }
  });
  // one number for each, since these are sorted ten times quicker than objects are
  return Array.from(keys.sort(), (key) => shares[key % MOST_PLACES]?.node.node ?? 0);
}

/** One after the other in the order of their numbers, a slot each, and again while they have processors that are idle. */
export const roundRobin: Policy = { name: 'round-robin', place: (request, nodes) => deal(request, nodes, inTurn) };

const inTurn: CpuOrder = (shares) => {
  const order: number[] = [];
  for (let turn = 0, some = true; some; turn += 1) {
    some = false;
    for (const { node, cpus } of shares) {
      if (cpus <= turn) continue;
      order.push(node.node);
      some = true;
    }
  }
  return order;
};

/** The policies that need no settings, by their names. */
export const POLICIES: Readonly<Record<string, Policy>> = Object.fromEntries(
  [leastLoaded, pack, spread, roundRobin].map((policy) => [policy.name, policy]),
);
