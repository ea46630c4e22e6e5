/** How a master whose sockets are open to all users gets to know who comes. */
import type { Clock } from '../../clock.ts';
import { BprocError } from '../../errors.ts';
import { findHolder, PeerAsker } from '../../linux/index.ts';
import { challengePlace } from './made-directory.ts';

/** One of the two ways. */
export type OpenDoor =
  | { readonly asker: PeerAsker; readonly directory?: undefined }
  /** Where whoever comes makes a directory. */
  | { readonly asker?: undefined; readonly directory: string };

/**
 * Finds a way; the kernel's word before the other one.
 *
 * @throws BprocError ENOENT where the kernel's word is wanted and there is no holder; ENOSYS where neither can be.
 */
export async function openDoor(clock: Clock, wanted?: 'kernel' | 'directory'): Promise<OpenDoor> {
  if (wanted !== 'directory') {
    try {
      return { asker: new PeerAsker(findHolder(), clock) };
    } catch (error) {
      if (wanted === 'kernel' || BprocError.from(error).code !== 'ENOENT') throw error;
    }
  }
  return { directory: await challengePlace() };
}
