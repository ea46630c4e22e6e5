/** The processes' standard streams: PROTOCOL.md section 5. */

import type { Credit } from '../../wire/index.ts';
import { MAX_DATA_BYTES } from '../../wire/index.ts';
import { ofStream, streamOf } from '../ids.ts';
import type { SlaveTurn } from './events.ts';
import { endedOf, OUTPUT_GONE, tell } from './reports.ts';
import type { Outlet, SlaveProcess } from './state.ts';

/** A process wrote. It is kept until the client has it; a full window stops the reading. */
export function output(
  turn: SlaveTurn,
  event: { readonly key: string; readonly fd: 1 | 2; readonly bytes: Buffer },
): void {
  const process = turn.state.processes.get(event.key);
  if (process === undefined) return;
  process.heardAt = turn.now;
  const outlet = process.outlets[event.fd - 1];
  if (outlet === undefined) return;
  outlet.bytes += event.bytes.length;
  if (outlet.stream === undefined) return;
  const before = outlet.stream.acked;
  outlet.stream.push(event.bytes);
  // its client may have had these bytes from an earlier life of this slave
  acknowledge(turn, process, event.fd, before, outlet.stream.acked);
  pump(turn, process, event.fd);
  if (!outlet.paused && outlet.stream.kept >= process.window) {
    outlet.paused = true;
    turn.effects.push({ type: 'pause', key: process.key, fd: event.fd });
  }
}

/** Sends what may be sent of one output. */
export function pump(turn: SlaveTurn, process: SlaveProcess, fd: 1 | 2): void {
  const { link, congested } = turn.state;
  const stream = process.outlets[fd - 1]?.stream;
  if (link.phase !== 'attached' || congested || stream === undefined) return;
  for (let piece = stream.take(MAX_DATA_BYTES); piece !== undefined; piece = stream.take(MAX_DATA_BYTES)) {
    turn.effects.push({ type: 'data', link: link.link, stream: streamOf(process.pid, fd), ...piece });
  }
}

/** The link has room again: everybody's turn. */
export function pumpAll(turn: SlaveTurn): void {
  turn.state.congested = false;
  for (const process of turn.state.processes.values()) {
    pump(turn, process, 1);
    pump(turn, process, 2);
  }
}

/** The client has received, and allows more. */
export function credit(turn: SlaveTurn, id: number, told: Credit): void {
  const { pid, fd } = ofStream(id);
  const process = turn.state.byPid.get(pid);
  if (process === undefined || (fd !== 1 && fd !== 2)) return;
  const outlet = process.outlets[fd - 1];
  if (outlet === undefined) return;
  if (told.rewind && (outlet.stream === undefined || told.acked < outlet.stream.begin)) {
    return giveUp(turn, process, outlet, fd);
  }
  if (outlet.stream === undefined) return;
  const before = outlet.stream.acked;
  outlet.stream.credit(told);
  acknowledge(turn, process, fd, before, outlet.stream.acked);
  pump(turn, process, fd);
  unpause(turn, process, outlet, fd);
}

/**
 * Output was thrown away, by an earlier life of this slave or by the word of another master than that of the client,
 * which asks for it: nobody is to wait for it.
 */
function giveUp(turn: SlaveTurn, process: SlaveProcess, outlet: Outlet, fd: 1 | 2): void {
  outlet.stream = undefined;
  outlet.bytes = 0;
  process.outputGone = true;
  turn.effects.push({ type: 'discard', key: process.key, fd });
  if (process.end === undefined) return;
  process.end = OUTPUT_GONE;
  tell(turn, { ended: endedOf(turn, process) });
}

/** An engine that keeps output is told how far its client has it. */
function acknowledge(turn: SlaveTurn, process: SlaveProcess, fd: 1 | 2, before: number, offset: number): void {
  if (turn.state.config.keeps !== true || offset === before) return;
  turn.effects.push({ type: 'acknowledge', key: process.key, fd, offset });
}

function unpause(turn: SlaveTurn, process: SlaveProcess, outlet: Outlet, fd: 1 | 2): void {
  if (!outlet.paused || (outlet.stream !== undefined && outlet.stream.kept >= process.window / 2)) return;
  outlet.paused = false;
  process.heardAt = turn.now;
  turn.effects.push({ type: 'resume', key: process.key, fd });
}

/** The client wants no more of an output: the process sees a closed pipe, as in a shell [PROTOCOL 5.5]. */
export function stop(turn: SlaveTurn, id: number): void {
  const { pid, fd } = ofStream(id);
  const process = turn.state.byPid.get(pid);
  if (process === undefined || (fd !== 1 && fd !== 2)) return;
  const outlet = process.outlets[fd - 1];
  if (outlet?.stream === undefined) return;
  outlet.stream = undefined;
  process.heardAt = turn.now;
  turn.effects.push({ type: 'closeOutput', key: process.key, fd });
}

/** Nobody will ever take its output: the process writes on, to nowhere. */
export function discard(turn: SlaveTurn, process: SlaveProcess): void {
  for (const fd of [1, 2] as const) {
    const outlet = process.outlets[fd - 1];
    if (outlet?.stream === undefined) continue;
    outlet.stream = undefined;
    process.heardAt = turn.now;
    turn.effects.push({ type: 'discard', key: process.key, fd });
  }
}

/** Input for a process. Only what comes next is taken [PROTOCOL 5.3]. */
export function input(
  turn: SlaveTurn,
  event: { readonly stream: number; readonly offset: number; readonly bytes: Buffer; readonly fin: boolean },
): void {
  const { pid, fd } = ofStream(event.stream);
  const process = turn.state.byPid.get(pid);
  const stdin = process?.stdin;
  if (process === undefined || stdin === undefined || fd !== 0) return;
  // it is asked for again, from where the process is then
  if (turn.state.frozen.has(process.key)) return;
  const accepted = stdin.accept(event.offset, event.bytes, event.fin);
  if (accepted.kind === 'gap') tellInput(turn, process, stdin.rewind());
  if (accepted.kind !== 'bytes') return;
  if (accepted.bytes.length > 0) turn.effects.push({ type: 'write', key: process.key, bytes: accepted.bytes });
  if (!accepted.fin) return;
  turn.effects.push({ type: 'endStdin', key: process.key });
  tellInput(turn, process, stdin.grant());
}

/** The process has taken input: its sender may go on. */
export function stdinWritten(turn: SlaveTurn, event: { readonly key: string; readonly bytes: number }): void {
  const process = turn.state.processes.get(event.key);
  if (process?.stdin === undefined) return;
  process.stdin.consume(event.bytes);
  tellInput(turn, process, process.stdin.grant());
}

/** The process closed its input: whoever writes to it is told. */
export function stdinClosed(turn: SlaveTurn, key: string): void {
  const process = turn.state.processes.get(key);
  if (process?.stdin === undefined) return;
  process.stdin = undefined;
  const { link } = turn.state;
  if (link.phase === 'attached') turn.effects.push({ type: 'stop', link: link.link, stream: streamOf(process.pid, 0) });
}

function tellInput(turn: SlaveTurn, process: SlaveProcess, told: Credit | undefined): void {
  const { link } = turn.state;
  if (told === undefined || link.phase !== 'attached') return;
  turn.effects.push({ type: 'credit', link: link.link, stream: streamOf(process.pid, 0), credit: told });
}
