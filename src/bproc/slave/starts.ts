/** From START to a running process: PROTOCOL.md section 4. */
import { basename } from 'node:path';
import { BprocError } from '../../errors.ts';
import type { ProcessIdentity } from '../../linux/index.ts';
import type { Cancel, Go, Spec, Start, Target } from '../../wire/index.ts';
import { ReceiveStream } from '../../wire/index.ts';
import { idText, isId } from '../ids.ts';
import type { WantedOutfit } from '../service.ts';
import { armLimits, bury, refuse, terminate, withdraw } from './ends.ts';
import type { SlaveTurn } from './events.ts';
import { becomeReady, go, tellReady } from './gang.ts';
import { readSpec } from './known-spec.ts';
import { postpone, wait } from './lives.ts';
import { askForPids, takePid } from './pids.ts';
import { pipesOf } from './pipes.ts';
import { tell, tellRefusal, tellStarted } from './reports.ts';
import { introduce, rightsOf, spawnRequest, streamsOf } from './spawn-request.ts';
import type { SlaveProcess, SlaveState } from './state.ts';
import { createOutlet } from './state.ts';
import { pump } from './streams.ts';

/** Characters of a command that the tables show. */
const LONGEST_COMMAND = 255;
/** How often a start is given another pid because the kernel had given its own away. */
const MOST_RENUMBERED = 64;
/** Bounds of a stream's window, whatever the client asks for. */
const SMALLEST_WINDOW = 64 * 1024;
const LARGEST_WINDOW = 16 * 1024 * 1024;

/** Runs what is asked for, once: the puid is the idempotency key, and bound to this boot. */
export function start(turn: SlaveTurn, message: Start): void {
  for (const target of message.targets) startOne(turn, message, target);
}

function startOne(turn: SlaveTurn, message: Start, target: Target): void {
  const { state } = turn;
  const key = idText(target.puid);
  // [PROTOCOL 4.3] bound to a boot: what ran under another one is not run again here
  if (idText(target.boot) !== idText(state.life.boot)) {
    tell(turn, { bootMiss: { puid: target.puid, node: state.node, boot: state.life.boot } });
    return;
  }
  // [PROTOCOL 4.1] known: never a second time
  const known = state.processes.get(key);
  if (known !== undefined) {
    if (known.phase !== 'starting') tellStarted(turn, known);
    else tellReady(turn, [known]);
    return;
  }
  const tomb = state.tombs.get(key);
  if (tomb === 'cancelled') {
    tell(turn, { cancelled: { puid: target.puid } });
    return;
  }
  if (tomb !== undefined) {
    tellRefusal(turn, target.puid, refusalOf(tomb));
    return;
  }
  try {
    if (state.stopping) throw new BprocError('BE_NODEDOWN', `node ${state.node} is shutting down`);
    if (state.outage !== undefined) return postpone(turn, key, target.puid);
    if (message.restartFrom === '') launch(turn, message, target, key);
    else restart(turn, message, target, key);
  } catch (error) {
    const refusal = BprocError.from(error);
    bury(turn, key, refusal);
    tellRefusal(turn, target.puid, refusal);
  }
}

/** Why a start that is asked for again does not happen again. */
function refusalOf(tomb: 'over' | BprocError): BprocError {
  return tomb === 'over' ? new BprocError('EEXIST', 'this start has happened before and is over') : tomb;
}

function launch(turn: SlaveTurn, message: Start, target: Target, key: string): void {
  const { state } = turn;
  if (!isId(target.puid)) throw new BprocError('EPROTO', 'a start without a puid of 16 bytes');
  state.known = readSpec(state.known, message.spec);
  const { spec } = state.known;
  const rights = rightsOf(state, message, spec);
  const pid = takePid(state);
  askForPids(turn);
  if (pid === undefined) {
    throw new BprocError('EAGAIN', `node ${state.node} has no free pid left: more arrive soon, try again`);
  }
  const process = createProcess(turn, message, target, spec, pid, key);
  const request = { ...spawnRequest(state, process, target, state.known, message.launcher), ...rights };
  const image = message.image.length === 0 ? {} : { image: { name: idText(message.image), bytes: message.imageBytes } };
  const pipes = pipesOf(spec);
  const outfit = outfitOf(message, target);
  const more = { ...image, ...(pipes && { pipes }), ...(outfit && { outfit }) };
  process.launch = { request, cwdByName: spec.cwdByName, ...more, renumbered: 0 };
  state.processes.set(key, process);
  state.byPid.set(pid, process);
  if (process.gate === 'open') spawn(turn, process);
  else if (process.launch.image === undefined) becomeReady(turn, process);
  else turn.effects.push({ type: 'prepare', key, request: process.launch.request, image: process.launch.image });
}

