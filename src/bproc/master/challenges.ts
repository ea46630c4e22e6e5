/** Whose a connection is that nothing says anything of: he shows it by a directory that he makes [PROTOCOL 8.9]. */
import { BprocError } from '../../errors.ts';
import type { Hello } from '../../wire/index.ts';
import { CHALLENGE_FEATURE } from '../challenge.ts';
import type { Credentials } from '../permissions.ts';
import { LOCAL } from './proof.ts';
import type { MasterLink, MasterTurn, PendingChallenge } from './state.ts';
import { send } from './tell.ts';
import { countLink } from './user-links.ts';
import { refuse } from './welcome.ts';

const NAME_BYTES = 16;

/**
 * Has somebody show who he is, and goes on after that.
 *
 * @throws BprocError EPERM where he does not know how.
 */
export function challenge(turn: MasterTurn, link: MasterLink, hello: Hello, then: PendingChallenge['then']): void {
  const { random, challengeDirectory: directory } = turn.state.config;
  if (!hello.features.includes(CHALLENGE_FEATURE)) {
    const remedy = 'upgrade this program, or have the holder built on the master’s machine';
    throw new BprocError('EPERM', `this master lets in who shows whose program it is by a directory: ${remedy}`);
  }
  const name = `bproc-${Buffer.from(random.bytes(NAME_BYTES)).toString('hex')}`;
  link.who = { role: 'challenged', challenge: { directory, name, then } };
  send(turn, link.id, { challenge: { directory, name } });
}

/** He says that it is there: looked at once, and never for another connection. */
export function challenged(turn: MasterTurn, link: MasterLink): void {
  if (link.who.role !== 'challenged') return;
  const { directory, name, then } = link.who.challenge;
  link.who = { role: 'challenged', challenge: { directory: '', name: '', then } };
  if (name !== '') turn.effects.push({ type: 'inspect', link: link.id, directory, name });
}

/** Who has made it. */
export function inspected(turn: MasterTurn, id: number, answer: Credentials | BprocError): void {
  const link = turn.state.links.get(id);
  if (link?.who.role !== 'challenged') return;
  const { then } = link.who.challenge;
  link.who = { role: 'unknown' };
  if (answer instanceof BprocError) return refuse(turn, id, answer);
  link.proof = LOCAL;
  link.credentials = answer;
  turn.state.unproven.delete(id);
  countLink(turn, link);
  then(turn);
}
