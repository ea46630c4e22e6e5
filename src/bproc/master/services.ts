/** What clients ask of services: PROTOCOL.md 13.2. */
import { BprocError } from '../../errors.ts';
import { reasonOf } from '../../transport/index.ts';
import type { ServiceRequest } from '../../wire/index.ts';
import { isAdmin } from '../permissions.ts';
import { noService } from '../service.ts';
import { ask } from './asks.ts';
import { nodeAt } from './node-requests.ts';
import type { MasterClient, MasterTurn } from './state.ts';
import { reject, respond } from './tell.ts';

/** Asks a service of this master, or of a node's slave. What it may be asked, it decides itself. */
export function askService(turn: MasterTurn, client: MasterClient, id: number, request: ServiceRequest): void {
  const { service, node, order } = request;
  // what was read may be overwritten by what comes next
  const body = Buffer.from(request.body);
  const { uid, gids } = client.credentials;
  const administrator = isAdmin(client.credentials, turn.state.config.authority);
  if (node === null) {
    const caller = { uid, gids, isAdministrator: administrator };
    turn.effects.push({ type: 'service', client: client.key, id, service, body, caller });
    return;
  }
  const passed = { service, node, body, order, uid, gids: [...gids], administrator };
  ask(turn, nodeAt(turn, node), { service: passed }, (later, answer) => {
    if (BprocError.is(answer)) return reject(later, client, id, answer);
    if (answer.failure !== null) return reject(later, client, id, reasonOf(answer.failure));
    if (answer.body !== 'service') return reject(later, client, id, noService(service, `node ${node}`));
    respond(later, client, id, { service: { body: answer.service.body } });
  });
}

/** A service of this master has answered. */
export function serviceAnswered(turn: MasterTurn, key: string, id: number, answer: Uint8Array | BprocError): void {
  const client = turn.state.clients.get(key);
  if (client === undefined) return;
  if (answer instanceof BprocError) reject(turn, client, id, answer);
  else respond(turn, client, id, { service: { body: answer } });
}
