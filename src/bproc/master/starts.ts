/** Starting processes: PROTOCOL.md section 4. */
import { BprocError } from '../../errors.ts';
import { failureOf } from '../../transport/index.ts';
import type { Init, Start, Target } from '../../wire/index.ts';
import { idText, isId, ownId } from '../ids.ts';
import { checkAnnounced } from '../image/index.ts';
import { isReachable } from '../node-info.ts';
import type { Credentials } from '../permissions.ts';
import { assertAdminister, assertPlace, assertRunAs } from '../permissions.ts';
import { nodeDown, noNode } from './asks.ts';
import { sendCancel } from './cancels.ts';
import { giveUp } from './ends.ts';
import { originalOf, sendCopy } from './moves.ts';
import type { ProcessFacts } from './records.ts';
import { createProcess } from './records.ts';
import { reclaim } from './start-answers.ts';
import type { MasterClient, MasterNode, MasterProcess, MasterTurn } from './state.ts';
import { addProcess, expectedNode, removeProcess } from './tables.ts';
import { command, inform, isHeard } from './tell.ts';

/** Most processes that one START is for. */
const MOST_TARGETS = 65_536;
/** Most of them that one message to a slave is for: beside the longest specification there is room for these. */
const PER_START = 512;
/** Characters of a command that the tables show. */
const LONGEST_COMMAND = 255;

/** A START that is being taken apart: what all its targets have in common, and those that go to each node. */
interface Batch {
  readonly common: Init<Start>;
  readonly targets: Map<MasterNode, Init<Target>[]>;
}

/** A client asks for processes: each is checked, and those of one node are passed to its slave together. */
export function start(turn: MasterTurn, client: MasterClient, message: Start): void {
  const rights = rightsOf(turn, client, message);
  const batch: Batch = { common: commonOf(turn, client, message, rights), targets: new Map() };
  for (const [index, target] of message.targets.entries()) {
    if (index >= MOST_TARGETS) break;
    try {
      startOne(turn, client, message, target, batch, rights);
    } catch (error) {
      fail(turn, client, target.puid, BprocError.from(error, 'EPROTO', { node: target.node }));
    }
  }
  for (const [node, targets] of batch.targets) {
    for (let at = 0; at < targets.length; at += PER_START) {
      command(turn, node, { start: { ...batch.common, targets: targets.slice(at, at + PER_START) } });
    }
  }
}

function startOne(
  turn: MasterTurn,
  client: MasterClient,
  message: Start,
  target: Target,
  batch: Batch,
  rights: Credentials | BprocError,
): void {
  if (!isId(target.puid)) throw new BprocError('EPROTO', 'a start without a puid of 16 bytes');
  const key = idText(target.puid);
  // [PROTOCOL 4.1] a repeated start is answered with what became of the first one
  const known = turn.state.processes.get(key);
  if (known !== undefined) {
    if (known.client === client) reclaim(turn, known, rights instanceof BprocError ? undefined : rights.uid);
    else throw new BprocError('EEXIST', 'this puid belongs to another client');
    return;
  }
  if (turn.state.givenUp.has(key)) {
    const reason = `node ${target.node} was lost while the start was under way`;
    throw new BprocError('BE_SLAVEDIED', reason, { node: target.node });
  }
  const node = message.repeated ? expectedNode(turn, target.node) : turn.state.nodes.get(target.node);
  if (node === undefined) throw noNode(target.node);
  // whether a repeated one has happened only its node's slave can say
  const waits = message.repeated && !node.ready && (node.boot.length === 0 || isBoundTo(node, target));
  if (!waits && !message.repeated && !isReachable(node)) throw nodeDown(node);
  if (!waits && !isBoundTo(node, target)) {
    inform(turn, client, { bootMiss: { puid: target.puid, node: node.node, boot: node.boot } });
    return;
  }
  if (!waits && !isReachable(node)) throw nodeDown(node);
  const check = (later: MasterTurn): void => {
    assertPlace(node, client.credentials, later.state.config.authority);
    later.state.config.mayStart?.(client.credentials, node, message);
  };
  if (!waits) check(turn);
  if (rights instanceof BprocError) throw rights;
  if (message.restartFrom !== '') assertRestart(turn, client, node);
  if (message.image.length > 0) checkAnnounced(message.image, message.imageBytes);
  const own = ownTarget(target);
  // of one that waits its slave says whether it is there: if not, it is not made again
  const original = message.copyOf === 0 || waits ? undefined : originalOf(turn, client, message.copyOf, node);
  const common = original === undefined ? batch.common : likeOriginal(batch.common, original);
  const process = createProcess(client, node, factsOf(message, own, common));
  addProcess(turn, process);
  if (waits) process.check = check;
  else if (original !== undefined) sendCopy(turn, process, original);
  else addTo(batch, node, own);
  process.sent = waits || isHeard(node);
  // of one that is repeated an earlier master may have passed GO on
  process.gated = message.gang && !message.repeated;
  if (!waits) noteImage(client, batch.common);
}

