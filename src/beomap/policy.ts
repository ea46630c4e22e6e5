/** What a policy is: an object that says which nodes a job's processes go to, from what is known of the nodes. */

/** What a policy is told of a node. */
export interface MapNode {
  readonly node: number;
  /** How many processors it has. */
  readonly cpus: number;
  /** How busy each of them is, 0 to 1. What is missing is unknown, and counts as idle. */
  readonly load: readonly number[];
  readonly attributes: Readonly<Record<string, string>>;
  /** Its state, `up` for one that takes work; with `draining` or `unreachable` behind it where that holds. */
  readonly state: string;
  /** Whether the caller may place work there. */
  readonly mayPlace: boolean;
}

/** What a policy is asked for. */
export interface PlaceRequest {
  /** How many slots, at least one. */
  readonly np: number;
  /** Whether processors may have several, once each has one, and busy ones any. */
  readonly over: boolean;
  /** A processor that is less busy than this, 0 to 1, is idle. */
  readonly idleBelow: number;
}

/** What a policy answers. */
export interface Placement {
  /** The node of each slot; fewer than were asked for: there is no room for more. */
  readonly slots: readonly number[];
  /** Why a node was taken or left, for people, where the policy has more to say than that. */
  readonly why?: ReadonlyMap<number, string>;
}

/**
 * A policy. What it is given it must leave as it is; each node is up, and the caller may use it. It is called at every map, so it can hold
 * what it wants to remember.
 */
export interface Policy {
  /** Under which it shows in messages. */
  readonly name: string;
  place(request: PlaceRequest, nodes: readonly MapNode[]): Placement;
}

/** Processors of a node that are alike to a policy. */
export interface NodeShare {
  readonly node: MapNode;
  readonly cpus: number;
}

/**
 * In which order processors are used up: the node of each, all of them. It is asked first about those that are idle, and about the others
 * if these do not do.
 */
export type CpuOrder = (shares: readonly NodeShare[], np: number) => readonly number[];

/** How many idle processors a node has. */
export function idleCpus({ cpus, load }: MapNode, idleBelow: number): number {
  let busy = 0;
  for (let cpu = 0; cpu < cpus && cpu < load.length; cpu += 1) if ((load[cpu] ?? 0) >= idleBelow) busy += 1;
  return cpus - busy;
}

/** Deals slots by an order of processors: the idle ones, then the busy ones, then all again as often as it takes. */
export function deal({ np, over, idleBelow }: PlaceRequest, nodes: readonly MapNode[], order: CpuOrder): Placement {
  const idle = nodes.map((node) => ({ node, cpus: idleCpus(node, idleBelow) }));
  const cpus = [...order(idle.filter(hasSome), np)];
  if (cpus.length < np && over) {
    const busy = idle.map(({ node, cpus: free }) => ({ node, cpus: node.cpus - free }));
    cpus.push(...order(busy.filter(hasSome), np - cpus.length));
  }
  return { slots: again(cpus, np, over) };
}

/** The first `np` of a list, which begins again where it ends. */
export function again(list: readonly number[], np: number, over: boolean): readonly number[] {
  if (list.length >= np || !over || list.length === 0) return list.slice(0, np);
  const all = [...list];
  for (let at = 0; all.length < np; at += 1) all.push(list[at % list.length] ?? 0);
  return all;
}

function hasSome({ cpus }: NodeShare): boolean {
  return cpus > 0;
}
