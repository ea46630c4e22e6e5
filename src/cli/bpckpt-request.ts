/** What a command line of `bpckpt` asks for. */
import { type Arguments, readArguments, UsageError, wholeNumber } from './arguments.ts';
import type { Program } from './program.ts';
import { COMMON_OPTIONS } from './program.ts';

/** What `bpckpt` says about itself. */
export const BPCKPT: Program = {
  name: 'bpckpt',
  usage: [
    '[--stop] [--timeout SECONDS] PID DIRECTORY',
    '[--stop] [--timeout SECONDS] --archive PID FILE',
    '[--stop] [--copies NODES] [--timeout SECONDS] --store PID',
    '--restart [--store] [--detach] [--timeout SECONDS] SOURCE NODE',
    '--list',
    '--remove CHECKPOINT...',
  ],
  help: `Writes down a running process, which goes on, in a new directory of this machine, or as an archive (tar) in a
new file; FILE may be - for stdout. What is written is on the disk when bpckpt ends. It is for its owner alone:
whoever can read it can read all that the process had in memory.

With --store nodes keep it: that where the process is, and those of --copies. bpckpt tells what the checkpoint is
called, by which any node has it from those; of what a node keeps already only what has changed is written.

With --restart a process is made of that on a node: SOURCE is such a directory or archive, or - for an archive
from stdin. Its input and output are those of bpckpt, which ends as it does.

  --archive            one archive in place of a directory
  --store              nodes keep it, or have kept SOURCE
  --copies NODES       with --store: nodes that keep it as well, such as 1,3
  --list               what nodes keep: what it is called, when it was taken, of which command and pid, how large it is, and where it is
  --remove             nodes keep these no more
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
  /** Whether it is what a checkpoint that nodes keep is called. */
  readonly isStored: boolean;
  readonly node: number;
  readonly detached: boolean;
  readonly timeoutMs: number;
}

/** Nodes are to keep a process. */
export interface StoreRun {
  readonly kind: 'store';
  readonly pid: number;
  readonly copies: readonly number[];
  readonly stop: boolean;
  readonly timeoutMs: number;
}

/** What nodes keep is to be told, or some of it to be kept no more. */
export type KeptRun = { readonly kind: 'list' } | { readonly kind: 'remove'; readonly checkpoints: readonly string[] };

/** The options that only one of the two has. */
const OF_TAKE = ['archive', 'stop', 'copies'];
const OF_RESTART = ['detach'];
const MOST = 2 ** 31 - 1;

/**
 * Reads the command line of `bpckpt`.
 *
 * @throws UsageError where it cannot be.
 */
export function readRequest(args: readonly string[]): 'help' | 'version' | TakeRun | StoreRun | RestartRun | KeptRun {
  const options = ['archive', 'stop', 'restart', 'detach', 'store', 'list', 'remove'].map((name) => ({ name }));
  const valued = [
    { name: 'timeout', value: 'SECONDS' },
    { name: 'copies', value: 'NODES' },
  ];
  const given = readArguments(args, [...COMMON_OPTIONS, ...options, ...valued]);
  if (given.has('help')) return 'help';
  if (given.has('version')) return 'version';
  if (given.has('list') || given.has('remove')) return keptRun(given);
  const isRestart = given.has('restart');
  const other = (isRestart ? OF_TAKE : OF_RESTART).find((name) => given.has(name));
  if (other !== undefined) throw new UsageError(`--${other} goes ${isRestart ? 'not' : 'only'} with --restart`);
  const timeoutMs = millisecondsOf(given.value('timeout'));
  const isStored = given.has('store');
  if (given.has('copies') && !isStored) throw new UsageError('--copies goes only with --store');
  const [first, second, ...more] = given.operands;
  if (isStored && !isRestart) return storeRun(given, timeoutMs);
  if (first === undefined || second === undefined || more.length > 0) {
    throw new UsageError(isRestart ? 'give what was written down, and a node' : 'give a pid, and where it is written');
  }
  if (isRestart) {
    const node = wholeNumber('NODE', second, 0, MOST);
    return { kind: 'restart', source: first, isStored, node, detached: given.has('detach'), timeoutMs };
  }
  const isArchive = given.has('archive');
  if (second === '-' && !isArchive) throw new UsageError('stdout takes an archive only: --archive');
  const pid = wholeNumber('PID', first, 1, MOST);
  return { kind: 'take', pid, target: second, isArchive, stop: given.has('stop'), timeoutMs };
}

function storeRun(given: Arguments, timeoutMs: number): StoreRun {
  const [pid, ...more] = given.operands;
  if (given.has('archive')) throw new UsageError('--archive goes not with --store');
  if (pid === undefined || more.length > 0) throw new UsageError('give a pid: with --store it is written nowhere else');
  const copies = (given.value('copies') ?? '').split(',').filter((text) => text !== '');
  return {
    kind: 'store',
    pid: wholeNumber('PID', pid, 1, MOST),
    copies: copies.map((text) => wholeNumber('NODES', text, 0, MOST)),
    stop: given.has('stop'),
    timeoutMs,
  };
}

function keptRun(given: Arguments): KeptRun {
  if (given.options.length > 1) throw new UsageError(`${given.options[0]?.written} goes alone`);
  if (given.has('list') && given.operands.length > 0) throw new UsageError('--list takes nothing');
  if (given.has('list')) return { kind: 'list' };
  if (given.operands.length === 0) throw new UsageError('which checkpoints?');
  return { kind: 'remove', checkpoints: given.operands };
}

function millisecondsOf(text: string | undefined): number {
  if (text === undefined) return Number.POSITIVE_INFINITY;
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000;
  throw new UsageError(`${JSON.stringify(text)} is no number of seconds`);
}
