/** Slaves come, fall silent, return, and go: PROTOCOL.md sections 3.4 to 3.7. */
import { BprocError } from '../../errors.ts';
import type { Hello, Inventory, NewLife, PidBlock } from '../../wire/index.ts';
import { idText, isId, ownId } from '../ids.ts';
import { FLAG_UNREACHABLE, NODE_MASTER, withAttribute } from '../node-info.ts';
import { isAdmin } from '../permissions.ts';
import { TREE_FEATURE } from '../tickets.ts';
import { dismiss, failAsks, noNode, repeatAsks } from './asks.ts';
import { cancelStart } from './cancels.ts';
import { isCertifiedSlave } from './claims.ts';
import { lose, loseProcesses, processesUnknown } from './ends.ts';
import { reconcile } from './reconcile.ts';
import { createNode } from './records.ts';
import { peerAway } from './sources.ts';
import { failIdleStarts, failStarts } from './starts.ts';
import type { MasterLink, MasterNode, MasterState, MasterTurn } from './state.ts';
import { publishNode } from './tables.ts';
import { send } from './tell.ts';
import { refuse, welcome } from './welcome.ts';

/** How long a slave that is there already has to answer when another one claims its node. */
const PROBE_MS = 1000;

/** Longest address that a slave gives itself, in characters. */
const LONGEST_ADDRESS = 255;

/** A slave says who it is. */
export function welcomeSlave(turn: MasterTurn, link: MasterLink, hello: Hello): void {
  if (!isCertifiedSlave(link) && !isAdmin(link.credentials, turn.state.config.authority)) {
    throw new BprocError(
      'EPERM',
      `user ${link.credentials.uid} may not serve a node here: only the master's own user and root may`,
    );
  }
  checkFacts(hello);
  const node = hello.node === null ? freeNode(turn) : wantedNode(turn, hello.node);
  if (node.barred) throw barred(node);
  if (node.link !== undefined && idText(node.boot) !== idText(hello.identity)) {
    challenge(turn, node, link, hello);
    return;
  }
  admit(turn, node, link, hello);
}

/** What a slave says of its machine obeys the rules of the node table. */
function checkFacts({ address, attributes }: Hello): void {
  if (address.length > LONGEST_ADDRESS || /\p{Cc}/u.test(address)) {
    const rule = `at most ${LONGEST_ADDRESS} characters without control characters`;
    throw new BprocError(
      'EINVAL',
      `the slave's address ${JSON.stringify(address.slice(0, 40))} cannot be shown: ${rule}`,
    );
  }
  let all: Readonly<Record<string, string>> = {};
  for (const [name, value] of Object.entries(attributes)) all = withAttribute(all, name, value);
}

function freeNode(turn: MasterTurn): MasterNode {
  return wantedNode(
    turn,
    vacantNode(turn.state, () => false),
  );
}

/**
 * Number of a node that no slave ever had: of the table, or else a new one.
 *
 * @param isTaken whether somebody else has a right to it that the table does not show
 */
export function vacantNode(state: MasterState, isTaken: (node: number) => boolean): number {
  let highest = NODE_MASTER;
  for (const node of state.nodes.values()) {
    const isFree = node.node >= 0 && node.link === undefined && !node.barred && node.boot.length === 0;
    if (isFree && !isTaken(node.node)) return node.node;
    highest = Math.max(highest, node.node);
  }
  // what is claimed on an expected node is not for just any slave to lose
  while (state.expected.has(highest + 1) || isTaken(highest + 1)) highest += 1;
  if (!state.config.admitNewNodes) throw noNode(highest + 1);
  return highest + 1;
}

function wantedNode(turn: MasterTurn, number: number): MasterNode {
  const known = turn.state.nodes.get(number);
  if (known !== undefined) return known;
  if (number < NODE_MASTER) throw new BprocError('EINVAL', `${number} is not a node number`);
  return newNode(turn, number);
}

function newNode(turn: MasterTurn, number: number): MasterNode {
  if (!turn.state.config.admitNewNodes) throw noNode(number);
  const node = turn.state.expected.get(number) ?? createNode(number, turn.wallTime);
  turn.state.expected.delete(number);
  turn.state.nodes.set(number, node);
  return node;
}

