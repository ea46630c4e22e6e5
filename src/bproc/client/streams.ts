/** The processes' standard streams as their client has them: PROTOCOL.md section 5. */

import type { Credit } from '../../wire/index.ts';
import { ofStream, streamOf } from '../ids.ts';
import type { ClientTurn } from './events.ts';
import { pump } from './input.ts';
import { complete } from './processes.ts';
import type { ClientProcess } from './state.ts';

/** Output of a process. Only what comes next is taken [PROTOCOL 5.3]. */
export function received(
  turn: ClientTurn,
  event: { readonly stream: number; readonly offset: number; readonly bytes: Buffer; readonly fin: boolean },
): void {
  const { pid, fd } = ofStream(event.stream);
  const process = turn.state.byPid.get(pid);
  if (process === undefined || (fd !== 1 && fd !== 2)) return;
  const output = process.outputs[fd - 1];
  if (output === undefined) return;
  const accepted = output.accept(event.offset, event.bytes, event.fin);
  if (accepted.kind === 'gap') tellCredit(turn, process, fd, output.rewind());
  if (accepted.kind !== 'bytes') return;
  turn.effects.push({ type: 'output', key: process.key, fd, bytes: accepted.bytes, fin: accepted.fin });
  complete(turn, process);
}

/** The program has taken output: more may come. */
export function consumed(turn: ClientTurn, key: string, fd: 1 | 2, bytes: number): void {
  const process = turn.state.processes.get(key);
  const output = process?.outputs[fd - 1];
  if (process === undefined || output === undefined) return;
  output.consume(bytes);
  tellCredit(turn, process, fd, output.grant());
}

function tellCredit(turn: ClientTurn, process: ClientProcess, fd: 1 | 2, credit: Credit | undefined): void {
  const { link } = turn.state;
  if (credit === undefined || link.phase !== 'attached') return;
  turn.effects.push({ type: 'credit', link: link.link, stream: streamOf(process.pid, fd), credit });
}

/** The program wants no more of an output. */
export function closeOutput(turn: ClientTurn, key: string, fd: 1 | 2): void {
  const { link } = turn.state;
  const process = turn.state.processes.get(key);
  if (process?.outputs[fd - 1] === undefined) return;
  process.outputs[fd - 1] = undefined;
  if (link.phase === 'attached')
    turn.effects.push({ type: 'stop', link: link.link, stream: streamOf(process.pid, fd) });
  complete(turn, process);
}

/** Input for a process. */
export function write(turn: ClientTurn, key: string, bytes: Buffer): void {
  const process = turn.state.processes.get(key);
  if (process?.stdin === undefined) return;
  process.stdin.push(bytes);
  pump(turn, process);
}

/** No more input. */
export function endInput(turn: ClientTurn, key: string): void {
  const process = turn.state.processes.get(key);
  if (process?.stdin === undefined) return;
  process.stdin.finish();
  pump(turn, process);
}

/** The slave has taken input, and allows more. */
export function credited(turn: ClientTurn, stream: number, credit: Credit): void {
  const { pid, fd } = ofStream(stream);
  const process = turn.state.byPid.get(pid);
  if (process?.stdin === undefined || fd !== 0) return;
  process.stdin.credit(credit);
  pump(turn, process);
  turn.effects.push({ type: 'inputRoom', key: process.key });
}

/** The process closed its input. */
export function stopped(turn: ClientTurn, stream: number): void {
  const { pid, fd } = ofStream(stream);
  const process = turn.state.byPid.get(pid);
  if (process?.stdin === undefined || fd !== 0) return;
  process.stdin = undefined;
  turn.effects.push({ type: 'inputClosed', key: process.key });
}

/** The link has room again: everybody's turn. */
export function pumpAll(turn: ClientTurn): void {
  turn.state.congested = false;
  for (const process of turn.state.processes.values()) pump(turn, process);
}