/** A checkpoint says itself whose rights its process has, whatever was done to it meanwhile. */
function assertRestart(turn: MasterTurn, client: MasterClient, { node }: MasterNode): void {
  assertAdminister(node, `restart a checkpoint on node ${node}`, client.credentials, turn.state.config.authority);
}

/** A copy runs as whom the original does, and is called like it. */
function likeOriginal(common: Init<Start>, { uid, command: name }: MasterProcess): Init<Start> {
  return { ...common, uid, command: name };
}

function addTo(batch: Batch, node: MasterNode, target: Init<Target>): void {
  if (!isHeard(node)) return;
  const targets = batch.targets.get(node);
  if (targets === undefined) batch.targets.set(node, [target]);
  else targets.push(target);
}

function isBoundTo(node: MasterNode, target: Pick<Target, 'boot'>): boolean {
  return idText(node.boot) === idText(target.boot);
}

function factsOf(message: Start, target: Target, common: Init<Start>): ProcessFacts {
  const { detached, lostAfterMs } = message;
  const start = { ...common, targets: [target] };
  const { puid, boot } = target;
  const uid = common.uid ?? 0;
  return { puid, boot, uid, detached, isWanted: true, command: common.command ?? '', lostAfterMs, start };
}

/** What is kept of a target: a message's bytes are its connection's. */
function ownTarget({ puid, node, boot, rank }: Target): Target {
  return { puid: Buffer.from(puid), node, boot: Buffer.from(boot), rank };
}

/** A start as its slaves get it, but for its targets: what to run, and who wants it. */
function commonOf(
  turn: MasterTurn,
  client: MasterClient,
  message: Start,
  rights: Credentials | BprocError,
): Init<Start> {
  // without rights nothing of it is ever sent
  const { uid, gids } = rights instanceof BprocError ? { uid: client.credentials.uid, gids: [] } : rights;
  return {
    spec: Buffer.from(message.spec),
    detached: message.detached,
    lostAfterMs: message.lostAfterMs,
    client: client.id,
    uid,
    gids,
    command: message.command.slice(0, LONGEST_COMMAND),
    image: ownId(message.image),
    imageBytes: message.imageBytes,
    gang: message.gang,
    copyOf: message.copyOf,
    bytesPerSecond: message.bytesPerSecond,
    progress: message.progress,
    restartFrom: message.restartFrom,
    ...outfitOf(message),
    ...launcherOf(turn, client),
  };
}

function outfitOf({ outfit }: Start): Init<Pick<Start, 'outfit'>> {
  return outfit === null ? {} : { outfit: { service: outfit.service, body: Buffer.from(outfit.body) } };
}

/** Where its client is, for connections to there: that of a process on a node is with its slave. */
function launcherOf({ state }: MasterTurn, { link }: MasterClient): Init<Pick<Start, 'launcher'>> {
  const peer = link === undefined ? '' : (state.links.get(link)?.peer ?? '');
  const host = /^tls (?:::ffff:)?(.*):\d+$/.exec(peer)?.[1] ?? '';
  return host === '' || host === '::1' || host.startsWith('127.') ? {} : { launcher: host };
}