/** Another slave serves this node: whoever of the two is alive keeps it [PROTOCOL 3.7]. */
function challenge(turn: MasterTurn, node: MasterNode, link: MasterLink, hello: Hello): void {
  if (node.link === undefined) return;
  if (node.challenger !== undefined) throw taken(node);
  node.challenger = { link: link.id, hello };
  turn.effects.push({ type: 'probe', link: node.link, withinMs: PROBE_MS });
}

function barred(node: MasterNode): BprocError {
  return new BprocError('BE_NODEDOWN', `node ${node.node} was set down by ${node.who}: set it up to let it in`);
}

function taken(node: MasterNode): BprocError {
  return new BprocError('EEXIST', `node ${node.node} is served by another slave at ${node.address}`, {
    node: node.node,
  });
}

/** The slave that was there has answered, or has not. */
export function probed(turn: MasterTurn, linkId: number, alive: boolean): void {
  const { state } = turn;
  const node = [...state.nodes.values()].find((each) => each.link === linkId);
  if (node?.challenger === undefined) return;
  const { challenger } = node;
  node.challenger = undefined;
  const link = state.links.get(challenger.link);
  if (link === undefined) return;
  if (alive) refuse(turn, link.id, taken(node));
  else admitOrRefuse(turn, node, link, challenger.hello);
}

/** Lets a slave in that has waited for another one; it hears itself what is wrong with it. */
function admitOrRefuse(turn: MasterTurn, node: MasterNode, link: MasterLink, hello: Hello): void {
  try {
    admit(turn, node, link, hello);
  } catch (error) {
    refuse(turn, link.id, BprocError.from(error, 'EPROTO'));
  }
}

function admit(turn: MasterTurn, node: MasterNode, link: MasterLink, hello: Hello): void {
  const { state } = turn;
  const { blocks } = state;
  if (!hello.pids.every((block) => blocks.canAdopt(node.node, block))) {
    throw new BprocError('EEXIST', `node ${node.node} has pids that belong to another node: restart its slave`);
  }
  if (node.link !== undefined) {
    const reason = new BprocError('ECONNRESET', 'this slave has connected anew');
    turn.effects.push({ type: 'close', link: node.link, reason });
  }
  if (node.boot.length > 0 && idText(node.boot) !== idText(hello.identity)) {
    // how its processes ended, and what they wrote, the slave may know: its inventory says so
    node.loss = 'its slave came back under another boot id';
    failStarts(turn, node, node.loss);
    failAsks(turn, node);
  }
  node.boot = ownId(hello.identity);
  node.link = link.id;
  unready(turn, node);
  node.inventory = [];
  node.moveNews = [];
  node.address = hello.address === '' ? link.peer : hello.address;
  node.attributes = { ...hello.attributes, ...node.attributes };
  link.who = { role: 'slave', node };
  state.deadlines.clear(`silent ${node.node}`);
  const block = blocks.settle(node.node, hello.pids);
  peerAway(turn, node);
  welcome(turn, link.id, hello, { node: node.node, pids: block, features: [TREE_FEATURE] });
}

/** Nothing its slave says counts until it has said again what it holds. */
function unready({ effects }: MasterTurn, node: MasterNode): void {
  if (node.ready) effects.push({ type: 'slaveAway', node: node.node });
  node.ready = false;
}

/** Part of what a slave holds; after the last one the node takes part again. */
export function inventory(turn: MasterTurn, node: MasterNode, link: number, message: Inventory): void {
  if (node.link !== link) return;
  node.inventory.push(...message.processes);
  if (!message.last) return;
  const reports = node.inventory;
  node.inventory = [];
  node.ready = true;
  joined(turn, node);
  reconcile(turn, node, reports);
  repeatAsks(turn, node);
  if (node.link !== undefined) turn.effects.push({ type: 'slaveReady', node: node.node, link: node.link });
}

function joined(turn: MasterTurn, node: MasterNode): void {
  const { config } = turn.state;
  const { before } = node;
  node.before = undefined;
  node.flags = node.flags.filter((flag) => flag !== FLAG_UNREACHABLE);
  if (before !== undefined) {
    setState(turn, node, before.state, before.reason, before.who);
  } else if (node.state === 'down') {
    node.mode = config.joinMode;
    node.owner = config.authority.admin;
    node.group = config.group;
    setState(turn, node, config.joinState, '', 'master');
    publishNode(turn, node, 'joined');
  }
}

