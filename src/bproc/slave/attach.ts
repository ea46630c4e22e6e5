/** Finding the master and staying with it: PROTOCOL.md section 3. */
import { BprocError } from '../../errors.ts';
import type { Refuse, Welcome } from '../../wire/index.ts';
import { PROTOCOL, Role, unspoken } from '../../wire/index.ts';
import { CHALLENGE_FEATURE } from '../challenge.ts';
import type { Epoch } from '../epoch.ts';
import { compareEpochs, epochText } from '../epoch.ts';
import { streamOf } from '../ids.ts';
import { retryDelayMs } from '../reconnect.ts';
import type { SlaveTurn } from './events.ts';
import { tellReady } from './gang.ts';
import { preferPids } from './pids.ts';
import { tell, tellInventory } from './reports.ts';
import { pumpAll } from './streams.ts';

const RETRY = { firstMs: 50, longestMs: 5000 };

/** Looks for the master, at once. */
export function connect(turn: SlaveTurn): void {
  const { state } = turn;
  if (state.stopping || state.link.phase !== 'none') return;
  state.link = { phase: 'dialling' };
  turn.effects.push({ type: 'dial', takeover: false, address: '' });
}

/** A connection is there: says who it is. */
export function greet(turn: SlaveTurn, link: number, takeover: boolean): void {
  const { state } = turn;
  if (state.stopping) return;
  if (takeover) state.takeover = link;
  else state.link = { phase: 'greeting', link };
  const { config } = state;
  const hello = {
    majorMin: PROTOCOL.majorMin,
    majorMax: PROTOCOL.majorMax,
    minor: PROTOCOL.minor,
    role: Role.SLAVE,
    identity: state.life.boot,
    seen: state.promised,
    features: [CHALLENGE_FEATURE],
    node: state.node,
    address: config.address,
    attributes: config.attributes,
    pids: state.pids.blocks,
    reconnect: takeover,
  };
  turn.effects.push({ type: 'send', link, message: { domain: config.domain, hello } });
}

/** Nobody answered. */
export function unreachable(turn: SlaveTurn, takeover: boolean): void {
  if (takeover) turn.state.takeover = undefined;
  else lost(turn);
}

/**
 * A master took it in: promises its epoch durably before anything else.
 * A master older than the promise is refused [PROTOCOL 3.3].
 */
export function attach(turn: SlaveTurn, link: number, welcome: Welcome): void {
  const { state } = turn;
  const isTakeover = state.takeover === link;
  if (!isTakeover && !(state.link.phase === 'greeting' && state.link.link === link)) return;
  const { epoch, session, heartbeatMs } = welcome;
  // also a refusal belongs to the session that the WELCOME began
  turn.effects.push({ type: 'establish', link, session, heartbeatMs });
  const version = unspoken(welcome);
  if (version !== undefined) {
    turn.effects.push({ type: 'close', link, reason: version });
    return;
  }
  if (epoch === null || compareEpochs(epoch, state.promised) < 0) {
    refuseStale(turn, link);
    return;
  }
  if (compareEpochs(epoch, state.promised) > 0) {
    turn.effects.push({ type: 'promise', epoch });
  }
  if (welcome.node !== state.keptNode) turn.effects.push({ type: 'keepNode', node: welcome.node });
  state.welcomed = { link, welcome };
  turn.effects.push({ type: 'proceed' });
}

/** The promise is kept where no crash can take it, and counts from here on; or it is not, and so nothing has changed. */
export function kept(turn: SlaveTurn, error: BprocError | undefined): void {
  const { welcomed } = turn.state;
  turn.state.welcomed = undefined;
  if (welcomed === undefined) return;
  if (error === undefined) attached(turn, welcomed.link, welcomed.welcome);
  else turn.effects.push({ type: 'close', link: welcomed.link, reason: error });
}