/** Of a start that may be: from now on its client may be asked for the image [PROTOCOL 10.2]. */
function noteImage(client: MasterClient | undefined, { image, imageBytes = 0 }: Init<Start>): void {
  if (image !== undefined && image.length > 0) client?.images.set(idText(image), imageBytes);
}

/** Whose rights its processes get: those of its user, or of the one that he may ask for. */
function rightsOf(
  turn: MasterTurn,
  { credentials }: MasterClient,
  { user }: Pick<Start, 'user'>,
): Credentials | BprocError {
  const { authority, findUser } = turn.state.config;
  try {
    // looked up now, in files that may not be readable: once, and as this start's failure
    const own = (): Credentials => ({ uid: credentials.uid, gids: credentials.gids });
    if (user === '' || user === String(credentials.uid)) return own();
    const found = findUser?.(user);
    if (found?.uid === credentials.uid) return own();
    assertRunAs(user, credentials, authority);
    return found ?? new BprocError('EINVAL', `the master's machine knows no user ${JSON.stringify(user)}`);
  } catch (error) {
    return BprocError.from(error);
  }
}

/** The uid as whom a client has something started, by what it says of that; undefined for none that it may. */
export function uidFor(turn: MasterTurn, client: MasterClient, asked: Pick<Start, 'user'>): number | undefined {
  const rights = rightsOf(turn, client, asked);
  return rights instanceof BprocError ? undefined : rights.uid;
}

/** Passes a start on, or again to a slave that has not got it: the puid makes it take effect once. */
export function sendStart(turn: MasterTurn, process: MasterProcess): void {
  if (!isHeard(process.node)) return;
  if (process.cancelled) return sendCancel(turn, process);
  if (process.start === undefined) return;
  try {
    process.check?.(turn);
  } catch (error) {
    removeProcess(turn, process);
    fail(turn, process.client, process.puid, BprocError.from(error, 'EPROTO', { node: process.node.node }));
    return;
  }
  process.check = undefined;
  noteImage(process.client, process.start);
  if (process.start.copyOf !== undefined && process.start.copyOf !== 0) return copyAgain(turn, process);
  process.sent = true;
  command(turn, process.node, { start: process.start });
}

/** A copy that its slave does not know may have been made, and have gone with an earlier life of the daemon. */
function copyAgain(turn: MasterTurn, process: MasterProcess): void {
  const { node, puid, client } = process;
  removeProcess(turn, process);
  const why = `whether the copy has run on node ${node.node} is not known: its slave was started anew meanwhile`;
  fail(turn, client, puid, new BprocError('BE_SLAVEDIED', why, { node: node.node }));
}

function fail(turn: MasterTurn, client: MasterClient | undefined, puid: Uint8Array, error: BprocError): void {
  inform(turn, client, { startFailed: { puid, failure: failureOf(error) } });
}

/** A node fell silent: starts that never left, or have not been let run, are refused; of the others only its slave knows. */
export function failIdleStarts(turn: MasterTurn, node: MasterNode): void {
  for (const process of [...node.processes]) {
    if (process.state !== 'starting' || (process.sent && !process.gated)) continue;
    removeProcess(turn, process);
    // its client may be repeating it at this moment
    giveUp(turn, process);
    fail(turn, process.client, process.puid, nodeDown(node));
  }
}

/** A node's earlier life is over: what was to start in it cannot any more, and may have. */
export function failStarts(turn: MasterTurn, node: MasterNode, reason: string): void {
  for (const process of [...node.processes]) {
    if (process.state !== 'starting') continue;
    removeProcess(turn, process);
    // it may have happened, and may not any more once that was said
    if (process.sent) giveUp(turn, process);
    const details = { node: node.node };
    fail(turn, process.client, process.puid, new BprocError('BE_SLAVEDIED', `node ${node.node}: ${reason}`, details));
  }
}
