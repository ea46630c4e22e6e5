/** Ending processes, by themselves, by limits, with their client: PROTOCOL.md section 6. */
import { BprocError } from '../../errors.ts';
import type { ExitStatus } from '../../linux/index.ts';
import type { ClientGone, End, EndAck, Init } from '../../wire/index.ts';
import { EndKind } from '../../wire/index.ts';
import { idText } from '../ids.ts';
import type { SlaveTurn } from './events.ts';
import { goneKnown } from './gone.ts';
import type { ReleasedEnd } from './notes.ts';
import { endedOf, OUTPUT_GONE, tell, tellRefusal } from './reports.ts';
import { markOf } from './spawn-request.ts';
import type { SlaveProcess, Tomb } from './state.ts';
import { discard, pump } from './streams.ts';

/** Linux's numbers. */
export const SIGKILL = 9;
const SIGTERM = 15;
const SIGHUP = 1;
const SIGCONT = 18;

/** A process has ended; its end is told once nothing more of its output can come. */
export function exited(turn: SlaveTurn, event: { readonly key: string; readonly status: ExitStatus }): void {
  const process = turn.state.processes.get(event.key);
  if (process === undefined || process.status !== undefined) return;
  process.status = event.status;
  process.phase = 'exited';
  disarm(turn, process);
  complete(turn, process);
}

/** The engine lost a process, and with it whatever was still to come of it. */
export function lose(turn: SlaveTurn, event: { readonly key: string; readonly error: BprocError }): void {
  const process = turn.state.processes.get(event.key);
  if (process === undefined || process.end !== undefined) return;
  if (process.phase === 'starting') return startLost(turn, process, event.error);
  process.phase = 'exited';
  disarm(turn, process);
  process.end = { kind: EndKind.LOST, reason: event.error.message };
  tell(turn, { ended: endedOf(turn, process) });
  sweepAfter(turn, process.client);
}

/** An output has ended. */
export function outputEnded(turn: SlaveTurn, event: { readonly key: string; readonly fd: 1 | 2 }): void {
  const process = turn.state.processes.get(event.key);
  const outlet = process?.outlets[event.fd - 1];
  if (process === undefined || outlet === undefined || outlet.ended) return;
  outlet.ended = true;
  outlet.stream?.finish();
  pump(turn, process, event.fd);
  complete(turn, process);
}

/** A start that may have happened for a moment: nobody will know. */
function startLost(turn: SlaveTurn, process: SlaveProcess, error: BprocError): void {
  const { node } = turn.state;
  refuse(turn, process, new BprocError('BE_SLAVEDIED', error.message, { node: node ?? 0, cause: error }));
}

/** It does not start. Asked again, because the answer was lost, it fails again, and for the same reason. */
export function refuse(turn: SlaveTurn, process: SlaveProcess, error: BprocError): void {
  end(turn, process);
  bury(turn, process.key, error);
  tellRefusal(turn, process.puid, error);
}

function complete(turn: SlaveTurn, process: SlaveProcess): void {
  if (process.status === undefined || process.end !== undefined || !process.outlets.every((o) => o.ended)) return;
  process.end = process.outputGone ? OUTPUT_GONE : endOf(process, process.status);
  tell(turn, { ended: endedOf(turn, process) });
  sweepAfter(turn, process.client);
}

function endOf(process: SlaveProcess, status: ExitStatus): Init<End> {
  const { checkpointed } = process;
  if (checkpointed && status.kind === 'signaled') {
    return { kind: EndKind.SIGNALED, signal: status.signal, core: status.core, checkpointed };
  }
  if (process.timedOut === 'lifetime') return { kind: EndKind.LIFETIME };
  if (process.timedOut === 'silence') return { kind: EndKind.SILENCE };
  if (status.kind === 'exited') return { kind: EndKind.EXITED, code: status.code };
  return { kind: EndKind.SIGNALED, signal: status.signal, core: status.core };
}

/** The master has the end, and so has whoever is to have it: nothing of the process is kept [PROTOCOL 6.2]. */
export function acknowledged(turn: SlaveTurn, message: EndAck): void {
  if (message.number !== 0) return goneKnown(turn, message);
  const process = turn.state.processes.get(idText(message.puid));
  if (process?.end !== undefined) end(turn, process);
}

/** Forgets a process. Its puid is remembered for a while, so that its start is never repeated. */
export function end(turn: SlaveTurn, process: SlaveProcess): void {
  const { state } = turn;
  disarm(turn, process);
  state.processes.delete(process.key);
  state.byPid.delete(process.pid);
  bury(turn, process.key, 'over');
  turn.effects.push({ type: 'forget', key: process.key });
}

/** Remembers what became of a start, so that it is never repeated. */
export function bury(turn: SlaveTurn, key: string, tomb: Tomb): void {
  turn.state.tombs.set(key, tomb);
}

/** Its client will not return: what is not detached ends, and with it all that came of it. */
export function clientGone(turn: SlaveTurn, message: ClientGone): void {
  const client = idText(message.client);
  for (const process of turn.state.processes.values()) {
    if (process.client === client) abandon(turn, process);
  }
  turn.state.sweeps.add(client);
  sweepAfter(turn, client);
}

