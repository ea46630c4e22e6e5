/** What a start can be told, checked at the edge and put into the wire's terms. */
import { constants } from 'node:fs';
import { basename } from 'node:path';
import { BprocError } from '../../errors.ts';
import type { Init, Start, Stdio } from '../../wire/index.ts';
import { encodeSpec, MAX_CONTROL_BYTES, StdioKind } from '../../wire/index.ts';
import type { CallOptions } from '../bound.ts';
import { ID_BYTES, idBytes } from '../ids.ts';
import type { EncodedImage } from '../image/index.ts';
import { type CallerEnvironment, type EncodedEnvironment, encodeEnvironment } from './caller-environment.ts';
import { checkInteger } from './calls.ts';
import { type ConnectTo, encodeConnect, isConnectTo } from './connect-options.ts';
import type { ImageWishes } from './images.ts';
import { type ForkProgress, rateOf } from './moving.ts';
import { checkDuration, checkNumber, checkText } from './option-checks.ts';
import type { LimitOptions } from './rights-options.ts';
import { encodeLimits, userText } from './rights-options.ts';
import type { TerminalOptions } from './terminal-options.ts';
import { terminalPlan } from './terminal-options.ts';

/** A file of the node as stdin, stdout or stderr. */
export interface NodeFile {
  /** Path on the node, absolute or relative to the process's working directory. */
  readonly file: string;
  /** For an output: write at the end of what is there. @default false: empty the file first */
  readonly append?: boolean;
  /** Permissions of a file that is made. @default 0o666, less the slave's umask */
  readonly mode?: number;
}

/**
 * Where a standard descriptor goes: `'stream'` to the caller, `'ignore'` to `/dev/null` on the
 * node, a {@link NodeFile}, a connection ({@link ConnectTo}), or a number: a descriptor of the calling program, copied to or from.
 */
export type StdioOption = 'stream' | 'ignore' | NodeFile | ConnectTo | number;

/** Which service has something for a process, and what that is told. */
export interface OutfitOption {
  readonly service: string;
  /** What it means is the service's. */
  readonly body: Uint8Array;
}

/** How a process is started. */
export interface StartOptions extends CallOptions {
  /** Name the program sees as its own. @default the file as given */
  readonly argv0?: string;
  /** Environment, added to the caller's; a value of undefined takes a name out. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Whether the caller's environment goes along. @default true */
  readonly inheritEnv?: boolean;
  /** Working directory on the node; it must exist. @default the caller's, or `/` where the node has no such directory */
  readonly cwd?: string;
  /** @default 'stream' */
  readonly stdin?: StdioOption;
  /** @default 'stream' */
  readonly stdout?: StdioOption;
  /** @default 'stream' */
  readonly stderr?: StdioOption;
  /**
   * Whether stdin, stdout and stderr are one pseudo terminal, which is the process's controlling terminal: `stdout`
   * carries all that is written to it, `stderr` nothing, and ending `stdin` types the terminal's end-of-file character.
   * With it `stderr` is not to be given, and `stdin` and `stdout` may be `'stream'` or a descriptor. ENOSYS where the
   * slave's engine has no terminals. @default false
   */
  readonly pty?: boolean | TerminalOptions;
  /**
   * Whom it runs as, by uid or by a name that the master's machine knows, with that user's groups there. Only root and
   * the user of the master may ask for another than themselves (EPERM). @default the caller
   */
  readonly user?: number | string;
  /** Its file mode creation mask, 0 to 0o777. @default the slave's */
  readonly umask?: number;
  /**
   * Its resource limits. A hard limit above the slave's own takes root (EPERM); ENOSYS where the slave's engine cannot
   * set any. @default the slave's
   */
  readonly rlimits?: LimitOptions;
  /** Whether the process outlives its client. @default false */
  readonly detached?: boolean;
  /** Longest life in milliseconds; then TERM, the grace time, KILL, and the end is `timedOut`. @default unlimited */
  readonly lifetimeMs?: number;
  /**
   * Longest time without output in milliseconds; then as for `lifetimeMs`. Time in which it is stopped, or
   * held up because nobody reads what it writes, does not count. @default unlimited
   */
  readonly silenceMs?: number;
  /** Between TERM and KILL wherever the library ends the process, in milliseconds. @default 5000 */
  readonly killGraceMs?: number;
  /** Milliseconds after which it is given up as `lost` when its node falls silent. @default the master's `lostAfterMs` */
  readonly lostAfterMs?: number;
  /** Bytes of each output that may be under way, 64 KiB to 16 MiB. @default 1 MiB */
  readonly windowBytes?: number;
  /**
   * Whether none of the processes of this call runs before each of them has all that it needs, or has failed: a node
   * that dies meanwhile has. It costs one more exchange with each node, and the slowest node is waited for.
   *
   * @default false
   */
  readonly gang?: boolean;
  /**
   * What a service of each node's slave gives the process there: variables, open descriptors. ENOSYS where the slave
   * has no such service.
   */
  readonly outfit?: OutfitOption;
  /** 16 bytes or 32 hexadecimal digits that make this start happen once, however often it is asked for. For one node only. */
  readonly puid?: Uint8Array | string;
}

