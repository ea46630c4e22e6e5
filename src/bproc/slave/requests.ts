/** Orders and questions of the master that have one answer: PROTOCOL.md section 7. */
import { BprocError } from '../../errors.ts';
import type { SignalScope, TreeEntry } from '../../linux/index.ts';
import { failureOf } from '../../transport/index.ts';
import type { Init, Kill, ProcessRecord, Request, Resize, ResponseChoice } from '../../wire/index.ts';
import { EndKind, ProcessState, Scope } from '../../wire/index.ts';
import { idText } from '../ids.ts';
import { processPart } from '../list-parts.ts';
import { end, note, spare, terminate } from './ends.ts';
import type { SignalAnswer, SlaveEvent, SlaveTurn } from './events.ts';
import { placeIn, wishIn } from './kept-orders.ts';
import { type ForkedView, mayReach, notOwn } from './ownership.ts';
import { askForPids, mayBeForked, placeEntries } from './pids.ts';
import { changed, endedOf, isMapped, tell } from './reports.ts';
import { sizeOf } from './spawn-request.ts';
import type { SlaveProcess } from './state.ts';

/** Carries out or begins to; every request is answered once. */
export function answerRequest(turn: SlaveTurn, request: Request): void {
  const { id } = request;
  switch (request.body) {
    case 'kill':
      return kill(turn, id, request.kill);
    case 'terminate':
      return withProcess(turn, id, request.terminate.pid, (process) => {
        if (request.terminate.cancel) spare(turn, process);
        else terminate(turn, process, request.terminate.graceMs);
        answer(turn, id);
      });
    case 'resize':
      return withProcess(turn, id, request.resize.pid, (process) =>
        answer(turn, id, resize(turn, process, request.resize)),
      );
    case 'detach':
      // by an earlier life of the daemon, of which its master has not heard
      if (turn.state.byPid.get(request.detach.pid)?.released === true) return answer(turn, id);
      return withProcess(turn, id, request.detach.pid, (process) => {
        release(turn, process, request.detach.code);
        answer(turn, id);
      });
    case 'listProcesses':
      turn.state.lists.set(id, request.listProcesses);
      turn.effects.push({ type: 'list', request: id });
      return undefined;
    case 'power':
      turn.effects.push({ type: 'power', request: id, action: request.power.action });
      return undefined;
    case 'chroot':
      turn.effects.push({ type: 'chroot', request: id, path: request.chroot.path });
      return undefined;
    case 'cache':
      turn.effects.push({ type: 'cache', request: id, action: request.cache.action });
      return undefined;
    case 'checkpoint':
      return withProcess(turn, id, request.checkpoint.pid, ({ key }) => {
        turn.effects.push({ type: 'checkpoint', request: id, key, order: request.checkpoint });
      });
    case 'checkpointRoom':
      turn.effects.push({
        type: 'checkpointRoom',
        request: id,
        order: request.checkpointRoom,
        place: placeIn(request.checkpointRoom.kept),
      });
      return undefined;
    case 'keptCheckpoints':
      turn.effects.push({ type: 'keptCheckpoints', request: id, order: wishIn(request.keptCheckpoints) });
      return undefined;
    case 'service': {
      const { service, uid, gids, administrator: isAdministrator } = request.service;
      // what was read may be overwritten by what comes next
      const body = Buffer.from(request.service.body);
      turn.effects.push({ type: 'service', request: id, service, body, caller: { uid, gids, isAdministrator } });
      return undefined;
    }
    case 'reconnect':
      turn.effects.push({ type: 'dial', takeover: true, address: request.reconnect.address });
      answer(turn, id);
      return undefined;
    default:
      return answer(turn, id, new BprocError('ENOSYS', `node ${turn.state.node} does not know this request`));
  }
}

function answer(turn: SlaveTurn, id: number, error?: BprocError, body: ResponseChoice = {}): void {
  tell(turn, { response: { id, ...(error === undefined ? body : { failure: failureOf(error) }) } });
}

function withProcess(turn: SlaveTurn, id: number, pid: number, act: (process: SlaveProcess) => void): void {
  const process = turn.state.byPid.get(pid);
  if (process === undefined || process.end !== undefined) return answer(turn, id, noProcess(turn, pid));
  act(process);
}

