/** Who is at the other end of an accepted socket. */
import type { Socket } from 'node:net';
import { BprocError } from '../../errors.ts';
import type { LoopbackPeers, PeerAsker } from '../../linux/index.ts';
import type { Credentials } from '../permissions.ts';
import { ownCredentials } from '../permissions.ts';

/**
 * The user at the other end. A unix socket of mode 0600 lets in its owner and root alone, so
 * whoever comes by it is the owner; of one that is open to all the kernel says who has connected;
 * on loopback TCP the kernel's table of connections says whose the other end is.
 *
 * @param asker asks the kernel, for unix sockets that are open to all users.
 * @throws BprocError EPERM for another user's connection, or one the kernel does not show; EAGAIN where too many connect.
 */
export async function credentialsOf(
  socket: Socket,
  peers: LoopbackPeers,
  asker: PeerAsker | undefined,
): Promise<Credentials> {
  const own = ownCredentials();
  const { localPort, remotePort, remoteFamily } = socket;
  if (remoteFamily === undefined || localPort === undefined || remotePort === undefined) {
    return asker === undefined ? own : asker.ask(socket);
  }
  const uid = await peers.uidOf(localPort, remotePort, remoteFamily === 'IPv6' ? 'IPv6' : 'IPv4');
  if (uid === own.uid) return own;
  if (uid === 0) return { uid: 0, gids: [0] };
  throw new BprocError(
    'EPERM',
    `plain TCP is for the master's own user: this connection is of uid ${uid ?? 'unknown'}`,
  );
}
