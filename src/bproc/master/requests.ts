/** The requests of clients, one line each. A request that throws is answered with its error. */
import { BprocError } from '../../errors.ts';
import type { Request } from '../../wire/index.ts';
import { noteOrder } from './answers.ts';
import { askCache } from './caches.ts';
import { carry } from './carried.ts';
import { checkpoint, checkpointRoom, keptCheckpoints } from './checkpoints.ts';
import { abandonWait } from './ends.ts';
import { callOffMove } from './move-bounds.ts';
import { move } from './moves.ts';
import { access, listNodes, orderNode, resolve, updateNode } from './node-requests.ts';
import { detach, ghosts, kill, listProcesses, resize, terminate, wait } from './process-requests.ts';
import { moveAgain } from './repeated-moves.ts';
import { askService } from './services.ts';
import type { MasterClient, MasterTurn } from './state.ts';
import { subscribe } from './subscriptions.ts';
import { inform, reject, respond } from './tell.ts';
import { askTrust } from './trust-requests.ts';

/** Answers a client's request, now or later. */
export function request(turn: MasterTurn, client: MasterClient, message: Request): void {
  const known = noteOrder(client, message);
  if (known === 'pending') return;
  if (known !== undefined) return inform(turn, client, { response: { id: message.id, ...known } });
  try {
    dispatch(turn, client, message);
  } catch (error) {
    reject(turn, client, message.id, BprocError.from(error, 'EPROTO'));
  }
}

function dispatch(turn: MasterTurn, client: MasterClient, message: Request): void {
  const { id } = message;
  switch (message.body) {
    case 'listNodes':
      return listNodes(turn, client, id, message.listNodes);
    case 'resolve':
      return resolve(turn, client, id, message.resolve);
    case 'updateNode':
      return updateNode(turn, client, id, message.updateNode);
    case 'access':
      return access(turn, client, id, message.access.node);
    case 'power':
    case 'chroot':
    case 'reconnect':
      return orderNode(turn, client, message);
    case 'kill':
      return kill(turn, client, id, message.kill);
    case 'terminate':
      return terminate(turn, client, id, message.terminate);
    case 'resize':
      return resize(turn, client, id, message.resize);
    case 'move':
      return (message.move.repeated ? moveAgain : move)(turn, client, id, message.move);
    case 'callOffMove':
      return callOffMove(turn, client, id, message.callOffMove);
    case 'checkpoint':
      return checkpoint(turn, client, id, message.checkpoint);
    case 'checkpointRoom':
      return checkpointRoom(turn, client, id, message.checkpointRoom);
    case 'keptCheckpoints':
      return keptCheckpoints(turn, client, id, message.keptCheckpoints);
    case 'detach':
      return detach(turn, client, id, message.detach);
    case 'wait':
      return wait(turn, client, id, message.wait.pid);
    case 'abandon':
      abandonWait(client, message.abandon.id);
      turn.effects.push({ type: 'serviceLeft', client: client.key, id: message.abandon.id });
      return respond(turn, client, id);
    case 'listProcesses':
      return listProcesses(turn, client, id, message.listProcesses);
    case 'ghosts':
      return ghosts(turn, client, id, message.ghosts);
    case 'subscribe':
      return subscribe(turn, client, id, message.subscribe);
    case 'unsubscribe':
      client.subscriptions.delete(message.unsubscribe.id);
      return respond(turn, client, id);
    case 'status':
      return status(turn, client, id);
    case 'carry':
      return carry(turn, client, id, message.carry);
    case 'cache':
      return askCache(turn, client, id, message.cache);
    case 'service':
      return askService(turn, client, id, message.service);
    case 'createToken':
    case 'listApplicants':
    case 'approve':
    case 'revoke':
    case 'listCertificates':
    case 'login':
      return askTrust(turn, client, message);
    default:
      throw new BprocError('ENOSYS', 'this master does not know this request: it is of an older version');
  }
}

function status(turn: MasterTurn, client: MasterClient, id: number): void {
  const { config, addresses, nodes, processes } = turn.state;
  const { epoch } = config;
  const address = addresses[0] ?? '';
  const counts = { nodes: [...nodes.keys()].filter((node) => node >= 0).length, processes: processes.size };
  respond(turn, client, id, { masterStatus: { epoch, address, ...counts, uid: client.credentials.uid } });
}
