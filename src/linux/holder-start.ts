/** What a holder is told to start a process, and what the engine has it keep beside the process. */
import { constants } from 'node:fs';
import { BprocError } from '../errors.ts';
import type { Cgroup } from './cgroup-pool.ts';
import { AGENT_ARGV } from './holder-binary.ts';
import type { HolderEnvironment } from './holder-environment.ts';
import { type FrameWriter, MOST_PAYLOAD, SAY } from './holder-frames.ts';
import type { StreamKinds } from './holder-streams.ts';
import { addressBytes } from './ip-address.ts';
import { isMarker } from './journal-text.ts';
import { isOwnUser, requireUmask } from './launch-ability.ts';
import { DEFAULT_PATH } from './program-lookup.ts';
import {
  type Bind,
  type ConnectTarget,
  FIRST_DESCRIPTOR,
  pathOf,
  RESOURCES,
  type Remake,
  type SocketTarget,
  type SpawnRequest,
  type StdioTarget,
} from './spawn-request.ts';

/** The fields of START. */
const FIELD = {
  file: 1,
  arg: 2,
  cwd: 4,
  root: 5,
  stdio: 6,
  uid: 7,
  gid: 8,
  groups: 9,
  umask: 10,
  rlimit: 11,
  cgroup: 12,
  unshare: 13,
  pid: 14,
  tag: 15,
  window: 16,
  flags: 17,
  tty: 18,
  bind: 19,
  successor: 20,
  offsets: 21,
  join: 22,
} as const;

const STDIO_PIPE = 0;
const STDIO_NULL = 1;
const STDIO_FILE = 2;
const STDIO_TERMINAL = 3;
const STDIO_CONNECTION = 4;
const AF_UNIX = 1;
const AF_INET = 2;
const AF_INET6 = 10;
const STDIO_OWN = 5;
const NO_NEW_PRIVILEGES = 1;
const NO_CAPABILITIES = 2;
const NO_IO_URING = 4;
const RUN_SELF = 8;
const KEEP_RIGHTS = 16;
const BIND_FROZEN = 1;
const CLONE_NEWUTS = 0x0400_0000;
const MOST_GROUPS = 256;
const MOST_TAG_BYTES = 1024 * 1024;
const TAG_VERSION = 2;
const TAG_HEAD = 12;
const NO_CGROUP = 0xffff_ffff;
const MOST_DESCRIPTORS = 8;
const LAST_DESCRIPTOR = 63;
const PRELOAD_BYTES = 1024 * 1024;

export const DEFAULT_WINDOW_BYTES = 1024 * 1024;
const LEAST_WINDOW_BYTES = 4096;
const MOST_WINDOW_BYTES = 16 * 1024 * 1024;

/** The streams of a request. */
export function streamsOf({ stdio: [stdin, stdout, stderr] }: Pick<SpawnRequest, 'stdio'>): StreamKinds {
  return {
    input: stdin === 'pipe' || stdin === 'terminal',
    // What it writes to its terminal as stderr is told as stdout.
    outputs: [stdout === 'pipe' || stdout === 'terminal', stderr === 'pipe'],
  };
}

/**
 * Checks what a holder would not understand, or takes for something else.
 *
 * @throws BprocError EINVAL with what is wrong.
 */
