/** What a holder tells of processes, read from the payloads of its frames. */
import { readU64, TOLD } from './holder-frames.ts';
import type { HolderProcess } from './holder-process.ts';
import { type KeptTag, readTag } from './holder-start.ts';
import type {
  ExitStatus,
  HeldProcess,
  ProcessIdentity,
  ResourceUsage,
  StreamPlaces,
  TerminalPlace,
} from './spawner.ts';

const NOTHING = new Uint8Array(0);
const HELD_HEAD = 64;
/** Of STILL, where the process has a terminal, and where what was typed at it begins. */
const TERMINAL = 48;
const TYPED = 76;
const INPUT_CLOSED = 1;
const INPUT_ENDED = 2;
const RELEASED = 8;
const CORE_DUMPED = 0x80;
const PHASES = ['starting', 'running', 'exited'] as const;

/** A process that a holder kept. */
export interface HeldRecord extends KeptTag {
  readonly held: HeldProcess;
  readonly uts: number | undefined;
}

/** Passes a frame on to the process it is about. Kinds of a later version are ignored. */
export function tellProcess(process: HolderProcess, type: number, flags: number, payload: Buffer): void {
  const fd = flags === 2 ? 2 : 1;
  switch (type) {
    case TOLD.started:
      return process.started(identityOf(payload, 20), namespaceOf(payload, 12));
    case TOLD.failed:
      return process.failed(payload.readUInt32LE(0), payload.readUInt32LE(4));
    case TOLD.output:
      return process.output(fd, payload.subarray(8));
    case TOLD.outend:
      return process.outputEnd(fd);
    case TOLD.taken:
      return process.inputTaken(readU64(payload, 0));
    case TOLD.inclosed:
      return process.inputClosed();
    case TOLD.stopped:
      return process.stopped(payload.readUInt32LE(0));
    case TOLD.continued:
      return process.continued();
    case TOLD.still:
      return process.still(readPlaces(payload));
    case TOLD.noted:
      return process.noted(Buffer.from(payload));
    case TOLD.exited:
      return process.exited(
        statusOf(payload.readUInt32LE(0)),
        () => readUsage(payload, 8),
        payload.readUInt32LE(4) !== 0,
      );
    default:
  }
}

/** Reads HELD; undefined where another program has started the process. */
export function readHeld(id: number, phase: number, payload: Buffer): HeldRecord | undefined {
  const kept = payload.length < HELD_HEAD ? undefined : readTag(payload.subarray(HELD_HEAD));
  if (kept === undefined) return undefined;
  const stopped = payload.readUInt32LE(52);
  const bits = payload.readUInt32LE(56);
  const isStarted = phase !== 0;
  const held: HeldProcess = {
    id,
    tag: kept.tag,
    note: NOTHING,
    marker: kept.marker,
    phase: (bits & RELEASED) !== 0 ? 'released' : (PHASES[phase] ?? 'running'),
    identity: isStarted ? identityOf(payload, 60) : undefined,
    inputOffset: readU64(payload, 20),
    inputTaken: readU64(payload, 28),
    isInputOver: !kept.streams.input || (bits & (INPUT_CLOSED | INPUT_ENDED)) !== 0,
    acknowledged: [readU64(payload, 36), readU64(payload, 44)],
    stopped: stopped === 0 ? undefined : stopped,
    exit: undefined,
  };
  return { ...kept, held, uts: namespaceOf(payload, 12) };
}

function readPlaces(payload: Buffer): StreamPlaces {
  const at = (index: number): number => readU64(payload, 8 * index);
  return { input: at(0), outputs: [at(1), at(2)], pipes: [at(3), at(4), at(5)], terminal: readTerminal(payload) };
}

function readTerminal(payload: Buffer): TerminalPlace | undefined {
  const device = payload.length < TYPED ? 0 : readU64(payload, TERMINAL);
  if (device === 0) return undefined;
  const [rows, columns, raw] = [16, 20, 24].map((at) => payload.readUInt32LE(TERMINAL + at));
  const typed = Buffer.from(payload.subarray(TYPED));
  const fileSystem = readU64(payload, TERMINAL + 8);
  return { device, fileSystem, rows: rows ?? 0, columns: columns ?? 0, isRaw: raw !== 0, typed };
}

/** A wait status, as wait(2) has it. */
export function statusOf(status: number): ExitStatus {
  const signal = status & 0x7f;
  if (signal === 0) return { kind: 'exited', code: (status >> 8) & 0xff };
  return { kind: 'signaled', signal, core: (status & CORE_DUMPED) !== 0 };
}

/** Its pid and start time are the first of the payload; where it tells the pid outside is at `outer`. */
function identityOf(payload: Buffer, outer: number): ProcessIdentity {
  return { pid: payload.readUInt32LE(0), startTime: readU64(payload, 4), outerPid: payload.readUInt32LE(outer) };
}

function namespaceOf(payload: Buffer, at: number): number | undefined {
  const inode = readU64(payload, at);
  return inode === 0 ? undefined : inode;
}

/** Reads a `struct rusage` as 64-bit machines have it: two times of two numbers each, and 14 numbers more. */
function readUsage(payload: Buffer, from: number): ResourceUsage {
  const figure = (index: number): number => readU64(payload, from + 8 * index);
  const timeMs = (index: number): number => figure(index) * 1000 + figure(index + 1) / 1000;
  return {
    userMs: timeMs(0),
    systemMs: timeMs(2),
    maxRssBytes: figure(4) * 1024,
    minorFaults: figure(8),
    majorFaults: figure(9),
    blocksIn: figure(11),
    blocksOut: figure(12),
    voluntarySwitches: figure(16),
    involuntarySwitches: figure(17),
  };
}
