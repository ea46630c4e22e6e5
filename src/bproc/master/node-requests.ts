/** Questions about nodes, and their administration (BProc 1.4, 1.5): PROTOCOL.md 7.1. */
import { BprocError } from '../../errors.ts';
import { failureOf, reasonOf } from '../../transport/index.ts';
import type {
  ControlInit,
  Init,
  ListNodes,
  Request,
  RequestChoice,
  Resolve,
  ResolvedEntry,
  UpdateNode,
} from '../../wire/index.ts';
import { controlBytes } from '../../wire/index.ts';
import { countFitting } from '../list-parts.ts';
import { checkFlag, checkMode, checkState, NODE_MASTER, withAttribute } from '../node-info.ts';
import { NODE_SET_ENTRIES_MAX, selectEntries, selectNodes } from '../node-set.ts';
import { assertAccess, assertAdminister, assertChgrp, assertChmod, assertChown } from '../permissions.ts';
import { ask, noNode } from './asks.ts';
import { endProcesses, nodeGone, setState } from './slaves.ts';
import type { MasterClient, MasterNode, MasterTurn } from './state.ts';
import { publishNode } from './tables.ts';
import { nodeRecord, reject, respond } from './tell.ts';

/** Every node but the master, in the order of their numbers. */
function ordered(turn: MasterTurn): MasterNode[] {
  return [...turn.state.nodes.values()].filter((node) => node.node >= 0).sort((a, b) => a.node - b.node);
}

/** The node with this number. */
export function nodeAt(turn: MasterTurn, number: number): MasterNode {
  const node = turn.state.nodes.get(number);
  if (node === undefined) throw noNode(number);
  return node;
}

/** `bproc_nodelist`, `bproc_nodespec`: the nodes of a set, all of them for an empty one; or what is left of such a list. */
export function listNodes(turn: MasterTurn, client: MasterClient, id: number, message: ListNodes): void {
  const chosen = chosenNodes(turn, message);
  if (!message.partial) return respond(turn, client, id, { nodeList: { nodes: chosen.map(nodeRecord) } });
  const numbers = chosen.map(({ node }) => node);
  // the part may be as short as one node, and then all the others are named
  const others = controlBytes({ response: { nodeList: { rest: numbers } } });
  const count = countFitting(chosen, nodesMessage, others);
  const nodes = chosen.slice(0, count).map(nodeRecord);
  respond(turn, client, id, { nodeList: { nodes, rest: numbers.slice(count) } });
}

function chosenNodes(turn: MasterTurn, message: ListNodes): readonly MasterNode[] {
  const { length } = message.nodes;
  if (length > NODE_SET_ENTRIES_MAX) {
    throw new BprocError('E2BIG', `${length} nodes are more than the ${NODE_SET_ENTRIES_MAX} that are listed at once`);
  }
  if (length > 0) return message.nodes.flatMap((number) => turn.state.nodes.get(number) ?? []);
  const all = ordered(turn);
  return message.spec === '' ? all : selectNodes(message.spec, all).map((number) => nodeAt(turn, number));
}

function nodesMessage(nodes: readonly MasterNode[]): ControlInit {
  return { response: { nodeList: { nodes: nodes.map(nodeRecord) } } };
}

/** Most nodes that are resolved at once: as many as one START has targets. */
const MOST_RESOLVED = 65_536;

/** Which nodes a start means, and the boot id each is to be bound to [PROTOCOL 4.3]. */
export function resolve(turn: MasterTurn, client: MasterClient, id: number, message: Resolve): void {
  const numbers = message.spec === '' ? message.nodes : selectEntries(message.spec, ordered(turn));
  if (numbers.length > MOST_RESOLVED) {
    throw new BprocError('E2BIG', `${numbers.length} nodes are more than the ${MOST_RESOLVED} that one start is for`);
  }
  const entries = numbers.map((each): Init<ResolvedEntry> => {
    if (typeof each !== 'number') return { node: each.node, failure: failureOf(each) };
    const node = turn.state.nodes.get(each);
    if (node === undefined) return { node: each, failure: failureOf(noNode(each)) };
    return { node: each, boot: node.boot };
  });
  respond(turn, client, id, { resolved: { entries } });
}

/** `bproc_access`: whether the caller may start processes there. */
export function access(turn: MasterTurn, client: MasterClient, id: number, number: number): void {
  assertAccess(nodeAt(turn, number), client.credentials, turn.state.config.authority);
  respond(turn, client, id);
}

/** `bproc_nodesetstatus`, `chmod`, `chown`, `chgrp`, `setnodeattr`: all of it or nothing. */
export function updateNode(turn: MasterTurn, client: MasterClient, id: number, message: UpdateNode): void {
  const node = nodeAt(turn, message.node);
  checkUpdate(turn, client, node, message);
  if (message.mode !== null || message.owner !== null || message.group !== null) {
    node.mode = message.mode ?? node.mode;
    node.owner = message.owner ?? node.owner;
    node.group = message.group ?? node.group;
    publishNode(turn, node, 'permissions');
  }
  updateAttributes(turn, node, message);
  updateState(turn, client, node, message);
  respond(turn, client, id);
}

