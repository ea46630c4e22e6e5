/** What is kept with a process by its node's engine, for a later life of the daemon, and goes along where it goes to another node. */
import { idBytes, isId } from '../ids.ts';
import type { HeldImage } from './images.ts';
import type { SlaveProcess } from './state.ts';

/** The move by which a process came. */
export interface Arriving {
  readonly number: number;
  /** The signal that has stopped it; 0: none. */
  readonly stopped: number;
  /** What is removed once it is there. */
  readonly directory: string;
}

/** Facts of a process that never change, as they are kept with it. */
export type Facts = Pick<
  SlaveProcess,
  | 'key'
  | 'pid'
  | 'client'
  | 'uid'
  | 'detached'
  | 'command'
  | 'lostAfterMs'
  | 'window'
  | 'lifetimeMs'
  | 'silenceMs'
  | 'killGraceMs'
  | 'hasTerminal'
  | 'startedAt'
  | 'moves'
> & {
  /** Which of stdin, stdout and stderr are streams. */
  readonly streams: readonly [boolean, boolean, boolean];
  /** Its pid is of another node's. */
  readonly isGuest?: boolean | undefined;
  /** Of one that is made here, and was on another node before. */
  readonly arriving?: Arriving | undefined;
  /** The image that it runs from, which has to stay. */
  readonly image?: HeldImage | undefined;
};

/** What the engine is to keep with a process. */
export function tagOf(process: SlaveProcess, startedAt: number, image?: HeldImage): Uint8Array {
  const { key, pid, client, uid, detached, command, lostAfterMs, window, lifetimeMs, silenceMs, killGraceMs } = process;
  const [stdout, stderr] = process.outlets;
  const streams = [process.stdin !== undefined, stdout.stream !== undefined, stderr.stream !== undefined] as const;
  const limits = { lostAfterMs, window, lifetimeMs, silenceMs, killGraceMs };
  const { hasTerminal, moves } = process;
  const known = { key, pid, client, uid, detached, command, ...limits, hasTerminal, startedAt, streams, moves };
  const facts: Facts = { ...known, image };
  return Buffer.from(JSON.stringify(facts));
}

/** The same of a process that comes from another node, whose slave gave these facts. */
export function arrivalTag(facts: Facts, isGuest: boolean, arriving: Arriving): Uint8Array {
  return Buffer.from(JSON.stringify({ ...facts, moves: (facts.moves ?? 0) + 1, isGuest, arriving }));
}

/** What a slave knew of a process; undefined where it was of another version, or somebody else. */
export function factsOf(tag: Uint8Array): Facts | undefined {
  try {
    const facts: Facts = JSON.parse(Buffer.from(tag).toString());
    const isSound = isId(idBytes(facts.key)) && [facts.pid, facts.moves ?? 0].every(Number.isSafeInteger);
    return isSound && facts.streams.length === 3 ? facts : undefined;
  } catch {
    // of another version, or of somebody else
    return undefined;
  }
}
