/** `dns.lookup` for programs that take one: `net.connect`, `http.Agent`, undici. */
import type { LookupAddress, LookupOptions } from 'node:dns';
import { isIP } from 'node:net';
import { BprocError } from '../errors.ts';
import type { HostEntry } from './entries.ts';

type AnyAddresses = (error: NodeJS.ErrnoException | null, address: string | LookupAddress[], family?: number) => void;

/** A function of the form of `dns.lookup`. */
export interface Lookup {
  (
    hostname: string,
    options: LookupOptions & { readonly all: true },
    callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
  ): void;
  (
    hostname: string,
    options: LookupOptions,
    callback: (error: NodeJS.ErrnoException | null, address: string | LookupAddress[], family?: number) => void,
  ): void;
  (
    hostname: string,
    family: number,
    callback: (error: NodeJS.ErrnoException | null, address: string, family: number) => void,
  ): void;
  (hostname: string, callback: (error: NodeJS.ErrnoException | null, address: string, family: number) => void): void;
}

/** Finds a machine by name. */
type Finds = (name: string, family: 0 | 4 | 6) => Promise<HostEntry | undefined>;

/** Makes one of them. Its errors are like those of Node's: ENOTFOUND, and EAI_AGAIN where it cannot be said now. */
export function createLookup(find: Finds): Lookup {
  return (
    hostname: string,
    given: LookupOptions | number | ((...answer: never[]) => void),
    last?: (...answer: never[]) => void,
  ): void => {
    const options = typeof given === 'object' ? given : { family: typeof given === 'number' ? given : 0 };
    // which of them it is depends on `all`, as it does in Node
    const callback = (typeof given === 'function' ? given : last) as AnyAddresses;
    const family = familyOf(options.family);
    void find(hostname, family).then(
      (entry) => {
        const [first, ...others] = inOrder(entry?.addresses ?? [], options);
        if (first === undefined) callback(lookupError('ENOTFOUND', hostname), options.all ? [] : '');
        else if (options.all) callback(null, [first, ...others]);
        else callback(null, first.address, first.family);
      },
      (cause) => {
        const code = BprocError.is(cause) && cause.code === 'EINVAL' ? 'ENOTFOUND' : 'EAI_AGAIN';
        callback(lookupError(code, hostname, cause), options.all ? [] : '');
      },
    );
  };
}

function familyOf(family: LookupOptions['family']): 0 | 4 | 6 {
  if (family === 4 || family === 'IPv4') return 4;
  return family === 6 || family === 'IPv6' ? 6 : 0;
}

/** As sources have them, or those of one family first. */
function inOrder(addresses: readonly string[], options: LookupOptions): LookupAddress[] {
  const all = addresses.map((address) => ({ address, family: isIP(address) }));
  const order = 'order' in options ? options.order : 'verbatim';
  if (order !== 'ipv4first' && order !== 'ipv6first') return all;
  const leading = order === 'ipv4first' ? 4 : 6;
  return [...all.filter(({ family }) => family === leading), ...all.filter(({ family }) => family !== leading)];
}

function lookupError(code: string, hostname: string, cause?: unknown): NodeJS.ErrnoException {
  const error = new Error(`getaddrinfo ${code} ${hostname}`, { cause });
  return Object.assign(error, { code, syscall: 'getaddrinfo', hostname });
}
