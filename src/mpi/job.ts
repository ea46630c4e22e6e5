/** What a job of MPI is: which ranks run where. Protocol servers, reports and launches all read it here. */
import { JobMap, processMapping as vectorOf } from '../beomap/index.ts';
import { BprocError } from '../errors.ts';

/** A node of a job. */
export interface JobNode {
  /** Its number; -1 is the master's. */
  readonly node: number;
  /** The name by which its ranks know it. No two nodes of a job have the same. */
  readonly host: string;
  /** In rising order. */
  readonly ranks: readonly number[];
}

/** A program of a job; its ranks follow each other. */
export interface JobApp {
  readonly first: number;
  readonly size: number;
}

/** A job, as every node of it knows it. */
export interface JobLayout {
  /** Nobody can guess it: 32 hexadecimal digits. Who knows it may say so. */
  readonly id: string;
  /** How many ranks it has. */
  readonly size: number;
  /** How many there may be with those that are spawned later (MPI_UNIVERSE_SIZE). */
  readonly universe: number;
  /** In the order in which they have their first rank. A node's place in it is its number within the job. */
  readonly nodes: readonly JobNode[];
  /** In the order of their ranks. A place in it is an application's number (MPI_APPNUM). */
  readonly apps: readonly JobApp[];
  /** The job that has spawned it; undefined: a program has launched it. */
  readonly parent: string | undefined;
  /** What the parent has for it to find (`preput`). */
  readonly presets: ReadonlyMap<string, string>;
}

/** Where a rank runs: its node, and its place among that node's. */
export interface RankPlace {
  readonly node: JobNode;
  /** The node's number within the job. */
  readonly index: number;
  /** Among the ranks of its node, from 0. */
  readonly local: number;
}

/** The nodes of a job, from the node of each rank. @param hostOf how a node is called. */
export function nodesOf(slots: readonly number[], hostOf: (node: number) => string): readonly JobNode[] {
  const ranks = new Map<number, number[]>();
  for (const [rank, node] of slots.entries()) {
    const known = ranks.get(node);
    if (known === undefined) ranks.set(node, [rank]);
    else known.push(rank);
  }
  return [...ranks].map(([node, own]) => ({ node, host: hostOf(node), ranks: own }));
}

/** The applications of a job, from how many ranks each has. */
export function appsOf(sizes: readonly number[]): readonly JobApp[] {
  let first = 0;
  return sizes.map((size) => {
    const app = { first, size };
    first += size;
    return app;
  });
}

/** Where each rank runs. */
export function placesOf({ nodes, size }: Pick<JobLayout, 'nodes' | 'size'>): readonly RankPlace[] {
  const places: RankPlace[] = Array.from({ length: size });
  for (const [index, node] of nodes.entries()) {
    for (const [local, rank] of node.ranks.entries()) places[rank] = { node, index, local };
  }
  return places;
}

/** The number of a rank's application. */
export function appOf({ apps }: Pick<JobLayout, 'apps'>, rank: number): number {
  return Math.max(
    0,
    apps.findIndex(({ first, size }) => rank >= first && rank < first + size),
  );
}

/** @throws BprocError EINVAL for a job that has no such rank. */
export function nodeOfRank(job: Pick<JobLayout, 'id' | 'nodes' | 'size'>, rank: number): JobNode {
  const found = job.nodes.find(({ ranks }) => ranks.includes(rank));
  if (found === undefined)
    throw new BprocError('EINVAL', `job ${job.id} has no rank ${rank}: they are 0 to ${job.size - 1}`);
  return found;
}

/** @throws BprocError EINVAL for a job that has no such node. */
export function nodeOfJob(job: JobLayout, number: number): JobNode {
  const found = job.nodes.find(({ node }) => node === number);
  if (found === undefined) throw new BprocError('EINVAL', `job ${job.id} has no ranks on node ${number}`);
  return found;
}

/** The job as MPICH reads where its ranks are, `(vector,(start,nodes,ranks of each),...)`, by the numbers of nodes within the job. */
export function processMapping(job: Pick<JobLayout, 'nodes' | 'size'>): string {
  return vectorOf(new JobMap(placesOf(job).map(({ index }) => index)));
}
