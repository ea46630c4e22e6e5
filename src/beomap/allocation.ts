/** What a batch system has given to the job that this program runs in. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { CallOptions, Client } from '../bproc/index.ts';
import { BprocError } from '../errors.ts';
import { type HostSlots, linesOf, MOST_TEXT, mapOfHosts, readNodeFile, slotCount } from './host-files.ts';
import { expandCounts, expandHostList, expandNumbers } from './host-list.ts';
import { BEO_NAMES, isHostName, namesOf } from './host-names.ts';
import { JobMap } from './job-map.ts';

/** Who gives allocations. */
export type BatchSystem = 'beowulf' | 'slurm' | 'pbs' | 'gridengine' | 'lsf' | 'flux';

/** Hosts that a job may use. */
export interface Allocation {
  readonly system: BatchSystem;
  /** Empty where the system does not say. */
  readonly jobId: string;
  /** In the system's order. */
  readonly hosts: readonly HostSlots[];
}

/** Variables by their names. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** How long `flux` may take to say what a job has, in milliseconds. */
const FLUX_MS = 10_000;

/**
 * Finds out by the environment which batch system this job is of, and what it has been given: Slurm, PBS and TORQUE, Grid Engine, LSF, Flux, or a
 * `BEOWULF_JOB_MAP`, which goes before all of them.
 *
 * @returns undefined where it is no job.
 * @throws BprocError EINVAL, E2BIG for what cannot be read; ENOENT, EACCES where the file that is named cannot be had.
 */
export async function readAllocation(env: Environment = process.env): Promise<Allocation | undefined> {
  const map = env['BEOWULF_JOB_MAP'];
  if (map) {
    const hosts = JobMap.parse(map)
      .runs()
      .map(({ node, slots }) => ({ host: BEO_NAMES.nameOf(node), slots }));
    return { system: 'beowulf', jobId: '', hosts };
  }
  if (env['SLURM_JOB_ID'] || env['SLURM_JOBID']) return slurmAllocation(env);
  const nodeFile = env['PBS_NODEFILE'];
  if (nodeFile) return { system: 'pbs', jobId: env['PBS_JOBID'] ?? '', hosts: readNodeFile(await contentOf(nodeFile)) };
  const peFile = env['PE_HOSTFILE'];
  if (peFile) return { system: 'gridengine', jobId: env['JOB_ID'] ?? '', hosts: readPeHosts(await contentOf(peFile)) };
  if (env['LSB_JOBID']) return lsfAllocation(env);
  const fluxJob = env['FLUX_JOB_ID'];
  return fluxJob
    ? { system: 'flux', jobId: fluxJob, hosts: readFluxResources(await fluxResources(fluxJob, env)) }
    : undefined;
}

/**
 * The job map of an allocation: a slot for each of its slots.
 *
 * @throws BprocError BE_INVALIDNODE for a host that is no node: what nodes are called is their attribute `hostname`, their address, or `n0`; ETIMEDOUT, ECANCELED.
 */
export async function mapOfAllocation(
  client: Client,
  { hosts }: Allocation,
  options: CallOptions = {},
): Promise<JobMap> {
  return mapOfHosts(hosts, namesOf(await client.nodeList('', options)));
}

/** Variables of batch systems, which MPI libraries would take for their own launcher's. */
const BATCH_VARIABLES =
  /^(?:SLURM|SLURMD|SRUN|SBATCH|PBS|PALS|LSB|LSF|FLUX|PE|SGE|COBALT)_|^(?:NSLOTS|NHOSTS|NQUEUES|JOB_ID|PE|ARC)$/;

/** An environment without what the batch system says in it, for processes that are to see their own launcher only. */
export function withoutBatch(env: Environment): Record<string, string> {
  const kept = Object.entries(env).filter(([name, value]) => value !== undefined && !BATCH_VARIABLES.test(name));
  return Object.fromEntries(kept.map(([name, value]) => [name, value ?? '']));
}

/** Slurm's: the hosts of the job, with as many slots as it has tasks there, or, where it does not say, processors. */
function slurmAllocation(env: Environment): Allocation {
  const jobId = env['SLURM_JOB_ID'] ?? env['SLURM_JOBID'] ?? '';
  const list = env['SLURM_JOB_NODELIST'] ?? env['SLURM_NODELIST'];
  if (!list) throw new BprocError('EINVAL', `Slurm's job ${jobId} has no SLURM_JOB_NODELIST in its environment`);
  const names = expandHostList(list);
  const counts = env['SLURM_TASKS_PER_NODE'] || env['SLURM_JOB_CPUS_PER_NODE'];
  const slots = counts ? expandCounts(counts) : names.map(() => 1);
  if (slots.length !== names.length) {
    throw new BprocError(
      'EINVAL',
      `Slurm's job ${jobId} has ${names.length} hosts, and counts for ${slots.length} of them`,
    );
  }
  return { system: 'slurm', jobId, hosts: names.map((host, at) => ({ host, slots: slots[at] ?? 1 })) };
}

