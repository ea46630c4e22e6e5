/** What a peer claims, held against what its connection has proven: PROTOCOL.md 8.6. */
import { BprocError } from '../../errors.ts';
import type { Hello } from '../../wire/index.ts';
import { Role } from '../../wire/index.ts';
import { identityText } from '../join/index.ts';
import type { Credentials } from '../permissions.ts';
import type { MasterLink, MasterTurn } from './state.ts';

/**
 * Holds what a HELLO says against what is proven. What a certificate says takes the place of what HELLO leaves out;
 * where the two differ the peer is refused, because one of them is a lie.
 *
 * @throws BprocError EPERM.
 */
export function proven(turn: MasterTurn, link: MasterLink, hello: Hello): Hello {
  const { proof } = link;
  if (proof.kind === 'local') return hello;
  if (proof.kind === 'stranger') {
    throw new BprocError('EPERM', 'without a certificate nobody is let in: join first, with a token or by asking');
  }
  const { identity } = proof.certified;
  if (identity.role === 'user') {
    if (hello.role === Role.CLIENT) return hello;
    throw new BprocError('EPERM', `the certificate of ${identityText(identity)} is not one of a node`);
  }
  if (identity.role !== 'node') throw new BprocError('EPERM', `${identityText(identity)} has no business here`);
  if (hello.role === Role.CLIENT) {
    link.credentials = guestCredentials(turn, identity.node, hello.pid);
    return hello;
  }
  if (hello.node !== null && hello.node !== identity.node) {
    const claim = `its certificate is of node ${identity.node}, and it says that it is node ${hello.node}`;
    throw new BprocError('EPERM', `this slave is not let in: ${claim}`, { node: identity.node });
  }
  return withNode(hello, identity.node);
}

/** What a message leaves out is no property of its own, and would not be in a copy. */
function withNode(hello: Hello, node: number): Hello {
  return Object.create(hello, { node: { value: node, enumerable: true } }) as Hello;
}

/** A program that runs on a node comes by its slave's connection, and is the user whose process the table says it is. */
function guestCredentials(turn: MasterTurn, node: number, pid: number): Credentials {
  const process = turn.state.byPid.get(pid);
  if (process?.node.node === node && process.end === undefined) return { uid: process.uid, gids: [] };
  throw new BprocError('EPERM', `node ${node} has no process ${pid}: its certificate is not one of a user`, { node });
}

/** Whether somebody is let in as a slave because of its certificate, whatever its user. */
export function isCertifiedSlave({ proof }: MasterLink): boolean {
  return proof.kind === 'certified' && proof.certified.identity.role === 'node';
}