/** How a program of the caller's is started on nodes. */
export interface MoveOptions extends StartOptions, ImageWishes {}

/** A start in the wire's terms. */
export interface Plan {
  /** Without its targets. */
  readonly start: Init<Start>;
  /** The environment, less what the slave adds. */
  readonly env: Readonly<Record<string, string>>;
  readonly window: number;
  readonly stdio: readonly [StdioOption, StdioOption, StdioOption];
  readonly puid: Uint8Array | undefined;
  /** Of copies. */
  readonly onProgress?: ((progress: ForkProgress) => void) | undefined;
}

const DEFAULT_WINDOW = 1024 * 1024;
/** Between TERM and KILL, where nobody says otherwise. */
export const DEFAULT_GRACE_MS = 5000;
/** What a message holds besides the specification. */
const MESSAGE_MARGIN = 64 * 1024;
/** What a file agent is called, in the process table and where a slave has none. */
const AGENT_NAME = 'bproc-files';
/** What a copy is called until it is known of what it is one. */
const COPY_NAME = 'copy';
/** Bytes of files that may be under way from a node. */
const AGENT_WINDOW = 4 * 1024 * 1024;

/**
 * Checks a start and encodes it.
 *
 * @throws BprocError EINVAL for what cannot be, with the option's name; E2BIG for arguments and
 *   environment of more than about 4 MiB.
 */
export function planStart(
  file: string,
  argv: readonly string[],
  options: StartOptions,
  caller: CallerEnvironment,
): Plan {
  checkText('the program', file);
  if (file === '') throw new BprocError('EINVAL', 'the program to start has no name');
  if (!Array.isArray(argv)) throw new BprocError('EINVAL', 'argv is not an array of strings');
  const all = [options.argv0 ?? file, ...argv];
  for (const argument of all) checkText('an argument', argument);
  const terminal = terminalPlan(options);
  const stderr = terminal === undefined ? 'stream' : 'ignore';
  const stdio = [options.stdin ?? 'stream', options.stdout ?? 'stream', options.stderr ?? stderr] as const;
  const window = checkNumber('windowBytes', options.windowBytes ?? DEFAULT_WINDOW, 64 * 1024, 16 * 1024 * 1024);
  if (options.cwd !== undefined) checkText('cwd', options.cwd);
  const { variables, bytes } = environment(options, terminal?.env ?? {}, caller);
  const rest = encodeSpec({
    file,
    argv: all,
    cwd: options.cwd ?? process.cwd(),
    cwdByName: options.cwd === undefined,
    stdin: encodeStdio('stdin', stdio[0], constants.O_RDONLY),
    stdout: encodeStdio('stdout', stdio[1], constants.O_WRONLY),
    stderr: encodeStdio('stderr', stdio[2], constants.O_WRONLY),
    lifetimeMs: checkDuration('lifetimeMs', options.lifetimeMs),
    silenceMs: checkDuration('silenceMs', options.silenceMs),
    killGraceMs: Math.round(checkNumber('killGraceMs', options.killGraceMs ?? DEFAULT_GRACE_MS, 0, 2 ** 31)),
    window,
    umask: options.umask === undefined ? undefined : checkInteger('umask', options.umask, 0, 0o777),
    limits: encodeLimits(options.rlimits ?? {}),
    terminal: terminal?.size,
  });
  // two encoded messages in a row are one that has all fields of both
  const spec = Buffer.concat([rest, bytes]);
  if (spec.length > MAX_CONTROL_BYTES - MESSAGE_MARGIN) {
    throw new BprocError('E2BIG', `arguments and environment of ${spec.length} bytes are too long for one start`);
  }
  return {
    start: {
      spec,
      command: basename(file),
      detached: options.detached ?? false,
      gang: options.gang ?? false,
      lostAfterMs: checkDuration('lostAfterMs', options.lostAfterMs),
      user: options.user === undefined ? '' : userText(options.user),
      ...(options.outfit && { outfit: { service: options.outfit.service, body: options.outfit.body } }),
    },
    env: variables,
    window,
    stdio,
    puid: options.puid === undefined ? undefined : checkPuid(options.puid),
  };
}

/** What a file agent has in place of its client's streams. */
export interface AgentEnds {
  /** It reads what is in this [PROTOCOL 11.5]. */
  readonly image?: EncodedImage;
  /** It reads `first`, and then what comes through a pipe from a node [PROTOCOL 11.6]. */
  readonly stdin?: { readonly pipe: Uint8Array; readonly node: number; readonly first: Uint8Array };
  /** It writes into a pipe. */
  readonly stdout?: { readonly pipe: Uint8Array };
}

