/** Clients come, lose their connection, return, and go: PROTOCOL.md sections 3.8 and 6.3. */
import { BprocError } from '../../errors.ts';
import type { Claim, ClaimEntry, Hello } from '../../wire/index.ts';
import { EndKind } from '../../wire/index.ts';
import { idText, isId, ownId } from '../ids.ts';
import { type Credentials, isAdmin } from '../permissions.ts';
import { Recent } from '../recent.ts';
import { dismiss } from './asks.ts';
import { cancelStart } from './cancels.ts';
import { startGrace } from './client-grace.ts';
import { acknowledge, forgetWaits, offerEnd } from './ends.ts';
import { createProcess } from './records.ts';
import { forgetRepeated } from './repeated-moves.ts';
import { reclaim, tellPlace, tellProcess } from './start-answers.ts';
import { uidFor } from './starts.ts';
import type { MasterClient, MasterLink, MasterProcess, MasterTurn } from './state.ts';
import { addProcess, expectedNode, removeProcess } from './tables.ts';
import { command, inform, isHeard } from './tell.ts';
import { welcome } from './welcome.ts';

/** Clients remembered as gone, so that what reappears of theirs is ended. */
const MOST_GONE = 65_536;
/** Images of one client that it may be asked for. */
const MOST_IMAGES = 256;

/** A client says who it is; one that returns finds its processes again. */
export function welcomeClient(turn: MasterTurn, link: MasterLink, hello: Hello): void {
  const key = idText(hello.identity);
  const { state } = turn;
  if (state.goneClients.has(key)) {
    const remedy = 'connect anew; its processes were ended';
    throw new BprocError('ECONNRESET', `this client was away longer than ${state.config.clientGraceMs} ms: ${remedy}`);
  }
  const known = state.clients.get(key);
  // an administrator's may be known by a process that runs as another user
  const isOther = known !== undefined && known.credentials.uid !== link.credentials.uid;
  if (isOther && !isAdmin(link.credentials, state.config.authority)) {
    throw new BprocError('EPERM', 'this client id belongs to another user');
  }
  const client = known ?? createClient(Buffer.from(hello.identity), key, link.credentials);
  const earlier = client.link;
  client.credentials = link.credentials;
  client.pid = hello.pid;
  client.link = link.id;
  client.unclaimed = new Set(client.processes);
  link.who = { role: 'client', client };
  state.clients.set(key, client);
  state.deadlines.clear(`client ${key}`);
  for (const subscription of client.subscriptions.values()) subscription.sent = subscription.acked;
  if (earlier !== undefined) {
    const reason = new BprocError('ECONNRESET', 'this client has connected anew');
    turn.effects.push({ type: 'close', link: earlier, reason });
  }
  welcome(turn, link.id, hello, {});
}

function createClient(id: Uint8Array, key: string, credentials: Credentials): MasterClient {
  return {
    key,
    id,
    credentials,
    pid: 0,
    link: undefined,
    processes: new Set(),
    unclaimed: undefined,
    nodes: new Set(),
    subscriptions: new Map(),
    waits: new Map(),
    images: new Recent(MOST_IMAGES),
    followsCarried: false,
    answers: new Map(),
  };
}

/** The client of a process found on a slave. One that is not here has its grace time to come. */
export function expectClient(turn: MasterTurn, id: Uint8Array, uid: number): MasterClient | undefined {
  const { state } = turn;
  const key = idText(id);
  if (state.goneClients.has(key)) return undefined;
  const known = state.clients.get(key);
  if (known !== undefined) {
    if (known.credentials.uid !== uid && !isAdmin(known.credentials, state.config.authority))
      returnToAdmin(turn, known);
    return known;
  }
  const client = createClient(ownId(id), key, { uid, gids: [] });
  state.clients.set(key, client);
  startGrace(turn, client);
  return client;
}

/** It has what runs as several users, as an administrator's alone may: whoever has come with its id until now is not he. */
function returnToAdmin(turn: MasterTurn, client: MasterClient): void {
  client.credentials = { uid: turn.state.config.authority.admin, gids: [] };
  forgetWaits(client);
  forgetRepeated(turn, client);
  client.subscriptions.clear();
  client.answers.clear();
  if (client.link === undefined) return;
  const reason = new BprocError('EPERM', 'this client id belongs to an administrator');
  turn.effects.push({ type: 'close', link: client.link, reason });
  clientAway(turn, client, client.link);
}

