/** What a command line of `bpckpt` asks for. */
import { readArguments, UsageError, wholeNumber } from './arguments.ts';
import type { Program } from './program.ts';
import { COMMON_OPTIONS } from './program.ts';

/** What `bpckpt` says about itself. */
export const BPCKPT: Program = {
  name: 'bpckpt',
  usage: [
    '[--stop] [--timeout SECONDS] PID DIRECTORY',
    '[--stop] [--timeout SECONDS] --archive PID FILE',
    '--restart [--detach] [--timeout SECONDS] SOURCE NODE',
  ],
  help: `Writes down a running process, which goes on, in a new directory of this machine, or as an archive (tar) in a
new file; FILE may be - for stdout. What is written is on the disk when bpckpt ends. It is for its owner alone:
whoever can read it can read all that the process had in memory.

With --restart a process is made of that on a node: SOURCE is such a directory or archive, or - for an archive
from stdin. Its input and output are those of bpckpt, which ends as it does.

  --archive            one archive in place of a directory
  --stop               the process ends once it is written down, without having run since; where that fails it runs on
  --restart            make a process of what was written down, as often as wanted
  --detach             with --restart: tell its pid and leave it to itself, without input and output
  --timeout SECONDS    wait no longer
  -h, --help           this text
  -V, --version

The nodes need what the process had open, under the same names. Their slaves need CRIU, which BPROC_CRIU may
name: bproc-get-criu gets one.
`,
};

/** A process is to be written down. */
export interface TakeRun {
  readonly kind: 'take';
  readonly pid: number;
  /** `-` is stdout. */
  readonly target: string;
  readonly isArchive: boolean;
  readonly stop: boolean;
  readonly timeoutMs: number;
}

/** A process is to be made of what was written down. */
export interface RestartRun {
  readonly kind: 'restart';
  /** `-` is stdin. */
  readonly source: string;
  readonly node: number;
  readonly detached: boolean;
  readonly timeoutMs: number;
}

/** The options that only one of the two has. */
const OF_TAKE = ['archive', 'stop'];
const OF_RESTART = ['detach'];
const MOST = 2 ** 31 - 1;

/**
 * Reads the command line of `bpckpt`.
 *
 * @throws UsageError where it cannot be.
 */
export function readRequest(args: readonly string[]): 'help' | 'version' | TakeRun | RestartRun {
  const options = ['archive', 'stop', 'restart', 'detach'].map((name) => ({ name }));
  const given = readArguments(args, [...COMMON_OPTIONS, ...options, { name: 'timeout', value: 'SECONDS' }]);
  if (given.has('help')) return 'help';
  if (given.has('version')) return 'version';
  const isRestart = given.has('restart');
  const other = (isRestart ? OF_TAKE : OF_RESTART).find((name) => given.has(name));
  if (other !== undefined) throw new UsageError(`--${other} goes ${isRestart ? 'not' : 'only'} with --restart`);
  const timeoutMs = millisecondsOf(given.value('timeout'));
  const [first, second, ...more] = given.operands;
  if (first === undefined || second === undefined || more.length > 0) {
    throw new UsageError(isRestart ? 'give what was written down, and a node' : 'give a pid, and where it is written');
  }
  if (isRestart) {
    const node = wholeNumber('NODE', second, 0, MOST);
    return { kind: 'restart', source: first, node, detached: given.has('detach'), timeoutMs };
  }
  const isArchive = given.has('archive');
  if (second === '-' && !isArchive) throw new UsageError('stdout takes an archive only: --archive');
  const pid = wholeNumber('PID', first, 1, MOST);
  return { kind: 'take', pid, target: second, isArchive, stop: given.has('stop'), timeoutMs };
}

function millisecondsOf(text: string | undefined): number {
  if (text === undefined) return Number.POSITIVE_INFINITY;
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000;
  throw new UsageError(`${JSON.stringify(text)} is no number of seconds`);
}
