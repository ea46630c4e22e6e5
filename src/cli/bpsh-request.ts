/** What a command line of `bpsh` asks for. */
import type { StartOptions, StdioOption } from '../index.ts';
import type { Arguments, GivenOption, OptionSpec } from './arguments.ts';
import { readArguments, UsageError, wholeNumber } from './arguments.ts';
import type { Program } from './program.ts';
import { COMMON_OPTIONS } from './program.ts';

/** What `bpsh` says about itself. */
export const BPSH: Program = {
  name: 'bpsh',
  usage: [
    '[options] NODES command [argument...]',
    '-a|-A [options] command [argument...]',
    '--pty [-t] NODE [command [argument...]]',
  ],
  help: `Runs a command on nodes. NODES is a node set such as 0-3,7, allup, notdown or master (also -1).
Options stand before or after NODES, never after the command.

  -a              on all nodes that are up
  -A              on all nodes that are not down
  -n              stdin is /dev/null; without it, stdin is read once and goes to every process
  -N              no input and no output at all: everything is /dev/null
  -I FILE, -O FILE, -E FILE
  --stdin FILE, --stdout FILE, --stderr FILE
                  stdin, stdout, stderr is a file on the node
  -L              write whole lines, of either output
  -p              begin each line with the number of its node; implies -L
  -b BYTES        longest line of -L and -p, 4096 by default; a longer one is cut into several
  -s              write the output of one node after the other, in the order of NODES
  -d              as -s, with a divider before each node
  --pty           at a terminal of the node, to which this one is connected: for editors, shells and the
                  like, on one node. Without a command: a login shell, that of $SHELL or else /bin/sh
  -t, --time      write at the end how many seconds it took
  -l NAME         ignored, as rsh has it
  -h, --help      this text
  -v, -V, --version

The exit code is the highest of the processes', 255 where one was killed, lost or timed out. A node on
which the command does not start is told of on stderr and does not count, unless it starts on none: 1.
An empty NODES such as "up" where no node is up runs nothing: 0.
^C and SIGTERM and SIGHUP go to every process; the second one ends bpsh, and with it what it runs.

With --pty every key goes to the node, ^C too, and the size of the terminal with it. Where stdin is no terminal
what it holds is typed there, and then the end-of-file character. At the beginning of a line "~." leaves, whatever
the node does (exit code 255), "~^Z" stops bpsh, "~~" is a ~, and "~?" says so. SIGTERM and SIGHUP end bpsh.
`,
};

const OPTIONS: readonly OptionSpec[] = [
  ...COMMON_OPTIONS,
  { name: 'v' },
  { name: 'a' },
  { name: 'A' },
  { name: '1' },
  { name: 'n' },
  { name: 'N' },
  { name: 'L' },
  { name: 'p' },
  { name: 's' },
  { name: 'd' },
  { name: 'b', value: 'BYTES' },
  { name: 'stdin', letter: 'I', value: 'FILE' },
  { name: 'stdout', letter: 'O', value: 'FILE' },
  { name: 'stderr', letter: 'E', value: 'FILE' },
  { name: 'pty' },
  { name: 'time', letter: 't' },
  { name: 'l', value: 'NAME' },
];

const DEFAULT_LINE_BYTES = 4096;
const LONGEST_LINE_BYTES = 16 * 1024 * 1024;

/** How the output is written. */
export interface OutputStyle {
  /** Longest line in bytes; undefined: as the bytes come. */
  readonly lineBytes: number | undefined;
  readonly prefixed: boolean;
  readonly sequential: boolean;
  readonly divided: boolean;
}

/** A run that is asked for. */
export interface BpshRun {
  readonly nodes: string;
  /** Undefined: a shell, at a terminal only. */
  readonly file: string | undefined;
  readonly argv: readonly string[];
  readonly stdio: Required<Pick<StartOptions, 'stdin' | 'stdout' | 'stderr'>>;
  readonly style: OutputStyle;
  readonly timed: boolean;
  /** Whether it runs at a terminal. */
  readonly terminal: boolean;
}

/**
 * Reads the command line of `bpsh`.
 *
 * @throws UsageError where it cannot be.
 */
export function readRequest(args: readonly string[]): 'help' | 'version' | BpshRun {
  const given = readArguments(
    args,
    OPTIONS,
    (operands, options) => operands + options.filter((option) => WHERE.has(option.name)).length >= 1,
  );
  if (given.has('help')) return 'help';
  if (given.has('version') || given.has('v')) return 'version';
  const nodes = nodesOf(given);
  const [file, ...argv] = given.command;
  const terminal = given.has('pty');
  if (file === undefined && !terminal) throw new UsageError('no command is given');
  const other = given.options.find(({ name }) => NOT_AT_TERMINALS.has(name));
  if (terminal && other !== undefined) throw new UsageError(`${other.written} does not go with --pty`);
  return { nodes, file, argv, stdio: stdioOf(given), style: styleOf(given), timed: given.has('time'), terminal };
}

/** Options about streams, where there is a terminal instead, and about several nodes. */
const NOT_AT_TERMINALS = new Set(['a', 'A', 'n', 'N', 'L', 'p', 's', 'd', 'b', 'stdin', 'stdout', 'stderr']);

/** Options that say where, as an operand does. */
const WHERE = new Map([
  ['a', 'allup'],
  ['A', 'allnotdown'],
  ['1', 'master'],
]);

function nodesOf({ options, operands }: Arguments): string {
  const said = [...operands, ...options.flatMap((option: GivenOption) => WHERE.get(option.name) ?? [])];
  const [nodes, another] = said;
  if (nodes === undefined) throw new UsageError('no nodes are given');
  if (another !== undefined) throw new UsageError('nodes are given twice: give NODES, -a or -A');
  return nodes;
}

function stdioOf(given: Arguments): BpshRun['stdio'] {
  const file = (name: string): StdioOption | undefined => {
    const path = given.value(name);
    return path === undefined ? undefined : { file: path };
  };
  const otherwise: StdioOption = given.has('N') ? 'ignore' : 'stream';
  return {
    stdin: file('stdin') ?? (given.has('n') ? 'ignore' : otherwise),
    stdout: file('stdout') ?? otherwise,
    stderr: file('stderr') ?? otherwise,
  };
}

function styleOf(given: Arguments): OutputStyle {
  const prefixed = given.has('p');
  const divided = given.has('d');
  const limit = given.value('b');
  const lineBytes = limit === undefined ? DEFAULT_LINE_BYTES : wholeNumber('-b', limit, 1, LONGEST_LINE_BYTES);
  return {
    lineBytes: prefixed || given.has('L') ? lineBytes : undefined,
    prefixed,
    divided,
    sequential: divided || given.has('s'),
  };
}