/** A copy of a process of another node is to come, which is a start like any other. @throws BprocError where it cannot be. */
export function expectCopy(turn: SlaveTurn, message: Start): void {
  const { state } = turn;
  const [target] = message.targets;
  if (target === undefined || message.targets.length > 1) throw new BprocError('EPROTO', 'a copy has one target');
  const key = idText(target.puid);
  const tomb = state.tombs.get(key);
  if (tomb === 'cancelled') throw new BprocError('ECANCELED', 'nobody wants the copy any more');
  if (tomb !== undefined) throw refusalOf(tomb);
  expect(turn, message, target, key);
}

/** A process that an engine makes again, of images of another one. */
function expect(turn: SlaveTurn, message: Start, target: Target, key: string): void {
  const { state } = turn;
  state.known = readSpec(state.known, message.spec);
  const pid = takePid(state);
  askForPids(turn);
  if (pid === undefined) throw new BprocError('EAGAIN', `node ${state.node} has no free pid left: more arrive soon`);
  const process = createProcess(turn, message, target, state.known.spec, pid, key);
  state.processes.set(key, process);
  state.byPid.set(pid, process);
}

/** Whose rights it gets its images say, and so whoever may have it done is looked at where that is carried out. */
function restart(turn: SlaveTurn, message: Start, target: Target, key: string): void {
  if (message.gang) throw new BprocError('ENOTSUP', 'a checkpoint is not restarted as one of a gang');
  expect(turn, message, target, key);
  const { uid, restartFrom: directory } = message;
  turn.effects.push({ type: 'restart', key, uid, directory, rank: target.rank });
}

/** What it runs is there. */
export function prepared(turn: SlaveTurn, key: string): void {
  const process = turn.state.processes.get(key);
  if (process?.phase !== 'starting') return;
  if (process.gate === 'open') spawn(turn, process);
  else becomeReady(turn, process);
}

/** Those that have waited for each other run. */
export function release(turn: SlaveTurn, message: Go): void {
  for (const process of go(turn, message)) spawn(turn, process);
}

function spawn(turn: SlaveTurn, process: SlaveProcess): void {
  const { key, pid, launch } = process;
  if (launch === undefined) return;
  const { request, cwdByName, image, pipes, outfit } = launch;
  const env = { ...request.env, BPROC_PID: String(pid) };
  const chosen = isChosen(turn.state, process) ? { pid } : {};
  turn.effects.push({
    type: 'spawn',
    key,
    request: introduce({ ...request, ...chosen, env }, pid),
    cwdByName,
    ...(image && { image }),
    ...(pipes && { pipes }),
    ...(outfit && { outfit }),
  });
}

function outfitOf({ outfit }: Start, { rank }: Target): WantedOutfit | undefined {
  return outfit === null ? undefined : { service: outfit.service, body: Buffer.from(outfit.body), rank };
}

/** Whether a start asks for its global pid as its own: not for one that its kernel lacks, nor for ever. */
function isChosen({ life }: SlaveState, { pid, launch }: SlaveProcess): boolean {
  return pid < life.pidLimit && launch !== undefined && launch.renumbered < MOST_RENUMBERED;
}

