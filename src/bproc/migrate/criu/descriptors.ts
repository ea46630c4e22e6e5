/** What of a process's descriptors can be captured, by what /proc shows of them. */
import { endText, tcpSocketsIn } from '../tcp-sockets.ts';

/** What CRIU makes again of what has no file. */
const ANONYMOUS: ReadonlySet<string> = new Set([
  'eventfd',
  'eventpoll',
  'inotify',
  'signalfd',
  'timerfd',
  'fanotify',
  'pidfd',
  'bpf-map',
]);
/** Major numbers of devices. */
const MEMORY = 1;
const TERMINALS: ReadonlySet<number> = new Set([4, 5, ...Array.from({ length: 8 }, (_, index) => 136 + index)]);
/** What a process calls its controlling terminal. */
const CONTROLLING = 5 * 256;
/** Of the miscellaneous devices, the one of network tunnels. */
const TUN = 10 * 256 + 200;
const NAMED: readonly (readonly [RegExp, string])[] = [
  [/^\/dev\/(?:nvidia|dri\/|kfd|dxg)/, 'a GPU'],
  [/^\/dev\/infiniband\//, 'an InfiniBand device'],
];

/** What a link of `/proc/PID/fd` leads to. */
export interface Target {
  /** Its text, such as `socket:[123]`. */
  readonly link: string;
  /** What stat(2) says of it, where it is a device or a file. */
  readonly device?: number | undefined;
  readonly size?: number | undefined;
}

/**
 * Why such a descriptor cannot be captured, as what follows "is"; undefined where it can, or where that is not known.
 *
 * @param terminal the device of the one that it may have, which is its controlling terminal.
 */
export function refusalOf(
  { link, device, size = 0 }: Target,
  mostDeletedBytes: number,
  terminal?: number,
): string | undefined {
  const anonymous = /^anon_inode:\[?([^\]]*)\]?$/.exec(link)?.[1];
  if (anonymous === 'io_uring')
    return 'an io_uring, as Node 22 and later do: start it on a slave with noIoUring (bpslave --no-io-uring)';
  if (anonymous !== undefined && !ANONYMOUS.has(anonymous)) return `a ${anonymous}, which nothing makes again`;
  if (device !== undefined && terminal !== undefined && (device === terminal || device === CONTROLLING))
    return undefined;
  if (device !== undefined) return refusalOfDevice(link, device);
  if (link.endsWith(' (deleted)') && size > mostDeletedBytes) {
    return `${link.slice(0, -10)}, which was deleted and has ${size} bytes, more than the ${mostDeletedBytes} that travel along`;
  }
  return undefined;
}

function refusalOfDevice(link: string, device: number): string | undefined {
  const major = majorOf(device);
  if (TERMINALS.has(major)) return `the terminal ${link}: start it without one`;
  if (major === MEMORY || device === TUN) return undefined;
  const kind = NAMED.find(([pattern]) => pattern.test(link))?.[1] ?? 'a device';
  return `${kind}, ${link}`;
}

/** As glibc's `major` takes it out of a device number. */
function majorOf(device: number): number {
  return Math.floor(device / 256) % 4096;
}

/** What is at the other end of each TCP connection in a text of `/proc/net/tcp` or `tcp6`, by inode. */
export function connectionsOf(text: string): ReadonlyMap<string, string> {
  // what listens, or is not connected, can be captured
  const connections = tcpSocketsIn(text).filter(({ isConnection }) => isConnection);
  return new Map(connections.map(({ inode, remote }) => [inode, endText(remote)]));
}
