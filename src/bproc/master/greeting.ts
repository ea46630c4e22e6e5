/** Who a connection is: PROTOCOL.md section 3. */
import { BprocError } from '../../errors.ts';
import type { Control, Guest, Hello } from '../../wire/index.ts';
import { chooseVersion, decodeControl, Role } from '../../wire/index.ts';
import { compareEpochs, epochText } from '../epoch.ts';
import { isId } from '../ids.ts';
import type { Credentials } from '../permissions.ts';
import { challenge } from './challenges.ts';
import { guestCredentials, proven } from './claims.ts';
import { clientAway, clientGone, welcomeClient } from './clients.ts';
import { strangerOpened } from './joining.ts';
import { LOCAL, type Proof } from './proof.ts';
import { nodeGone, slaveAway, welcomeSlave } from './slaves.ts';
import type { MasterLink, MasterTurn } from './state.ts';
import { countLink, countUnproven, uncountLink } from './user-links.ts';
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
  countUnproven(turn, link);
  countLink(turn, link);
}

/** A connection has not said who it is in time. */
export function greetingDue(turn: MasterTurn, id: number): void {
  const role = turn.state.links.get(id)?.who.role;
  if (role === 'client' || role === 'slave') return;
  const reason = new BprocError('ETIMEDOUT', `no HELLO within ${turn.state.config.greetingMs} ms`);
  turn.effects.push({ type: 'close', link: id, reason });
}

/** The first message of a connection; a later one is not heard, nor one that comes too late [PROTOCOL 3.2]. */
export function hello(turn: MasterTurn, link: MasterLink, domain: string, message: Hello): void {
  greet(turn, link, domain, message, (later) => {
    const checked = proven(link, message);
    if (message.role === Role.CLIENT) welcomeClient(later, link, checked);
    else if (message.role === Role.SLAVE) welcomeSlave(later, link, checked);
    else throw new BprocError('EPROTO', `role ${message.role} does not connect to a master`);
  });
}

/** In its place: somebody whose HELLO a slave passes on [PROTOCOL 8.6]. */
export function guest(turn: MasterTurn, link: MasterLink, message: Guest): void {
  let greeting: Control;
  try {
    greeting = decodeControl(Buffer.from(message.greeting));
    if (greeting.body !== 'hello' || greeting.hello.role !== Role.CLIENT) {
      throw new BprocError('EPROTO', 'a slave passes on a HELLO of a client, and nothing else');
    }
  } catch (error) {
    return refuse(turn, link.id, BprocError.from(error, 'EPROTO'));
  }
  const { domain, hello: theirs } = greeting;
  greet(turn, link, domain, theirs, (later) => {
    link.credentials = guestCredentials(later, link, message);
    welcomeClient(later, link, theirs);
  });
}

/** Heard once, and in time; lets in who may, once it is known who it is. */
function greet(
  turn: MasterTurn,
  link: MasterLink,
  domain: string,
  message: Hello,
  admit: (turn: MasterTurn) => void,
): void {
  if (link.who.role !== 'unknown' || !turn.state.deadlines.has(`greet ${link.id}`)) return;
  const attempt = (later: MasterTurn, act: () => void): void => {
    try {
      act();
    } catch (error) {
      refuse(later, link.id, BprocError.from(error, 'EPROTO'));
    }
  };
  const finish = (later: MasterTurn): void =>
    attempt(later, () => {
      if (later.state.stopping) throw new BprocError('ECONNREFUSED', 'this master is shutting down');
      later.state.deadlines.clear(`greet ${link.id}`);
      admit(later);
    });
  attempt(turn, () => {
    checkHello(turn, domain, message);
    if (link.proof.kind === 'unproven') challenge(turn, link, message, finish);
    else finish(turn);
  });
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
  if (link !== undefined) uncountLink(turn, link);
  state.deadlines.clear(`greet ${id}`);
  if (link?.who.role === 'client') clientAway(turn, link.who.client, id);
  if (link?.who.role === 'slave') slaveAway(turn, link.who.node, id);
}
