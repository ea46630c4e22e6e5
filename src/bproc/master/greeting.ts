/** Who a connection is: PROTOCOL.md section 3. */
import { BprocError } from '../../errors.ts';
import type { Hello } from '../../wire/index.ts';
import { chooseVersion, Role } from '../../wire/index.ts';
import { compareEpochs, epochText } from '../epoch.ts';
import { isId } from '../ids.ts';
import type { Credentials } from '../permissions.ts';
import { proven } from './claims.ts';
import { clientAway, clientGone, welcomeClient } from './clients.ts';
import { strangerOpened } from './joining.ts';
import { LOCAL, type Proof } from './proof.ts';
import { nodeGone, slaveAway, welcomeSlave } from './slaves.ts';
import type { MasterLink, MasterTurn } from './state.ts';
import { refuse } from './welcome.ts';

/** A connection was accepted; it has a few seconds to say who it is. */
export function opened(
  turn: MasterTurn,
  id: number,
  {
    peer,
    credentials,
    proof = LOCAL,
  }: { readonly peer: string; readonly credentials: Credentials; readonly proof?: Proof },
): void {
  const { state } = turn;
  const link: MasterLink = { id, peer, credentials, proof, who: { role: 'unknown' } };
  state.links.set(id, link);
  state.deadlines.set(`greet ${id}`, turn.now + state.config.greetingMs);
  strangerOpened(turn, link);
}

/** A connection has not said who it is in time. */
export function greetingDue(turn: MasterTurn, id: number): void {
  const role = turn.state.links.get(id)?.who.role;
  if (role !== 'unknown' && role !== 'joining') return;
  const reason = new BprocError('ETIMEDOUT', `no HELLO within ${turn.state.config.greetingMs} ms`);
  turn.effects.push({ type: 'close', link: id, reason });
}

/** The first message of a connection; a later one is not heard, nor one that comes too late [PROTOCOL 3.2]. */
export function hello(turn: MasterTurn, link: MasterLink, domain: string, message: Hello): void {
  if (link.who.role !== 'unknown' || !turn.state.deadlines.has(`greet ${link.id}`)) return;
  try {
    checkHello(turn, domain, message);
    const checked = proven(turn, link, message);
    turn.state.deadlines.clear(`greet ${link.id}`);
    if (message.role === Role.CLIENT) welcomeClient(turn, link, checked);
    else if (message.role === Role.SLAVE) welcomeSlave(turn, link, checked);
    else throw new BprocError('EPROTO', `role ${message.role} does not connect to a master`);
  } catch (error) {
    refuse(turn, link.id, BprocError.from(error, 'EPROTO'));
  }
}

function checkHello(turn: MasterTurn, domain: string, message: Hello): void {
  const { config } = turn.state;
  chooseVersion(message);
  if (domain !== config.domain) {
    const asked = JSON.stringify(domain.slice(0, 64));
    throw new BprocError('EINVAL', `this is the master of domain ${JSON.stringify(config.domain)}, not of ${asked}`);
  }
  if (!isId(message.identity)) throw new BprocError('EPROTO', 'a HELLO without an identity of 16 bytes');
  // [PROTOCOL 3.3] whoever has seen a newer master must not be commanded by this one
  if (message.seen !== null && compareEpochs(message.seen, config.epoch) > 0) {
    const theirs = epochText(message.seen);
    throw new BprocError(
      'ESTALE',
      `this master's epoch ${epochText(config.epoch)} is older than ${theirs}, seen before`,
    );
  }
  if (turn.state.stopping) throw new BprocError('ECONNREFUSED', 'this master is shutting down');
}

/** The peer leaves in order. A connection that was superseded speaks for nobody [PROTOCOL 2.7]. */
export function goodbye(turn: MasterTurn, link: MasterLink): void {
  const { who } = link;
  if (who.role === 'client' && who.client.link === link.id) clientGone(turn, who.client);
  if (who.role === 'slave' && who.node.link === link.id) nodeGone(turn, who.node, 'its slave was shut down', link.peer);
  turn.effects.push({ type: 'close', link: link.id, reason: undefined });
}

/** A connection is gone. */
export function closed(turn: MasterTurn, id: number): void {
  const { state } = turn;
  const link = state.links.get(id);
  state.links.delete(id);
  state.strangers.delete(id);
  state.deadlines.clear(`greet ${id}`);
  if (link?.who.role === 'client') clientAway(turn, link.who.client, id);
  if (link?.who.role === 'slave') slaveAway(turn, link.who.node, id);
}