function checkUpdate(turn: MasterTurn, client: MasterClient, node: MasterNode, message: UpdateNode): void {
  const { authority } = turn.state.config;
  const { credentials } = client;
  if (message.mode !== null) {
    checkMode(message.mode);
    assertChmod(node, credentials, authority);
  }
  if (message.owner !== null) assertChown(node, credentials, authority);
  if (message.group !== null) assertChgrp(node, message.group, credentials, authority);
  const flags = [...message.addFlags, ...message.removeFlags];
  if (message.state !== null || flags.length > 0 || message.reason !== null) {
    assertAdminister(node.node, `set the state of node ${node.node}`, credentials, authority);
    for (const flag of flags) checkFlag(flag);
    if (message.state !== null) checkNewState(node, message.state);
  }
  const attributes = Object.entries(message.setAttributes);
  if (attributes.length + message.removeAttributes.length === 0) return;
  assertAdminister(node.node, `set attributes of node ${node.node}`, credentials, authority);
  if (node.state === 'down') {
    throw new BprocError('BE_NODEDOWN', `node ${node.node} is down and has no attributes`, { node: node.node });
  }
  attributes.reduce((all, [name, value]) => withAttribute(all, name, value), node.attributes);
}

function checkNewState(node: MasterNode, state: string): void {
  checkState(state);
  if (node.node === NODE_MASTER) throw new BprocError('EINVAL', 'the master has no state to set');
  if (node.state === 'down' && !node.barred && state !== 'down') {
    const remedy = 'it gets a state when its slave connects';
    throw new BprocError('EINVAL', `node ${node.node} is down and cannot be set ${state}: ${remedy}`, {
      node: node.node,
    });
  }
}

function updateAttributes(turn: MasterTurn, node: MasterNode, message: UpdateNode): void {
  const entries = Object.entries(message.setAttributes);
  if (entries.length + message.removeAttributes.length === 0) return;
  let attributes = node.attributes;
  for (const [name, value] of entries) attributes = withAttribute(attributes, name, value);
  const removed = new Set(message.removeAttributes);
  node.attributes = Object.fromEntries(Object.entries(attributes).filter(([name]) => !removed.has(name)));
  publishNode(turn, node, 'attributes');
}

function updateState(turn: MasterTurn, client: MasterClient, node: MasterNode, message: UpdateNode): void {
  const who = `uid ${client.credentials.uid}`;
  const removed = new Set(message.removeFlags);
  const flags = [...new Set([...node.flags, ...message.addFlags])].filter((flag) => !removed.has(flag));
  const flagsChanged = flags.join() !== node.flags.join();
  node.flags = flags;
  if (message.state === null) {
    if (flagsChanged || message.reason !== null) setState(turn, node, node.state, message.reason ?? node.reason, who);
    return;
  }
  if (message.state === 'down') {
    node.barred = true;
    endProcesses(turn, node);
    nodeGone(turn, node, message.reason ?? 'set down by an administrator', who);
  } else if (node.barred) {
    // lets its slave in again; it gets its state when it comes
    node.barred = false;
    setState(turn, node, 'down', 'waiting for its slave', who);
  } else {
    setState(turn, node, message.state, message.reason ?? '', who);
  }
}

const POWER_STATES = ['', 'reboot', 'halt', 'pwroff'] as const;

/** `bproc_nodereboot`, `halt`, `pwroff`, `nodechroot`, `nodereconnect`: orders to a node's slave. */
export function orderNode(
  turn: MasterTurn,
  client: MasterClient,
  request: Extract<Request, { readonly body: 'power' | 'chroot' | 'reconnect' }>,
): void {
  const { id } = request;
  const [number, order, what] = nodeOrder(request);
  const node = nodeAt(turn, number);
  assertAdminister(number, `${what} node ${number}`, client.credentials, turn.state.config.authority);
  if (request.body === 'power' && !POWER_STATES[request.power.action]) {
    throw new BprocError('EINVAL', `${request.power.action} is none of reboot (1), halt (2), power off (3)`);
  }
  if (number === NODE_MASTER && request.body === 'power') {
    throw new BprocError('EINVAL', 'the master does not reboot, halt or power off itself');
  }
  ask(turn, node, order, (later, answer) => {
    if (BprocError.is(answer)) return reject(later, client, id, answer);
    if (answer.failure !== null) return reject(later, client, id, reasonOf(answer.failure));
    if (request.body === 'power') {
      const state = POWER_STATES[request.power.action] ?? 'reboot';
      setState(later, node, state, `ordered by uid ${client.credentials.uid}`, `uid ${client.credentials.uid}`);
    }
    respond(later, client, id);
  });
}

function nodeOrder(
  request: Extract<Request, { readonly body: 'power' | 'chroot' | 'reconnect' }>,
): [number, RequestChoice, string] {
  if (request.body === 'power') return [request.power.node, { power: request.power }, 'power'];
  if (request.body === 'chroot') return [request.chroot.node, { chroot: request.chroot }, 'change the root of'];
  return [request.reconnect.node, { reconnect: request.reconnect }, 'reconnect'];
}