/** It belongs to this master now, and says what it has. */
function attached(turn: SlaveTurn, link: number, welcome: Welcome): void {
  const { state } = turn;
  const { epoch } = welcome;
  if (epoch !== null) state.promised = { generation: epoch.generation, revision: epoch.revision };
  if (state.takeover === link) {
    state.takeover = undefined;
    if (state.link.phase === 'attached') turn.effects.push({ type: 'close', link: state.link.link, reason: undefined });
  }
  state.link = { phase: 'attached', link };
  state.node = welcome.node;
  state.keptNode = welcome.node;
  state.tries = 0;
  state.congested = false;
  state.deadlines.clear('connect');
  state.deadlines.clear('orphan');
  if (welcome.pids !== null) state.pids.add(welcome.pids);
  preferPids(turn);
  state.askedForPids = false;
  turn.effects.push({ type: 'attached', features: welcome.features });
  tell(turn, { promised: { epoch: state.promised } });
  suspendOutputs(turn);
  tellInventory(turn);
  turn.effects.push({ type: 'told' });
  tellReady(turn, state.processes.values());
  restartInputs(turn);
  pumpAll(turn);
}

/**
 * What was under way on a connection may be lost: receivers say where they are. Nothing was, of a
 * process that is still to run, and its receiver will not be told to say so [PROTOCOL 5.3].
 */
function suspendOutputs(turn: SlaveTurn): void {
  for (const process of turn.state.processes.values()) {
    if (process.phase === 'starting') continue;
    for (const outlet of process.outlets) outlet.stream?.suspend();
  }
}

/** Inputs are received here, so this side says where they are [PROTOCOL 5.3]. */
function restartInputs(turn: SlaveTurn): void {
  for (const key of turn.state.processes.keys()) restartInput(turn, key);
}

/** The client of a process has returned: how far its input has come may not have reached it. */
export function restartInput(turn: SlaveTurn, key: string): void {
  const { link } = turn.state;
  const process = turn.state.processes.get(key);
  if (process !== undefined) tellReady(turn, [process]);
  // what its pipe has taken since may have been taken by no one
  if (turn.state.frozen.has(key)) return;
  if (process?.identity === undefined || process.phase === 'exited' || link.phase !== 'attached') return;
  const stream = streamOf(process.pid, 0);
  if (process.stdin === undefined) turn.effects.push({ type: 'stop', link: link.link, stream });
  else turn.effects.push({ type: 'credit', link: link.link, stream, credit: process.stdin.restart() });
}

/** Whether a command's epoch is the promised one; an older one's sender is told so and left. */
export function promiseKept(turn: SlaveTurn, link: number, epoch: Epoch | null): boolean {
  if (epoch !== null && compareEpochs(epoch, turn.state.promised) >= 0) return true;
  refuseStale(turn, link);
  lost(turn);
  return false;
}

function refuseStale(turn: SlaveTurn, link: number): void {
  const { promised } = turn.state;
  const message = `this slave obeys the master of epoch ${epochText(promised)}; yours is older`;
  turn.effects.push({ type: 'send', link, message: { refuse: { failure: { code: 'ESTALE', message }, promised } } });
  turn.effects.push({ type: 'close', link, reason: new BprocError('ESTALE', message) });
}

/** The master will not have it, now at least. */
export function refused(turn: SlaveTurn, link: number, refuse: Refuse): void {
  const code = refuse.failure?.message ?? 'no reason given';
  turn.effects.push({ type: 'close', link, reason: new BprocError('ECONNREFUSED', `the master refused: ${code}`) });
}

/** A connection is gone. */
export function closed(turn: SlaveTurn, link: number): void {
  const { state } = turn;
  if (state.takeover === link) state.takeover = undefined;
  if (state.link.phase === 'greeting' && state.link.link === link) lost(turn);
  if (state.link.phase !== 'attached' || state.link.link !== link) return;
  suspendOutputs(turn);
  if (Number.isFinite(state.config.masterLostMs)) {
    state.deadlines.set('orphan', turn.now + state.config.masterLostMs);
  }
  lost(turn);
}

/** Tries again, ever less often, and never all slaves at the same instant. */
function lost(turn: SlaveTurn): void {
  const { state } = turn;
  state.link = { phase: 'none' };
  if (state.stopping) return;
  state.deadlines.set('connect', turn.now + retryDelayMs(RETRY, state.tries, state.config.random));
  state.tries += 1;
}
