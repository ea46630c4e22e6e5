/** What a command line of `bpslave` asks for. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { SlaveOptions } from '../index.ts';
import { BprocError, defaultMaster } from '../index.ts';
import type { Arguments, OptionSpec } from './arguments.ts';
import { byteSize, readArguments, UsageError, wholeNumber } from './arguments.ts';
import type { Program } from './program.ts';
import { COMMON_OPTIONS } from './program.ts';
import { readTokenFile } from './token-file.ts';

/** What `bpslave` says about itself. */
export const BPSLAVE: Program = {
  name: 'bpslave',
  usage: ['[options] [MASTER_ADDRESS...]'],
  help: `Serves a node: runs what the master starts on it. Says "bpslave: node N up" once a master has it.
MASTER_ADDRESS is unix:/path, tcp://127.0.0.1:port or tls://host:port; several are tried in order. By
default it is BPROC_MASTER, else unix: in $XDG_RUNTIME_DIR/bproc or /run/bproc.

  --master ADDRESS      the same as MASTER_ADDRESS; may be repeated
  --token TOKEN         join the cluster at tls://host:port by this token of "bpctl token"; needed once, since
                        the certificate it gets is kept in the directory of --state. Without one the slave asks
                        to be let in, and says what an administrator has to do
  --token-file FILE     the same, in a file: what is on a command line is for everybody to see
  --ca HASH             without a token, trust the CA whose key has this SHA-256, and not whichever is there
  --node N              serve this node; by default the master chooses
  --state DIR           keep here what must survive: started again on it, what was left running is taken up where it is
  --keep-ms MS|keep|kill
                        how long that runs on without bpslave: milliseconds, for ever (keep, the default), or
                        not at all (kill)
  --spawner ENGINE      create processes by the holder, a native program that keeps them (the default where it was
                        built), or by child_process, which keeps nothing: then what was left running is ended
  --pid-namespace auto|root|user|none
                        where the holder's processes get their pids: in a namespace of the node's own, where their
                        pid is the cluster's, or in the machine's (none); auto, the default, is root where bpslave
                        runs as root, else none; in user, one user's own, programs such as sudo do not work
  --cgroups auto|none   give each process a cgroup of its own, by which a kill reaches all that came of it (auto, the
                        default: where that may be)
  --no-new-privileges yes|no
                        keep processes from gaining rights, as by setuid programs, and from all capabilities; by default
                        those of other users than bpslave's own
  --no-io-uring         io_uring does not exist for processes
  --root DIR            DIR, which may be empty, is the node's whole file system: what is sent to it brings all it needs;
                        it takes root, or a user's own namespace (--pid-namespace user)
  --cache-bytes SIZE    keep so much of the programs that are sent, such as 500M or 4G; 1G by default
  --users FIRST-LAST    run processes of users with these numbers alone, such as 1000-59999; it takes root, or the
                        capabilities SETUID, SETGID and KILL, to run those of other users than its own
  --peers tls://HOST:PORT
                        listen there for other slaves, which have images from this one; by default on any port of the
                        address by which it reaches its master by TLS, or by a socket of its own on its master's machine
  --no-peers            have images from the master alone, and give them to nobody
  --domain D            the domain of nodes and users to serve
  --attribute K=V       show this attribute of the node; may be repeated
  --power-command CMD   run this with the argument reboot, halt or poweroff when that is ordered
  --master-lost-ms MS|keep|kill
                        how long processes run on without a master: milliseconds, for ever (keep, the
                        default), or not at all (kill)
  --lifeline            end when stdin does, with the program that holds its other end; then what is kept for ever
                        is left to the next bpslave, unless a line on stdin said before to end it
  -v                    say on stderr what happens to the connection
  -h, --help            this text
  -V, --version

SIGTERM, SIGINT and SIGHUP end what runs here, then bpslave; a second one ends bpslave at once. SIGQUIT leaves
what runs to the next bpslave on the same directory, as for an upgrade.
`,
};

const OPTIONS: readonly OptionSpec[] = [
  ...COMMON_OPTIONS,
  { name: 'v' },
  { name: 'master', value: 'ADDRESS' },
  { name: 'token', value: 'TOKEN' },
  { name: 'token-file', value: 'FILE' },
  { name: 'ca', value: 'HASH' },
  { name: 'node', value: 'N' },
  { name: 'state', value: 'DIR' },
  { name: 'keep-ms', value: 'MS|keep|kill' },
  { name: 'spawner', value: 'ENGINE' },
  { name: 'pid-namespace', value: 'KIND' },
  { name: 'cgroups', value: 'KIND' },
  { name: 'no-new-privileges', value: 'yes|no' },
  { name: 'no-io-uring' },
  { name: 'root', value: 'DIR' },
  { name: 'cache-bytes', value: 'SIZE' },
  { name: 'users', value: 'FIRST-LAST' },
  { name: 'peers', value: 'ADDRESS' },
  { name: 'no-peers' },
  { name: 'domain', value: 'D' },
  { name: 'attribute', value: 'K=V' },
  { name: 'power-command', value: 'CMD' },
  { name: 'master-lost-ms', value: 'MS|keep|kill' },
  { name: 'lifeline' },
];