/** A start of a file agent [PROTOCOL 11.1]. */
export function planAgent(
  options: Pick<StartOptions, 'user'>,
  caller: CallerEnvironment,
  { image, stdin, stdout }: AgentEnds,
): Plan {
  const stdio = {
    stdin: image === undefined && stdin === undefined ? 'stream' : 'ignore',
    stdout: stdout === undefined ? 'stream' : 'ignore',
  } as const;
  const given = { ...options, ...stdio, inheritEnv: false, windowBytes: AGENT_WINDOW };
  const plan = planStart(AGENT_NAME, [], given, caller);
  const ends = encodeSpec({
    fileAgent: true,
    ...(stdin && { stdin: { kind: StdioKind.PIPE, ...stdin } }),
    ...(stdout && { stdout: { kind: StdioKind.PIPE, ...stdout } }),
  });
  const spec = Buffer.concat([plan.start.spec ?? new Uint8Array(), ends]);
  const agent = { ...plan, start: { ...plan.start, spec } };
  return image === undefined ? agent : withImage(agent, image);
}

/** How a process is made of another one: what concerns the copy, and not the program. */
export type CopyStartOptions = Pick<
  StartOptions,
  | 'detached'
  | 'lifetimeMs'
  | 'silenceMs'
  | 'killGraceMs'
  | 'lostAfterMs'
  | 'puid'
  | 'windowBytes'
  | 'signal'
  | 'timeoutMs'
>;

/** How a running process is copied. */
export interface ForkOptions extends CopyStartOptions {
  /** Bytes a second that go from its node to each other one at most, from 65536 on. @default as many as can */
  readonly bytesPerSecond?: number;
  /**
   * Told how far each copy is, until it is all sent: whenever another phase begins, and else at most a few times a second. What comes to one node of
   * another one is not among it.
   */
  readonly onProgress?: (progress: ForkProgress) => void;
}

/** A start of a copy of a running process [PROTOCOL 12.4]. */
export function planCopy(pid: number, options: ForkOptions, caller: CallerEnvironment): Plan {
  const plan = planStart(COPY_NAME, [], { ...options, inheritEnv: false }, caller);
  const { bytesPerSecond, onProgress } = options;
  const how = { bytesPerSecond: rateOf(bytesPerSecond), progress: onProgress !== undefined };
  return { ...plan, start: { ...plan.start, copyOf: pid, ...how }, onProgress };
}

/** A start of what a checkpoint is of, in that directory of its node [PROTOCOL 12.5]. */
export function planRestart(
  directory: string,
  command: string,
  options: CopyStartOptions,
  caller: CallerEnvironment,
): Plan {
  const plan = planStart(COPY_NAME, [], { ...options, inheritEnv: false }, caller);
  return { ...plan, start: { ...plan.start, command, restartFrom: directory } };
}

/** The same start, of a program that comes with its image. */
export function withImage(plan: Plan, { hash, bytes }: EncodedImage): Plan {
  return { ...plan, start: { ...plan.start, image: idBytes(hash), imageBytes: bytes.length } };
}

function environment(
  { env = {}, inheritEnv = true }: StartOptions,
  terminal: Readonly<Record<string, string>>,
  caller: CallerEnvironment,
): EncodedEnvironment {
  const more = { ...env, ...terminal };
  if (inheritEnv && Object.keys(more).length === 0) return caller.get();
  return encodeEnvironment({ ...(inheritEnv ? caller.get().variables : {}), ...more });
}

function encodeStdio(name: string, option: StdioOption, access: number): Init<Stdio> {
  if (option === 'stream') return { kind: StdioKind.STREAM };
  if (option === 'ignore') return { kind: StdioKind.IGNORE };
  if (typeof option === 'number') {
    checkNumber(name, option, 0, 2 ** 31 - 1);
    return { kind: StdioKind.STREAM };
  }
  if (isConnectTo(option)) return encodeConnect(name, option);
  if (typeof option !== 'object' || typeof option.file !== 'string' || option.file === '') {
    throw new BprocError('EINVAL', `${name} is none of 'stream', 'ignore', a descriptor, { file }, { connect }`);
  }
  checkText(name, option.file);
  const write = constants.O_CREAT | (option.append === true ? constants.O_APPEND : constants.O_TRUNC);
  const flags = access === constants.O_RDONLY ? access : access | write;
  return {
    kind: StdioKind.FILE,
    file: option.file,
    flags,
    mode: checkNumber(`${name}.mode`, option.mode ?? 0o666, 0, 0o7777),
  };
}

function checkPuid(puid: Uint8Array | string): Uint8Array {
  const bytes = typeof puid === 'string' ? Buffer.from(/^[0-9a-fA-F]{32}$/.test(puid) ? puid : '', 'hex') : puid;
  if (bytes.length !== ID_BYTES) throw new BprocError('EINVAL', 'puid must be 16 bytes or 32 hexadecimal digits');
  return bytes;
}
