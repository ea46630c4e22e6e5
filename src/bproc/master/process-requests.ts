/** Questions about processes, and signals to them: PROTOCOL.md 7.1 and 6.4. */
import { BprocError } from '../../errors.ts';
import { reasonOf } from '../../transport/index.ts';
import type {
  Detach,
  Ghosts,
  Init,
  Kill,
  ListProcesses,
  ProcessList,
  ProcessPlace,
  ProcessRecord,
  Resize,
  Terminate,
} from '../../wire/index.ts';
import { idText } from '../ids.ts';
import { comparePlaces, placeOf, processPart } from '../list-parts.ts';
import { isReachable, NODE_MASTER } from '../node-info.ts';
import { assertAdminister, assertSignal, isAdmin, maySignal } from '../permissions.ts';
import { ask, forgetAsk } from './asks.ts';
import { acknowledge, awaitEnd, endedOf } from './ends.ts';
import { nodeAt } from './node-requests.ts';
import type { MasterClient, MasterNode, MasterProcess, MasterTurn } from './state.ts';
import { nodeOfPid, publishProcess } from './tables.ts';
import { processRecord, reject, respond } from './tell.ts';

/** How long slaves have to list what they run. */
const LIST_MS = 5000;

function noProcess(pid: number): BprocError {
  return new BprocError('BE_INVALIDPROC', `there is no process ${pid}`, { pid });
}

/** The node of a pid. Of one that was forked only its slave knows whose it is. */
function placeOfPid(turn: MasterTurn, client: MasterClient, pid: number): MasterNode {
  const process = turn.state.byPid.get(pid);
  if (process?.end !== undefined) throw new BprocError('BE_INVALIDPROC', `process ${pid} has ended`, { pid });
  const node = nodeOfPid(turn, pid);
  if (node === undefined) throw noProcess(pid);
  if (process !== undefined) assertSignal(pid, process.uid, client.credentials, turn.state.config.authority);
  return node;
}

/** The node of a started process that the caller may signal, or, for an administrator, of any. */
function signallable(turn: MasterTurn, client: MasterClient, pid: number): MasterNode {
  const node = placeOfPid(turn, client, pid);
  if (turn.state.byPid.has(pid) || isAdmin(client.credentials, turn.state.config.authority)) return node;
  throw new BprocError('EPERM', `process ${pid} was not started by the cluster: of yours it can be killed only`, {
    pid,
  });
}

/** `kill(2)` in the whole cluster. */
export function kill(turn: MasterTurn, client: MasterClient, id: number, message: Kill): void {
  const node = placeOfPid(turn, client, message.pid);
  const { pid, signal, scope } = message;
  const { credentials } = client;
  const uid = isAdmin(credentials, turn.state.config.authority) ? undefined : credentials.uid;
  // [PROTOCOL 6.4] client and request make it take effect once, however often it is repeated
  forward(turn, client, id, node, { kill: { pid, signal, scope, client: client.id, clientRequest: id, uid } });
}

/** TERM, a grace time, KILL; or the withdrawal of it. */
export function terminate(turn: MasterTurn, client: MasterClient, id: number, message: Terminate): void {
  forward(turn, client, id, signallable(turn, client, message.pid), { terminate: message });
}

/** Another size for the terminal of a process. */
export function resize(turn: MasterTurn, client: MasterClient, id: number, message: Resize): void {
  forward(turn, client, id, signallable(turn, client, message.pid), { resize: message });
}

/** `bproc_detach`, of any process: it leaves the process space and runs on as its node's own. */
export function detach(turn: MasterTurn, client: MasterClient, id: number, message: Detach): void {
  forward(turn, client, id, signallable(turn, client, message.pid), { detach: message });
}

function forward(
  turn: MasterTurn,
  client: MasterClient,
  id: number,
  node: MasterNode,
  order: Parameters<typeof ask>[2],
): void {
  ask(turn, node, order, (later, answer) => {
    if (BprocError.is(answer)) reject(later, client, id, answer);
    else if (answer.failure !== null) reject(later, client, id, reasonOf(answer.failure));
    else respond(later, client, id);
  });
}

/** Ghosts that a client has made, or that are gone [PROTOCOL 7.1]. */
export function ghosts(turn: MasterTurn, client: MasterClient, id: number, message: Ghosts): void {
  assertAdminister(NODE_MASTER, 'make ghosts', client.credentials, turn.state.config.authority);
  for (const { puid, pid } of message.ghosts) {
    const process = turn.state.processes.get(idText(puid));
    if (process === undefined) continue;
    process.ghost = pid === 0 ? undefined : { client, pid };
    if (process.end === undefined) publishProcess(turn, process);
  }
  respond(turn, client, id);
}

