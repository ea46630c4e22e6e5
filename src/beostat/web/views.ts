/** What the page is told of nodes and processes. Absent is what is not known; shares are from 0 to 1. */
import type { Client, NodeInfo, ProcessInfo } from '../../bproc/index.ts';
import { BprocError } from '../../errors.ts';
import type { ProcessCost } from '../figures.ts';
import type { NodeLoad } from '../load.ts';
import type { Stats } from '../stats.ts';
import { metricOf } from '../watch.ts';

/** One node. */
export interface NodeView {
  readonly node: number;
  readonly state: string;
  readonly flags: readonly string[];
  readonly reason: string;
  readonly host: string;
  /** When the newest figures came, in milliseconds since 1970. */
  readonly at?: number | undefined;
  readonly stale?: true | undefined;
  readonly cpus?: number | undefined;
  readonly cpu?: number | undefined;
  readonly memory?: number | undefined;
  /** Bytes a second. */
  readonly network?: number | undefined;
  readonly load?: number | undefined;
  readonly disk?: number | undefined;
}

/** One process. */
export interface ProcessView {
  readonly pid: number;
  readonly ppid: number;
  readonly node: number;
  readonly uid: number;
  readonly state: string;
  readonly command: string;
  /** Milliseconds of processors, and bytes; known where one node is looked at. */
  readonly cpuMs?: number | undefined;
  readonly memory?: number | undefined;
}

/** Processes, and how many there are beyond them. */
export interface ProcessList {
  readonly processes: readonly ProcessView[];
  readonly more: number;
  /** Nodes that have not answered. */
  readonly missing: readonly number[];
}

/** Rows that somebody still looks through. */
const MOST_PROCESSES = 500;

/** A node as the page has it. */
export function nodeView(info: NodeInfo, load: NodeLoad | undefined): NodeView {
  const { node, state, flags, reason, attributes, address } = info;
  const own = { node, state, flags, reason, host: attributes['hostname'] ?? address };
  if (load === undefined) return own;
  return {
    ...own,
    at: load.seenAt,
    stale: load.isStale || undefined,
    cpus: load.devicesOf('cpu').length,
    cpu: rounded(metricOf(load, 'cpu')),
    memory: rounded(metricOf(load, 'memory')),
    disk: rounded(metricOf(load, 'disk')),
    load: rounded(metricOf(load, 'load')),
    network: Math.round(metricOf(load, 'network') ?? 0),
  };
}

function rounded(value: number | undefined): number | undefined {
  return value === undefined ? undefined : Math.round(value * 1000) / 1000;
}

/** The past of a node, oldest first: when, and the shares of processors and memory in use. */
export async function pastOf(stats: Stats, node: number): Promise<readonly (readonly (number | null)[])[]> {
  const entries = await stats.history(node, { stepMs: 5000 });
  return entries.map((load) => {
    return [load.seenAt, rounded(metricOf(load, 'cpu')) ?? null, rounded(metricOf(load, 'memory')) ?? null];
  });
}

/** The processes of the cluster, or of one node with what they cost. */
export async function processList(client: Client, stats: Stats, node: number | undefined): Promise<ProcessList> {
  const [table, costs] = await Promise.all([
    client.procList(node === undefined ? {} : { node }),
    node === undefined ? [] : costsOf(stats, node),
  ]);
  const byPid = new Map(costs.map((cost) => [cost.localPid, cost]));
  const here = table.filter((info) => info.node >= 0 && info.state !== 'exited');
  const shown = here.slice(0, MOST_PROCESSES).map((info) => processView(info, byPid.get(info.localPid)));
  return { processes: shown, more: here.length - shown.length, missing: table.missing };
}

async function costsOf(stats: Stats, node: number): Promise<readonly ProcessCost[]> {
  try {
    return await stats.getProcesses(node);
  } catch (error) {
    // a node that is down, or keeps no figures, costs the page only these
    if (BprocError.is(error)) return [];
    throw error;
  }
}

function processView(info: ProcessInfo, cost: ProcessCost | undefined): ProcessView {
  const { pid, ppid, node, uid, state, command } = info;
  const own = { pid, ppid, node, uid, state, command };
  return cost === undefined ? own : { ...own, cpuMs: cost.userMs + cost.systemMs, memory: cost.resident };
}