/** Grid Engine's `PE_HOSTFILE`: `host slots queue processors`. @throws BprocError EINVAL, E2BIG. */
export function readPeHosts(text: string): readonly HostSlots[] {
  return linesOf(text).map(({ text: line, where }) => {
    const [host = '', slots, ...rest] = line.split(/\s+/);
    const isWhole = isHostName(host) && slots !== undefined && rest.length <= 2;
    if (isWhole) return { host, slots: slotCount(slots, where) };
    throw new BprocError('EINVAL', `${where}: a line of a PE_HOSTFILE is: host slots queue processors`);
  });
}

async function lsfAllocation(env: Environment): Promise<Allocation> {
  const jobId = env['LSB_JOBID'] ?? '';
  const counts = env['LSB_MCPU_HOSTS'];
  if (counts) return { system: 'lsf', jobId, hosts: readLsfCounts(counts) };
  const file = env['LSB_DJOB_HOSTFILE'];
  const text = file ? await contentOf(file) : (env['LSB_HOSTS'] ?? '').split(/\s+/).join('\n');
  return { system: 'lsf', jobId, hosts: readNodeFile(text) };
}

/** LSF's `LSB_MCPU_HOSTS`: `host slots host slots`. @throws BprocError EINVAL. */
export function readLsfCounts(text: string): readonly HostSlots[] {
  const words = text.trim().split(/\s+/);
  const hosts: HostSlots[] = [];
  for (let at = 0; at < words.length && words[0] !== ''; at += 2) {
    const [host = '', slots = ''] = words.slice(at, at + 2);
    if (!isHostName(host))
      throw new BprocError('EINVAL', `LSB_MCPU_HOSTS: ${JSON.stringify(host.slice(0, 80))} is no name of a host`);
    hosts.push({ host, slots: slotCount(slots, 'LSB_MCPU_HOSTS') });
  }
  return hosts;
}

/** Flux's R, version 1 (RFC 20), in JSON: the cores of each host. @throws BprocError EINVAL, E2BIG. */
export function readFluxResources(text: string): readonly HostSlots[] {
  const execution = member(parsed(text), 'execution');
  const lists = member(execution, 'nodelist');
  const entries = member(execution, 'R_lite');
  if (!Array.isArray(lists) || !Array.isArray(entries))
    throw notFlux('it has no execution.nodelist and execution.R_lite');
  const names = lists.flatMap((list) => expandHostList(textOf(list)));
  const cores = new Map<number, number>();
  for (const entry of entries) {
    const count = expandNumbers(textOf(member(member(entry, 'children'), 'core'))).length;
    for (const rank of expandNumbers(textOf(member(entry, 'rank')))) cores.set(rank, (cores.get(rank) ?? 0) + count);
  }
  // the names are those of the ranks in ascending order, which need not be from 0 on
  const ranks = [...cores.keys()].sort((a, b) => a - b);
  if (ranks.length !== names.length) throw notFlux(`it has ${names.length} hosts and ${ranks.length} ranks`);
  return ranks.map((rank, at) => ({ host: names[at] ?? '', slots: cores.get(rank) ?? 0 }));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new BprocError('EINVAL', `the resources of the Flux job are no JSON: ${String(cause).slice(0, 200)}`, {
      cause,
    });
  }
}

function member(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[name];
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  throw notFlux('a list in it is no text');
}

function notFlux(why: string): BprocError {
  return new BprocError('EINVAL', `the resources of the Flux job cannot be read: ${why}`);
}

async function fluxResources(jobId: string, env: Environment): Promise<string> {
  try {
    const options = { env: withValues(env), timeout: FLUX_MS, maxBuffer: MOST_TEXT };
    return (await promisify(execFile)('flux', ['job', 'info', jobId, 'R'], options)).stdout;
  } catch (cause) {
    const error = BprocError.from(cause);
    throw new BprocError(error.code, `flux does not say what job ${jobId} has: ${error.message}`, { cause });
  }
}

function withValues(env: Environment): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined));
}

async function contentOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    const error = BprocError.from(cause);
    throw new BprocError(error.code, `the batch system's list of hosts cannot be read: ${error.message}`, { cause });
  }
}
