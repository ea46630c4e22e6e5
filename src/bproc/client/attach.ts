/** Finding the master and staying with it: PROTOCOL.md section 3. */
import { BprocError } from '../../errors.ts';
import { reasonOf } from '../../transport/index.ts';
import type { Refuse, Welcome } from '../../wire/index.ts';
import { PROTOCOL, Role, unspoken } from '../../wire/index.ts';
import { CHALLENGE_FEATURE } from '../challenge.ts';
import { compareEpochs, epochText } from '../epoch.ts';
import { retryDelayMs } from '../reconnect.ts';
import type { ClientTurn } from './events.ts';
import { repeatStarts } from './starts.ts';
import { sendAcks, tell, tellRequest } from './tell.ts';

const RETRY = { firstMs: 20, longestMs: 2000 };
const PER_CLAIM = 512;

/** Looks for the master, at once. */
export function connect(turn: ClientTurn): void {
  const { state } = turn;
  if (state.stopping || state.link.phase !== 'none') return;
  state.link = { phase: 'dialling' };
  turn.effects.push({ type: 'dial' });
}

/** A connection is there: says who it is. */
export function greet(turn: ClientTurn, link: number): void {
  const { state } = turn;
  if (state.stopping) return;
  state.link = { phase: 'greeting', link };
  const { majorMin, majorMax, minor } = PROTOCOL;
  const { id, pid } = state.self;
  const features = [CHALLENGE_FEATURE];
  const hello = { majorMin, majorMax, minor, role: Role.CLIENT, identity: id, seen: state.seen, pid, features };
  turn.effects.push({ type: 'send', link, message: { domain: state.config.domain, hello } });
}

/** A master took it in: says what it owns and asks again what it has no answer to. */
export function attach(turn: ClientTurn, link: number, welcome: Welcome): void {
  const { state } = turn;
  if (state.link.phase !== 'greeting' || state.link.link !== link) return;
  turn.effects.push({ type: 'establish', link, session: welcome.session });
  const version = unspoken(welcome);
  if (version !== undefined) {
    turn.effects.push({ type: 'close', link, reason: version });
    giveUp(turn, version);
    return;
  }
  const epoch = welcome.epoch ?? state.seen;
  // [PROTOCOL 3.3] a master older than one already seen may not know what that one did
  if (compareEpochs(epoch, state.seen) < 0) {
    const reason = new BprocError(
      'ESTALE',
      `a master of epoch ${epochText(epoch)} answers, ${epochText(state.seen)} was seen`,
    );
    turn.effects.push({ type: 'close', link, reason });
    return;
  }
  state.seen = { generation: epoch.generation, revision: epoch.revision };
  state.link = { phase: 'attached', link };
  state.met = true;
  state.tries = 0;
  state.congested = false;
  state.carried = undefined;
  state.deadlines.clear('connect');
  state.deadlines.clear('giveUp');
  turn.effects.push({ type: 'attached' });
  repeat(turn);
}

function repeat(turn: ClientTurn): void {
  const { state } = turn;
  repeatStarts(turn);
  const running = [...state.processes.values()].filter((process) => process.phase !== 'starting');
  for (let at = 0; at === 0 || at < running.length; at += PER_CLAIM) {
    const part = running.slice(at, at + PER_CLAIM);
    const entries = part.map(({ puid, node, boot, pid, start: { user } }) => ({ puid, node, boot, pid, user }));
    tell(turn, { claim: { entries, last: at + PER_CLAIM >= running.length } });
  }
  for (const [id, order] of state.requests) tellRequest(turn, id, order);
  for (const { id, cursor, processes } of state.subscriptions.values()) {
    if (cursor !== '') tell(turn, { request: { id: 0, subscribe: { id, cursor, processes } } });
  }
}

/** Refusals after which trying again is of no use. */
const FINAL = new Set(['EPERM', 'EINVAL', 'EPROTO', 'ECONNRESET']);

/** The master will not have it. */
export function refused(turn: ClientTurn, link: number, refuse: Refuse): void {
  const error =
    refuse.failure === null ? new BprocError('ECONNREFUSED', 'the master refused') : reasonOf(refuse.failure);
  turn.effects.push({ type: 'close', link, reason: undefined });
  if (FINAL.has(error.code) || !turn.state.met) giveUp(turn, error);
}

/** Nobody answered. Before the first meeting that is an answer too. */
export function unreachable(turn: ClientTurn, error: BprocError): void {
  if (!turn.state.met) giveUp(turn, error);
  else lost(turn);
}

/** A connection is gone. */
export function closed(turn: ClientTurn, link: number, reason: BprocError | undefined): void {
  const { state } = turn;
  if (state.link.phase === 'none' || state.link.phase === 'dialling' || state.link.link !== link) return;
  const wasAttached = state.link.phase === 'attached';
  for (const process of state.processes.values()) process.stdin?.suspend();
  if (!state.met) {
    giveUp(turn, reason ?? new BprocError('ECONNRESET', 'the master closed the connection'));
    return;
  }
  if (wasAttached) {
    turn.effects.push({ type: 'detached', reason });
    if (Number.isFinite(state.config.giveUpMs)) state.deadlines.set('giveUp', turn.now + state.config.giveUpMs);
  }
  lost(turn);
}

/** Tries again, ever less often. */
function lost(turn: ClientTurn): void {
  const { state } = turn;
  state.link = { phase: 'none' };
  if (state.stopping) return;
  state.deadlines.set('connect', turn.now + retryDelayMs(RETRY, state.tries, state.config.random));
  state.tries += 1;
}

/** No master answers any more: whoever waits is told, and what runs is left to the master that returns. */
export function giveUp(turn: ClientTurn, error: BprocError): void {
  const { state } = turn;
  if (state.stopping) return;
  state.stopping = true;
  state.link = { phase: 'none' };
  state.deadlines.clear('connect');
  turn.effects.push({ type: 'gaveUp', error });
}

/** Deadlines that have come. */
export function due(turn: ClientTurn): void {
  for (const deadline of turn.state.deadlines.due(turn.now)) {
    if (deadline === 'acks') sendAcks(turn);
    if (deadline === 'connect') connect(turn);
    if (deadline === 'giveUp') {
      const message = `no master was reachable for ${turn.state.config.giveUpMs} ms`;
      giveUp(turn, new BprocError('ECONNRESET', message));
    }
  }
}

/** Leaves in order: what is not detached ends. */
export function shutdown(turn: ClientTurn): void {
  const { state } = turn;
  if (state.stopping) return;
  tell(turn, { goodbye: { reason: 'the client is done' } });
  if (state.link.phase === 'attached' || state.link.phase === 'greeting') {
    turn.effects.push({ type: 'close', link: state.link.link, reason: undefined });
  }
  giveUp(turn, new BprocError('ECANCELED', 'the client was disposed'));
}
