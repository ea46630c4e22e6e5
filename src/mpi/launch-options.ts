/** What a launch can be told, and what follows from it. */
import type { JobMap, MapWishes } from '../beomap/index.ts';
import type { StartOptions } from '../bproc/index.ts';
import { BprocError } from '../errors.ts';

/** A program of a job, and how many ranks run it. */
export interface LaunchApp {
  readonly np: number;
  /** The program, as each node has it, and its arguments. */
  readonly argv: readonly string[];
  /** Over those of the launch. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** @default that of the launch */
  readonly cwd?: string;
}

/** Files of this machine that ranks' outputs go to; `%r` is the rank, `%n` the node. */
export interface RankFiles {
  readonly stdout: string;
  /** @default the same file as stdout's */
  readonly stderr?: string;
}

/**
 * Where ranks write: `rank`, each to streams of its own; `merged`, whole lines of all of them to the run's; `tagged`, the same with the rank before each line;
 * or files.
 */
export type RankStdio = 'rank' | 'merged' | 'tagged' | 'ignore' | RankFiles;

/** Whose programs they are. */
export type MpiFamily = 'auto' | 'mpich' | 'openmpi' | 'none';

/** How a job is launched. */
export interface LaunchOptions {
  /** How many ranks; with `argv`. @default as many as `map` gives */
  readonly np?: number;
  /** The program, as each node has it, and its arguments. */
  readonly argv?: readonly string[];
  /** Several programs in place of one, with their ranks in this order. */
  readonly apps?: readonly LaunchApp[];
  /** Where its ranks run, or how that is chosen. @default as `beomap` chooses, by the environment too */
  readonly map?: JobMap | string | MapWishes;
  /** Environment, over the caller's; a value of undefined takes a name out. What other launchers have set does not go along. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Working directory on the nodes. @default the caller's, or `/` where a node has no such directory */
  readonly cwd?: string;
  /** @default 'rank' */
  readonly stdio?: RankStdio;
  /** Whether rank 0 reads the run's `stdin`; the others have none. @default true */
  readonly stdin?: boolean;
  /** Whose programs they are: `auto` serves each as what it turns out to be; `none` serves nothing. @default 'auto' */
  readonly mpi?: MpiFamily;
  /** How many ranks there may be with those that are spawned (MPI_UNIVERSE_SIZE). @default as many as it has */
  readonly universe?: number;
  /** How long it may take until all ranks have ended, in milliseconds; then they are killed. @default unlimited */
  readonly timeoutMs?: number;
  /** Ends the job: its ranks are killed, and waiting for it rejects with ECANCELED. */
  readonly signal?: AbortSignal;
  /** Between TERM and KILL where ranks are ended because of another, in milliseconds. @default 2000 */
  readonly killGraceMs?: number;
  /** Whom it runs as, by uid: for the administrator. @default the caller */
  readonly user?: number;
  /** More for each start. */
  readonly start?: Pick<StartOptions, 'umask' | 'rlimits' | 'windowBytes' | 'lostAfterMs' | 'gang'>;
}

/** The programs of a launch. @throws BprocError EINVAL. */
export function appsOfLaunch({ np, argv, apps }: LaunchOptions, slots: number): readonly LaunchApp[] {
  if (apps !== undefined && (np !== undefined || argv !== undefined))
    throw new BprocError('EINVAL', 'apps go without np and argv: each says its own');
  const all = apps ?? [{ np: np ?? slots, argv: argv ?? [] }];
  if (all.length === 0) throw new BprocError('EINVAL', 'a launch needs a program');
  for (const app of all) {
    if (!Array.isArray(app.argv) || typeof app.argv[0] !== 'string' || app.argv[0] === '')
      throw new BprocError('EINVAL', 'a program to launch has no name: give argv, with the program first');
    if (!Number.isInteger(app.np) || app.np < 1)
      throw new BprocError('EINVAL', `np is ${app.np}: it must be a whole number from 1 up`);
  }
  return all;
}

/** How many ranks a launch says it has; undefined: its map says so. */
export function sizeOfLaunch({ np, apps }: LaunchOptions): number | undefined {
  return apps === undefined ? np : apps.reduce((sum, app) => sum + app.np, 0);
}

/** By which others' launches are known: a rank would take itself for one of theirs. */
const OF_LAUNCHERS =
  /^(?:PMI_|PMIX_|PMI2_|SLURM_|HYDRA_|HYDI_|MPIEXEC_|OMPI_COMM_|OMPI_UNIVERSE_|OMPI_MCA_(?:ess|orte_|plm|pmix)|ORTE_|PRTE_|FLUX_|JSM_|ALPS_|MPI_LOCAL|MPIR_CVAR_CH3_INTERFACE|NP$|BEOWULF_JOB_MAP$)/;

/** What is taken out of the environment that goes along. */
export function withoutLaunchers(env: NodeJS.ProcessEnv): Record<string, undefined> {
  return Object.fromEntries(Object.keys(env).flatMap((name) => (OF_LAUNCHERS.test(name) ? [[name, undefined]] : [])));
}

/** The names of the protocols that a family needs; none: all. */
export function protocolsOf(family: MpiFamily): readonly string[] {
  if (family === 'auto') return [];
  return family === 'none' ? ['none'] : [family === 'mpich' ? 'pmi1' : 'pmix'];
}
