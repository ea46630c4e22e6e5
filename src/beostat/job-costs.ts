/** What jobs cost: what one client has started, and what that has forked, on whatever nodes it is. */
import type { CallOptions } from '../bproc/index.ts';
import type { ProcessCost } from './figures.ts';

/** The figures of one job: those of its processes that run now, together. */
export interface JobCost {
  /** Identity of the client that has started it, in hexadecimal. */
  readonly client: string;
  /** Whose processes they are; where they are several users', whose the first one is. */
  readonly uid: number;
  /** Where they run, in ascending order. */
  readonly nodes: readonly number[];
  readonly processes: number;
  readonly threads: number;
  /** Milliseconds of processors. */
  readonly userMs: number;
  readonly systemMs: number;
  /** Bytes. What processes share is counted for each. */
  readonly resident: number;
  /** Bytes from and to storage. */
  readonly readBytes: number;
  readonly writtenBytes: number;
}

/** What `getJobs` has found out. */
export interface JobCosts {
  /** The one that has used processors longest first. */
  readonly jobs: readonly JobCost[];
  /** Nodes that have not answered. */
  readonly missing: readonly number[];
}

/** Of which nodes. */
export interface JobOptions extends CallOptions {
  /** @default those that are up */
  readonly nodes?: readonly number[];
}

const SUMS = ['threads', 'userMs', 'systemMs', 'resident', 'readBytes', 'writtenBytes'] as const;

/** Sums what processes of nodes cost, for each job; the one that has used processors longest first. */
export function jobCosts(nodes: Iterable<readonly [number, readonly ProcessCost[]]>): readonly JobCost[] {
  const jobs = new Map<string, JobCost>();
  for (const [node, costs] of [...nodes].sort(([a], [b]) => a - b)) {
    for (const cost of costs) {
      const before = jobs.get(cost.client) ?? nothingOf(cost);
      const sums = Object.fromEntries(SUMS.map((name) => [name, before[name] + cost[name]]));
      const places = before.nodes.at(-1) === node ? before.nodes : [...before.nodes, node];
      jobs.set(cost.client, { ...before, ...sums, nodes: places, processes: before.processes + 1 });
    }
  }
  const busy = ({ userMs, systemMs }: JobCost): number => userMs + systemMs;
  return [...jobs.values()].sort((a, b) => busy(b) - busy(a));
}

function nothingOf({ client, uid }: ProcessCost): JobCost {
  const sums = { threads: 0, userMs: 0, systemMs: 0, resident: 0, readBytes: 0, writtenBytes: 0 };
  return { client, uid, nodes: [], processes: 0, ...sums };
}
