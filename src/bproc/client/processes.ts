/** A client's processes: what became of their starts, their states, their ends. PROTOCOL.md sections 4 and 6. */
import { BprocError } from '../../errors.ts';
import { reasonOf } from '../../transport/index.ts';
import type { BootMiss, Change, Ended, Moved, MoveProgress, Started, StartFailed } from '../../wire/index.ts';
import { EndKind, ProcessState } from '../../wire/index.ts';
import { idText, streamOf } from '../ids.ts';
import type { ClientTurn } from './events.ts';
import { disband } from './gang.ts';
import { pump } from './input.ts';
import { settle } from './starts.ts';
import type { ClientProcess } from './state.ts';
import { acknowledge, tell } from './tell.ts';

/** The program does not want a start any more. */
export function cancel(turn: ClientTurn, key: string): void {
  const process = turn.state.processes.get(key);
  if (process === undefined) return;
  process.cancelled = true;
  disband(turn, process);
  const { puid, node, boot } = process;
  if (process.phase === 'starting') {
    if (process.sent === 0) forget(turn, process);
    else tell(turn, { cancel: { puid, node, boot } });
  } else {
    dismiss(turn, process);
  }
}

/** It runs, but nobody wants it: ends it and takes nothing of it. */
function dismiss(turn: ClientTurn, process: ClientProcess): void {
  process.stdin = undefined;
  process.outputs[0] = undefined;
  process.outputs[1] = undefined;
  endUnwanted(turn, process.pid);
}

/** Ends a process whose output nobody reads, so that its end does not wait for that [PROTOCOL 6.6]. */
function endUnwanted(turn: ClientTurn, pid: number): void {
  const { link } = turn.state;
  for (const fd of [1, 2] as const) {
    if (link.phase === 'attached') turn.effects.push({ type: 'stop', link: link.link, stream: streamOf(pid, fd) });
  }
  terminate(turn, pid);
}

function terminate(turn: ClientTurn, pid: number): void {
  const id = turn.state.nextRequest;
  turn.state.nextRequest += 1;
  const order = { terminate: { pid, graceMs: 0 } };
  turn.state.requests.set(id, order);
  tell(turn, { request: { id, ...order } });
}

/** The program runs. */
export function started(turn: ClientTurn, message: Started): void {
  const { state } = turn;
  const process = state.processes.get(idText(message.puid));
  if (process === undefined) {
    // it was said to be lost, or never to run: it may not live after that [PROTOCOL 6.5]
    endUnwanted(turn, message.pid);
    return;
  }
  if (process.phase !== 'starting') {
    // the order that was to end it may have reached nobody
    if (process.cancelled) terminate(turn, message.pid);
    return;
  }
  process.phase = 'running';
  process.pid = message.pid;
  settle(turn, process);
  state.byPid.set(message.pid, process);
  if (process.cancelled) {
    dismiss(turn, process);
    return;
  }
  // nothing was sent before: a connection that was lost since is no reason to wait [PROTOCOL 5.3]
  process.stdin?.credit({ acked: 0, limit: message.stdinWindow, rewind: true });
  turn.effects.push({ type: 'started', key: process.key, started: message });
  pump(turn, process);
}

/** It could not be started. */
export function startFailed(turn: ClientTurn, message: StartFailed): void {
  const error = message.failure === null ? new BprocError('EIO', 'the start failed') : reasonOf(message.failure);
  fail(turn, message.puid, error);
}

function fail(turn: ClientTurn, puid: Uint8Array, error: BprocError): void {
  const process = turn.state.processes.get(idText(puid));
  if (process === undefined || process.phase !== 'starting') return;
  forget(turn, process);
  turn.effects.push({ type: 'startFailed', key: process.key, error });
}

/** The start has not happened and never will. */
export function cancelled(turn: ClientTurn, puid: Uint8Array): void {
  fail(turn, puid, new BprocError('ECANCELED', 'the start was cancelled'));
}

/**
 * The node lives under another boot id than the one the start was bound to. Sent once, it has not
 * run and may be bound anew (ESTALE); sent more often, it may have run in the earlier life.
 */