function noProcess(turn: SlaveTurn, pid: number): BprocError {
  return new BprocError('BE_INVALIDPROC', `process ${pid} has ended`, { pid, node: turn.state.node });
}

/** Its terminal gets another size; gives what keeps it from that. */
function resize(turn: SlaveTurn, { key, pid, hasTerminal }: SlaveProcess, { size }: Resize): BprocError | undefined {
  if (!hasTerminal) return new BprocError('ENOTTY', `process ${pid} has no terminal`, { pid, node: turn.state.node });
  try {
    turn.effects.push({ type: 'resize', key, size: sizeOf(size) });
    return undefined;
  } catch (error) {
    return BprocError.from(error);
  }
}

const SCOPES: Readonly<Record<number, SignalScope>> = { [Scope.GROUP]: 'group', [Scope.TREE]: 'tree' };

/**
 * Sends a signal, at most once however often it is asked for [PROTOCOL 6.4].
 *
 * @param view what a list has shown that was made for this order.
 */
function kill(turn: SlaveTurn, id: number, order: Kill, view?: ForkedView): void {
  const { state } = turn;
  const sid = `${idText(order.client)} ${order.clientRequest}`;
  const done = state.done.get(sid);
  if (done === 'delivered') return answer(turn, id);
  if (done === 'missed') return answer(turn, id, noProcess(turn, order.pid));
  if (done === 'pending') return undefined;
  if (done === 'unknown') return answer(turn, id, unknownSignal(turn, order.pid));
  const scope = SCOPES[order.scope] ?? 'process';
  const orderAnswer = { request: id, sid, pid: order.pid };
  const process = state.byPid.get(order.pid);
  if (process !== undefined) {
    // what a process left behind is still its tree
    if (process.phase === 'starting' || (process.phase === 'exited' && scope !== 'tree')) {
      return answer(turn, id, noProcess(turn, order.pid));
    }
    if (order.uid !== null && order.uid !== process.uid) {
      return answer(turn, id, notOwn(order.uid, order.pid, state.node));
    }
    remember(turn, process.key, order.signal, orderAnswer);
    turn.effects.push({ type: 'signal', key: process.key, signal: order.signal, scope, answer: orderAnswer });
    return undefined;
  }
  const forked = state.forkedPids.get(order.pid);
  if (view === undefined && (forked === undefined ? mayBeForked(state, order.pid) : order.uid !== null)) {
    // whoever it was told by the process itself need not have asked for a list, and whose it is now a list says
    state.seeks.set(id, order);
    turn.effects.push({ type: 'list', request: id });
    return undefined;
  }
  const [pid, startTime] = forked?.split(':').map(Number) ?? [];
  if (pid === undefined || startTime === undefined) return answer(turn, id, noProcess(turn, order.pid));
  if (order.uid !== null) {
    const entry = view?.entries.find((each) => each.pid === pid && each.startTime === startTime);
    if (view === undefined || entry === undefined) return answer(turn, id, noProcess(turn, order.pid));
    if (!mayReach(order.uid, entry, scope, view)) return answer(turn, id, notOwn(order.uid, order.pid, state.node));
  }
  remember(turn, '', order.signal, orderAnswer);
  const identity = { pid, startTime };
  turn.effects.push({ type: 'signalForked', identity, signal: order.signal, scope, answer: orderAnswer });
}

/** The daemon that was to send it ended, and what it had asked of the engine may have got there or not. */
function unknownSignal(turn: SlaveTurn, pid: number): BprocError {
  const message = `whether the signal has reached process ${pid} is not known: its slave was started anew meanwhile`;
  return new BprocError('BE_SLAVEDIED', message, { pid, node: turn.state.node });
}

/** Remembers an order before it is carried out. */
function remember(turn: SlaveTurn, key: string, signal: number, order: SignalAnswer): void {
  turn.state.done.set(order.sid, 'pending');
  turn.effects.push({ type: 'noteSignal', key, signal, answer: order });
}

const SIGSTOP = 19;
const SIGCONT = 18;

