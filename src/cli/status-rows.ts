/** The nodes as `beostatus` shows them: which, in which order. */
import { type Metric, metricOf, type NodeLoad } from '../beostat/index.ts';
import type { NodeInfo } from '../index.ts';

/** One node. What it does not say is undefined; shares are from 0 to 1. */
export interface StatusRow {
  readonly node: number;
  readonly state: string;
  readonly flags: readonly string[];
  readonly address: string;
  readonly metrics: Readonly<Record<Metric, number | undefined>>;
  /** Of each processor, how busy it is. */
  readonly cpus: readonly (number | undefined)[];
  /** Bytes. */
  readonly memoryBytes: number | undefined;
  /** How old the figures are, in milliseconds; undefined: there are none. */
  readonly ageMs: number | undefined;
  readonly isStale: boolean;
}

/** By what rows can be sorted. */
export const SORT_KEYS = ['node', 'state', 'cpu', 'load', 'memory', 'swap', 'disk', 'network'] as const;
/** One of the {@link SORT_KEYS}. */
export type SortKey = (typeof SORT_KEYS)[number];

const METRICS: readonly Metric[] = ['cpu', 'load', 'memory', 'swap', 'disk', 'network'];

/** A row for each node. */
export function statusRows(nodes: readonly NodeInfo[], loads: readonly NodeLoad[]): readonly StatusRow[] {
  const byNode = new Map(loads.map((load) => [load.node, load]));
  return nodes.map(({ node, state, flags, address }) => {
    const load = byNode.get(node);
    const value = (metric: Metric): number | undefined => (load === undefined ? undefined : metricOf(load, metric));
    const total = load?.figure('memory', '', 'total');
    return {
      node,
      state,
      flags,
      address,
      metrics: Object.fromEntries(METRICS.map((metric) => [metric, value(metric)])) as StatusRow['metrics'],
      cpus: load?.devicesOf('cpu').map((cpu) => load.cpuUsage(Number(cpu))) ?? [],
      memoryBytes: total === undefined ? undefined : total * 1024,
      ageMs: load?.ageMs,
      isStale: load?.isStale ?? false,
    };
  });
}

/** Busy ones first, those of which nothing is known last; nodes by their numbers, states by their words. */
export function sortRows(rows: readonly StatusRow[], key: SortKey, isReversed: boolean): readonly StatusRow[] {
  const sorted = [...rows].sort((a, b) => compare(a, b, key) || a.node - b.node);
  return isReversed ? sorted.reverse() : sorted;
}

function compare(a: StatusRow, b: StatusRow, key: SortKey): number {
  if (key === 'node') return 0;
  if (key === 'state') return a.state < b.state ? -1 : a.state > b.state ? 1 : 0;
  return (b.metrics[key] ?? -1) - (a.metrics[key] ?? -1);
}

const NUMBERS = /^\d+(?:-\d*)?(?:,\d+(?:-\d*)?)*,?$/;

/**
 * The rows that every word of a filter fits: one that is found in the state, a flag or the address, or numbers of nodes such as `0-3,7`. It may
 * be half of one: somebody still types.
 */
export function filterRows(rows: readonly StatusRow[], filter: string): readonly StatusRow[] {
  const tests = filter.split(/\s+/).filter(Boolean).map(testOf);
  return rows.filter((row) => tests.every((test) => test(row)));
}

function testOf(word: string): (row: StatusRow) => boolean {
  const numbers = numbersOf(word);
  if (numbers !== undefined) return ({ node }) => numbers(node);
  const sought = word.toLowerCase();
  return ({ state, flags, address }) => [state, ...flags, address].some((text) => text.toLowerCase().includes(sought));
}

function numbersOf(word: string): ((node: number) => boolean) | undefined {
  if (!NUMBERS.test(word)) return undefined;
  const ranges = word
    .split(',')
    .filter(Boolean)
    .map((range) => range.split('-'));
  return (node) =>
    ranges.some(([first, last]) => {
      if (last === undefined) return node === Number(first);
      return node >= Number(first) && (last === '' || node <= Number(last));
    });
}