export function checkStart(request: SpawnRequest): void {
  const { file, marker, stdio, terminal, umask, user, rlimits, pid, tag, windowBytes } = request;
  const refuse = (why: string): never => {
    throw new BprocError('EINVAL', `program ${JSON.stringify(file)} cannot be started: ${why}`);
  };
  if (!isMarker(marker)) refuse('its marker must be 1 to 4096 printable ASCII characters, no spaces');
  const terminals = stdio.map((target) => target === 'terminal');
  if (terminals.includes(true) !== (terminal !== undefined)) refuse('a terminal takes its size and stdio both');
  if (terminal !== undefined && !(terminals[0] && terminals[1])) refuse('its terminal has to be its stdin and stdout');
  if (terminal !== undefined && !(isSize(terminal.rows) && isSize(terminal.columns))) {
    refuse(`a terminal of ${terminal.rows} rows and ${terminal.columns} columns is none: give 1 to 65535 of each`);
  }
  if (umask !== undefined) requireUmask(file, umask);
  const { descriptors = [] } = request;
  if (descriptors.length > MOST_DESCRIPTORS) refuse(`at most ${MOST_DESCRIPTORS} descriptors can be given`);
  if (!descriptors.every(({ fd }) => Number.isInteger(fd) && fd >= FIRST_DESCRIPTOR && fd <= LAST_DESCRIPTOR)) {
    refuse(`descriptors that are given are from ${FIRST_DESCRIPTOR} to ${LAST_DESCRIPTOR}`);
  }
  const numbers = user === undefined ? [] : [user.uid, user.gid, ...user.groups];
  if (!numbers.every(isId)) refuse('users and groups are numbers from 0 to 4294967294');
  if (user !== undefined && user.groups.length > MOST_GROUPS) refuse(`at most ${MOST_GROUPS} groups can be given`);
  for (const [name, limit] of Object.entries(rlimits ?? {})) {
    if (!Object.hasOwn(RESOURCES, name)) refuse(`there is no limit named ${JSON.stringify(name)}`);
    if (!(isLimit(limit.soft) && isLimit(limit.hard)))
      refuse(`its limits of ${name} must be whole numbers from 0, or Infinity`);
  }
  if (pid !== undefined && !(Number.isInteger(pid) && pid > 1 && pid < 2 ** 22)) refuse(`${pid} is no pid to choose`);
  if (tag !== undefined && tag.byteLength > MOST_TAG_BYTES) refuse(`its tag is longer than ${MOST_TAG_BYTES} bytes`);
  if (windowBytes !== undefined && !isWindow(windowBytes)) {
    refuse(`windowBytes is ${windowBytes}: give ${LEAST_WINDOW_BYTES} to ${MOST_WINDOW_BYTES}`);
  }
}

/**
 * Says START.
 *
 * @param ownNamespace whether the process gets a UTS namespace, by which its descendants are known.
 * @param cgroup the one it is put into.
 * @throws BprocError EINVAL for a NUL byte, E2BIG for more than any kernel would take; then nothing is said.
 */
export function sayStart(
  writer: FrameWriter,
  environment: HolderEnvironment,
  id: number,
  request: SpawnRequest,
  ownNamespace: boolean,
  cgroup: Cgroup | undefined,
): void {
  writer.begin(SAY.start, 0, id);
  try {
    const what = `program ${JSON.stringify(request.file)} cannot be started:`;
    const text = (tag: number, value: string): void => {
      if (value.includes('\0')) throw new BprocError('EINVAL', `${what} a name or argument holds a NUL byte`);
      writer.textField(tag, value);
    };
    const { root, binds = [], stdio, windowBytes = DEFAULT_WINDOW_BYTES } = request;
    for (const candidate of candidates(request)) text(FIELD.file, candidate);
    const argv = request.fileAgent === true ? AGENT_ARGV : request.argv;
    if (argv.length === 0) text(FIELD.arg, request.file);
    for (const argument of argv) text(FIELD.arg, argument);
    environment.say(writer, request);
    text(FIELD.cwd, request.cwd);
    if (root !== undefined) text(FIELD.root, root);
    for (const bind of binds) sayBind(writer, bind);
    const { joins } = request;
    if (joins !== undefined) writer.field(FIELD.join, () => writer.u32(joins));
    if (request.input !== undefined) sayInput(writer, request.input);
    for (let fd = request.input === undefined ? 0 : 1; fd < 3; fd += 1) sayStdio(writer, fd, stdio[fd] ?? 'ignore');
    for (const { fd, to } of request.descriptors ?? []) sayStdio(writer, fd, to);
    writer.field(FIELD.window, () => writer.u32(windowBytes));
    if (ownNamespace) writer.field(FIELD.unshare, () => writer.u32(CLONE_NEWUTS));
    sayRights(writer, request);
    if (request.remake !== undefined) sayRemake(writer, request.remake);
    if (cgroup !== undefined) text(FIELD.cgroup, cgroup.path);
    writer.field(FIELD.tag, () => sayTag(writer, request, cgroup));
    if (writer.frameBytes > MOST_PAYLOAD) {
      throw new BprocError('E2BIG', `${what} its arguments and environment are too long: pass them through a file`);
    }
    writer.end();
  } catch (error) {
    writer.drop();
    throw error;
  }
}

