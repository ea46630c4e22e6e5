/** What a slave notes of a process for its successor, beside the facts of its start: how it ends, or is being ended. */
import type { SlaveProcess } from './state.ts';

/** What was decided about the end of a process. */
export interface EndNote {
  /** KILL follows in so many milliseconds. */
  readonly killInMs?: number | undefined;
  /** Which of its limits ends it. */
  readonly timedOut?: SlaveProcess['timedOut'];
  /** It was let go, with this end. */
  readonly released?: ReleasedEnd | undefined;
}

/** The end of a process that was let go. */
export interface ReleasedEnd {
  readonly code: number;
  /** Lengths of stdout and stderr. */
  readonly bytes: readonly [number, number];
}

/** As it is kept: with the time of day, since the successor's clock is another one. */
interface KeptNote {
  readonly killAt?: number;
  readonly killInMs?: number;
  readonly timedOut?: string;
  readonly released?: ReleasedEnd;
}

/** What the engine is to keep. @param wallTime milliseconds since 1970. */
export function encodeNote({ killInMs, timedOut, released }: EndNote, wallTime: number): Uint8Array {
  const kill = killInMs === undefined ? {} : { killAt: wallTime + killInMs, killInMs };
  const kept: KeptNote = { ...kill, ...(timedOut && { timedOut }), ...(released && { released }) };
  return Object.keys(kept).length === 0 ? new Uint8Array(0) : Buffer.from(JSON.stringify(kept));
}

/** What the engine has kept; nothing where another version has written it. */
export function decodeNote(bytes: Uint8Array, wallTime: number): EndNote {
  if (bytes.length === 0) return {};
  try {
    const { killAt, killInMs, timedOut, released }: KeptNote = JSON.parse(Buffer.from(bytes).toString());
    return {
      killInMs: isTime(killAt) && isTime(killInMs) ? remaining(killAt - wallTime, killInMs) : undefined,
      timedOut: timedOut === 'lifetime' || timedOut === 'silence' ? timedOut : undefined,
      released: released !== undefined && isReleasedEnd(released) ? released : undefined,
    };
  } catch {
    return {};
  }
}

function isReleasedEnd({ code, bytes }: ReleasedEnd): boolean {
  return Number.isSafeInteger(code) && bytes.length === 2 && bytes.every((each) => Number.isSafeInteger(each));
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && value >= 0;
}

/** The time of day may have been set anew meanwhile: nobody waits longer for that than was meant. */
function remaining(left: number, most: number): number {
  return Math.min(Math.max(left, 0), most);
}
