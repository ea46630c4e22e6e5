/** What a slave tells its master. Every message is sent only while attached: the inventory says it all again. */

import type { BprocError } from '../../errors.ts';
import type { ProcessIdentity } from '../../linux/index.ts';
import { failureOf } from '../../transport/index.ts';
import type { ControlInit, End, Ended, Failure, Init, ProcessReport } from '../../wire/index.ts';
import { EndKind, ProcessState } from '../../wire/index.ts';
import { idBytes } from '../ids.ts';
import type { SlaveTurn } from './events.ts';
import type { SlaveProcess } from './state.ts';

/** Sends to the master, if there is one now. */
export function tell(turn: SlaveTurn, message: ControlInit): void {
  const { link } = turn.state;
  if (link.phase !== 'attached') return;
  const { domain } = turn.state.config;
  turn.effects.push({ type: 'send', link: link.link, message: domain === '' ? message : { ...message, domain } });
}

/** Whether a process does not have its global pid itself. */
export function isMapped(pid: number, identity: ProcessIdentity | undefined): boolean {
  return identity !== undefined && identity.pid !== pid;
}

/** The process runs: where, and under which pid. */
export function tellStarted(turn: SlaveTurn, process: SlaveProcess): void {
  const { identity } = process;
  if (identity === undefined) return;
  tell(turn, {
    started: {
      puid: process.puid,
      pid: process.pid,
      node: turn.state.node,
      localPid: identity.outerPid ?? identity.pid,
      mapped: isMapped(process.pid, identity),
      startTime: identity.startTime,
      stdinWindow: process.stdin === undefined ? 0 : process.window,
    },
  });
}

/** A start does not run: why. */
export function tellRefusal(turn: SlaveTurn, puid: Uint8Array, error: BprocError): void {
  const failure: Init<Failure> = { ...failureOf(error), node: turn.state.node };
  tell(turn, { startFailed: { puid, failure } });
}

/** Notes and tells that a process stopped or goes on. */
export function changed(turn: SlaveTurn, key: string, phase: 'running' | 'stopped'): void {
  const process = turn.state.processes.get(key);
  if (process === undefined || process.phase === phase) return;
  if (process.phase !== 'running' && process.phase !== 'stopped') return;
  process.phase = phase;
  if (phase === 'running') process.heardAt = turn.now;
  tell(turn, { change: { puid: process.puid, pid: process.pid, state: wireState(process) } });
}

/** How a process ends whose client cannot have all that it wrote. */
export const OUTPUT_GONE: Init<End> = {
  kind: EndKind.LOST,
  reason: 'its output was thrown away, by the word of a master that had given it or its client up',
};

/** The end as it is told until it is acknowledged. Nobody is to wait for output that was given up with its client. */
export function endedOf(turn: SlaveTurn, process: SlaveProcess): Init<Ended> {
  const [stdout, stderr] = process.outlets;
  return {
    puid: process.puid,
    pid: process.pid,
    end: process.end,
    stdoutBytes: process.abandoned ? 0 : stdout.bytes,
    stderrBytes: process.abandoned ? 0 : stderr.bytes,
    node: turn.state.node,
  };
}

const PER_MESSAGE = 128;

/** Tells everything it holds, in parts; before that what has left it, so that nobody thinks it lost. */
export function tellInventory(turn: SlaveTurn): void {
  for (const { isKnown, message } of turn.state.gone.values()) if (!isKnown) tell(turn, { departed: message });
  const reports = [...turn.state.processes.values()].map((process) => report(turn, process));
  for (let at = 0; at === 0 || at < reports.length; at += PER_MESSAGE) {
    const processes = reports.slice(at, at + PER_MESSAGE);
    tell(turn, { inventory: { processes, last: at + PER_MESSAGE >= reports.length } });
  }
}

/** All that its master has to know of a process. */
export function report(turn: SlaveTurn, process: SlaveProcess): Init<ProcessReport> {
  return {
    puid: process.puid,
    pid: process.pid,
    localPid: process.identity?.outerPid ?? process.identity?.pid,
    mapped: isMapped(process.pid, process.identity),
    startTime: process.identity?.startTime,
    state: wireState(process),
    client: idBytes(process.client),
    uid: process.uid,
    detached: process.detached,
    command: process.command,
    startedAt: process.startedAt,
    lostAfterMs: process.lostAfterMs,
    moves: process.moves ?? 0,
    ended: process.end === undefined ? undefined : endedOf(turn, process),
  };
}

const WIRE_STATE = {
  starting: ProcessState.STARTING,
  running: ProcessState.RUNNING,
  stopped: ProcessState.STOPPED,
  exited: ProcessState.EXITED,
} as const;

function wireState(process: SlaveProcess): ProcessState {
  return WIRE_STATE[process.phase];
}
