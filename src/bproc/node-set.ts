/** Which nodes a node set selects out of those there are. How it is written stands in node-set-text.ts. */
import { BprocError } from '../errors.ts';
import { NODE_MASTER, NODE_SELF, type NodeInfo } from './node-info.ts';
import { formatNodeSet, type NodeSetItem, parseNodeSet } from './node-set-text.ts';

/** Most nodes, duplicates counted, that one node set may select. */
export const NODE_SET_ENTRIES_MAX = 1_048_576;

/** What a selection has to know of a node. */
export type SelectableNode = Pick<NodeInfo, 'node' | 'state' | 'flags'>;

/** The selected nodes in the order they were named, duplicates kept; -1 is the master. */
export type NodeSelection = readonly number[];

/** One position of a vector: its node, or the reason (BE_INVALIDNODE) why there is none. */
export type NodeEntry = number | BprocError;

/** What selecting depends on besides the nodes. */
export interface SelectOptions {
  /** The node that `self` stands for, -1 for the master; without it `self` is refused. */
  readonly self?: number | undefined;
}

/**
 * The nodes a set selects out of `nodes` (`bproc_nodefilter`). `all` and words keep the order of `nodes`, ranges ascend.
 *
 * @throws {BprocError} EINVAL and E2BIG as {@link parseNodeSet}; EINVAL for `self` where `options` names none;
 *   BE_INVALIDNODE for the first node that does not exist; E2BIG for more than 1048576 nodes in all.
 */
export function selectNodes(spec: string, nodes: Iterable<SelectableNode>, options: SelectOptions = {}): NodeSelection {
  const selected: number[] = [];
  for (const entry of resolve(parseNodeSet(spec), tabulate(nodes), options)) {
    if (typeof entry !== 'number') throw entry;
    selected.push(entry);
  }
  return selected;
}

/**
 * As {@link selectNodes}, but a node that does not exist takes up its position as an error instead of failing them all.
 * A range whose end is missing gives the nodes it has, and the error in the place of that end.
 *
 * @throws {BprocError} as {@link selectNodes}, without BE_INVALIDNODE.
 */
export function selectEntries(
  spec: string,
  nodes: Iterable<SelectableNode>,
  options: SelectOptions = {},
): readonly NodeEntry[] {
  return [...resolve(parseNodeSet(spec), tabulate(nodes), options)];
}

/** The nodes, indexed so that no item of a hostile set costs more than what it selects. */
interface NodeTable {
  readonly inOrder: readonly number[];
  readonly ascending: readonly number[];
  readonly known: ReadonlySet<number>;
  readonly byWord: ReadonlyMap<string, readonly number[]>;
}

function tabulate(nodes: Iterable<SelectableNode>): NodeTable {
  const known = new Set<number>();
  const byWord = new Map<string, number[]>();
  for (const { node, state, flags } of nodes) {
    if (node < 0 || known.has(node)) continue;
    known.add(node);
    for (const word of new Set([state, ...flags])) {
      const members = byWord.get(word);
      if (members === undefined) byWord.set(word, [node]);
      else members.push(node);
    }
  }
  const inOrder = [...known];
  return { inOrder, ascending: inOrder.toSorted((a, b) => a - b), known, byWord };
}

function* resolve(items: readonly NodeSetItem[], table: NodeTable, options: SelectOptions): Generator<NodeEntry> {
  const matches = new Map<string, readonly number[]>();
  const absent = absence(table);
  let count = 0;
  for (const item of items) {
    for (const node of candidates(item, table, options, matches)) {
      if (++count > NODE_SET_ENTRIES_MAX) {
        const why = `selects more than ${NODE_SET_ENTRIES_MAX} nodes, duplicates counted; name fewer at once`;
        throw new BprocError('E2BIG', `the node set ${why}`);
      }
      yield node === NODE_MASTER || table.known.has(node) ? node : absent(node);
    }
  }
}

/** The nodes an item stands for; those it names by number come whether they exist or not. */
function candidates(
  item: NodeSetItem,
  table: NodeTable,
  options: SelectOptions,
  matches: Map<string, readonly number[]>,
): Iterable<number> {
  if (item.kind === 'all') return table.inOrder;
  if (item.kind === 'range') return inRange(item.first, item.last, table);
  if (item.kind === 'state') return matching(item.words, item.negated, table, matches);
  if (item.node !== NODE_SELF) return [item.node];
  if (options.self !== undefined) return [options.self];
  throw new BprocError('EINVAL', 'the node set says self, but the caller runs on no node; give a number or master');
}

function* inRange(first: number, last: number | undefined, { ascending, known }: NodeTable): Generator<number> {
  if (!known.has(first)) yield first;
  for (let at = lowerBound(ascending, first); at < ascending.length; at++) {
    const node = ascending[at];
    if (node === undefined || (last !== undefined && node > last)) break;
    yield node;
  }
  if (last !== undefined && last !== first && !known.has(last)) yield last;
}

function lowerBound(ascending: readonly number[], wanted: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ascending[middle] ?? Infinity) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

function matching(
  words: readonly string[],
  negated: boolean,
  table: NodeTable,
  matches: Map<string, readonly number[]>,
): readonly number[] {
  const groups = words.map((word) => table.byWord.get(word) ?? []).filter((group) => group.length > 0);
  if (groups.length === 0) return negated ? table.inOrder : [];
  const [only] = groups;
  if (only !== undefined && groups.length === 1 && !negated) return only;
  // Remembered for the length of one call: a set may repeat `!up` thousands of times where every node is up.
  const key = `${negated} ${words.join(' ')}`;
  let found = matches.get(key);
  if (found === undefined) {
    const members = new Set(groups.flat());
    found = table.inOrder.filter((node) => members.has(node) !== negated);
    matches.set(key, found);
  }
  return found;
}

/** Makes the error of a node that does not exist; the text about those that do is written once for all of them. */
function absence(table: NodeTable): (node: number) => BprocError {
  let there: string | undefined;
  return (node) => {
    there ??= table.inOrder.length === 0 ? 'the cluster has no nodes' : `the nodes are ${cut(table.ascending)}`;
    return new BprocError('BE_INVALIDNODE', `node ${node} does not exist; ${there}`, { node });
  };
}

function cut(ascending: readonly number[]): string {
  const text = formatNodeSet(ascending);
  return text.length <= 200 ? text : `${text.slice(0, text.lastIndexOf(',', 200))},...`;
}