/** The kernel gave its pid to a process that was forked here: it gets another one, or in the end is mapped. */
function renumber(turn: SlaveTurn, process: SlaveProcess): void {
  const { state } = turn;
  const { launch } = process;
  if (launch === undefined) return;
  // those that follow one that was forked are often forked, too
  state.pids.leap();
  const pid = takePid(state);
  process.launch = { ...launch, renumbered: pid === undefined ? MOST_RENUMBERED : launch.renumbered + 1 };
  if (pid !== undefined) {
    state.byPid.delete(process.pid);
    process.pid = pid;
    state.byPid.set(pid, process);
  }
  spawn(turn, process);
}

function createProcess(
  { state }: SlaveTurn,
  message: Start,
  target: Target,
  spec: Spec,
  pid: number,
  key: string,
): SlaveProcess {
  const window = Math.min(Math.max(spec.window, SMALLEST_WINDOW), LARGEST_WINDOW);
  // what a process has not taken yet goes on with it, or stays
  const acknowledges = state.config.keeps === true || state.config.moves === true ? 'consumed' : 'received';
  const [stdin, stdout, stderr] = streamsOf(spec);
  return {
    key,
    puid: Buffer.from(target.puid),
    pid,
    client: idText(message.client),
    uid: message.uid,
    detached: message.detached,
    command: (message.command || basename(spec.file)).slice(0, LONGEST_COMMAND),
    lostAfterMs: message.lostAfterMs,
    window,
    lifetimeMs: spec.lifetimeMs,
    silenceMs: spec.silenceMs,
    killGraceMs: spec.killGraceMs,
    hasTerminal: spec.terminal !== null,
    abandoned: false,
    cancelled: false,
    phase: 'starting',
    gate: message.gang ? 'closed' : 'open',
    identity: undefined,
    startedAt: 0,
    launch: undefined,
    stdin: stdin ? new ReceiveStream(window, { acknowledges }) : undefined,
    outlets: [createOutlet(stdout, spec.window), createOutlet(stderr, spec.window)],
    heardAt: 0,
    status: undefined,
    timedOut: undefined,
    end: undefined,
  };
}

/** The program runs. */
export function started(
  turn: SlaveTurn,
  event: { readonly key: string; readonly identity: ProcessIdentity; readonly at: number },
): void {
  const process = turn.state.processes.get(event.key);
  if (process === undefined || process.phase !== 'starting') return;
  process.phase = 'running';
  process.launch = undefined;
  process.identity = event.identity;
  process.startedAt = event.at;
  process.heardAt = turn.now;
  armLimits(turn, process);
  tellStarted(turn, process);
  const isUnwanted = turn.state.stopping || ((process.abandoned || process.cancelled) && !process.detached);
  if (isUnwanted) terminate(turn, process, process.cancelled ? 0 : process.killGraceMs);
  pump(turn, process, 1);
  pump(turn, process, 2);
}

/** It could not be started: nothing of it stays. */
export function failed(turn: SlaveTurn, event: { readonly key: string; readonly error: BprocError }): void {
  const process = turn.state.processes.get(event.key);
  if (process === undefined || wait(turn, process)) return;
  if (event.error.code === 'EEXIST' && isChosen(turn.state, process)) return renumber(turn, process);
  refuse(turn, process, event.error);
}

/**
 * A start is not wanted any more. One that has not come yet never will, and one that has is ended:
 * whoever could end it may be gone. What is detached is left to its client.
 */
export function cancel(turn: SlaveTurn, message: Cancel): void {
  const { state } = turn;
  // [PROTOCOL 4.4] bound to the boot like the start: under another boot it may have run
  if (idText(message.boot) !== idText(state.life.boot)) {
    tell(turn, { bootMiss: { puid: message.puid, node: state.node, boot: state.life.boot } });
    return;
  }
  const key = idText(message.puid);
  const known = state.processes.get(key);
  if (known !== undefined) {
    known.cancelled = true;
    if (withdraw(turn, known) || known.phase === 'starting') return;
    tellStarted(turn, known);
    if (!known.detached) terminate(turn, known, 0);
    return;
  }
  const tomb = state.tombs.get(key);
  if (tomb !== undefined && tomb !== 'cancelled') {
    tellRefusal(turn, message.puid, refusalOf(tomb));
    return;
  }
  bury(turn, key, 'cancelled');
  tell(turn, { cancelled: { puid: message.puid } });
}