/** The end of any process, once it has one. One that nobody has taken is taken by this, if it is the caller's to take. */
export function wait(turn: MasterTurn, client: MasterClient, id: number, pid: number): void {
  const process = turn.state.byPid.get(pid);
  if (process === undefined) throw noProcess(pid);
  if (process.end === undefined) return awaitEnd(process, client, id);
  respond(turn, client, id, { ended: endedOf(process) });
  const isHis = maySignal(process.uid, client.credentials, turn.state.config.authority);
  if (process.client === undefined && isHis) acknowledge(turn, process);
}

/** The processes of one node or of all: what was started from the table, what it forked from the slaves. */
export function listProcesses(turn: MasterTurn, client: MasterClient, id: number, message: ListProcesses): void {
  const all = [...turn.state.nodes.values()].filter(({ node }) => node >= (message.after?.node ?? NODE_MASTER));
  const nodes = message.node === null ? all : [nodeAt(turn, message.node)];
  const started = nodes.flatMap((node) => [...node.processes].filter((process) => process.pid !== 0));
  if (message.startedOnly) {
    respond(turn, client, id, { processList: processPart(message, started.map(processRecord)) });
    return;
  }
  new Listing(turn, client, id, message, started).askAll(
    turn,
    nodes.filter(({ processes }) => processes.size > 0),
  );
}

/** Answers of several slaves on their way into one. */
class Listing {
  readonly #client: MasterClient;
  readonly #id: number;
  readonly #question: ListProcesses;
  /** How far all is in hand: to the end of the first part that a slave has more after. */
  #until: Init<ProcessPlace> | undefined;
  readonly #records = new Map<string, Init<ProcessRecord>>();
  readonly #missing = new Set<number>();
  readonly #asks = new Set<number>();

  constructor(
    turn: MasterTurn,
    client: MasterClient,
    id: number,
    question: ListProcesses,
    started: readonly MasterProcess[],
  ) {
    this.#client = client;
    this.#id = id;
    this.#question = question;
    for (const process of started) this.#records.set(process.key, processRecord(process));
    turn.state.listings.set(`list ${client.key} ${id}`, this);
  }

  askAll(turn: MasterTurn, nodes: readonly MasterNode[]): void {
    for (const node of nodes) this.#missing.add(node.node);
    turn.state.deadlines.set(this.#key, turn.now + LIST_MS);
    const { partial, after } = this.#question;
    for (const node of nodes.filter(isReachable)) {
      const from = after?.node === node.node ? after : undefined;
      const number = ask(turn, node, { listProcesses: { node: node.node, partial, after: from } }, (later, answer) => {
        this.#asks.delete(number);
        if (!BprocError.is(answer) && answer.body === 'processList') this.#add(node, answer.processList);
        if (this.#asks.size === 0) this.finish(later);
      });
      if (number !== 0) this.#asks.add(number);
    }
    if (this.#asks.size === 0) this.finish(turn);
  }

  get #key(): string {
    return `list ${this.#client.key} ${this.#id}`;
  }

  #add(node: MasterNode, list: ProcessList): void {
    this.#missing.delete(node.node);
    const last = list.more ? list.processes.at(-1) : undefined;
    if (last !== undefined) {
      const end = { ...placeOf(last), node: node.node };
      if (this.#until === undefined || comparePlaces(end, this.#until) < 0) this.#until = end;
    }
    for (const record of list.processes) {
      const key = record.puid.length > 0 ? idText(record.puid) : `${node.node} ${record.localPid} ${record.startTime}`;
      const known = this.#records.get(key);
      // the table knows who started it, the slave what it is doing now
      // and which node this is, only the master
      const merged = known === undefined ? { ...record, node: node.node } : { ...record, ...known, ...live(record) };
      this.#records.set(key, merged);
    }
  }

  /** Answers with what has come, at the latest when the deadline has. */
  finish(turn: MasterTurn): void {
    if (!turn.state.listings.delete(this.#key)) return;
    turn.state.deadlines.clear(this.#key);
    for (const number of this.#asks) forgetAsk(turn, number);
    const options = { missing: [...this.#missing], until: this.#until };
    respond(turn, this.#client, this.#id, {
      processList: processPart(this.#question, [...this.#records.values()], options),
    });
  }
}

function live(record: ProcessRecord): Init<ProcessRecord> {
  const { state, command, ppid, pgid, sid } = record;
  return { state, command, ppid, pgid, sid };
}
