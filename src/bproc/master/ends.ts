/** Ends of processes, told once and kept until somebody has them: PROTOCOL.md section 6. */

import { BprocError } from '../../errors.ts';
import type { Ended, Init } from '../../wire/index.ts';
import { EndKind, ProcessState } from '../../wire/index.ts';
import { endMove } from './move-end.ts';
import type { MasterClient, MasterNode, MasterProcess, MasterTurn } from './state.ts';
import { publishProcess, removeProcess } from './tables.ts';
import { command, inform, respond } from './tell.ts';

/** Processes remembered as given up, so that they are killed where they reappear. */
const MOST_GIVEN_UP = 65_536;

/** A slave says that a process has ended. It says so until it is acknowledged. */
export function ended(turn: MasterTurn, node: MasterNode, key: string, message: Ended): void {
  const process = turn.state.processes.get(key);
  if (process === undefined || process.node !== node) {
    // nobody here knows it, or it was given up: whoever had a right to its end has had one
    command(turn, node, { endAck: { puid: message.puid } });
    return;
  }
  const { end, stdoutBytes, stderrBytes } = message;
  if (process.end !== undefined) {
    // a slave may find that output is gone which its client waits for
    if (process.end.end?.kind !== EndKind.LOST) process.end = { end: end ?? process.end.end, stdoutBytes, stderrBytes };
    offerEnd(turn, process);
    return;
  }
  finish(turn, process, {
    end: end ?? { kind: EndKind.LOST, reason: 'its slave did not say how' },
    stdoutBytes,
    stderrBytes,
  });
}

/** Notes the one end of a process and tells everybody who waits for it. */
function finish(turn: MasterTurn, process: MasterProcess, end: NonNullable<MasterProcess['end']>): void {
  const isNews = process.end === undefined;
  process.end = end;
  process.state = 'exited';
  process.start = undefined;
  // subscribers hear of one end, also where its client does not get all the output before it
  if (isNews) publishProcess(turn, process);
  for (const { client, request } of process.waiters.values()) {
    client.waits.delete(request);
    respond(turn, client, request, { ended: endedOf(process) });
  }
  process.waiters.clear();
  // what has ended goes nowhere
  endMove(turn, process, new BprocError('BE_INVALIDPROC', `process ${process.pid} has ended`, { pid: process.pid }));
  offerEnd(turn, process);
}

/** A request of a client waits for the end; one that is repeated waits once. */
export function awaitEnd(process: MasterProcess, client: MasterClient, request: number): void {
  client.waits.set(request, process);
  process.waiters.set(`${client.key} ${request}`, { client, request });
}

/** A client does not wait any more under this number. */
export function abandonWait(client: MasterClient, request: number): void {
  client.waits.get(request)?.waiters.delete(`${client.key} ${request}`);
  client.waits.delete(request);
}

/** A client is gone: nothing waits for it any more. */
export function forgetWaits(client: MasterClient): void {
  for (const [request, process] of client.waits) process.waiters.delete(`${client.key} ${request}`);
  client.waits.clear();
}

/** The end as it is told. */
export function endedOf(process: MasterProcess): Init<Ended> {
  return { puid: process.puid, pid: process.pid, node: process.node.node, ...process.end };
}

/** Tells the client that owns the process; without one the end is kept for a while, for whoever asks. */
export function offerEnd(turn: MasterTurn, process: MasterProcess): void {
  if (process.client === undefined) {
    const { endRetentionMs } = turn.state.config;
    const key = `keep ${process.key}`;
    if (!process.detached) acknowledge(turn, process);
    else if (!turn.state.deadlines.has(key)) turn.state.deadlines.set(key, turn.now + endRetentionMs);
    return;
  }
  inform(turn, process.client, { ended: endedOf(process) });
}

/** The client has the end and all output before it: now the slave may forget the process too [PROTOCOL 6.2]. */
export function acknowledgedBy(turn: MasterTurn, client: MasterClient, key: string): void {
  const process = turn.state.processes.get(key);
  if (process !== undefined && process.client === client && process.end !== undefined) acknowledge(turn, process);
}

/** Nobody needs the process's end any more. */
export function acknowledge(turn: MasterTurn, process: MasterProcess): void {
  command(turn, process.node, { endAck: { puid: process.puid } });
  removeProcess(turn, process);
}

/**
 * Gives a process up: it is proven gone, or its time to reappear is over. Said once; where it
 * reappears after all it is killed [PROTOCOL 6.5].
 */
export function lose(turn: MasterTurn, process: MasterProcess, reason: string): void {
  const isKnown = process.end !== undefined;
  if (process.end?.end?.kind === EndKind.LOST) return;
  if (isKnown && process.client === undefined) return;
  giveUp(turn, process);
  // an end without all of its output is none [PROTOCOL 6.1]: a client that has both has acknowledged it
  const why = isKnown ? `${reason}; it had ended before, and output of it is gone` : reason;
  finish(turn, process, { end: { kind: EndKind.LOST, reason: why }, stdoutBytes: 0, stderrBytes: 0 });
}

/** Remembers a process as given up. */
export function giveUp(turn: MasterTurn, process: MasterProcess): void {
  const { givenUp } = turn.state;
  givenUp.add(process.key);
  for (const oldest of givenUp) {
    if (givenUp.size <= MOST_GIVEN_UP) break;
    givenUp.delete(oldest);
  }
}

/** What ran under a node's earlier boot id is gone. */
export function loseProcesses(turn: MasterTurn, node: MasterNode, reason: string): void {
  for (const process of [...node.processes]) lose(turn, process, reason);
}

/** A node is silent: what runs there is unknown, and stays so until it is proven or a bound has passed. */
export function processesUnknown(turn: MasterTurn, node: MasterNode): void {
  for (const process of node.processes) becomeUnknown(turn, process);
}

/** Nobody who is there can tell whether it runs. */
export function becomeUnknown(turn: MasterTurn, process: MasterProcess): void {
  if (process.state !== 'running' && process.state !== 'stopped') return;
  process.state = 'unknown';
  publishProcess(turn, process);
  const { client, puid, pid } = process;
  inform(turn, client, { change: { puid, pid, state: ProcessState.UNKNOWN, reattached: false } });
}
