/** Launching a job: its map, the job at the master, and one start for each program. */
import { randomBytes } from 'node:crypto';
import { BEO_NAMES, JobMap, type MapWishes, map } from '../beomap/index.ts';
import { type Client, NODE_MASTER, ProcessVector, type StartOptions, type VectorEntry } from '../bproc/index.ts';
import { BprocError } from '../errors.ts';
import type { MpiSpawn } from '../wire/index.ts';
import { checkFamily } from './family.ts';
import { appsOf, type JobLayout, nodesOf } from './job.ts';
import { OpenJob } from './job-calls.ts';
import { appsOfLaunch, type LaunchOptions, protocolsOf, sizeOfLaunch, withoutLaunchers } from './launch-options.ts';
import type { RunOutput } from './output.ts';
import { MpiRun, type RunParts } from './run.ts';

const ID_BYTES = 16;
/** Ranks that are killed with their job have to be gone soon. */
const GRACE_MS = 2000;

/** What makes a job another's child. */
interface Parentage {
  readonly parent: string;
  readonly presets: ReadonlyMap<string, string>;
}

/**
 * Launches a job of MPI programs, or of any others: each rank is started where the map says, with what it needs to find the others. The job ends as a
 * whole: with its last rank, or with the first that ends badly or gives the job up.
 *
 * @throws BprocError EINVAL for what cannot be launched; as {@link map}; ENOSYS for a master that has no jobs. What keeps single
 *   ranks from starting is in the report.
 */
export async function launch(client: Client, options: LaunchOptions): Promise<MpiRun> {
  if (options.signal?.aborted === true) throw new BprocError('ECANCELED', 'the launch was cancelled');
  return start(client, options, await mapOf(client, options));
}

/** Starts a job where it was decided to run. */
async function start(
  client: Client,
  options: LaunchOptions,
  where: JobMap,
  parentage?: Parentage,
  output?: RunOutput,
): Promise<MpiRun> {
  const apps = appsOfLaunch(options, where.size);
  await checkFamily(options.mpi ?? 'auto', apps);
  const layout = layoutOf(
    apps.map(({ np }) => np),
    where,
    options,
    parentage,
  );
  const uid = options.user ?? process.geteuid?.() ?? 0;
  const job = await OpenJob.open(client, { layout, uid, protocols: protocolsOf(options.mpi ?? 'auto') });
  const entries: VectorEntry[] = [];
  const common = commonOptions(options);
  const starting = apps.map(
    async ({ argv: [file = '', ...argv], env, cwd }, index): Promise<readonly VectorEntry[]> => {
      const { first, size } = layout.apps[index] ?? { first: 0, size: 0 };
      const nodes = where.slots.slice(first, first + size);
      const own = { ...common, ...(cwd !== undefined && { cwd }), env: { ...common.env, ...env } };
      const { entries: started } = await client.rexec(nodes, file, argv, { ...own, outfit: job.outfit(first) });
      return started;
    },
  );
  const started = await Promise.allSettled(starting);
  const failed = started.find((each) => each.status === 'rejected');
  for (const each of started) if (each.status === 'fulfilled') entries.push(...each.value);
  if (failed !== undefined) {
    await new ProcessVector(entries).kill('SIGKILL').catch(() => {});
    await job.close(() => {});
    throw BprocError.from(failed.reason);
  }
  const parts = { options, layout, map: where, job, entries, graceMs: options.killGraceMs ?? GRACE_MS };
  const spawn: RunParts['spawn'] = (wish, parent) => startSpawned(client, options, wish, where.nodes, parent.output);
  return new MpiRun({ ...parts, spawn, ...(output && { output }) });
}

/** What a rank wants started: on the nodes that it names, else on those of its own job. */
export async function startSpawned(
  client: Client,
  { apps: _, np: __, argv: ___, ...options }: LaunchOptions,
  { job: parent, apps, presets }: MpiSpawn,
  own: readonly number[],
  output?: RunOutput,
): Promise<MpiRun> {
  const slots = apps.flatMap(({ np, hosts }) => {
    const nodes = hosts.length > 0 ? hosts.map(nodeNamed) : own;
    return Array.from({ length: np }, (_rank, index) => nodes[index % nodes.length] ?? NODE_MASTER);
  });
  const spawned = apps.map(({ argv, np, env, cwd }) => ({
    np,
    argv,
    env: Object.fromEntries(env.map((each) => [each.slice(0, each.indexOf('=')), each.slice(each.indexOf('=') + 1)])),
    ...(cwd !== '' && { cwd }),
  }));
  const parentage = { parent, presets: new Map(presets.map(({ key, value }) => [key, value])) };
  return start(client, { ...options, apps: spawned, stdin: false }, new JobMap(slots), parentage, output);
}

/** The node that a rank has named. @throws BprocError EINVAL. */
function nodeNamed(name: string): number {
  const node = BEO_NAMES.nodeOf(name);
  if (node !== undefined) return node;
  throw new BprocError('EINVAL', `${JSON.stringify(name.slice(0, 40))} is no node: they are n0, n1, ..., master`);
}

async function mapOf(client: Client, options: LaunchOptions): Promise<JobMap> {
  const { map: wanted, signal } = options;
  const size = sizeOfLaunch(options);
  const bounds = signal === undefined ? {} : { signal };
  const given = typeof wanted === 'string' || wanted instanceof JobMap;
  const wishes: MapWishes = given ? { map: wanted } : { ...(wanted ?? {}) };
  const found = await map(client, { ...(size === undefined || given ? {} : { np: size }), ...wishes, ...bounds });
  if (size === undefined || size === found.size) return found;
  // a map that is shorter than the job is dealt again and again
  if (found.size === 0) throw new BprocError('EINVAL', 'the map has no slots');
  return new JobMap(Array.from({ length: size }, (_, rank) => found.slots[rank % found.size] ?? NODE_MASTER));
}

function layoutOf(
  sizes: readonly number[],
  where: JobMap,
  { universe }: LaunchOptions,
  parentage: Parentage | undefined,
): JobLayout {
  const size = sizes.reduce((sum, np) => sum + np, 0);
  return {
    id: randomBytes(ID_BYTES).toString('hex'),
    size,
    universe: Math.max(size, universe ?? size),
    nodes: nodesOf(where.slots, BEO_NAMES.nameOf),
    apps: appsOf(sizes),
    parent: parentage?.parent,
    presets: parentage?.presets ?? new Map(),
  };
}

function commonOptions(options: LaunchOptions): StartOptions & { readonly env: Record<string, string | undefined> } {
  const { cwd, user, stdin = true, stdio = 'rank', signal, env } = options;
  const output = stdio === 'ignore' ? ({ stdout: 'ignore', stderr: 'ignore' } as const) : {};
  return {
    ...options.start,
    ...output,
    ...(cwd !== undefined && { cwd }),
    ...(user !== undefined && { user }),
    ...(signal !== undefined && { signal }),
    stdin: stdin ? 'stream' : 'ignore',
    env: { ...withoutLaunchers(process.env), ...env },
  };
}
