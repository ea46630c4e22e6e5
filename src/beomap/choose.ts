/** From a wish and what is known of the nodes to a job map, and why it is that one. Nothing is asked of anybody here. */
import { NODE_MASTER } from '../bproc/index.ts';
import { BprocError } from '../errors.ts';
import { JobMap, MOST_SLOTS } from './job-map.ts';
import { leastLoaded } from './policies.ts';
import { idleCpus, type MapNode, type Placement, type PlaceRequest, type Policy } from './policy.ts';

/** Processors that are less busy than this are idle. */
const IDLE_BELOW = 0.8;

/** How many slots, and where none may be. */
export interface ChooseOptions {
  /** How many processes. @default 1 */
  readonly np?: number;
  /** As many as there are processors of nodes that can be used, and the master's one. @default false */
  readonly allCpus?: boolean;
  /** One on each node that can be used, and on the master. @default false */
  readonly allNodes?: boolean;
  /** All on the master. @default false */
  readonly allLocal?: boolean;
  /** None on the master. @default false: rank 0 is there */
  readonly noLocal?: boolean;
  /** Nodes to leave out; -1 is the master. */
  readonly exclude?: readonly number[];
  /** Only processors that are idle. @default false: where there are too few, they have several each */
  readonly noOver?: boolean;
  /** A processor that is less busy than this, 0 to 1, is idle. @default 0.8 */
  readonly idleBelow?: number;
  /** Who chooses among the nodes that can be used. @default leastLoaded */
  readonly policy?: Policy;
}

/** Why a node was taken or not. */
export interface Verdict {
  readonly node: number;
  /** How many slots it has. */
  readonly slots: number;
  readonly why: string;
}

/** A map, and how it came about. */
export interface Choice {
  readonly map: JobMap;
  /** One for each node that was known, by number. */
  explain(): readonly Verdict[];
}

/**
 * Chooses where a job's processes go.
 *
 * @param nodes all of them; the master's own entry is not needed.
 * @throws BprocError EINVAL for wishes that cannot be, or a policy that answers nonsense; E2BIG for more slots than a map can have; BE_NODEDOWN where no
 *   node can be used; EAGAIN where too few processors are idle, with `noOver`.
 */
export function choose(nodes: readonly MapNode[], options: ChooseOptions = {}): Choice {
  const { policy = leastLoaded, noLocal = false, noOver = false } = options;
  const idleBelow = checkShare(options.idleBelow ?? IDLE_BELOW);
  const excluded = new Set(options.exclude);
  const refusals = new Map<number, string>();
  const usable = nodes.filter((node) => {
    const refusal = refusalOf(node, excluded);
    if (refusal !== undefined) refusals.set(node.node, refusal);
    return refusal === undefined;
  });
  const local = noLocal || excluded.has(NODE_MASTER) ? 0 : 1;
  const np = wanted(usable, options, local);
  if (options.allLocal === true) return madeLocal(np, local, nodes);
  const remote = np - local;
  if (remote > 0 && usable.length === 0) throw nothingUsable(refusals, nodes);
  const placement = placed(usable, remote, options, policy, { idleBelow, noOver });
  const master = local === 1 ? [NODE_MASTER] : [];
  const map = new JobMap([...master, ...placement.slots]);
  return { map, explain: () => explain(map, nodes, refusals, placement, policy, idleBelow) };
}

/**
 * What of a map is left to be chosen, and among which nodes; undefined where all of it is settled.
 *
 * @throws BprocError as {@link choose}.
 */
export function openQuestion(
  nodes: readonly MapNode[],
  options: ChooseOptions,
): { readonly request: PlaceRequest; readonly usable: readonly MapNode[] } | undefined {
  const excluded = new Set(options.exclude);
  const usable = nodes.filter((node) => refusalOf(node, excluded) === undefined);
  const local = options.noLocal === true || excluded.has(NODE_MASTER) ? 0 : 1;
  const np = wanted(usable, options, local) - local;
  const idleBelow = checkShare(options.idleBelow ?? IDLE_BELOW);
  if (np <= 0 || usable.length === 0 || options.allNodes || options.allCpus || options.allLocal) return undefined;
  return { request: { np, over: options.noOver !== true, idleBelow }, usable };
}

function placed(
  usable: readonly MapNode[],
  np: number,
  options: ChooseOptions,
  policy: Policy,
  { idleBelow, noOver }: { readonly idleBelow: number; readonly noOver: boolean },
): Placement {
  if (np <= 0) return { slots: [] };
  // who asks for all there is has left nothing to be chosen
  if (options.allNodes === true) return { slots: usable.map(({ node }) => node) };
  if (options.allCpus === true)
    return { slots: usable.flatMap(({ node, cpus }) => new Array<number>(cpus).fill(node)) };
  const placement = policy.place({ np, over: !noOver, idleBelow }, usable);
  checkPlacement(placement, np, usable, policy);
  if (placement.slots.length === np) return placement;
  if (placement.slots.length === 0 && !noOver) {
    const why = [...(placement.why ?? [])].map(([node, reason]) => `node ${node}: ${reason}`);
    throw new BprocError('BE_NODEDOWN', `policy ${policy.name} takes no node${some(why)}`);
  }
  const cause = noOver ? 'processors are idle' : `slots are given by policy ${policy.name}`;
  throw new BprocError('EAGAIN', `${placement.slots.length} ${cause}, and ${np} are wanted: wait, or ask for less`);
}

