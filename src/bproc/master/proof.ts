/** What a connection has proven of its other end: PROTOCOL.md 8.6. */
import type { Certified } from '../join/index.ts';
import type { Credentials } from '../permissions.ts';

/** How the other end of a connection is known. */
export type Proof =
  /** By the kernel, or by the program that handed the connection over: its credentials are all there is to know. */
  | { readonly kind: 'local' }
  /** By its certificate. */
  | { readonly kind: 'certified'; readonly certified: Certified }
  /** By nothing yet: it is of this machine, and is to show whose it is by a directory [PROTOCOL 8.9]. */
  | { readonly kind: 'unproven' }
  /** Not at all: it came by TLS without a certificate, and may ask for one. */
  | { readonly kind: 'stranger' };

/** A connection of this machine's own. */
export const LOCAL: Proof = { kind: 'local' };

/** What nobody may do anything with: overwritten when it is known better. */
export const NOBODY: Credentials = { uid: 2 ** 32 - 2, gids: [] };
