/** What a command line of `bprun` or `mpiexec` asks for. */
import { readFileSync } from 'node:fs';
import { type HostSlots, type MapWishes, readHydraHosts, readOpenMpiHosts } from '../beomap/index.ts';
import { BprocError } from '../index.ts';
import type { LaunchApp, LaunchOptions, MpiFamily, RankStdio } from '../mpi/index.ts';
import { UsageError, wholeNumber } from './arguments.ts';
import { type GivenMpiOption, type MpiOption, type MpiSegment, readMpiArguments } from './mpi-arguments.ts';
import type { Program } from './program.ts';

const MOST_RANKS = 65_536;
const MOST_SECONDS = 10_000_000;
const FAMILIES: readonly MpiFamily[] = ['auto', 'mpich', 'openmpi', 'none'];

const take = (words: 0 | 1 | 2, ...names: readonly string[]): MpiOption => ({ names, words });

const OPTIONS: readonly MpiOption[] = [
  take(0, 'help', 'h'),
  take(0, 'version', 'V'),
  take(1, 'np', 'n', 'c'),
  take(1, 'map', 'beowulf-job-map'),
  take(0, 'all-cpus', 'allcpus'),
  take(0, 'all-nodes', 'allnodes'),
  take(0, 'all-local', 'alllocal'),
  take(0, 'no-local', 'nolocal'),
  take(1, 'exclude'),
  take(1, 'host', 'hosts', 'H'),
  take(1, 'hostfile', 'f', 'machinefile'),
  take(1, 'ppn', 'npernode', 'N'),
  take(1, 'x'),
  take(2, 'env', 'genv'),
  take(1, 'envlist', 'genvlist'),
  take(0, 'envnone', 'genvnone'),
  take(1, 'wdir', 'wd'),
  take(1, 'timeout'),
  take(0, 'tag-output', 'l', 'prepend-rank'),
  take(1, 'outfile-pattern', 'output-filename'),
  take(1, 'errfile-pattern'),
  take(1, 'stdin', 's'),
  take(1, 'usize'),
  take(1, 'mpi'),
  take(0, 'verbose', 'v'),
  take(2, 'mca', 'gmca'),
  take(1, 'pmi_args'),
];
/** What others’ scripts give, and what means nothing here: ranks are started at once, each where its map says. */
const WITHOUT_MEANING: readonly MpiOption[] = [
  take(0, 'envall', 'genvall', 'oversubscribe', 'nooversubscribe', 'allow-run-as-root', 'q', 'quiet', 'display-map'),
  take(0, 'report-bindings', 'bynode', 'byslot', 'bycore', 'use-hwthread-cpus', 'disable-auto-cleanup'),
  take(1, 'bind-to', 'map-by', 'rank-by', 'launcher', 'launcher-exec', 'bootstrap', 'rmk', 'iface', 'prefix', 'demux'),
];

const HELP = `Runs programs of MPI, or others, on the ranks of a job: MPICH's, Open MPI's, with no launcher of theirs. More of them follow after a :

  -np, -n N         N ranks, each on a processor of its own; where there are too few, they have several
  --map LIST        on these nodes, one rank for each number, again and again; -1 is the master
  --all-cpus --all-nodes --all-local --no-local --exclude LIST
                    as for beomap, and so are NP, ALL_CPUS, ALL_NODES, ALL_LOCAL, NO_LOCAL, EXCLUDE, BEOWULF_JOB_MAP
  -host LIST        on these nodes: names or numbers with commas between, each with :SLOTS or one slot
  -hostfile FILE    the same, one a line
  -ppn N            N ranks on each of these
  -x NAME[=VALUE]   a variable of the environment, which goes along as it is anyway; -env NAME VALUE is the same
  -envnone          nothing else of it goes along; -envlist A,B: these
  -wdir DIR         where they run
  --tag-output, -l  begin each line with its rank
  -outfile-pattern FILE, -errfile-pattern FILE
                    outputs go to files here; %r is the rank, %n the node
  -stdin none       rank 0 does not read stdin either
  --timeout SECONDS the job is killed where it takes longer; the exit code is 124
  -usize N          what MPI_UNIVERSE_SIZE is
  --mpi FAMILY      auto, mpich, openmpi, or none: whose programs they are
  -mca NAME VALUE   a parameter of Open MPI's
  -v, --verbose     say what became of each rank
  -h, --help        this text
  -V, --version

The first rank that fails or calls MPI_Abort ends the job, and has its exit code. A signal goes to all ranks; the second one ends this command.
`;

/** What these commands say about themselves. */
export const bprunProgram = (name: string): Program => ({
  name,
  usage: ['[options] program [argument...] [: [options] program [argument...]]...'],
  help: HELP,
});

/** A job that is asked for. */
export interface MpiRequest {
  readonly options: LaunchOptions;
  /** Hosts that are named, in place of a map. */
  readonly hosts: readonly HostSlots[] | undefined;
  readonly verbose: boolean;
}

