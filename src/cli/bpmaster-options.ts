/** What a command line of `bpmaster` asks for. */
import { BprocError, defaultMaster, parseNodeSet } from '../index.ts';
import type { OptionSpec } from './arguments.ts';
import { byteSize, readArguments, UsageError, wholeNumber } from './arguments.ts';
import type { Program } from './program.ts';
import { COMMON_OPTIONS } from './program.ts';

/** What `bpmaster` says about itself. */
export const BPMASTER: Program = {
  name: 'bpmaster',
  usage: ['[options]'],
  help: `Runs the master of a cluster, and node -1, which is this machine. Says how many nodes are up and what to
set BPROC_MASTER to once it is ready.

  --listen ADDRESS      listen at unix:/path, tcp://127.0.0.1:port, or for other machines tls://host:port,
                        which needs --state; may be repeated. By default where commands look for a master:
                        BPROC_MASTER, else unix: in $XDG_RUNTIME_DIR/bproc or /run/bproc; beside addresses
                        of TLS alone, there too
  --local N             serve nodes 0 to N-1 too, each by a bpslave of its own, which is started again
                        when it dies
  --nodes SET|N         nodes that exist from the start, down until their slave comes: a node set such
                        as 0-3,7, or how many
  --state DIR           keep here what must survive; nothing does by default
  --cache-bytes SIZE    keep so much of the programs that are sent, here and on each local node, such as 500M or 4G;
                        1G by default
  --ghosts              show what runs on nodes in ps and top of this machine, and take signals to it there
  --domain D            the domain of nodes and users to serve
  --users own|all       who may connect to its unix sockets: you and root (own, the default), or every user of this
                        machine, each as the kernel knows him; put the socket where all can go, such as /run/bproc
  -v                    say on stderr what happens to nodes; -v -v: to processes too
  -h, --help            this text
  -V, --version

SIGTERM, SIGINT and SIGHUP end what runs, then the nodes, then bpmaster; a second one ends it at once.
`,
};

const OPTIONS: readonly OptionSpec[] = [
  ...COMMON_OPTIONS,
  { name: 'v' },
  { name: 'listen', value: 'ADDRESS' },
  { name: 'local', value: 'N' },
  { name: 'nodes', value: 'SET|N' },
  { name: 'state', value: 'DIR' },
  { name: 'cache-bytes', value: 'SIZE' },
  { name: 'ghosts' },
  { name: 'domain', value: 'D' },
  { name: 'users', value: 'own|all' },
];

/** Most slaves that are started on one machine: each is a process of some 60 MB. */
const MOST_LOCAL = 1024;
const MOST_NODES = 65_536;

/** A master that is asked for. */
export interface BpmasterRun {
  readonly listen: readonly string[];
  readonly local: number;
  /** Nodes that exist from the start, the local ones included. */
  readonly nodes: readonly number[];
  readonly stateDir: string | undefined;
  readonly cacheBytes: number | undefined;
  readonly ghosts: boolean;
  readonly domain: string;
  readonly users: 'own' | 'all';
  /** How much is said on stderr: 0 to 2. */
  readonly verbosity: number;
}

/**
 * Reads the command line of `bpmaster`.
 *
 * @throws UsageError where it cannot be.
 */
export function readRequest(args: readonly string[]): 'help' | 'version' | BpmasterRun {
  const given = readArguments(args, OPTIONS);
  if (given.has('help')) return 'help';
  if (given.has('version')) return 'version';
  const [operand] = given.operands;
  if (operand !== undefined) throw new UsageError(`${JSON.stringify(operand)} is no option, and nothing else is taken`);
  const listen = given.values('listen');
  const cacheBytes = given.value('cache-bytes');
  const local = wholeNumber('--local', given.value('local') ?? '0', 0, MOST_LOCAL);
  const localNodes = Array.from({ length: local }, (_, node) => node);
  return {
    listen: addressesOf(listen.length > 0 ? listen : [defaultMaster()]),
    local,
    nodes: [...new Set([...localNodes, ...readNodes(given.value('nodes') ?? '0')])].sort((a, b) => a - b),
    stateDir: given.value('state'),
    cacheBytes: cacheBytes === undefined ? undefined : byteSize('--cache-bytes', cacheBytes),
    ghosts: given.has('ghosts'),
    domain: given.value('domain') ?? '',
    users: usersOf(given.value('users') ?? 'own'),
    verbosity: given.options.filter((option) => option.name === 'v').length,
  };
}

function usersOf(text: string): 'own' | 'all' {
  if (text === 'own' || text === 'all') return text;
  throw new UsageError(`--users is ${text}: give own or all`);
}

/** Commands on this machine, and its own slaves, come by a socket: only so can they make the first token. */
function addressesOf(listen: readonly string[]): readonly string[] {
  if (!listen.every((address) => address.startsWith('tls:'))) return listen;
  const usual = defaultMaster();
  return [usual.startsWith('tls:') ? defaultMaster({ ...process.env, BPROC_MASTER: '' }) : usual, ...listen];
}

/** Numbers of nodes that need not exist: a count, or a set without words. */
export function readNodes(text: string): readonly number[] {
  if (/^[0-9]+$/.test(text)) {
    return Array.from({ length: wholeNumber('--nodes', text, 0, MOST_NODES) }, (_, node) => node);
  }
  const numbers: number[] = [];
  for (const item of parse(text)) {
    const [first, last] = item.kind === 'range' ? [item.first, item.last] : [item.kind === 'node' ? item.node : -1, -1];
    if (first < 0 || last === undefined) {
      throw new UsageError(
        `--nodes is ${JSON.stringify(text)}: give numbers and whole ranges such as 0-3,7, or a count`,
      );
    }
    if (Math.max(first, last) >= MOST_NODES) throw new UsageError(`--nodes: the highest node is ${MOST_NODES - 1}`);
    for (let node = first; node <= Math.max(first, last); node += 1) numbers.push(node);
  }
  return numbers;
}

function parse(text: string): ReturnType<typeof parseNodeSet> {
  try {
    return parseNodeSet(text);
  } catch (error) {
    throw new UsageError(`--nodes: ${BprocError.from(error).message}`);
  }
}
