/** What a peer claims, held against what its connection has proven: PROTOCOL.md 8.6. */
import { BprocError } from '../../errors.ts';
import type { Guest, Hello } from '../../wire/index.ts';
import { Role } from '../../wire/index.ts';
import { identityText } from '../join/index.ts';
import { type Credentials, isAdmin } from '../permissions.ts';
import type { MasterLink, MasterProcess, MasterTurn } from './state.ts';

/**
 * Holds what a HELLO says against what is proven. What a certificate says takes the place of what HELLO leaves out;
 * where the two differ the peer is refused, because one of them is a lie.
 *
 * @throws BprocError EPERM.
 */
export function proven({ proof }: MasterLink, hello: Hello): Hello {
  if (proof.kind === 'local') return hello;
  if (proof.kind === 'unproven') throw new BprocError('EPERM', 'nobody knows whose connection this is');
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
    throw new BprocError('EPERM', `the certificate of ${identityText(identity)} is not one of a user`);
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

/**
 * Whose a program is that comes by its slave's connection. A slave of this machine's administrator is believed: he
 * could be everybody in this cluster anyway. A node is believed no more than that it runs something for a user,
 * and of that the table has to know otherwise than by the node's own word: one that was taken over is no user whose
 * processes it has not been given.
 *
 * @throws BprocError EPERM.
 */
export function guestCredentials(turn: MasterTurn, { proof, credentials }: MasterLink, guest: Guest): Credentials {
  const { uid, gids } = guest;
  if (proof.kind === 'local') {
    if (credentials.uid === uid) return credentials;
    if (isAdmin(credentials, turn.state.config.authority)) return { uid, gids };
    throw new BprocError('EPERM', `uid ${credentials.uid} cannot speak for uid ${uid}`);
  }
  if (proof.kind !== 'certified' || proof.certified.identity.role !== 'node') {
    throw new BprocError('EPERM', 'only a slave speaks for programs of its node');
  }
  const { node } = proof.certified.identity;
  for (const process of runningOn(turn, node)) {
    if (process.uid === uid && process.end === undefined && process.isWanted)
      return turn.state.config.credentialsOf(uid);
  }
  throw new BprocError('EPERM', `node ${node} has no process of uid ${uid} that anybody here has asked for`, { node });
}

/** What a node runs, and what it may run already since it is on its way there. */
function* runningOn({ state }: MasterTurn, node: number): Generator<MasterProcess> {
  yield* state.nodes.get(node)?.processes ?? [];
  for (const process of state.processes.values()) if (process.move?.target.node === node) yield process;
}

/** Whether somebody is let in as a slave because of its certificate, whatever its user. */
export function isCertifiedSlave({ proof }: MasterLink): boolean {
  return proof.kind === 'certified' && proof.certified.identity.role === 'node';
}