/** Changes a node's state, with why and by whom. */
export function setState(turn: MasterTurn, node: MasterNode, state: string, reason: string, who: string): void {
  node.state = state;
  node.reason = reason;
  node.who = who;
  node.changedAt = turn.wallTime;
  publishNode(turn, node, 'state');
}

/** A slave's connection is gone. Its node is given a moment to return before it counts as silent. */
export function slaveAway(turn: MasterTurn, node: MasterNode, link: number): void {
  if (node.challenger?.link === link) node.challenger = undefined;
  if (node.link !== link) return;
  node.link = undefined;
  unready(turn, node);
  peerAway(turn, node);
  const { deadlines, config } = turn.state;
  deadlines.set(`silent ${node.node}`, turn.now + config.silentAfterMs);
  for (const process of node.processes) {
    const bound = process.lostAfterMs > 0 ? process.lostAfterMs : config.lostAfterMs;
    if (Number.isFinite(bound)) deadlines.set(`lose ${process.key}`, turn.now + bound);
  }
  letRivalIn(turn, node);
}

/** The slave that another one waited for is gone. */
function letRivalIn(turn: MasterTurn, node: MasterNode): void {
  const { challenger } = node;
  node.challenger = undefined;
  const rival = challenger === undefined ? undefined : turn.state.links.get(challenger.link);
  if (challenger === undefined || rival === undefined) return;
  if (node.barred) refuse(turn, rival.id, barred(node));
  else admitOrRefuse(turn, node, rival, challenger.hello);
}

/** It has not returned: the node is down as far as anybody can use it, and what it runs is unknown. */
export function fellSilent(turn: MasterTurn, node: MasterNode): void {
  if (node.link !== undefined || node.state === 'down') return;
  node.before = { state: node.state, reason: node.reason, who: node.who };
  node.flags = [...node.flags, FLAG_UNREACHABLE];
  setState(turn, node, 'down', 'its slave has not been heard of', 'master');
  failIdleStarts(turn, node);
  processesUnknown(turn, node);
  failAsks(turn, node);
}

/** Ends everything on a node whose slave is about to be sent away; what it does not hear now it hears when it returns. */
export function endProcesses(turn: MasterTurn, node: MasterNode): void {
  for (const process of node.processes) {
    if (process.state === 'starting') cancelStart(turn, process);
    else if (process.end === undefined) dismiss(turn, node, process.pid);
  }
}

/** The node is gone for good: by its own word, an administrator's, or a new life's. */
export function nodeGone(turn: MasterTurn, node: MasterNode, reason: string, who: string): void {
  const { link } = node;
  endLife(turn, node, reason);
  node.link = undefined;
  unready(turn, node);
  peerAway(turn, node);
  node.before = undefined;
  node.flags = node.flags.filter((flag) => flag !== FLAG_UNREACHABLE);
  // BProc 1.4: a node that goes down has nobody's mode, owner and attributes any more
  node.mode = 0;
  node.owner = 0;
  node.group = 0;
  node.attributes = {};
  turn.state.deadlines.clear(`silent ${node.node}`);
  setState(turn, node, 'down', reason, who);
  if (link !== undefined) {
    const closing = new BprocError('BE_NODEDOWN', `node ${node.node}: ${reason}`, { node: node.node });
    turn.effects.push({ type: 'close', link, reason: closing });
  }
  letRivalIn(turn, node);
}

function endLife(turn: MasterTurn, node: MasterNode, reason: string): void {
  failStarts(turn, node, reason);
  loseProcesses(turn, node, `node ${node.node}: ${reason}`);
  failAsks(turn, node);
}

/** A slave's processes have begun another life: those of the last one have ended, and that was told [PROTOCOL 3.10]. */
export function newLife(turn: MasterTurn, node: MasterNode, { boot }: NewLife): void {
  if (!isId(boot)) return;
  node.boot = Buffer.from(boot);
  for (const process of [...node.processes]) {
    if (process.state !== 'starting' && process.end === undefined) {
      lose(turn, process, `node ${node.node}: its processes have begun another life`);
    }
  }
}

/** A slave is running out of pids. */
export function wantsPids(turn: MasterTurn, node: MasterNode, message: PidBlock): void {
  if (message.count !== 0 || node.link === undefined) return;
  const block = turn.state.blocks.allocate(node.node);
  if (block !== undefined) send(turn, node.link, { pidBlock: block });
}
