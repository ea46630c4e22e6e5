/** The options that `beomap`, `beorun` and `mpprun` have in common: Scyld's. */
import type { MapWishes } from '../beomap/index.ts';
import type { Arguments, OptionSpec } from './arguments.ts';
import { wholeNumber } from './arguments.ts';

const MOST_PROCESSES = 1_000_000;

/** Options by which a map is wanted. */
export const MAP_OPTIONS: readonly OptionSpec[] = [
  { name: 'np', value: 'N' },
  ...['all-cpus', 'allcpus', 'all-nodes', 'allnodes', 'all-local', 'alllocal', 'no-local', 'nolocal'].map((name) => ({
    name,
  })),
  { name: 'exclude', value: 'LIST' },
  { name: 'map', value: 'LIST' },
  { name: 'beowulf-job-map', value: 'LIST' },
];

/** What `--help` says of them. */
export const MAP_HELP = `  --np N          N processes, each on a processor of its own; where there are too few, they have several
  --all-cpus      one for every processor of every node that can be used
  --all-nodes     one on every node that can be used
  --all-local     all on the master
  --no-local      none on the master; otherwise rank 0 is there
  --exclude LIST  not on these nodes: their numbers with colons between, -1 is the master
  --map LIST      on these, one for each number; goes with none of --all-cpus, --all-nodes and --all-local
  -h, --help      this text
  -V, --version

What no option says is looked for in NP, ALL_CPUS, ALL_NODES, ALL_LOCAL, NO_LOCAL, EXCLUDE and NO_OVER (only idle
processors). BEOWULF_JOB_MAP is a map that goes before everything but --map.
`;

/** Scyld's commands take `-np` as well, which letters of options would be elsewhere. */
export function withoutShortNp(args: readonly string[]): readonly string[] {
  return args.map((arg) => (arg === '-np' ? '--np' : arg));
}

/** What is wanted. @throws UsageError. */
export function wishesOf(given: Arguments): MapWishes {
  const flag = (...names: readonly string[]): true | undefined =>
    names.some((name) => given.has(name)) ? true : undefined;
  const np = given.value('np');
  const wishes = {
    np: np === undefined ? undefined : wholeNumber('--np', np, 1, MOST_PROCESSES),
    allCpus: flag('all-cpus', 'allcpus'),
    allNodes: flag('all-nodes', 'allnodes'),
    allLocal: flag('all-local', 'alllocal'),
    noLocal: flag('no-local', 'nolocal'),
    exclude: given.value('exclude'),
    map: given.options.findLast(({ name }) => name === 'map' || name === 'beowulf-job-map')?.value,
  };
  // an option that was not given leaves it to the environment
  return Object.fromEntries(Object.entries(wishes).filter(([, value]) => value !== undefined));
}
