/** Who is at the other end of a TCP connection that does not leave this machine. */
import { readFile } from 'node:fs/promises';
import { endianness } from 'node:os';
import { BprocError } from '../errors.ts';

/** The family of an address, as `net.Socket.remoteFamily` names it. */
export type AddressFamily = 'IPv4' | 'IPv6';

const ESTABLISHED = '01';

/**
 * The user whose socket is at the other end of an accepted loopback connection.
 *
 * It tells who opened the socket, not who holds it now. Undefined where the connection is not
 * found, is over, does not run over the loopback, or where two users' connections fit.
 *
 * @param localPort the port of this end.
 * @param peerPort the port of the other end.
 * @param family how the accepted socket shows its peer; `IPv6` covers an IPv4 peer of a socket for both.
 * @throws BprocError where the kernel's table cannot be read.
 */
export async function uidOfLoopbackPeer(
  localPort: number,
  peerPort: number,
  family: AddressFamily,
): Promise<number | undefined> {
  // An IPv4 connection may have been made from a socket of either family, so both tables count.
  const tables = await Promise.all([readTable('/proc/net/tcp'), readTable('/proc/net/tcp6')]);
  return findLoopbackPeer(tables.join('\n'), localPort, peerPort, family);
}

/** The same, in the text of `/proc/net/tcp` and `/proc/net/tcp6` one after the other. */
export function findLoopbackPeer(
  tables: string,
  localPort: number,
  peerPort: number,
  family: AddressFamily,
): number | undefined {
  const uids = new Set<number>();
  for (const line of tables.split('\n')) {
    const [, local = '', remote = '', state, , , , uid = ''] = line.trim().split(/\s+/);
    if (state !== ESTABLISHED || !/^\d+$/.test(uid)) continue;
    if (isLoopback(local, peerPort, family) && isLoopback(remote, localPort, family)) uids.add(Number(uid));
  }
  const [uid] = uids;
  return uids.size === 1 ? uid : undefined;
}

/** Whether an `ADDRESS:PORT` of the table, each 32-bit word of it in host order, is a loopback one. */
function isLoopback(entry: string, port: number, family: AddressFamily): boolean {
  const [address = '', hexPort = ''] = entry.split(':');
  if (Number.parseInt(hexPort, 16) !== port) return false;
  const bytes = address.match(/.{8}/g)?.map(networkOrder).join('') ?? '';
  if (bytes.length === 8) return bytes.startsWith('7F');
  if (/^0{20}FFFF7F/.test(bytes)) return true;
  return family === 'IPv6' && /^0{31}1$/.test(bytes);
}

function networkOrder(word: string): string {
  return endianness() === 'BE' ? word : (word.match(/../g) ?? []).reverse().join('');
}

async function readTable(path: string): Promise<string> {
  try {
    return await readFile(path, 'latin1');
  } catch (cause) {
    const error = BprocError.from(cause);
    // A kernel without IPv6 has no such table.
    if (error.code === 'ENOENT' && path.endsWith('6')) return '';
    throw new BprocError(error.code, `${path} cannot be read: ${error.message}`, { cause });
  }
}
