/** How many connections one user of this machine may have: one who opens ever more of them keeps nobody else out. */
import { BprocError } from '../../errors.ts';
import { fraction } from '../ids.ts';
import { isAdmin } from '../permissions.ts';
import type { MasterLink, MasterTurn } from './state.ts';

/** Connections of one user that may be open at a time, unless he is an administrator. */
const MOST_OF_USER = 1024;
/**
 * Connections that may be open at a time while it is not known whose they are. Where there are more one by chance goes, who
 * is most likely one of those that come in numbers.
 */
const MOST_UNPROVEN = 1024;

/** Counts a connection of which it is known whose it is; one too many is closed. */
export function countLink(turn: MasterTurn, link: MasterLink): void {
  const { ofUsers, config } = turn.state;
  const { uid } = link.credentials;
  if (link.proof.kind !== 'local' || isAdmin(link.credentials, config.authority)) return;
  const links = ofUsers.get(uid) ?? new Set();
  ofUsers.set(uid, links.add(link.id));
  if (links.size <= MOST_OF_USER) return;
  const reason = new BprocError('EAGAIN', `uid ${uid} has ${MOST_OF_USER} connections here: close some of them`);
  turn.effects.push({ type: 'close', link: link.id, reason });
}

/** It is gone. */
export function uncountLink(turn: MasterTurn, { id, credentials: { uid } }: MasterLink): void {
  const { ofUsers, unproven } = turn.state;
  unproven.delete(id);
  const links = ofUsers.get(uid);
  if (links?.delete(id) === true && links.size === 0) ofUsers.delete(uid);
}

/** Counts a connection of nobody yet. */
export function countUnproven(turn: MasterTurn, { id, proof }: MasterLink): void {
  const { unproven, config } = turn.state;
  if (proof.kind !== 'unproven') return;
  unproven.add(id);
  if (unproven.size <= MOST_UNPROVEN) return;
  const unlucky = [...unproven][Math.floor(fraction(config.random) * unproven.size)] ?? id;
  unproven.delete(unlucky);
  const reason = new BprocError('EAGAIN', 'many connect just now: come again in a moment');
  turn.effects.push({ type: 'close', link: unlucky, reason });
}
