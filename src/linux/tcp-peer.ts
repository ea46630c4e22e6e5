/** Who is at the other end of a TCP connection that does not leave this machine. */
import { readFile } from 'node:fs/promises';
import { endianness } from 'node:os';
import { BprocError } from '../errors.ts';

/** The family of an address, as `net.Socket.remoteFamily` names it. */
export type AddressFamily = 'IPv4' | 'IPv6';

const ESTABLISHED = '01';

/**
 * Looks up the users of many connections. To read the kernel's tables takes milliseconds where there
 * are thousands of sockets: whoever asks while they are being read shares the next reading.
 */
export class LoopbackPeers {
  #reading: Promise<ConnectionTable> | undefined;
  #next: Promise<ConnectionTable> | undefined;

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
  async uidOf(localPort: number, peerPort: number, family: AddressFamily): Promise<number | undefined> {
    return uidIn(await this.#tables(), localPort, peerPort, family);
  }

  #tables(): Promise<ConnectionTable> {
    if (this.#reading === undefined) return this.#read();
    // one that has begun may have passed the place of this connection already
    const again = (): Promise<ConnectionTable> => this.#read();
    this.#next ??= this.#reading.then(again, again);
    return this.#next;
  }

  #read(): Promise<ConnectionTable> {
    this.#next = undefined;
    const reading = readTables().then(tableOf);
    const done = (): void => {
      if (this.#reading === reading) this.#reading = undefined;
    };
    this.#reading = reading;
    reading.then(done, done);
    return reading;
  }
}

async function readTables(): Promise<string> {
  // An IPv4 connection may have been made from a socket of either family, so both tables count.
  const tables = await Promise.all([readTable('/proc/net/tcp'), readTable('/proc/net/tcp6')]);
  return tables.join('\n');
}

/** The lines of the kernel's tables, by the two ports in them. */
type ConnectionTable = ReadonlyMap<string, readonly string[]>;

/** Gone through once for everybody who waits: a thousand that come at once would each go through thousands of lines. */
function tableOf(tables: string): ConnectionTable {
  const byPorts = new Map<string, string[]>();
  for (const [line, local = '', remote = ''] of tables.matchAll(/^ *\d+: \w+:(\w{4}) \w+:(\w{4}) .*$/gm)) {
    const ports = local + remote;
    const known = byPorts.get(ports);
    if (known === undefined) byPorts.set(ports, [line]);
    else known.push(line);
  }
  return byPorts;
}

/** The same, in the text of `/proc/net/tcp` and `/proc/net/tcp6` one after the other. */
export function findLoopbackPeer(
  tables: string,
  localPort: number,
  peerPort: number,
  family: AddressFamily,
): number | undefined {
  return uidIn(tableOf(tables), localPort, peerPort, family);
}

function uidIn(table: ConnectionTable, localPort: number, peerPort: number, family: AddressFamily): number | undefined {
  const uids = new Set<number>();
  for (const line of table.get(portText(peerPort) + portText(localPort)) ?? []) {
    const [, local = '', remote = '', state, , , , uid = ''] = line.trim().split(/\s+/);
    if (state !== ESTABLISHED || !/^\d+$/.test(uid)) continue;
    if (isLoopback(local, peerPort, family) && isLoopback(remote, localPort, family)) uids.add(Number(uid));
  }
  const [uid] = uids;
  return uids.size === 1 ? uid : undefined;
}

/** A port as the tables have it. */
function portText(port: number): string {
  return port.toString(16).toUpperCase().padStart(4, '0');
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