/** Most processes that one CLAIM names; a client that has more sends several. */
const MOST_CLAIMS = 65_536;

/** What a client believes it owns: each is answered with what is known of it [PROTOCOL 3.8]. */
export function claim(turn: MasterTurn, client: MasterClient, message: Claim): void {
  for (const entry of message.entries.slice(0, MOST_CLAIMS)) {
    if (!isId(entry.puid)) continue;
    const process = turn.state.processes.get(idText(entry.puid));
    if (process === undefined) claimOne(turn, client, entry);
    else if (process.client === client) {
      // it may have moved before that could be told
      if (process.node.node !== entry.node) tellPlace(turn, process);
      reclaim(turn, process, uidFor(turn, client, entry));
    }
  }
  if (message.last) dropUnclaimed(turn, client);
}

/** The client has named all that it wants. The rest it was told the end of, by this master or an earlier one. */
function dropUnclaimed(turn: MasterTurn, client: MasterClient): void {
  for (const process of client.unclaimed ?? []) {
    if (process.client !== client) continue;
    if (process.end !== undefined) acknowledge(turn, process);
    else if (process.state === 'starting') cancelStart(turn, process);
    else dismiss(turn, process.node, process.pid);
  }
  client.unclaimed = undefined;
}

/**
 * A process this master's table does not have. While its node's slave is not back, nobody can tell;
 * the claim alone says nothing of the node, and gives no right to the pid.
 */
function claimOne(turn: MasterTurn, client: MasterClient, entry: ClaimEntry): void {
  const node = expectedNode(turn, entry.node);
  const sameLife = node !== undefined && (node.boot.length === 0 || idText(node.boot) === idText(entry.boot));
  if (node === undefined || node.ready || !sameLife) {
    const why = sameLife ? 'has no record of it' : 'came back under another boot id';
    const reason = node === undefined ? `there is no node ${entry.node}` : `node ${entry.node} ${why}`;
    const end = { kind: EndKind.LOST, reason };
    inform(turn, client, { ended: { puid: entry.puid, pid: entry.pid, node: entry.node, end } });
    return;
  }
  const uid = uidFor(turn, client, entry);
  const isWanted = uid !== undefined;
  const process = createProcess(client, node, { ...entry, uid: uid ?? client.credentials.uid, isWanted });
  process.state = 'unknown';
  process.moves = -1;
  process.pid = entry.pid;
  addProcess(turn, process);
  tellProcess(turn, process, false);
}

/** A client's connection is gone; its processes run on for a while. */
export function clientAway(turn: MasterTurn, client: MasterClient, link: number): void {
  if (client.link !== link) return;
  client.link = undefined;
  startGrace(turn, client);
}

/** A client will not return: what it did not detach ends. */
export function clientGone(turn: MasterTurn, client: MasterClient): void {
  const { state } = turn;
  if (!state.clients.delete(client.key)) return;
  state.deadlines.clear(`client ${client.key}`);
  state.goneClients.add(client.key);
  for (const oldest of state.goneClients) {
    if (state.goneClients.size <= MOST_GONE) break;
    state.goneClients.delete(oldest);
  }
  client.link = undefined;
  forgetWaits(client);
  forgetRepeated(turn, client);
  turn.effects.push({ type: 'serviceLeft', client: client.key, id: undefined });
  for (const number of client.nodes) {
    const node = state.nodes.get(number);
    if (node !== undefined) command(turn, node, { clientGone: { client: client.id } });
  }
  for (const process of [...client.processes]) orphan(turn, process);
}

function orphan(turn: MasterTurn, process: MasterProcess): void {
  process.client?.processes.delete(process);
  process.client = undefined;
  if (process.end !== undefined) {
    if (process.detached) offerEnd(turn, process);
    else acknowledge(turn, process);
    return;
  }
  if (process.state !== 'starting') {
    // no slave has ever spoken of it: there is nothing but the claim of a client that is gone
    if (turn.state.byPid.get(process.pid) !== process) removeProcess(turn, process);
    return;
  }
  // wanted by nobody: never, if it has not happened yet; and ended with the client's others if it has
  if (process.sent && isHeard(process.node)) cancelStart(turn, process);
  else removeProcess(turn, process);
}
