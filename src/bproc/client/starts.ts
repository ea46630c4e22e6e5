/** From a wanted process to START: how many of a node are under way at once. PROTOCOL.md section 4. */
import { BprocError } from '../../errors.ts';
import type { Init, Start, Target } from '../../wire/index.ts';
import type { ClientTurn } from './events.ts';
import { assemble, drop } from './gang.ts';
import type { ClientProcess, ClientState, NodeStarts } from './state.ts';
import { tell } from './tell.ts';

/** Targets of one message: so many that the master is done with them in a few milliseconds. */
const PER_START = 256;

/** The program wants processes: those that find room on their nodes now, the others in their turn. */
export function start(turn: ClientTurn, processes: readonly ClientProcess[]): void {
  const { state } = turn;
  if (state.stopping) {
    const error = new BprocError('ECANCELED', 'the client was disposed');
    for (const { key } of processes) turn.effects.push({ type: 'startFailed', key, error });
    return;
  }
  const nodes = new Set<NodeStarts>();
  for (const process of processes) {
    state.processes.set(process.key, process);
    const node = startsOf(state, process.node);
    node.queued.add(process);
    nodes.add(node);
  }
  assemble(turn, processes);
  sendNext(turn, nodes);
}

function startsOf({ starts }: ClientState, number: number): NodeStarts {
  const known = starts.get(number);
  if (known !== undefined) return known;
  const node = { asked: new Set<ClientProcess>(), queued: new Set<ClientProcess>() };
  starts.set(number, node);
  return node;
}

/**
 * Sends what there is room for. All at once, a large vector would be in the way of everybody else's
 * starts at the master and at the node, which can begin only so many.
 */
export function sendNext(turn: ClientTurn, nodes: Iterable<NodeStarts>): void {
  const { link, config } = turn.state;
  if (link.phase !== 'attached') return;
  const batches = new Map<Init<Start>, Init<Target>[]>();
  for (const { asked, queued } of nodes) {
    for (const process of queued) {
      // those that wait for each other cannot wait for room as well
      if (asked.size >= config.startsPerNode && process.start.gang !== true) break;
      queued.delete(process);
      asked.add(process);
      process.sent = 1;
      const targets = batches.get(process.start);
      if (targets === undefined) batches.set(process.start, [targetOf(process)]);
      else targets.push(targetOf(process));
    }
  }
  // beside the longest specification there is room for these
  for (const [common, targets] of batches) {
    for (let at = 0; at < targets.length; at += PER_START) {
      tell(turn, { start: { ...common, targets: targets.slice(at, at + PER_START) } });
    }
  }
}

/** A connection was lost with the answers that were on it: asks again for what it was asked for. */
export function repeatStarts(turn: ClientTurn): void {
  for (const { asked } of turn.state.starts.values()) {
    for (const process of asked) {
      const { puid, node, boot } = process;
      process.sent += 1;
      if (process.cancelled) tell(turn, { cancel: { puid, node, boot } });
      else tell(turn, { start: { ...process.start, targets: [targetOf(process)], repeated: true } });
    }
  }
  sendNext(turn, turn.state.starts.values());
}

function targetOf({ puid, node, boot, rank }: ClientProcess): Init<Target> {
  return { puid, node, boot, rank };
}

/** A start is answered, or not wanted any more. Half of the room is given at once: one message is for many. */
export function settle(turn: ClientTurn, process: ClientProcess): void {
  drop(turn, process);
  const { starts, config } = turn.state;
  const node = starts.get(process.node);
  if (node === undefined) return;
  node.asked.delete(process);
  node.queued.delete(process);
  if (node.asked.size + node.queued.size === 0) starts.delete(process.node);
  else if (node.asked.size <= config.startsPerNode / 2) sendNext(turn, [node]);
}