const HIGHEST_NODE = 2 ** 31 - 1;
const HIGHEST_UID = 2 ** 32 - 2;

/** A slave that is asked for. */
export interface BpslaveRun {
  readonly slave: SlaveOptions & { readonly master: readonly string[] };
  readonly lifeline: boolean;
  readonly verbose: boolean;
}

/**
 * Reads the command line of `bpslave`.
 *
 * @throws UsageError where it cannot be.
 */
export function readRequest(args: readonly string[]): 'help' | 'version' | BpslaveRun {
  const given = readArguments(args, OPTIONS);
  if (given.has('help')) return 'help';
  if (given.has('version')) return 'version';
  return { slave: slaveOf(given), lifeline: given.has('lifeline'), verbose: given.has('v') };
}

function slaveOf(given: Arguments): BpslaveRun['slave'] {
  const node = given.value('node');
  const stateDir = given.value('state');
  const domain = given.value('domain');
  const root = given.value('root');
  const cacheBytes = given.value('cache-bytes');
  const command = given.value('power-command');
  const users = given.value('users');
  const peers = given.has('no-peers') ? false : given.value('peers');
  const masters = [...given.values('master'), ...given.operands];
  const token = readTokenFile(given) ?? given.value('token');
  const authority = given.value('ca');
  return {
    master: masters.length > 0 ? masters : [defaultMaster()],
    ...(token === undefined ? {} : { token }),
    ...(authority === undefined ? {} : { authority }),
    attributes: Object.fromEntries(given.values('attribute').map(attributeOf)),
    masterLostMs: durationOf('master-lost-ms', given.value('master-lost-ms') ?? 'keep'),
    keepMs: durationOf('keep-ms', given.value('keep-ms') ?? 'keep'),
    ...engineOf(given),
    ...confinementOf(given),
    ...(node === undefined ? {} : { node: wholeNumber('--node', node, 0, HIGHEST_NODE) }),
    ...(stateDir === undefined ? {} : { stateDir }),
    ...(domain === undefined ? {} : { domain }),
    ...(root === undefined ? {} : { root }),
    ...(peers === undefined ? {} : { peers }),
    ...(cacheBytes === undefined ? {} : { imageCacheBytes: byteSize('--cache-bytes', cacheBytes) }),
    ...(users === undefined ? {} : { users: usersOf(users) }),
    ...(command === undefined ? {} : { power: (order) => runPowerCommand(command, order) }),
  };
}

function attributeOf(text: string): readonly [name: string, value: string] {
  const equals = text.indexOf('=');
  if (equals < 1) throw new UsageError(`--attribute is ${JSON.stringify(text)}: give NAME=VALUE`);
  return [text.slice(0, equals), text.slice(equals + 1)];
}

function usersOf(text: string): readonly [first: number, last: number] {
  const [, first = '', last = first] = /^(\d+)(?:-(\d+))?$/.exec(text) ?? [];
  if (first === '' || Number(last) < Number(first)) {
    throw new UsageError(`--users is ${text}: give numbers such as 1000-59999`);
  }
  return [wholeNumber('--users', first, 0, HIGHEST_UID), wholeNumber('--users', last, 0, HIGHEST_UID)];
}

const ENGINES = ['holder', 'child_process'] as const;
const PID_NAMESPACES = ['auto', 'root', 'user', 'none'] as const;

function confinementOf(given: Arguments): Pick<SlaveOptions, 'noNewPrivileges' | 'noIoUring'> {
  const answer = given.value('no-new-privileges');
  return {
    ...(answer === undefined ? {} : { noNewPrivileges: oneOf('no-new-privileges', answer, ['yes', 'no']) === 'yes' }),
    ...(given.has('no-io-uring') ? { noIoUring: true } : {}),
  };
}

function engineOf(given: Arguments): Pick<SlaveOptions, 'spawner' | 'pidNamespace' | 'cgroups'> {
  const spawner = given.value('spawner');
  const pidNamespace = given.value('pid-namespace');
  const cgroups = given.value('cgroups');
  return {
    ...(spawner === undefined ? {} : { spawner: oneOf('spawner', spawner, ENGINES) }),
    ...(pidNamespace === undefined ? {} : { pidNamespace: oneOf('pid-namespace', pidNamespace, PID_NAMESPACES) }),
    ...(cgroups === undefined ? {} : { cgroups: oneOf('cgroups', cgroups, ['auto', 'none']) }),
  };
}

function oneOf<T extends string>(option: string, text: string, choices: readonly T[]): T {
  const chosen = choices.find((choice) => choice === text);
  if (chosen === undefined) throw new UsageError(`--${option} is ${text}: give one of ${choices.join(', ')}`);
  return chosen;
}

function durationOf(option: string, text: string): number {
  if (text === 'keep') return Number.POSITIVE_INFINITY;
  if (text === 'kill') return 0;
  return wholeNumber(`--${option}`, text, 0, Number.MAX_SAFE_INTEGER);
}

async function runPowerCommand(command: string, order: string): Promise<void> {
  try {
    await promisify(execFile)(command, [order]);
  } catch (cause) {
    const error = BprocError.from(cause);
    throw new BprocError(error.code, `the power command ${command} ${order} failed: ${error.message}`, { cause });
  }
}
