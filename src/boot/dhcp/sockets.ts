/**
 * The sockets of DHCP. Questions of machines without an address reach only one that is bound to no address; answers go from one
 * that is bound to the server's, by which the kernel knows the interface, and which gets what is sent to that address.
 */
import { createSocket, type Socket } from 'node:dgram';
import { BprocError } from '../../errors.ts';
import { NO_ADDRESS } from './ipv4.ts';
import type { Answer, Arrived, DhcpPort } from './question.ts';

/** Which sockets there are to be. */
export interface SocketPlan {
  readonly port: number;
  /** Absent where nobody asks at a second port. */
  readonly pxePort?: number;
  /** The server's addresses on the networks that it serves. */
  readonly addresses: readonly string[];
}

/** A storm of a thousand machines fits in here while the program is busy with something else. */
const RECEIVE_BUFFER_BYTES = 4 << 20;
const FIRST_UNPRIVILEGED = 1024;

export class DhcpSockets implements AsyncDisposable {
  readonly #sockets: Socket[] = [];
  readonly #senders = new Map<string, Socket>();
  #port = 0;
  #pxePort: number | undefined;

  /** @throws BprocError EADDRINUSE, EACCES or EINVAL, which say what to do. */
  static async open(plan: SocketPlan, arrived: (datagram: Arrived) => void): Promise<DhcpSockets> {
    const sockets = new DhcpSockets();
    try {
      await sockets.#open(plan, arrived);
      return sockets;
    } catch (error) {
      await sockets[Symbol.asyncDispose]();
      throw error;
    }
  }

  get port(): number {
    return this.#port;
  }

  get pxePort(): number | undefined {
    return this.#pxePort;
  }

  send({ bytes, to, from, at }: Answer, failed: (error: BprocError) => void): void {
    const socket = this.#senders.get(keyOf(from, at));
    if (socket === undefined) return failed(new BprocError('EINVAL', `there is no socket for ${from}`));
    socket.send(bytes, to.port, to.address, (error) => {
      if (error !== null) failed(BprocError.from(error));
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#senders.clear();
    await Promise.all(this.#sockets.splice(0).map(closed));
  }

  async #open({ port, pxePort, addresses }: SocketPlan, arrived: (datagram: Arrived) => void): Promise<void> {
    // sockets that share a port hide that another program has it too: one that does not share it finds out
    const probe = await bound({ address: NO_ADDRESS, port, isShared: false });
    this.#port = probe.address().port;
    await closed(probe);
    this.#add(await bound({ address: NO_ADDRESS, port: this.#port, isShared: true }), 'dhcp', arrived);
    for (const address of new Set(addresses)) {
      const socket = await bound({ address, port: this.#port, isShared: true });
      this.#add(socket, 'dhcp', arrived);
      this.#senders.set(keyOf(address, 'dhcp'), socket);
      if (pxePort === undefined) continue;
      const second = await bound({ address, port: this.#pxePort ?? pxePort, isShared: false });
      this.#pxePort = second.address().port;
      this.#add(second, 'pxe', arrived);
      this.#senders.set(keyOf(address, 'pxe'), second);
    }
  }

  #add(socket: Socket, at: DhcpPort, arrived: (datagram: Arrived) => void): void {
    this.#sockets.push(socket);
    socket.setBroadcast(true);
    socket.on('message', (bytes, { address, port }) => arrived({ bytes, address, port, at }));
    // an answer that reached nobody; the machine asks again
    socket.on('error', () => {});
  }
}

function keyOf(address: string, at: DhcpPort): string {
  return `${at} ${address}`;
}

function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.close(() => resolve()));
}

async function bound(wish: { address: string; port: number; isShared: boolean }): Promise<Socket> {
  const { address, port, isShared } = wish;
  const socket = createSocket({ type: 'udp4', reuseAddr: isShared, recvBufferSize: RECEIVE_BUFFER_BYTES });
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.bind({ address, port, exclusive: true }, resolve);
    });
    socket.removeAllListeners('error');
    return socket;
  } catch (error) {
    socket.close();
    throw told(error, address, port);
  }
}

/** What the kernel says, with what helps. */
function told(cause: unknown, address: string, port: number): BprocError {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  const where = `UDP port ${port}${address === NO_ADDRESS ? '' : ` of ${address}`}`;
  if (code === 'EADDRINUSE') {
    const remedy = `\`ss -lunp sport = :${port}\` shows which; stop it, or have DHCP listen elsewhere`;
    return new BprocError('EADDRINUSE', `another program has ${where}: ${remedy}`, { cause });
  }
  if (code === 'EACCES' || code === 'EPERM') {
    const low = `ports below ${FIRST_UNPRIVILEGED} are for root and for programs with CAP_NET_BIND_SERVICE`;
    const remedy = `run as root, or lower the limit: \`sysctl net.ipv4.ip_unprivileged_port_start=${port}\``;
    return new BprocError('EACCES', `${where} is not permitted, ${low}: ${remedy}`, { cause });
  }
  if (code === 'EADDRNOTAVAIL') {
    const remedy = 'name one that `ip -4 addr` shows as the network’s `server`';
    return new BprocError('EINVAL', `no interface of this machine has the address ${address}: ${remedy}`, { cause });
  }
  return BprocError.from(cause);
}
