/** Checkpoints of processes, which are their node's administrator's alone: PROTOCOL.md 12.5. */
import { BprocError } from '../../errors.ts';
import { reasonOf } from '../../transport/index.ts';
import type { Checkpoint, CheckpointRoom, RequestChoice } from '../../wire/index.ts';
import { assertAdminister } from '../permissions.ts';
import { ask } from './asks.ts';
import { runningProcess } from './moves.ts';
import { nodeAt } from './node-requests.ts';
import type { MasterClient, MasterNode, MasterTurn } from './state.ts';
import { reject, respond } from './tell.ts';

const NO_ROOM = { directory: '', stopped: false };

/** A process is to be captured into a directory of its node. */
export function checkpoint(turn: MasterTurn, client: MasterClient, id: number, { pid, stop }: Checkpoint): void {
  const { node, move } = runningProcess(turn, pid);
  const { credentials } = client;
  assertAdminister(node.node, `checkpoint process ${pid}`, credentials, turn.state.config.authority);
  if (move !== undefined) throw new BprocError('EBUSY', `process ${pid} is on its way to another node`, { pid });
  askForRoom(turn, client, id, node, { checkpoint: { pid, stop, uid: credentials.uid } });
}

/** A directory of a node is to be made for a checkpoint that is brought there, or is still used, or to be removed. */
export function checkpointRoom(turn: MasterTurn, client: MasterClient, id: number, message: CheckpointRoom): void {
  const node = nodeAt(turn, message.node);
  const { credentials } = client;
  assertAdminister(node.node, `bring a checkpoint to node ${node.node}`, credentials, turn.state.config.authority);
  const { remove, keep, end } = message;
  askForRoom(turn, client, id, node, { checkpointRoom: { node: node.node, remove, keep, end, uid: credentials.uid } });
}

function askForRoom(turn: MasterTurn, client: MasterClient, id: number, node: MasterNode, order: RequestChoice): void {
  ask(turn, node, order, (later, answer) => {
    if (BprocError.is(answer)) return reject(later, client, id, answer);
    if (answer.failure !== null) return reject(later, client, id, reasonOf(answer.failure));
    const { directory, stopped } = answer.body === 'room' ? answer.room : NO_ROOM;
    // who asked has left meanwhile, and a process may stand still for that
    if (directory !== '' && !later.state.clients.has(client.key)) {
      const remove = { node: node.node, remove: directory, uid: client.credentials.uid };
      ask(later, node, { checkpointRoom: remove }, () => {});
    }
    respond(later, client, id, { room: { node: node.node, directory, stopped } });
  });
}
