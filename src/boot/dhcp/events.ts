/** What a DHCP server says of what it does: the states of machines and the warnings to operators are made of it. */
import type { BprocError } from '../../errors.ts';
import type { Machine } from '../machine.ts';

/**
 * What happened.
 *
 * - `discover`, `request`, `inform`: a machine of ours asks; `release`: it gives its address back.
 * - `offer`, `ack`, `nak`: what it is answered; `boot`: it is told what to boot, by a proxy.
 * - `unknown`: a machine asks that the policy does not know; it gets no answer.
 * - `elsewhere`: it takes another server's offer.
 * - `deferred`: its answer comes later.
 * - `exhausted`: no address is left for it: give the network a longer pool.
 * - `conflict`: its address is in use by somebody else; `declined`: so it says itself.
 * - `duplicate`: two machines show the same MAC; one of them has to be changed.
 * - `malformed`: a packet that is none, or that nobody could answer.
 * - `unkept`: the store of leases fails, as on a full disk: a machine with an address from a pool gets no answer until it does not.
 * - `unsent`: the kernel does not send an answer.
 */
export type DhcpEventKind =
  | 'discover'
  | 'request'
  | 'inform'
  | 'release'
  | 'offer'
  | 'ack'
  | 'nak'
  | 'boot'
  | 'unknown'
  | 'elsewhere'
  | 'deferred'
  | 'exhausted'
  | 'conflict'
  | 'declined'
  | 'duplicate'
  | 'malformed'
  | 'unkept'
  | 'unsent';

/** Something that a DHCP server did or met. */
export interface DhcpEvent {
  readonly kind: DhcpEventKind;
  /** Absent where it could not be known. */
  readonly machine?: Machine;
  /** The address that it is about; of `malformed`, where the packet came from. */
  readonly address?: string;
  /** In words, where the kind does not say all. */
  readonly reason?: string;
  readonly error?: BprocError;
}
