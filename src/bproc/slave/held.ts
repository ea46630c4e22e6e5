/** What a slave takes up from an earlier life of its daemon: the engine kept the processes, and with each what the slave knew. */
import type { HeldProcess } from '../../linux/index.ts';
import { EndKind, ReceiveStream, SendStream } from '../../wire/index.ts';
import { idBytes, idText } from '../ids.ts';
import { armLimits, bury } from './ends.ts';
import type { SlaveTurn } from './events.ts';
import { type Facts, factsOf } from './facts.ts';
import { freeze } from './frozen.ts';
import { forgetGone, takeUpGone } from './gone.ts';
import { type CaptureOf, captureOf } from './left-captures.ts';
import { decodeNote, type EndNote, type ReleasedEnd } from './notes.ts';
import { keepBlockOf, pidBack } from './pids.ts';
import type { Outlet, SlaveProcess } from './state.ts';
import { createOutlet } from './state.ts';

/** Starts that happened, and are over, in this life of the node: none of them happens again [PROTOCOL 4.1]. */
export function remember(turn: SlaveTurn, puids: readonly Uint8Array[]): void {
  for (const puid of puids) bury(turn, idText(puid), 'over');
}

/** Takes up what was kept. What nobody can tell whose it is, is ended. */
export function takeUp(turn: SlaveTurn, all: readonly HeldProcess[], wallTime: number): void {
  const captures: (() => unknown)[] = [];
  for (const held of all) {
    const capture = captureOf(held);
    if (capture !== undefined) {
      // of what has been taken up by then
      captures.push(() => takeUpGone(turn, held, capture) || awaitCapture(turn, held, capture));
      continue;
    }
    const facts = factsOf(held.tag);
    const noted = decodeNote(held.note, wallTime);
    if (facts === undefined || (held.phase === 'released' && noted.released === undefined)) {
      turn.effects.push({ type: 'dismiss', held });
      continue;
    }
    if (facts.arriving !== undefined && held.phase === 'starting') {
      turn.state.away.add(facts.pid);
      turn.effects.push({ type: 'awaitArrival', held, facts, arriving: facts.arriving });
      continue;
    }
    const kept = processOf(facts, held, turn.now);
    const process = noted.released === undefined ? kept : releasedOf(kept, facts.streams, noted.released);
    turn.state.processes.set(process.key, process);
    turn.state.byPid.set(process.pid, process);
    if (facts.isGuest !== true) keepBlockOf(turn.state, process.pid);
    turn.effects.push({ type: 'adopt', key: process.key, held, ...(facts.image && { image: facts.image }) });
    if (process.released !== true) goOn(turn, process, noted, Math.max(0, wallTime - facts.startedAt));
    else if (held.phase !== 'released') turn.effects.push({ type: 'release', key: process.key });
  }
  for (const each of captures) each();
}

/** Until it has ended nobody knows what becomes of the process. */
function awaitCapture(turn: SlaveTurn, held: HeldProcess, capture: CaptureOf): void {
  const process = turn.state.processes.get(capture.key);
  if (process !== undefined) {
    process.moving = capture.move;
    freeze(turn.state, capture.key);
  }
  turn.effects.push({ type: 'awaitCapture', held, capture });
}

/** Takes in a process that was on another node, with what its slave there knew of it. */
export function arrivedProcess(turn: SlaveTurn, held: HeldProcess, wallTime: number): SlaveProcess | undefined {
  const facts = factsOf(held.tag);
  if (facts === undefined) return undefined;
  const process = processOf(facts, held, turn.now);
  turn.state.processes.set(process.key, process);
  turn.state.byPid.set(process.pid, process);
  pidBack(turn, process.pid);
  forgetGone(turn, process.key);
  goOn(turn, process, decodeNote(held.note, wallTime), Math.max(0, wallTime - facts.startedAt));
  return process;
}

/** Its limits hold on, and a KILL that is to come; what is being ended by a limit is not ended by it again. */
function goOn(turn: SlaveTurn, process: SlaveProcess, { killInMs, timedOut }: EndNote, ageMs: number): void {
  process.timedOut = timedOut;
  if (killInMs !== undefined) turn.state.deadlines.set(`kill ${process.key}`, turn.now + killInMs);
  else if (process.phase !== 'starting') armLimits(turn, process, ageMs);
}

function processOf(
  { streams, image: _, isGuest: __, arriving: ___, ...facts }: Facts,
  held: HeldProcess,
  now: number,
): SlaveProcess {
  const { inputOffset, inputTaken, isInputOver, acknowledged } = held;
  const input = { acknowledges: 'consumed', received: inputOffset, consumed: inputTaken } as const;
  return {
    ...facts,
    puid: idBytes(facts.key),
    abandoned: false,
    cancelled: false,
    phase: phaseOf(held),
    gate: 'open',
    launch: undefined,
    identity: held.identity,
    stdin: streams[0] && !isInputOver ? new ReceiveStream(facts.window, input) : undefined,
    // of one that has still to run its client has been told nothing, and will not say where it is [PROTOCOL 5.3]
    outlets:
      held.phase === 'starting'
        ? [createOutlet(streams[1], facts.window), createOutlet(streams[2], facts.window)]
        : [outletOf(streams[1], acknowledged[0]), outletOf(streams[2], acknowledged[1])],
    heardAt: now,
    status: undefined,
    timedOut: undefined,
    end: undefined,
  };
}

/** One that was let go, whose end has not been acknowledged: how it goes on is nobody's business. */
function releasedOf(
  process: SlaveProcess,
  [, ...streams]: Facts['streams'],
  { code, bytes }: ReleasedEnd,
): SlaveProcess {
  const outlet = (index: 0 | 1): Outlet => {
    const made = outletOf(streams[index], bytes[index]);
    made.stream?.finish();
    return { ...made, ended: true };
  };
  return {
    ...process,
    released: true,
    phase: 'exited',
    stdin: undefined,
    outlets: [outlet(0), outlet(1)],
    status: { kind: 'exited', code },
    end: { kind: EndKind.EXITED, code },
  };
}

/** Of one that has ended the engine tells the end, like any other's. */
function phaseOf({ phase, stopped }: HeldProcess): SlaveProcess['phase'] {
  if (phase === 'starting') return phase;
  return stopped === undefined ? 'running' : 'stopped';
}

/** What was acknowledged is gone; what follows is told again by the engine, and sent from where the client says it is. */
function outletOf(isStream: boolean, from: number): Outlet {
  const stream = isStream ? SendStream.resumed(from) : undefined;
  return { stream, ended: !isStream, paused: false, bytes: from };
}
