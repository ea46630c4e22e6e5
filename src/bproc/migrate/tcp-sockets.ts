/** The TCP sockets of a network namespace, as `/proc/net/tcp` and `tcp6` have them. */

/** One of them; addresses as they are written, such as `127.0.0.1` or `2001:db8:0:0:0:0:0:1`. */
export interface TcpSocket {
  readonly inode: string;
  readonly local: TcpEnd;
  readonly remote: TcpEnd;
  /** Whether it is connected, or about to be, or no more: what neither listens nor is closed. */
  readonly isConnection: boolean;
}

/** Where one end of a connection is. */
export interface TcpEnd {
  readonly address: string;
  readonly port: number;
}

const LISTENING = '0A';
const CLOSED = '07';
/** By which an IPv6 socket has an IPv4 address. */
const MAPPED = '0:0:0:0:0:ffff:';

/** Those in a text of `/proc/net/tcp` or `tcp6` that a process has. */
export function tcpSocketsIn(text: string): readonly TcpSocket[] {
  return text
    .split('\n')
    .slice(1)
    .flatMap((line) => {
      const [, local = '', remote = '', state = '', , , , , , inode = '0'] = line.trim().split(/\s+/);
      if (inode === '0' || state === '') return [];
      const isConnection = state !== LISTENING && state !== CLOSED;
      return [{ inode, local: endOf(local), remote: endOf(remote), isConnection }];
    });
}

/** As people write it. */
export function endText({ address, port }: TcpEnd): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

/** `0100007F:01BB` is 127.0.0.1:443: each word of the address as the machine has it. */
function endOf(text: string): TcpEnd {
  const [address = '', port = ''] = text.split(':');
  const bytes = Buffer.from(address, 'hex');
  if (bytes.length % 4 === 0) bytes.swap32();
  const number = Number.parseInt(port, 16);
  if (bytes.length === 4) return { address: bytes.join('.'), port: number };
  const groups = Array.from({ length: bytes.length / 2 }, (_, index) => bytes.readUInt16BE(2 * index).toString(16));
  const six = groups.join(':');
  return { address: six.startsWith(MAPPED) ? bytes.subarray(12).join('.') : six, port: number };
}
