/**
 * The slave as a reducer: `(state, event, now) -> [state, effects]`. It does no I/O and reads no
 * clock; the state is its own and is updated in place, because a table of ten thousand processes
 * cannot be copied at every event.
 */

import { BprocError } from '../../errors.ts';
import type { Control } from '../../wire/index.ts';
import { idText } from '../ids.ts';
import { attach, closed, connect, greet, kept, promiseKept, refused, restartInput, unreachable } from './attach.ts';
import { acknowledged, clientGone, exited, lose, outputEnded, shutdown } from './ends.ts';
import type { SlaveEffect, SlaveEvent, SlaveTurn } from './events.ts';
import { actsOf, heldBack } from './frozen.ts';
import { pidsAway } from './gone.ts';
import { remember, takeUp } from './held.ts';
import { engineFailed, engineLost, renewed } from './lives.ts';
import { arrived, callOff, copied, depart, departed, freezing, settle, thawed } from './moves.ts';
import { gotPids } from './pids.ts';
import { changed } from './reports.ts';
import { answerRequest, listed, ordered, signalled } from './requests.ts';
import { cancel, expectCopy, failed, prepared, release, start, started } from './starts.ts';
import type { SlaveState } from './state.ts';
import { credit, input, output, pumpAll, stdinClosed, stdinWritten, stop } from './streams.ts';
import { due } from './timers.ts';

/** Takes one event. The effects are to be carried out in order. */
export function step(state: SlaveState, event: SlaveEvent, now: number): [SlaveState, SlaveEffect[]] {
  const turn: SlaveTurn = { state, now, effects: [] };
  if (state.frozen.size === 0) dispatch(turn, event);
  else if (!heldBack(state, event)) dispatch(turn, event);
  return [state, state.frozen.size === 0 ? turn.effects : actsOf(state, turn.effects)];
}

function dispatch(turn: SlaveTurn, event: SlaveEvent): void {
  switch (event.type) {
    case 'connect':
      return connect(turn);
    case 'opened':
      return greet(turn, event.link, event.takeover);
    case 'unreachable':
      return unreachable(turn, event.takeover);
    case 'control':
      return control(turn, event.link, event.message);
    case 'data':
      return isAttached(turn, event.link) ? input(turn, event) : undefined;
    case 'credit':
      return isAttached(turn, event.link) ? credit(turn, event.stream, event.credit) : undefined;
    case 'stop':
      return isAttached(turn, event.link) ? stop(turn, event.stream) : undefined;
    case 'congested':
      if (isAttached(turn, event.link)) turn.state.congested = true;
      return undefined;
    case 'drained':
      return isAttached(turn, event.link) ? pumpAll(turn) : undefined;
    case 'closed':
      return closed(turn, event.link);
    case 'kept':
      return kept(turn, event.error);
    case 'started':
      return started(turn, event);
    case 'failed':
      return failed(turn, event);
    case 'prepared':
      return prepared(turn, event.key);
    case 'output':
      return output(turn, event);
    case 'outputEnd':
      return outputEnded(turn, event);
    case 'lost':
      return lose(turn, event);
    case 'engineLost':
      return engineLost(turn);
    case 'engineFailed':
      return engineFailed(turn, event.error);
    case 'renewed':
      return renewed(turn, event.life);
    case 'held':
      remember(turn, event.remembered);
      return takeUp(turn, event.held, event.wallTime);
    case 'stdinWritten':
      return stdinWritten(turn, event);
    case 'stdinClosed':
      return stdinClosed(turn, event.key);
    case 'stopped':
      return changed(turn, event.key, 'stopped');
    case 'continued':
      return changed(turn, event.key, 'running');
    case 'exited':
      return exited(turn, event);
    case 'signalled':
      return signalled(turn, event);
    case 'listed':
      return listed(turn, event);
    case 'ordered':
      return ordered(turn, event);
    case 'freezing':
      return freezing(turn, event.key);
    case 'departed':
      return departed(turn, event, (later) => dispatch(turn, later));
    case 'thawed':
      return thawed(turn, event, (later) => dispatch(turn, later));
    case 'copied':
      return copied(turn, event);
    case 'expecting':
      return expecting(turn, event);
    case 'arrived':
      return arrived(turn, event);
    case 'timer':
      return due(turn);
    case 'shutdown':
      return shutdown(turn);
  }
}

/** The driver hears a refusal, which is not this slave's failure. */
function expecting(turn: SlaveTurn, { start: message, refused }: Extract<SlaveEvent, { type: 'expecting' }>): void {
  try {
    expectCopy(turn, message);
  } catch (error) {
    refused(BprocError.from(error));
  }
}

function isAttached(turn: SlaveTurn, link: number): boolean {
  const { link: own } = turn.state;
  return own.phase === 'attached' && own.link === link;
}

function control(turn: SlaveTurn, link: number, message: Control): void {
  if (message.body === 'welcome') return attach(turn, link, message.welcome);
  if (message.body === 'refuse') return refused(turn, link, message.refuse);
  if (!isAttached(turn, link)) return;
  // [PROTOCOL 3.3] a command of an epoch older than the promise has no effect, whoever sends it
  if (!promiseKept(turn, link, message.epoch)) return;
  switch (message.body) {
    case 'start':
      return start(turn, message.start);
    case 'go':
      return release(turn, message.go);
    case 'cancel':
      return cancel(turn, message.cancel);
    case 'endAck':
      return acknowledged(turn, message.endAck);
    case 'clientGone':
      return clientGone(turn, message.clientGone);
    case 'change':
      return restartInput(turn, idText(message.change.puid));
    case 'pidBlock':
      return gotPids(turn, message.pidBlock);
    case 'depart':
      return depart(turn, message.depart);
    case 'callOff':
      return callOff(turn, message.callOff);
    case 'settle':
      return settle(turn, message.settle);
    case 'pidsAway':
      return pidsAway(turn, message.pidsAway);
    case 'request':
      return answerRequest(turn, message.request);
    default:
      // what this version does not know is ignored [PROTOCOL 2.3]
      return undefined;
  }
}