/** A signal was sent, or met nobody, or may not be sent. */
export function signalled(turn: SlaveTurn, event: Extract<SlaveEvent, { type: 'signalled' }>): void {
  const { answer: order, outcome } = event;
  if (outcome === true && event.signal === SIGSTOP) changed(turn, event.key, 'stopped');
  if (outcome === true && event.signal === SIGCONT) changed(turn, event.key, 'running');
  if (order === undefined) return;
  const became = outcome === true ? 'delivered' : 'missed';
  turn.state.done.set(order.sid, became);
  turn.effects.push({ type: 'noteOutcome', sid: order.sid, outcome: became });
  if (BprocError.is(outcome)) answer(turn, order.request, outcome);
  else answer(turn, order.request, outcome ? undefined : noProcess(turn, order.pid));
}

/** The process leaves the process space: it runs on as its machine's own, its end is told as if it were now. */
function release(turn: SlaveTurn, process: SlaveProcess, code: number): void {
  process.released = true;
  process.phase = 'exited';
  for (const outlet of process.outlets) {
    outlet.ended = true;
    outlet.stream?.finish();
  }
  process.status = { kind: 'exited', code };
  process.end = { kind: EndKind.EXITED, code };
  note(turn, process, undefined);
  turn.effects.push({ type: 'release', key: process.key });
  tell(turn, { ended: endedOf(turn, process) });
  if (process.abandoned) end(turn, process);
}

/** The processes here, the forked ones with pids from this node's blocks. */
export function listed(turn: SlaveTurn, event: Extract<SlaveEvent, { type: 'listed' }>): void {
  const { state } = turn;
  const seek = state.seeks.get(event.request);
  state.seeks.delete(event.request);
  const question = state.lists.get(event.request) ?? { partial: false, after: null };
  state.lists.delete(event.request);
  if (event.entries instanceof BprocError) return answer(turn, event.request, event.entries);
  const started = new Map<number, SlaveProcess>();
  for (const process of state.processes.values()) {
    if (process.identity !== undefined) started.set(process.identity.pid, process);
  }
  // an engine may serve several slaves
  const entries = event.entries.filter((entry) => started.has(entry.origin));
  const ownOf = ({ pid, startTime }: TreeEntry): SlaveProcess | undefined => {
    const process = started.get(pid);
    return process?.identity?.startTime === startTime ? process : undefined;
  };
  const pids = placeEntries(turn, entries, ownOf);
  askForPids(turn);
  const starterOf = ({ origin }: TreeEntry): number | undefined => started.get(origin)?.uid;
  if (seek !== undefined) return kill(turn, event.request, seek, { entries, starterOf });
  const processes = entries.map((entry) => record(turn, entry, pids, ownOf(entry)));
  tell(turn, { response: { id: event.request, processList: processPart(question, processes) } });
}

function record(
  turn: SlaveTurn,
  entry: TreeEntry,
  pids: ReadonlyMap<number, number>,
  own: SlaveProcess | undefined,
): Init<ProcessRecord> {
  const state = entry.state === 'T' || entry.state === 't' ? ProcessState.STOPPED : ProcessState.RUNNING;
  if (own !== undefined) changed(turn, own.key, state === ProcessState.STOPPED ? 'stopped' : 'running');
  const pid = pids.get(entry.pid) ?? 0;
  return {
    pid,
    mapped: isMapped(pid, entry),
    ppid: pids.get(entry.ppid) ?? 0,
    pgid: pids.get(entry.pgid) ?? 0,
    sid: pids.get(entry.sid) ?? 0,
    node: turn.state.node,
    localPid: entry.outerPid ?? entry.pid,
    localPpid: entry.outer?.ppid ?? entry.ppid,
    localPgid: entry.outer?.pgid ?? entry.pgid,
    localSid: entry.outer?.sid ?? entry.sid,
    startTime: entry.startTime,
    state: entry.state === 'Z' ? ProcessState.EXITED : state,
    command: entry.command,
    uid: entry.uid,
    puid: own?.puid,
    startedAt: own?.startedAt,
    detached: own?.detached,
  };
}

/** An order that took time is done. */
export function ordered(turn: SlaveTurn, event: Extract<SlaveEvent, { type: 'ordered' }>): void {
  if (event.root !== undefined) turn.state.root = event.root;
  answer(turn, event.request, event.error, event.body);
}
