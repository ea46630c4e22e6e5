/** What a command line of `bpcp` asks for. */
import type { OptionSpec } from './arguments.ts';
import { readArguments, UsageError } from './arguments.ts';
import type { Program } from './program.ts';
import { COMMON_OPTIONS } from './program.ts';

/** What `bpcp` says about itself. */
export const BPCP: Program = {
  name: 'bpcp',
  usage: ['[-p] [-r] [--resume] SOURCE... [NODES:]TARGET', '[-p] [-r] [--resume] NODE:SOURCE... [NODES:]TARGET'],
  help: `Copies files between this machine and nodes, and from node to node, with your rights on each.
NODES is a node set such as 0-3,7 or allup, NODE the number of one node. What has a / before its first ":" is of
this machine: write ./a:b for a file of that name. A TARGET that is a directory gets the copies under their names,
and with several sources it has to be one. Paths of nodes begin in this directory where the node has it, else in /.

  -p              keep times and modes, and owners where you are root there
  -r              copy directories, with all that is in them
  --resume        keep what has come of a large file where the copy is broken off, and go on from what was kept
  -h, --help      this text
  -v, -V, --version

A file has its name only when all of it is there. On a terminal a line on stderr says how far the copy is. What
cannot be copied is told on stderr and the rest goes on; the exit code is then 1.
`,
};

const OPTIONS: readonly OptionSpec[] = [
  ...COMMON_OPTIONS,
  { name: 'v' },
  { name: 'p' },
  { name: 'r' },
  { name: 'resume' },
];

/** Paths, and where they are: undefined on this machine. */
export interface Place {
  readonly nodes: string | undefined;
  readonly path: string;
}

/** A copy that is asked for. */
export interface BpcpRun {
  readonly sources: readonly Place[];
  readonly target: Place;
  readonly preserve: boolean;
  readonly recursive: boolean;
  readonly resume: boolean;
}

/**
 * Reads the command line of `bpcp`.
 *
 * @throws UsageError where it cannot be.
 */
export function readRequest(args: readonly string[]): 'help' | 'version' | BpcpRun {
  const given = readArguments(args, OPTIONS);
  if (given.has('help')) return 'help';
  if (given.has('version') || given.has('v')) return 'version';
  const places = given.operands.map(placeOf);
  const target = places.at(-1);
  if (target === undefined || places.length < 2) throw new UsageError('give what to copy, and where to');
  return {
    sources: places.slice(0, -1),
    target,
    preserve: given.has('p'),
    recursive: given.has('r'),
    resume: given.has('resume'),
  };
}

/** A path of a node begins with it, and a colon; `user@` before it is what rcp would have had. */
function placeOf(operand: string): Place {
  const colon = operand.indexOf(':');
  const slash = operand.indexOf('/');
  if (operand === '') throw new UsageError('a path is empty');
  if (colon < 1 || (slash !== -1 && slash < colon)) return { nodes: undefined, path: operand };
  const nodes = operand.slice(operand.lastIndexOf('@', colon) + 1, colon);
  if (nodes === '') throw new UsageError(`${operand} names no node before ":"`);
  return { nodes, path: operand.slice(colon + 1) || '.' };
}
