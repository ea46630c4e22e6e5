/** Who may let others in, and keep them out: PROTOCOL.md 7.1, 8.7 and 8.8. */
import { BprocError } from '../../errors.ts';
import type { ResponseChoice } from '../../wire/index.ts';
import { isAdmin } from '../permissions.ts';
import type { TrustRequest } from './events.ts';
import type { MasterClient, MasterTurn } from './state.ts';
import { reject, respond } from './tell.ts';

const WHAT: Readonly<Record<TrustRequest['body'], string>> = {
  createToken: 'make tokens',
  listApplicants: 'see who waits to be let in',
  approve: 'let anybody in',
  revoke: 'revoke certificates',
  listCertificates: 'see the certificates',
  login: 'log in',
};

/** Checks who asks; the answer comes later, since certificates and files take their time. */
export function askTrust(turn: MasterTurn, client: MasterClient, message: TrustRequest): void {
  const { uid } = client.credentials;
  if (message.body === 'login') checkIsHere(turn, client);
  else if (!isAdmin(client.credentials, turn.state.config.authority)) {
    throw new BprocError('EPERM', `uid ${uid} may not ${WHAT[message.body]}: only the master's own user and root may`);
  }
  turn.effects.push({ type: 'trust', client: client.key, uid, request: message });
}

/** Whoever has a certificate gets the next one by it, for as long as that is good; not here, for ever. */
function checkIsHere(turn: MasterTurn, client: MasterClient): void {
  const link = client.link === undefined ? undefined : turn.state.links.get(client.link);
  if (link?.proof.kind === 'local') return;
  throw new BprocError(
    'EPERM',
    'logging in is for the master’s own machine: run "bpctl login" there, or give it a token of "bpctl token --role client"',
  );
}

/** The answer has come. */
export function trustAnswered(turn: MasterTurn, key: string, id: number, answer: ResponseChoice | BprocError): void {
  const client = turn.state.clients.get(key);
  if (client === undefined) return;
  if (answer instanceof BprocError) reject(turn, client, id, answer);
  else respond(turn, client, id, answer);
}