/** Reads the command line. @throws UsageError where it cannot be. */
export function readMpiRequest(args: readonly string[]): 'help' | 'version' | { readonly port: number } | MpiRequest {
  // MPICH's own words for a program that was started alone: port, interface, key and pid
  if (args[0] === '-pmi_args') return { port: wholeNumber('-pmi_args', args[1] ?? '', 1, 65_535) };
  const segments = readMpiArguments(args, [...OPTIONS, ...WITHOUT_MEANING]);
  const all = segments.flatMap(({ options }) => options);
  if (all.some(({ name }) => name === 'help')) return 'help';
  if (all.some(({ name }) => name === 'version')) return 'version';
  const [first] = segments;
  if (first === undefined || segments.some(({ argv }) => argv.length === 0))
    throw new UsageError('no program is given');
  const common = new Words(first.options);
  const programs = segments.length === 1 ? one(first) : { apps: segments.map(appOf) };
  const options = { ...programs, ...launchOf(common, segments) };
  return { options, hosts: hostsOf(common), verbose: common.has('verbose') };
}

function one({ options, argv }: MpiSegment): Pick<LaunchOptions, 'np' | 'argv'> {
  const np = countOf(new Words(options));
  return { argv, ...(np !== undefined && { np }) };
}

function appOf({ options, argv }: MpiSegment, index: number): LaunchApp {
  const words = new Words(options);
  const cwd = words.last('wdir');
  const env = index === 0 ? {} : variablesOf(words);
  return { np: countOf(words) ?? 1, argv, env, ...(cwd !== undefined && { cwd }) };
}

function launchOf(words: Words, segments: readonly MpiSegment[]): Omit<LaunchOptions, 'np' | 'argv' | 'apps'> {
  const seconds = words.last('timeout');
  const universe = words.last('usize');
  const mpi = words.last('mpi');
  if (mpi !== undefined && !FAMILIES.some((family) => family === mpi))
    throw new UsageError(`--mpi is ${JSON.stringify(mpi)}: it must be one of ${FAMILIES.join(', ')}`);
  const cwd = segments.length === 1 ? words.last('wdir') : undefined;
  return {
    map: mapOf(words),
    env: { ...inherited(words), ...variablesOf(words) },
    stdio: stdioOf(words),
    stdin: words.last('stdin') !== 'none',
    ...(cwd !== undefined && { cwd }),
    ...(seconds !== undefined && { timeoutMs: 1000 * wholeNumber('--timeout', seconds, 1, MOST_SECONDS) }),
    ...(universe !== undefined && { universe: wholeNumber('-usize', universe, 1, MOST_RANKS) }),
    ...(mpi !== undefined && { mpi: FAMILIES.find((family) => family === mpi) ?? 'auto' }),
  };
}

function countOf(words: Words): number | undefined {
  const np = words.last('np');
  return np === undefined ? undefined : wholeNumber('-np', np, 1, MOST_RANKS);
}

function mapOf(words: Words): string | MapWishes {
  const exclude = words.last('exclude');
  return (
    words.last('map') ?? {
      ...(words.has('all-cpus') && { allCpus: true }),
      ...(words.has('all-nodes') && { allNodes: true }),
      ...(words.has('all-local') && { allLocal: true }),
      ...(words.has('no-local') && { noLocal: true }),
      ...(exclude !== undefined && { exclude }),
    }
  );
}

/** Hosts that are named, with their slots. */
function hostsOf(words: Words): readonly HostSlots[] | undefined {
  const [list, file, ppn] = [words.last('host'), words.last('hostfile'), words.last('ppn')];
  const text = list?.replaceAll(',', '\n') ?? (file === undefined ? undefined : readHosts(file));
  if (text === undefined && ppn !== undefined) throw new UsageError('-ppn goes with -host or -hostfile');
  if (text === undefined) return undefined;
  const hosts = /slots\s*=/.test(text) ? readOpenMpiHosts(text) : readHydraHosts(text);
  if (ppn === undefined) return hosts;
  const slots = wholeNumber('-ppn', ppn, 1, MOST_RANKS);
  return hosts.map(({ host }) => ({ host, slots }));
}

function readHosts(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${BprocError.from(error).message}`);
  }
}

function stdioOf(words: Words): RankStdio {
  const [stdout, stderr] = [words.last('outfile-pattern'), words.last('errfile-pattern')];
  if (stdout !== undefined) return { stdout, ...(stderr !== undefined && { stderr }) };
  if (stderr !== undefined) throw new UsageError('-errfile-pattern goes with -outfile-pattern');
  return words.has('tag-output') ? 'tagged' : 'merged';
}

/** What of this command's environment does not go along. */
function inherited(words: Words): Record<string, undefined> {
  const list = words.last('envlist')?.split(',');
  if (list === undefined && !words.has('envnone')) return {};
  const kept = new Set(list ?? []);
  return Object.fromEntries(Object.keys(process.env).flatMap((name) => (kept.has(name) ? [] : [[name, undefined]])));
}

function variablesOf(words: Words): Record<string, string> {
  const env: Record<string, string> = {};
  for (const { name, words: given } of words.all) {
    const [first = '', second = ''] = given;
    if (name === 'env') env[first] = second;
    if (name === 'mca') env[`OMPI_MCA_${first}`] = second;
    if (name !== 'x') continue;
    const at = first.indexOf('=');
    if (at > 0) env[first.slice(0, at)] = first.slice(at + 1);
    else env[first] = process.env[first] ?? '';
  }
  return env;
}

/** Options that were given, by their names. */
class Words {
  readonly all: readonly GivenMpiOption[];

  constructor(all: readonly GivenMpiOption[]) {
    this.all = all;
  }

  has(name: string): boolean {
    return this.all.some((option) => option.name === name);
  }

  /** The word of the last one of this name. */
  last(name: string): string | undefined {
    return this.all.findLast((option) => option.name === name)?.words[0];
  }
}
