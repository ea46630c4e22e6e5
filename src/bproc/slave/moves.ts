/** Processes that go to other nodes and come from there: PROTOCOL.md 12.2. */
import { BprocError } from '../../errors.ts';
import type { SignalScope } from '../../linux/index.ts';
import { failureOf } from '../../transport/index.ts';
import type { CallOff, Depart, Departed, Init, LateSignal, Settle } from '../../wire/index.ts';
import { Scope } from '../../wire/index.ts';
import { idText } from '../ids.ts';
import { restartInput } from './attach.ts';
import { end, terminate } from './ends.ts';
import type { SlaveEvent, SlaveTurn } from './events.ts';
import { freeze, lateSignals, thaw } from './frozen.ts';
import { noteGone } from './gone.ts';
import { arrivedProcess } from './held.ts';
import { report, tell } from './reports.ts';
import type { SlaveProcess } from './state.ts';
import { pump } from './streams.ts';

const SCOPES: readonly (readonly [SignalScope, Scope])[] = [
  ['process', Scope.PROCESS],
  ['group', Scope.GROUP],
  ['tree', Scope.TREE],
];

/** A process is to go to another node. */
export function depart(turn: SlaveTurn, order: Depart): void {
  const { state } = turn;
  const key = idText(order.puid);
  const gone = state.gone.get(key)?.message;
  const told = gone?.number === order.number ? gone : state.moves.get(String(order.number));
  if (told !== undefined) return tell(turn, { departed: told });
  const process = state.processes.get(key);
  const [copy] = order.copy?.targets ?? [];
  // an earlier master's move to the same node is as good: what becomes of that is told
  if (process?.moving?.number === order.number || (copy === undefined && process?.moving?.node === order.node))
    return undefined;
  const refusal = refusalOf(turn, process, copy !== undefined);
  if (process === undefined || refusal !== undefined) {
    const error = refusal ?? new BprocError('BE_INVALIDPROC', 'the process is not here any more');
    return tell(turn, {
      departed: { puid: copy?.puid ?? order.puid, number: order.number, node: order.node, failure: failureOf(error) },
    });
  }
  if (copy === undefined) process.moving = { number: order.number, node: order.node };
  turn.effects.push({ type: 'depart', key, order });
}

/** A move, or a copy, is not wanted any more; a move by whichever number it goes: an earlier master may have ordered it. */
export function callOff({ state, effects }: SlaveTurn, { puid, number }: CallOff): void {
  const key = idText(puid);
  effects.push({ type: 'callOff', key, number: state.processes.get(key)?.moving?.number ?? number });
}

function refusalOf({ state }: SlaveTurn, process: SlaveProcess | undefined, isCopy: boolean): BprocError | undefined {
  if (process === undefined) return undefined;
  const { pid, phase, hasTerminal, moving } = process;
  const details = { pid, node: state.node };
  if (state.stopping) return new BprocError('BE_NODEDOWN', `node ${state.node} is shutting down`, details);
  if (phase !== 'running' && phase !== 'stopped') {
    return new BprocError('BE_INVALIDPROC', `process ${pid} does not run`, details);
  }
  if (moving !== undefined && !isCopy) return new BprocError('EBUSY', `process ${pid} is on its way already`, details);
  if (hasTerminal && isCopy)
    return new BprocError('ENOTSUP', `process ${pid} has a terminal, which cannot be copied`, details);
  return undefined;
}

/** From here on nothing is done to it. */
export function freezing(turn: SlaveTurn, key: string): void {
  if (turn.state.processes.has(key)) freeze(turn.state, key);
}

/** It was captured, and runs on; or it was ended, since it has become a checkpoint. */
export function thawed(
  turn: SlaveTurn,
  { key, checkpointed }: Extract<SlaveEvent, { readonly type: 'thawed' }>,
  replay: (event: SlaveEvent) => void,
): void {
  const process = turn.state.processes.get(key);
  if (process !== undefined && checkpointed) process.checkpointed = true;
  const { effects, events } = thaw(turn.state, key);
  turn.effects.push(...effects);
  for (const event of events) replay(event);
  restartInput(turn, key);
}

