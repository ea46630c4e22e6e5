/** Where a master listens and how it is reached: `unix:/path`, `tcp://127.0.0.1:port`, `tls://host:port`. */
import { isIP } from 'node:net';
import { BprocError } from '../errors.ts';

/** A parsed address. */
export type Address =
  | { readonly kind: 'unix'; readonly path: string }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  | TlsAddress;

/** An address whose connections are TLS. */
export interface TlsAddress {
  readonly kind: 'tls';
  readonly host: string;
  readonly port: number;
}

/** Longest path of a unix socket: `sun_path` less its final NUL. */
export const MAX_SOCKET_PATH = 107;

/**
 * Parses `unix:/path`, `tcp://host:port` or `tls://host:port`.
 *
 * @throws BprocError EINVAL for anything else, ENAMETOOLONG for a socket path above 107 bytes,
 *   EPERM for a TCP address that is not this machine's loopback: plain TCP leaves no machine.
 */
export function parseAddress(text: string): Address {
  if (text.startsWith('unix:')) {
    const path = text.slice('unix:'.length);
    if (!path.startsWith('/') || path.includes('\0')) {
      throw new BprocError('EINVAL', `address ${JSON.stringify(text)}: a unix socket needs an absolute path`);
    }
    if (Buffer.byteLength(path) > MAX_SOCKET_PATH) {
      throw new BprocError(
        'ENAMETOOLONG',
        `socket path ${path} is longer than ${MAX_SOCKET_PATH} bytes: use a shorter directory`,
      );
    }
    return { kind: 'unix', path };
  }
  const match = /^(tcp|tls):\/\/(?:\[([0-9a-fA-F:]+)\]|([^:/[\]\s]+)):(\d{1,5})$/.exec(text);
  const host = match?.[2] ?? match?.[3];
  const port = Number(match?.[4]);
  if (host === undefined || port > 65535) {
    const forms = 'neither unix:/path nor tcp://127.0.0.1:port nor tls://host:port';
    throw new BprocError('EINVAL', `address ${JSON.stringify(text)} is ${forms}`);
  }
  if (match?.[1] === 'tls') return { kind: 'tls', host, port };
  if (!isLoopback(host)) {
    throw new BprocError(
      'EPERM',
      `${text}: plain TCP is for this machine only, use 127.0.0.1 or [::1], or tls:// for others`,
    );
  }
  return { kind: 'tcp', host: host === 'localhost' ? '127.0.0.1' : host, port };
}

/** The text {@link parseAddress} reads back. */
export function formatAddress(address: Address): string {
  if (address.kind === 'unix') return `unix:${address.path}`;
  const { kind, host, port } = address;
  return host.includes(':') ? `${kind}://[${host}]:${port}` : `${kind}://${host}:${port}`;
}

function isLoopback(host: string): boolean {
  if (host === 'localhost' || host === '::1') return true;
  return isIP(host) === 4 && host.startsWith('127.');
}
