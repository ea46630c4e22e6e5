/** Those who come for a certificate and nothing else: PROTOCOL.md 8.7. */
import { BprocError } from '../../errors.ts';
import { failureOf } from '../../transport/index.ts';
import type { Init, Join, Joined } from '../../wire/index.ts';
import type { MasterLink, MasterTurn } from './state.ts';
import { send } from './tell.ts';

/** Connections of nobody that may be open at a time; where there are more, the one that has said nothing for longest goes. */
const MOST_STRANGERS = 64;

/** Somebody without a certificate has come. */
export function strangerOpened(turn: MasterTurn, link: MasterLink): void {
  if (link.proof.kind !== 'stranger') return;
  const { strangers } = turn.state;
  strangers.add(link.id);
  const [oldest] = strangers;
  if (strangers.size <= MOST_STRANGERS || oldest === undefined) return;
  strangers.delete(oldest);
  const reason = new BprocError('EAGAIN', 'many come without a certificate just now: come again in a moment');
  turn.effects.push({ type: 'close', link: oldest, reason });
}

/** Wants a certificate: asked for once, before HELLO and in its place. */
export function join(turn: MasterTurn, link: MasterLink, domain: string, message: Join): void {
  if (link.who.role !== 'unknown' || !turn.state.deadlines.has(`greet ${link.id}`)) return;
  link.who = { role: 'joining' };
  turn.state.strangers.delete(link.id);
  if (link.proof.kind === 'local') {
    return joined(turn, link.id, new BprocError('EPERM', 'who comes by this way needs no certificate to join'));
  }
  if (domain !== turn.state.config.domain) {
    return joined(turn, link.id, new BprocError('EINVAL', 'this is the master of another domain'));
  }
  const certified = link.proof.kind === 'certified' ? link.proof.certified : undefined;
  turn.effects.push({ type: 'join', link: link.id, message, asker: { peer: hostOf(link.peer), certified } });
}

/** The peer without its port, which says nothing of who it is. */
function hostOf(peer: string): string {
  return peer.replace(/:\d+$/, '').replace(/^tls /, '');
}

/** What it gets; that is all there is between the two. */
export function joined(turn: MasterTurn, id: number, answer: Init<Joined> | BprocError): void {
  if (turn.state.links.get(id)?.who.role !== 'joining') return;
  send(turn, id, { joined: answer instanceof BprocError ? { failure: failureOf(answer) } : answer });
  turn.effects.push({ type: 'close', link: id, reason: undefined });
}
