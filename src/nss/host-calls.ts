/** Calls about machines and services of the network, called after those of the C library. */
import { isIP } from 'node:net';
import type { CallOptions } from '../bproc/index.ts';
import { BprocError } from '../errors.ts';
import type { EtherEntry, HostEntry, ServiceEntry } from './entries.ts';
import { addressKey, checkName, etherKey, hostKey } from './question.ts';
import { UserCalls } from './user-calls.ts';

/** Which addresses are wanted. */
export interface HostOptions extends CallOptions {
  /** 0: of both families. @default 0 */
  readonly family?: 0 | 4 | 6;
}

/** What of a host and service is wanted (`struct addrinfo`). */
export interface AddressInfoOptions extends HostOptions {
  /** Such as `tcp`. @default any */
  readonly protocol?: string;
}

/** One way to reach a host. */
export interface AddressInfo {
  readonly address: string;
  readonly family: 4 | 6;
  /** 0 where no service was asked for. */
  readonly port: number;
  /** What the host is really called. */
  readonly canonicalName: string;
}

const LOCAL: HostEntry = { name: 'localhost', aliases: [], addresses: ['127.0.0.1', '::1'] };

const orLocal = (entries: readonly HostEntry[]): readonly HostEntry[] => (entries.length > 0 ? entries : [LOCAL]);

/** Calls about machines. What does not exist is undefined. */
export abstract class HostCalls extends UserCalls {
  /** A machine by name, or by an address, which stands for itself. @throws BprocError EINVAL, EAGAIN, ETIMEDOUT, ECANCELED. */
  async gethostbyname(name: string, options: HostOptions = {}): Promise<HostEntry | undefined> {
    const { family = 0 } = options;
    const isWanted = (address: string): boolean => family === 0 || isIP(address) === family;
    if (isIP(name) !== 0) return isWanted(name) ? { name, aliases: [], addresses: [name] } : undefined;
    const key = hostKey(checkName('host', name));
    const detail = family === 0 ? '' : String(family);
    const answer = this.ask({ database: 'hosts', by: 'name', key, detail }, options);
    // what RFC 6761 says of this name holds on machines without any file, too
    const entries = await (key === 'localhost' ? answer.then(orLocal, () => [LOCAL]) : answer);
    const [first, ...others] = entries;
    if (first === undefined) return undefined;
    const names = [first.name, ...first.aliases, ...others.flatMap((entry) => [entry.name, ...entry.aliases])];
    const [canonical = name, ...aliases] = new Set(names);
    const all = [first, ...others].flatMap((entry) => entry.addresses);
    const addresses = [...new Set(all)].filter(isWanted);
    return addresses.length === 0 ? undefined : { name: canonical, aliases, addresses };
  }

  /** A machine by its address. @throws BprocError EINVAL for what is no address; EAGAIN, ETIMEDOUT, ECANCELED. */
  async gethostbyaddr(address: string, options: CallOptions = {}): Promise<HostEntry | undefined> {
    const key = addressKey(address);
    if (key !== undefined) return this.first({ database: 'hosts', by: 'address', key, detail: '' }, options);
    throw new BprocError('EINVAL', `${JSON.stringify(address.slice(0, 60))} is no IP address`);
  }

  /** Every machine that sources can list. @throws BprocError EAGAIN, ETIMEDOUT, ECANCELED. */
  gethostent(options: CallOptions = {}): Promise<readonly HostEntry[]> {
    return this.all('hosts', options);
  }

  /**
   * The ways to reach a service of a machine, in the order in which they are to be tried.
   *
   * @param service its name or port. @default port 0
   * @returns none where the machine, or the service, does not exist.
   * @throws BprocError EINVAL for names that cannot be; EAGAIN, ETIMEDOUT, ECANCELED.
   */
  async getaddrinfo(
    host: string,
    service?: string | number,
    options: AddressInfoOptions = {},
  ): Promise<readonly AddressInfo[]> {
    const port = await this.#portOf(service ?? 0, options);
    const entry = port === undefined ? undefined : await this.gethostbyname(host, options);
    return (entry?.addresses ?? []).map((address) => {
      const family = isIP(address) === 6 ? 6 : 4;
      return { address, family, port: port ?? 0, canonicalName: entry?.name ?? host };
    });
  }

  async #portOf(service: string | number, options: AddressInfoOptions): Promise<number | undefined> {
    const number = typeof service === 'number' || /^\d{1,5}$/.test(service) ? Number(service) : undefined;
    if (number !== undefined) return Number(checkPort(number));
    return (await this.getservbyname(String(service), options.protocol, options))?.port;
  }

  /** A service by name. @param protocol such as `tcp`; any by default. @throws BprocError EINVAL, EAGAIN, ETIMEDOUT, ECANCELED. */
  async getservbyname(name: string, protocol = '', options: CallOptions = {}): Promise<ServiceEntry | undefined> {
    const key = checkName('service', name);
    return this.first({ database: 'services', by: 'name', key, detail: checkProtocol(protocol) }, options);
  }

  /** A service by port. @param protocol such as `tcp`; any by default. @throws BprocError EINVAL, EAGAIN, ETIMEDOUT, ECANCELED. */
  async getservbyport(port: number, protocol = '', options: CallOptions = {}): Promise<ServiceEntry | undefined> {
    const key = checkPort(port);
    return this.first({ database: 'services', by: 'number', key, detail: checkProtocol(protocol) }, options);
  }

  /** Every service. @throws BprocError EAGAIN, ETIMEDOUT, ECANCELED. */
  getservent(options: CallOptions = {}): Promise<readonly ServiceEntry[]> {
    return this.all('services', options);
  }

  /** The Ethernet address of a machine (`ether_hostton`). @throws BprocError EINVAL, EAGAIN, ETIMEDOUT, ECANCELED. */
  async etherHostton(name: string, options: CallOptions = {}): Promise<EtherEntry | undefined> {
    return this.first({ database: 'ethers', by: 'name', key: hostKey(checkName('host', name)), detail: '' }, options);
  }

  /** The machine with an Ethernet address (`ether_ntohost`). @throws BprocError EINVAL, EAGAIN, ETIMEDOUT, ECANCELED. */
  async etherNtohost(address: string, options: CallOptions = {}): Promise<EtherEntry | undefined> {
    const key = etherKey(address);
    if (key !== undefined) return this.first({ database: 'ethers', by: 'address', key, detail: '' }, options);
    throw new BprocError('EINVAL', `${JSON.stringify(address.slice(0, 60))} is no Ethernet address`);
  }

  /** Every machine whose Ethernet address is known. @throws BprocError EAGAIN, ETIMEDOUT, ECANCELED. */
  getetherent(options: CallOptions = {}): Promise<readonly EtherEntry[]> {
    return this.all('ethers', options);
  }
}

function checkPort(port: number): string {
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return String(port);
  throw new BprocError('EINVAL', `port ${port} cannot be: it must be a whole number from 0 to 65535`);
}

function checkProtocol(protocol: string): string {
  if (/^[!-~]{0,32}$/.test(protocol)) return protocol;
  throw new BprocError('EINVAL', `there is no protocol ${JSON.stringify(protocol.slice(0, 40))}`);
}