function sayRemake(writer: FrameWriter, { pid, offsets }: Remake): void {
  writer.field(FIELD.successor, () => writer.u32(pid));
  writer.field(FIELD.offsets, () => {
    for (const offset of offsets) writer.u64(offset);
  });
}

/** Says what a process that is made again has written elsewhere. */
export function sayWritten(writer: FrameWriter, id: number, { written }: Remake): void {
  for (const [index, bytes] of written.entries()) {
    for (let at = 0; at < bytes.byteLength; at += PRELOAD_BYTES) {
      writer.begin(SAY.preload, index + 1, id);
      writer.endWith(bytes.subarray(at, at + PRELOAD_BYTES));
    }
  }
}

/** What execve is tried on, in this order, as the process would have it. */
function candidates(request: SpawnRequest): readonly string[] {
  const { file } = request;
  if (file.includes('/') || file === '') return [file];
  const directories = (pathOf(request) ?? DEFAULT_PATH).split(':');
  return directories.map((directory) => (directory === '' ? file : `${directory}/${file}`));
}

function sayBind(writer: FrameWriter, { source, target, frozen }: Bind): void {
  for (const path of [source, target]) {
    if (path.includes('\0'))
      throw new BprocError('EINVAL', `${JSON.stringify(path)} cannot be bound: it holds a NUL byte`);
  }
  writer.field(FIELD.bind, () => {
    writer.u32(frozen === true ? BIND_FROZEN : 0);
    for (const path of [source, target]) {
      writer.text(path);
      writer.u8(0);
    }
  });
}

function sayInput(writer: FrameWriter, path: string): void {
  writer.field(FIELD.stdio, () => {
    writer.u8(0);
    writer.u8(STDIO_OWN);
    writer.text(path);
    writer.u8(0);
  });
}

function sayStdio(writer: FrameWriter, fd: number, target: StdioTarget): void {
  writer.field(FIELD.stdio, () => {
    writer.u8(fd);
    if (typeof target === 'string') {
      writer.u8(target === 'pipe' ? STDIO_PIPE : target === 'ignore' ? STDIO_NULL : STDIO_TERMINAL);
      return;
    }
    if ('address' in target) return sayConnection(writer, target);
    if ('socket' in target) return sayUnixConnection(writer, target);
    if (target.file.includes('\0')) throw new BprocError('EINVAL', `the file of descriptor ${fd} holds a NUL byte`);
    writer.u8(STDIO_FILE);
    writer.u32(target.flags | constants.O_NOCTTY);
    writer.u32(target.mode);
    writer.text(target.file);
    writer.u8(0);
  });
}

/** struct sockaddr_in or sockaddr_in6, and what is sent first. */
function sayConnection(writer: FrameWriter, { address, port, first }: ConnectTarget): void {
  const bytes = addressBytes(address);
  writer.u8(STDIO_CONNECTION);
  writer.u32(bytes.length === 4 ? 16 : 28);
  writer.u16(bytes.length === 4 ? AF_INET : AF_INET6);
  // in the order of the network
  writer.u16(((port & 0xff) << 8) | (port >> 8));
  if (bytes.length === 16) writer.u32(0);
  writer.bytes(bytes);
  writer.bytes(Buffer.alloc(bytes.length === 4 ? 8 : 4));
  writer.bytes(first);
}

/** struct sockaddr_un of a name without a file. */
function sayUnixConnection(writer: FrameWriter, { socket, first }: SocketTarget): void {
  const name = Buffer.from(socket);
  writer.u8(STDIO_CONNECTION);
  writer.u32(3 + name.length);
  writer.u16(AF_UNIX);
  writer.u8(0);
  writer.bytes(name);
  writer.bytes(first);
}

