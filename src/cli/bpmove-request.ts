/** What a command line of `bpmove` asks for. */
import { isIPv4 } from 'node:net';
import type { ProcessMoveOptions } from '../index.ts';
import { readArguments, UsageError } from './arguments.ts';
import type { Program } from './program.ts';
import { COMMON_OPTIONS } from './program.ts';

/** What `bpmove` says about itself. */
export const BPMOVE: Program = {
  name: 'bpmove',
  usage: [
    '[--close-connections] [--post-copy] [--limit RATE] [--timeout SECONDS] NODE PID...',
    '--address ADDRESS [--limit RATE] [--timeout SECONDS] NODE PID',
  ],
  help: `Lets processes that were started on nodes go on on another one, each with all that came of it. They keep
their pids, and their input and output stay connected. What cannot be moved runs on where it is.

  --close-connections  move also what has TCP connections, which are closed
  --address ADDRESS    move this address of its node along, and its TCP connections with it: it has to be the process's
                       own, with the prefix /32, and only the administrator may
  --post-copy          let them run there before their memory is over: until it is, both nodes are needed, or they
                       are lost
  --limit RATE         send at most so many bytes a second, such as 50M (K, M and G are powers of 1024)
  --timeout SECONDS    call each of them off that takes longer
  -h, --help           this text
  -V, --version

On a terminal a line on stderr says how far it is. SIGINT calls off what is on its way, which stays where it is.
Both nodes' slaves need CRIU, which BPROC_CRIU may name: bproc-get-criu gets one.
`,
};

const UNITS = ['', 'K', 'M', 'G'];
/** In bytes a second. */
const LEAST_RATE = 64 * 1024;

/** Processes, and where they are to go. */
export interface BpmoveRun {
  readonly node: number;
  readonly pids: readonly number[];
  readonly options: ProcessMoveOptions;
}

/**
 * Reads the command line of `bpmove`.
 *
 * @throws UsageError where it cannot be.
 */
export function readRequest(args: readonly string[]): 'help' | 'version' | BpmoveRun {
  const given = readArguments(args, [
    ...COMMON_OPTIONS,
    { name: 'close-connections' },
    { name: 'post-copy' },
    { name: 'address', value: 'ADDRESS' },
    { name: 'limit', value: 'RATE' },
    { name: 'timeout', value: 'SECONDS' },
  ]);
  if (given.has('help')) return 'help';
  if (given.has('version')) return 'version';
  const [node, ...pids] = given.operands.map((text) => numberOf(text));
  if (node === undefined || pids.length === 0) throw new UsageError('give a node, and the pids of what is to go there');
  const address = given.value('address');
  if (address !== undefined && (pids.length > 1 || given.has('close-connections') || !isIPv4(address))) {
    throw new UsageError(
      '--address takes an IPv4 address, which goes along with one process, and closes no connections',
    );
  }
  const seconds = given.value('timeout');
  const rate = given.value('limit');
  return {
    node,
    pids,
    options: {
      connections: given.has('close-connections') ? 'close' : 'refuse',
      ...(address === undefined ? {} : { address }),
      ...(rate === undefined ? {} : { bytesPerSecond: rateOf(rate) }),
      ...(given.has('post-copy') ? { mode: 'post-copy' as const } : {}),
      ...(seconds === undefined ? {} : { timeoutMs: secondsOf(seconds) * 1000 }),
    },
  };
}

function numberOf(text: string): number {
  if (/^\d{1,10}$/.test(text)) return Number(text);
  throw new UsageError(`${JSON.stringify(text)} is no number of a node or process`);
}

function secondsOf(text: string): number {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text);
  throw new UsageError(`${JSON.stringify(text)} is no number of seconds`);
}

function rateOf(text: string): number {
  const [, number = '', unit = ''] = /^(\d{1,12}(?:\.\d+)?)([KMG]?)$/i.exec(text) ?? [];
  const rate = Math.floor(Number(number) * 1024 ** UNITS.indexOf(unit.toUpperCase()));
  if (number !== '' && rate >= LEAST_RATE && rate <= Number.MAX_SAFE_INTEGER) return rate;
  throw new UsageError(`${JSON.stringify(text)} is no rate of 64K or more`);
}
