/** Checkpoints of processes, which are their node's administrator's alone: PROTOCOL.md 12.5. */
import { BprocError } from '../../errors.ts';
import { reasonOf } from '../../transport/index.ts';
import type { Checkpoint, CheckpointRoom, Init, KeptName, KeptOrder, RequestChoice } from '../../wire/index.ts';
import { ownId } from '../ids.ts';
import { assertAdminister } from '../permissions.ts';
import { ask } from './asks.ts';
import { runningProcess } from './moves.ts';
import { nodeAt } from './node-requests.ts';
import type { MasterClient, MasterNode, MasterTurn } from './state.ts';
import { reject, respond } from './tell.ts';

const NO_ROOM = { directory: '', stopped: false, kept: null, command: '', unread: Buffer.alloc(0) };

/** A process is to be captured into a directory of its node. */
export function checkpoint(turn: MasterTurn, client: MasterClient, id: number, { pid, stop, keep }: Checkpoint): void {
  const { node, move } = runningProcess(turn, pid);
  const { credentials } = client;
  assertAdminister(node.node, `checkpoint process ${pid}`, credentials, turn.state.config.authority);
  if (move !== undefined) throw new BprocError('EBUSY', `process ${pid} is on its way to another node`, { pid });
  askForRoom(turn, client, id, node, { checkpoint: { pid, stop, keep, uid: credentials.uid } });
}

/** A directory of a node is to be made for a checkpoint that is brought there, or is still used, or to be removed. */
export function checkpointRoom(turn: MasterTurn, client: MasterClient, id: number, message: CheckpointRoom): void {
  const node = nodeAt(turn, message.node);
  const { credentials } = client;
  assertAdminister(node.node, `bring a checkpoint to node ${node.node}`, credentials, turn.state.config.authority);
  const { remove, keep, end } = message;
  const kept = message.kept === null ? {} : { kept: ownName(message.kept) };
  const room = { node: node.node, remove, keep, end, uid: credentials.uid, ...kept };
  askForRoom(turn, client, id, node, { checkpointRoom: room });
}

/** What a node keeps of checkpoints is asked for, or to be something else. */
export function keptCheckpoints(turn: MasterTurn, client: MasterClient, id: number, message: KeptOrder): void {
  const node = nodeAt(turn, message.node);
  const { credentials } = client;
  assertAdminister(node.node, `see the checkpoints of node ${node.node}`, credentials, turn.state.config.authority);
  const { keep, remove, only, after } = message;
  const order = {
    node: node.node,
    uid: credentials.uid,
    remove: ownId(remove),
    only: ownId(only),
    after: ownId(after),
    ...(keep !== null && { keep: ownName(keep) }),
  };
  ask(turn, node, { keptCheckpoints: order }, (later, answer) => {
    if (BprocError.is(answer)) return reject(later, client, id, answer);
    if (answer.failure !== null) return reject(later, client, id, reasonOf(answer.failure));
    respond(later, client, id, { keptList: answer.body === 'keptList' ? answer.keptList : {} });
  });
}

function ownBytes(bytes: Uint8Array): Uint8Array {
  return Uint8Array.from(bytes);
}

/** What came may be overwritten before it is passed on. */
function ownName({ name, bytes, source }: KeptName): Init<KeptName> {
  return { name: ownId(name), bytes, ...(source !== null && { source }) };
}

function askForRoom(turn: MasterTurn, client: MasterClient, id: number, node: MasterNode, order: RequestChoice): void {
  const isNew = 'checkpoint' in order;
  ask(turn, node, order, (later, answer) => {
    if (BprocError.is(answer)) return reject(later, client, id, answer);
    if (answer.failure !== null) return reject(later, client, id, reasonOf(answer.failure));
    const { directory, stopped, kept, command, unread } = answer.body === 'room' ? answer.room : NO_ROOM;
    // who asked has left meanwhile, and a process may stand still for that
    if (directory !== '' && !later.state.clients.has(client.key)) {
      const order = { node: node.node, uid: client.credentials.uid };
      ask(later, node, { checkpointRoom: { ...order, remove: directory } }, () => {});
      // and nobody has heard what it is called
      if (isNew && kept !== null)
        ask(later, node, { keptCheckpoints: { ...order, remove: ownId(kept.name) } }, () => {});
    }
    const name = kept === null ? {} : { kept: ownName(kept) };
    respond(later, client, id, {
      room: { node: node.node, directory, stopped, command, unread: ownBytes(unread), ...name },
    });
  });
}