/** What has become of a copy. Its own slave says so, too, where it has come that far. */
export function copied(
  turn: SlaveTurn,
  { puid, number, error }: Extract<SlaveEvent, { readonly type: 'copied' }>,
): void {
  tellDeparted(turn, { puid, number, ...(error === undefined ? {} : { failure: failureOf(error) }) });
}

/** It is gone from here for good; or, with an error, it runs on here. */
export function departed(
  turn: SlaveTurn,
  { key, number, node, error, pids }: Extract<SlaveEvent, { readonly type: 'departed' }>,
  replay: (event: SlaveEvent) => void,
): void {
  const { state } = turn;
  const frozen = thaw(state, key);
  const process = state.processes.get(key);
  if (process === undefined) {
    if (error === undefined) turn.effects.push({ type: 'forgetGone', key });
    return;
  }
  process.moving = undefined;
  const { puid } = process;
  if (error !== undefined) {
    const hasEnded = frozen.events.some(({ type }) => type === 'exited');
    const why = hasEnded ? new BprocError('BE_INVALIDPROC', `process ${process.pid} has ended`) : error;
    tellDeparted(turn, { puid, number, node, failure: failureOf(why) });
    turn.effects.push(...frozen.effects);
    for (const event of frozen.events) replay(event);
    restartInput(turn, key);
    return;
  }
  const late = lateSignals(frozen);
  const signals = late.map(({ signal, scope }) => ({ signal, scope: wireScope(scope) }));
  const message = { puid, number, node, signals, process: report(turn, process) };
  end(turn, process);
  noteGone(turn, key, process.pid, message, { pids });
  turn.effects.push({ type: 'settle', settle: { puid, number, go: true, signals } });
  tellDeparted(turn, message);
  // they are on their way, as any signal is that was sent
  for (const { answer, signal } of late) replay({ type: 'signalled', key, signal, answer, outcome: true });
}

function tellDeparted(turn: SlaveTurn, message: Init<Departed>): void {
  turn.state.moves.set(String(message.number), message);
  tell(turn, { departed: message });
}

function wireScope(scope: SignalScope): Scope {
  return SCOPES.find(([name]) => name === scope)?.[1] ?? Scope.PROCESS;
}

/** The master says what is to become of a process that has come and waits. */
export function settle(turn: SlaveTurn, message: Settle): void {
  const process = turn.state.processes.get(idText(message.puid));
  // that it runs here may not have got to the master
  if (process !== undefined && message.go) tellArrived(turn, process, message.number);
  turn.effects.push({ type: 'settleArrival', settle: message });
}

/** A process runs here that was on another node before. */
export function arrived(turn: SlaveTurn, event: Extract<SlaveEvent, { readonly type: 'arrived' }>): void {
  const { number, held, signals, wallTime } = event;
  const process = arrivedProcess(turn, held, wallTime);
  if (process === undefined) return;
  tellArrived(turn, process, number);
  restartInput(turn, process.key);
  for (const fd of [1, 2] as const) {
    if (!event.wanted[fd - 1]) turn.effects.push({ type: 'discard', key: process.key, fd });
    pump(turn, process, fd);
  }
  for (const { signal, scope } of signals) {
    turn.effects.push({ type: 'signal', key: process.key, signal, scope: scopeOf(scope), answer: undefined });
  }
  if (turn.state.stopping) terminate(turn, process, 0);
}

function tellArrived(turn: SlaveTurn, process: SlaveProcess, number: number): void {
  tell(turn, { arrived: { puid: process.puid, number, process: report(turn, process) } });
}

function scopeOf(scope: LateSignal['scope']): SignalScope {
  return SCOPES.find(([, value]) => value === scope)?.[0] ?? 'process';
}
