/** The node table and the process table, and the news of their changes. */
import { MAX_PID } from '../ids.ts';
import type { NodeChange } from '../node-info.ts';
import { NODE_NONE } from '../node-info.ts';
import { createNode } from './records.ts';
import type { MasterNode, MasterProcess, MasterTurn } from './state.ts';
import { command, isHeard, nodeRecord, processRecord } from './tell.ts';

/** Makes a change of a node known. */
export function publishNode(turn: MasterTurn, node: MasterNode, change: NodeChange): void {
  turn.state.events.append(turn.wallTime, () => ({ node: { change, node: nodeRecord(node) } }));
}

/** Makes a change of a process known. */
export function publishProcess(turn: MasterTurn, process: MasterProcess): void {
  turn.state.events.append(turn.wallTime, () => ({ process: { process: processRecord(process) } }));
}

/** Numbers of nodes that a client's word alone makes the master expect. */
const MOST_NODES = 65_536;

/**
 * The node a client says it has something on: one of the table, or one of an earlier master's table whose
 * slave has not come back yet. The latter is in no table before its slave is here.
 */
export function expectedNode(turn: MasterTurn, number: number): MasterNode | undefined {
  const known = turn.state.nodes.get(number) ?? turn.state.expected.get(number);
  if (known !== undefined) return known;
  const canCome = turn.state.config.admitNewNodes && number >= 0 && number < MOST_NODES;
  return canCome ? createNode(number, turn.wallTime) : undefined;
}

/** Enters a process. */
export function addProcess(turn: MasterTurn, process: MasterProcess): void {
  const { node } = process;
  turn.state.processes.set(process.key, process);
  if (!turn.state.nodes.has(node.node)) turn.state.expected.set(node.node, node);
  node.processes.add(process);
  process.client?.processes.add(process);
  process.client?.nodes.add(node.node);
}

/**
 * Notes the pid that its node gave a process: only a slave's word makes a pid lead to a process, and none to that of
 * another node's, unless the pid is its own to give.
 */
export function setPid(turn: MasterTurn, process: MasterProcess, pid: number): void {
  const other = turn.state.byPid.get(pid);
  if (other === process || pid <= 0 || pid > MAX_PID) return;
  const { node } = process;
  if (other !== undefined && other.node !== node && turn.state.blocks.nodeOf(pid) !== node.node) return;
  if (turn.state.byPid.get(process.pid) === process) turn.state.byPid.delete(process.pid);
  process.pid = pid;
  turn.state.byPid.set(pid, process);
  if (process.moves > 0) noteHome(turn, process);
}

/** A process is on another node now. Its pid is reserved where it is from. */
export function moveProcess(turn: MasterTurn, process: MasterProcess, to: MasterNode): void {
  const { node: from } = process;
  if (from === to) return;
  from.processes.delete(process);
  process.node = to;
  process.boot = to.boot;
  to.processes.add(process);
  process.client?.nodes.add(to.node);
  turn.state.travelled.add(process);
  if (from.processes.size === 0 && turn.state.expected.get(from.node) === from) turn.state.expected.delete(from.node);
  if (!turn.state.nodes.has(to.node)) turn.state.expected.set(to.node, to);
  noteHome(turn, process);
}

/** The node whose pid a process has is not to give it to another one meanwhile. */
function noteHome(turn: MasterTurn, process: MasterProcess): void {
  // a client's word for its pid is none
  if (turn.state.byPid.get(process.pid) !== process) return;
  const home = turn.state.nodes.get(turn.state.blocks.nodeOf(process.pid) ?? NODE_NONE);
  process.home = home === process.node ? undefined : home;
  if (process.home !== undefined) command(turn, process.home, { pidsAway: { taken: [process.pid] } });
}

/** Tells a slave that has come which pids of its node processes elsewhere have, and which they have no more. */
export function tellAway(turn: MasterTurn, node: MasterNode): void {
  const taken: number[] = [];
  for (const process of turn.state.travelled) {
    if (process.node === node || turn.state.blocks.nodeOf(process.pid) !== node.node) continue;
    if (turn.state.byPid.get(process.pid) !== process) continue;
    process.home = node;
    taken.push(process.pid);
  }
  const free = node.freed;
  node.freed = [];
  if (taken.length + free.length > 0) command(turn, node, { pidsAway: { taken, free } });
}

/** Takes a process out of the tables. */
export function removeProcess(turn: MasterTurn, process: MasterProcess): void {
  const { state } = turn;
  state.processes.delete(process.key);
  if (state.byPid.get(process.pid) === process) state.byPid.delete(process.pid);
  const { node } = process;
  node.processes.delete(process);
  if (node.processes.size === 0 && state.expected.get(node.node) === node) state.expected.delete(node.node);
  process.client?.processes.delete(process);
  for (const { client, request } of process.waiters.values()) client.waits.delete(request);
  for (const clock of ['lose', 'keep']) state.deadlines.clear(`${clock} ${process.key}`);
  state.travelled.delete(process);
  const { home, pid } = process;
  if (home === undefined) return;
  if (isHeard(home)) command(turn, home, { pidsAway: { free: [pid] } });
  else home.freed.push(pid);
}

/** The node a pid belongs to: where it was started, or whose block it is in. */
export function nodeOfPid(turn: MasterTurn, pid: number): MasterNode | undefined {
  const process = turn.state.byPid.get(pid);
  if (process !== undefined) return process.node;
  const number = turn.state.blocks.nodeOf(pid);
  return number === undefined ? undefined : turn.state.nodes.get(number);
}
