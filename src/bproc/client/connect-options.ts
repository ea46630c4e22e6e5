/** Standard descriptors that are TCP connections which the process has from its beginning (`bproc_io_t`, `BPROC_IO_SOCKET`). */
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { BprocError } from '../../errors.ts';
import type { Init, Stdio } from '../../wire/index.ts';
import { StdioKind } from '../../wire/index.ts';

/** A connection that the node makes before the program starts; where it cannot, the start fails. */
export interface ConnectTo {
  /**
   * `host:port`, `[::1]:port`. A host's name is looked up here; `0.0.0.0` and `[::]` are this machine, by the address that the
   * node's master knows it by.
   */
  readonly connect: string;
  /**
   * Whether two numbers of 4 bytes, in the byte order of the node's machine, are sent first: the process's pid and the
   * descriptor, by which one listener tells connections apart (`BPROC_IO_SEND_INFO`). @default false
   */
  readonly preamble?: boolean;
}

interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/** Whether a value is meant to be one. */
export function isConnectTo(option: unknown): option is ConnectTo {
  return typeof option === 'object' && option !== null && 'connect' in option;
}

/** In the wire's terms. @throws BprocError EINVAL for what is no address. */
export function encodeConnect(name: string, { connect, preamble = false }: ConnectTo): Init<Stdio> {
  const { host, port } = endpointOf(name, connect);
  return { kind: StdioKind.CONNECT, address: host, port, preamble };
}

/**
 * The same options with the addresses of hosts that were given by name.
 *
 * @throws BprocError EINVAL; ENOENT for a name that nobody knows.
 */
export async function withAddresses<Options extends object>(options: Options): Promise<Options> {
  const found: Record<string, ConnectTo> = {};
  for (const name of ['stdin', 'stdout', 'stderr']) {
    const option: unknown = Reflect.get(options, name);
    if (!isConnectTo(option)) continue;
    const { host, port } = endpointOf(name, option.connect);
    if (isIP(host) !== 0) continue;
    const { address, family } = await lookup(host).catch((cause: unknown) => {
      throw new BprocError('ENOENT', `${name}: no address of ${host} is known`, { cause });
    });
    found[name] = { ...option, connect: family === 6 ? `[${address}]:${port}` : `${address}:${port}` };
  }
  return { ...options, ...found };
}

function endpointOf(name: string, text: unknown): Endpoint {
  const [, six, other, digits] =
    (typeof text === 'string' && /^(?:\[([0-9a-fA-F:.]+)\]|([^:/[\]\s]+)):(\d{1,5})$/.exec(text)) || [];
  const host = six ?? other;
  const port = Number(digits);
  if (host !== undefined && port >= 1 && port <= 65_535 && (six === undefined || isIP(six) === 6))
    return { host, port };
  throw new BprocError('EINVAL', `${name}.connect is ${JSON.stringify(text)}: give host:port, such as 10.0.0.7:4000`);
}