function abandon(turn: SlaveTurn, process: SlaveProcess): void {
  // who could let it run is gone
  if (withdraw(turn, process)) return;
  process.abandoned = true;
  discard(turn, process);
  if (process.stdin !== undefined) {
    process.stdin = undefined;
    turn.effects.push({ type: 'endStdin', key: process.key });
  }
  if (!process.detached && process.phase !== 'starting') terminate(turn, process, process.killGraceMs);
}

/** A process that has not been let run never will [PROTOCOL 10.5]. False where it was, and where it did not have to be. */
export function withdraw(turn: SlaveTurn, process: SlaveProcess): boolean {
  if (process.phase !== 'starting' || process.gate === 'open') return false;
  end(turn, process);
  bury(turn, process.key, 'cancelled');
  tell(turn, { cancelled: { puid: process.puid } });
  return true;
}

/** Once the last process of a client that is gone has ended: kills what they left behind. */
function sweepAfter(turn: SlaveTurn, client: string): void {
  const { state } = turn;
  if (!state.sweeps.has(client)) return;
  for (const process of state.processes.values()) {
    if (process.client === client && !process.detached && process.end === undefined) return;
  }
  state.sweeps.delete(client);
  turn.effects.push({ type: 'sweep', prefix: markOf(client) });
}

/**
 * TERM now, KILL after the grace time, to everything that came of the process. Who sits at a terminal is told by HUP
 * that it is gone: an interactive shell takes no notice of TERM. What stands goes on, to end by it [PROTOCOL 6.4].
 */
export function terminate(turn: SlaveTurn, process: SlaveProcess, graceMs: number): void {
  if (process.phase === 'exited' || process.phase === 'starting') return;
  const gentle = graceMs > 0;
  if (gentle || process.timedOut !== undefined) note(turn, process, gentle ? graceMs : undefined);
  signalTree(turn, process, gentle ? SIGTERM : SIGKILL);
  if (gentle && process.hasTerminal) signalTree(turn, process, SIGHUP);
  if (gentle) signalTree(turn, process, SIGCONT);
  if (gentle) turn.state.deadlines.set(`kill ${process.key}`, turn.now + graceMs);
}

/** Takes back a KILL that has not come yet. */
export function spare(turn: SlaveTurn, process: SlaveProcess): void {
  turn.state.deadlines.clear(`kill ${process.key}`);
  note(turn, process, undefined);
}

/** Notes how a process is being ended, for the next life of the daemon, where its engine keeps that. */
export function note(turn: SlaveTurn, process: SlaveProcess, killInMs: number | undefined): void {
  if (turn.state.config.keeps !== true) return;
  const { key, timedOut } = process;
  turn.effects.push({ type: 'note', key, note: { killInMs, timedOut, released: releasedEndOf(process) } });
}

function releasedEndOf({ released, status, outlets: [stdout, stderr] }: SlaveProcess): ReleasedEnd | undefined {
  if (released !== true || status?.kind !== 'exited') return undefined;
  return { code: status.code, bytes: [stdout.bytes, stderr.bytes] };
}

/** Sends a signal to everything that came of the process. */
export function signalTree(turn: SlaveTurn, process: SlaveProcess, signal: number): void {
  turn.effects.push({ type: 'signal', key: process.key, signal, scope: 'tree', answer: undefined });
}

/** Starts the two clocks a process may be under, its life, which began `ageMs` ago, and its silence. */
export function armLimits(turn: SlaveTurn, process: SlaveProcess, ageMs = 0): void {
  const { deadlines } = turn.state;
  if (process.lifetimeMs > 0) deadlines.set(`life ${process.key}`, turn.now + Math.max(0, process.lifetimeMs - ageMs));
  if (process.silenceMs > 0) deadlines.set(`quiet ${process.key}`, turn.now + process.silenceMs);
}

function disarm(turn: SlaveTurn, process: SlaveProcess): void {
  const { deadlines } = turn.state;
  // of most processes there are none, and their names are long
  if (deadlines.isEmpty) return;
  for (const clock of ['kill', 'life', 'quiet']) deadlines.clear(`${clock} ${process.key}`);
}

/** Longest time an orderly shutdown waits for its processes, beyond their own grace time. */
const SHUTDOWN_MS = 2000;

/** Ends everything, reports the ends, and leaves. */
export function shutdown(turn: SlaveTurn): void {
  const { state } = turn;
  if (state.stopping) return;
  state.stopping = true;
  state.deadlines.clear('connect');
  const error = new BprocError('BE_NODEDOWN', `node ${state.node} is shutting down`);
  for (const process of [...state.processes.values()]) {
    if (process.phase === 'starting' && process.gate !== 'open') refuse(turn, process, error);
  }
  for (const process of state.processes.values()) terminate(turn, process, Math.min(process.killGraceMs, SHUTDOWN_MS));
  state.deadlines.set('shutdown', turn.now + 2 * SHUTDOWN_MS);
}
