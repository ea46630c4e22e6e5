/** A slave's place in its cluster, for masters that it reaches by TLS. */
import { join } from 'node:path';
import type { Clock } from '../../clock.ts';
import { BprocError } from '../../errors.ts';
import type { NodeStore } from '../../state/index.ts';
import type { ConnectionSource } from '../connector.ts';
import { fileIdentityStore, Membership, memoryIdentityStore } from '../join/index.ts';

const FILE = 'identity.pem';

/** What makes a slave a member. */
export interface MemberOptions {
  readonly masters: readonly string[] | ConnectionSource;
  readonly stateDir: string | undefined;
  readonly domain: string;
  readonly address: string;
  /** The number that was asked for by whoever started it, and where the one is kept that it had. */
  readonly node: number | undefined;
  readonly nodes: NodeStore | undefined;
  readonly token: string | undefined;
  readonly authority: string | undefined;
  readonly clock: Clock;
}

/** A slave's membership, and where it keeps the number of its node. */
export interface Member {
  /** Undefined where no address is ever dialled. */
  readonly keeper: Membership | undefined;
  readonly nodes: NodeStore | undefined;
}

/**
 * Finds out how a slave shows who it is.
 *
 * @throws BprocError EINVAL for a token or a hash that is none; EIO where its state cannot be read.
 */
export function memberOf(options: MemberOptions): Member {
  const { masters, stateDir, domain, address, node, nodes, token, authority, clock } = options;
  if (authority !== undefined && !/^[0-9a-f]{64}$/.test(authority)) {
    throw new BprocError('EINVAL', 'the hash of a CA has 64 hexadecimal digits');
  }
  if (typeof masters === 'function') return { keeper: undefined, nodes };
  const store = stateDir === undefined ? memoryIdentityStore() : fileIdentityStore(join(stateDir, FILE));
  const wish = node ?? nodes?.load();
  const keeper = new Membership({ store, clock, domain, role: 'slave', token, authority, node: wish, address });
  if (nodes === undefined || !masters.some((each) => each.startsWith('tls:'))) return { keeper, nodes };
  // its certificate says which node it is: the number that it had before is a wish, and not claimed
  return { keeper, nodes: { load: () => undefined, save: (number) => nodes.save(number) } };
}