function sayRights(writer: FrameWriter, request: SpawnRequest): void {
  const { user, umask, rlimits, pid, noNewPrivileges, noCapabilities, noIoUring, terminal, fileAgent, keepsRights } =
    request;
  const made = request.remake?.terminal;
  // Who has the rights already need not be permitted to set them, as in a user namespace.
  if (user !== undefined && !isOwnUser(user)) {
    writer.field(FIELD.uid, () => writer.u32(user.uid));
    writer.field(FIELD.gid, () => writer.u32(user.gid));
    writer.field(FIELD.groups, () => {
      for (const group of user.groups) writer.u32(group);
    });
  }
  if (umask !== undefined) writer.field(FIELD.umask, () => writer.u32(umask));
  if (rlimits !== undefined) {
    for (const [name, limit] of Object.entries(rlimits)) {
      const number = new Map<string, number>(Object.entries(RESOURCES)).get(name) ?? 0;
      writer.field(FIELD.rlimit, () => {
        writer.u32(number);
        writer.u64(limit.soft);
        writer.u64(limit.hard);
      });
    }
  }
  if (pid !== undefined) writer.field(FIELD.pid, () => writer.u32(pid));
  const flags =
    (noNewPrivileges === true ? NO_NEW_PRIVILEGES : 0) |
    (noCapabilities === true ? NO_CAPABILITIES : 0) |
    (noIoUring === true ? NO_IO_URING : 0) |
    (fileAgent === true ? RUN_SELF : 0) |
    (keepsRights === true ? KEEP_RIGHTS : 0);
  if (flags !== 0) writer.field(FIELD.flags, () => writer.u32(flags));
  if (terminal === undefined) return;
  writer.field(FIELD.tty, () => {
    writer.u32(terminal.rows);
    writer.u32(terminal.columns);
    if (made === undefined) return;
    writer.u32(made.owner);
    writer.u32(made.isRaw ? 1 : 0);
    writer.bytes(made.typed);
  });
}

/** What the holder keeps: the engine needs to know again which streams there are, their window, the cgroup and the marker; the rest is the caller's. */
function sayTag(writer: FrameWriter, request: SpawnRequest, cgroup: Cgroup | undefined): void {
  const { input, outputs } = streamsOf(request);
  writer.u8(TAG_VERSION);
  writer.u8((input ? 1 : 0) | (outputs[0] ? 2 : 0) | (outputs[1] ? 4 : 0));
  writer.u16(request.marker.length);
  writer.u32(request.windowBytes ?? DEFAULT_WINDOW_BYTES);
  writer.u32(cgroup?.number ?? NO_CGROUP);
  writer.text(request.marker);
  if (request.tag !== undefined) writer.bytes(request.tag);
}

/** What {@link sayStart} has had kept. */
export interface KeptTag {
  readonly streams: StreamKinds;
  readonly marker: string;
  readonly windowBytes: number;
  /** The number of its cgroup, where it is in one. */
  readonly cgroup: number | undefined;
  /** A copy. */
  readonly tag: Buffer;
}

/** Reads it back; undefined where another program has written it. */
export function readTag(bytes: Buffer): KeptTag | undefined {
  if (bytes.length < TAG_HEAD || bytes[0] !== TAG_VERSION) return undefined;
  const bits = bytes[1] ?? 0;
  const windowBytes = bytes.readUInt32LE(4);
  const end = TAG_HEAD + bytes.readUInt16LE(2);
  const marker = bytes.toString('latin1', TAG_HEAD, end);
  if (end > bytes.length || !isMarker(marker) || !isWindow(windowBytes)) return undefined;
  const streams: StreamKinds = { input: (bits & 1) !== 0, outputs: [(bits & 2) !== 0, (bits & 4) !== 0] };
  const cgroup = bytes.readUInt32LE(8);
  const tag = Buffer.from(bytes.subarray(end));
  return { streams, marker, windowBytes, cgroup: cgroup === NO_CGROUP ? undefined : cgroup, tag };
}

function isSize(count: number): boolean {
  return Number.isInteger(count) && count >= 1 && count <= 65_535;
}

function isId(id: number): boolean {
  return Number.isInteger(id) && id >= 0 && id < 2 ** 32 - 1;
}

function isLimit(limit: number): boolean {
  return limit === Number.POSITIVE_INFINITY || (Number.isSafeInteger(limit) && limit >= 0);
}

function isWindow(bytes: number): boolean {
  return Number.isInteger(bytes) && bytes >= LEAST_WINDOW_BYTES && bytes <= MOST_WINDOW_BYTES;
}