/** @throws BprocError EINVAL for the answer of a policy that cannot be. */
export function checkPlacement(
  placement: Placement,
  np: number,
  usable: readonly MapNode[],
  { name }: Pick<Policy, 'name'>,
): void {
  const known = new Set(usable.map(({ node }) => node));
  const slots: readonly unknown[] = Array.isArray(placement?.slots) ? placement.slots : [undefined];
  const stranger = slots.find((node) => typeof node !== 'number' || !known.has(node));
  if (slots.length > np) {
    throw new BprocError('EINVAL', `policy ${name} gives ${slots.length} slots where ${np} were asked for`);
  }
  if (stranger !== undefined || slots.includes(undefined)) {
    throw new BprocError(
      'EINVAL',
      `policy ${name} names ${JSON.stringify(stranger)}, which is no node that can be used`,
    );
  }
}

function wanted(usable: readonly MapNode[], options: ChooseOptions, local: number): number {
  const { np, allCpus = false, allNodes = false, allLocal = false } = options;
  const said = [np !== undefined, allCpus, allNodes].filter(Boolean).length;
  if (said > 1 || (allLocal && (allCpus || allNodes))) {
    throw new BprocError(
      'EINVAL',
      'np, allCpus and allNodes do not go together, nor do the latter with allLocal: give one',
    );
  }
  if (allNodes) return usable.length + local;
  if (allCpus) return usable.reduce((sum, { cpus }) => sum + cpus, local);
  if (np === undefined) return 1;
  if (!Number.isInteger(np) || np < 1) {
    throw new BprocError('EINVAL', `np is ${np}: a job has at least one process, and a whole number of them`);
  }
  if (np > MOST_SLOTS) throw new BprocError('E2BIG', `np is ${np}: a job has at most ${MOST_SLOTS} processes`);
  return np;
}

function madeLocal(np: number, local: number, nodes: readonly MapNode[]): Choice {
  if (local === 0) throw new BprocError('EINVAL', 'allLocal goes with neither noLocal nor an excluded master');
  const map = new JobMap(new Array<number>(np).fill(NODE_MASTER));
  const others = nodes.filter(({ node }) => node !== NODE_MASTER);
  const why = 'all processes are to be on the master';
  return {
    map,
    explain: () => [{ node: NODE_MASTER, slots: np, why }, ...others.map(({ node }) => ({ node, slots: 0, why }))],
  };
}

/** Why a node cannot be used. */
function refusalOf({ node, state, mayPlace, cpus }: MapNode, excluded: ReadonlySet<number>): string | undefined {
  if (node === NODE_MASTER) return 'the master has rank 0 at most';
  if (excluded.has(node)) return 'it is excluded';
  if (state !== 'up') return `it is ${state}`;
  if (!mayPlace) return 'the caller may not place work there';
  return cpus > 0 ? undefined : 'it has no processors';
}

function explain(
  map: JobMap,
  nodes: readonly MapNode[],
  refusals: ReadonlyMap<number, string>,
  { why }: Placement,
  { name }: Policy,
  idleBelow: number,
): readonly Verdict[] {
  const counts = map.counts();
  const reasonOf = (node: MapNode, slots: number): string => {
    const refusal = refusals.get(node.node) ?? (slots === 0 ? why?.get(node.node) : undefined);
    if (refusal !== undefined) return refusal;
    const idle = `${idleCpus(node, idleBelow)} of ${node.cpus} processors are idle`;
    const more = why?.get(node.node);
    if (more !== undefined) return `${idle}; ${more}`;
    if (slots === 0) return `${idle}; ${name} needs no more`;
    return slots > node.cpus ? `${idle}; there are too few everywhere, so that they have several` : `${idle}; ${name}`;
  };
  const master = map.slots[0] === NODE_MASTER ? 'rank 0 is on the master, unless told otherwise' : 'not wanted';
  const verdicts = nodes
    .filter(({ node }) => node !== NODE_MASTER)
    .map((node) => ({
      node: node.node,
      slots: counts.get(node.node) ?? 0,
      why: reasonOf(node, counts.get(node.node) ?? 0),
    }));
  return [{ node: NODE_MASTER, slots: counts.get(NODE_MASTER) ?? 0, why: master }, ...verdicts];
}

function nothingUsable(refusals: ReadonlyMap<number, string>, nodes: readonly MapNode[]): BprocError {
  const all = [...refusals].filter(([node]) => node !== NODE_MASTER).map(([node, why]) => `node ${node}: ${why}`);
  const reason = nodes.length === 0 ? ': the cluster has none' : some(all);
  return new BprocError('BE_NODEDOWN', `no node can be used${reason}`);
}

/** The first few reasons; there may be as many as nodes. */
function some(all: readonly string[]): string {
  if (all.length === 0) return '';
  const shown = all.slice(0, 4).join('; ');
  return ` (${shown}${all.length > 4 ? `; and ${all.length - 4} more` : ''})`;
}

function checkShare(share: number): number {
  if (share > 0 && share <= 1) return share;
  throw new BprocError('EINVAL', `idleBelow is ${share}: it must be a share above 0, up to 1`);
}