export function bootMiss(turn: ClientTurn, message: BootMiss): void {
  const process = turn.state.processes.get(idText(message.puid));
  if (process === undefined) return;
  const details = { node: process.node };
  const error =
    process.sent <= 1
      ? new BprocError('ESTALE', `node ${process.node} was restarted`, details)
      : new BprocError('BE_SLAVEDIED', `node ${process.node} was restarted while the start was under way`, details);
  fail(turn, message.puid, error);
}

const PHASES: Readonly<Record<number, ClientProcess['phase']>> = {
  [ProcessState.RUNNING]: 'running',
  [ProcessState.STOPPED]: 'stopped',
  [ProcessState.UNKNOWN]: 'unknown',
};

/** A state changed; where the node was away, this side says how far each output is [PROTOCOL 5.3]. */
export function changed(turn: ClientTurn, message: Change): void {
  const process = turn.state.processes.get(idText(message.puid));
  const phase = PHASES[message.state];
  if (process === undefined || process.phase === 'starting') return;
  if (phase !== undefined && phase !== process.phase) {
    process.phase = phase;
    turn.effects.push({ type: 'state', key: process.key, state: phase });
  }
  if (message.reattached) restartOutputs(turn, process);
}

/** It runs on another node now; what follows tells that its streams are to be restarted. */
export function moved(turn: ClientTurn, message: Moved): void {
  const process = turn.state.processes.get(idText(message.puid));
  if (process === undefined) return;
  process.node = message.node;
  process.boot = Buffer.from(message.boot);
}

function restartOutputs(turn: ClientTurn, process: ClientProcess): void {
  const { link } = turn.state;
  if (link.phase !== 'attached') return;
  for (const fd of [1, 2] as const) {
    const output = process.outputs[fd - 1];
    const stream = streamOf(process.pid, fd);
    if (output === undefined) turn.effects.push({ type: 'stop', link: link.link, stream });
    else turn.effects.push({ type: 'credit', link: link.link, stream, credit: output.restart() });
  }
}

/** The process has ended. Its end is told after all of its output, and once [PROTOCOL 6.1]. */
export function ended(turn: ClientTurn, message: Ended): void {
  const process = turn.state.processes.get(idText(message.puid));
  if (process === undefined) {
    acknowledge(turn, message.puid);
    return;
  }
  process.ended = message;
  complete(turn, process);
}

/** Tells the end if nothing before it is missing. */
export function complete(turn: ClientTurn, process: ClientProcess): void {
  const message = process.ended;
  if (message === undefined) return;
  const isLost = message.end?.kind === EndKind.LOST;
  const [stdout, stderr] = process.outputs;
  const missing =
    (stdout?.received ?? message.stdoutBytes) < message.stdoutBytes ||
    (stderr?.received ?? message.stderrBytes) < message.stderrBytes;
  if (missing && !isLost) return;
  for (const fd of [1, 2] as const) {
    const output = process.outputs[fd - 1];
    if (output !== undefined && !output.finished) {
      turn.effects.push({ type: 'output', key: process.key, fd, bytes: Buffer.alloc(0), fin: true });
    }
  }
  const isNews = process.phase !== 'starting' && !process.cancelled;
  forget(turn, process);
  acknowledge(turn, process.puid);
  if (isNews) turn.effects.push({ type: 'ended', key: process.key, ended: message });
  else if (process.phase === 'starting') {
    const error = new BprocError('BE_SLAVEDIED', message.end?.reason ?? 'it was lost', { node: process.node });
    turn.effects.push({ type: 'startFailed', key: process.key, error });
  }
}

function forget(turn: ClientTurn, process: ClientProcess): void {
  settle(turn, process);
  turn.state.processes.delete(process.key);
  if (turn.state.byPid.get(process.pid) === process) turn.state.byPid.delete(process.pid);
}

/** How far something is that this client has asked for: a move, or a copy, which has no request. */
export function progressed({ state, effects }: ClientTurn, progress: MoveProgress): void {
  const { request, puid } = progress;
  const key = request === 0 ? idText(puid) : undefined;
  if (key === undefined ? state.requests.has(request) : state.processes.has(key)) {
    effects.push({ type: 'progress', progress, key });
  }
}
