/** The source `beo`: hosts, netgroups and ethers that are computed from the node table, without a file or a question to anybody else. */
import { isIP } from 'node:net';
import { hostname } from 'node:os';
import type { NodeInfo } from '../bproc/index.ts';
import { NODE_MASTER, NODE_SELF } from '../bproc/index.ts';
import type { Clock } from '../clock.ts';
import { BprocError } from '../errors.ts';
import type { Database, Entries, EtherEntry, HostEntry, NetgroupEntry } from './entries.ts';
import { canonicalName, ipv4Number, ipv4Text, type NamedNode, NodeNames, type NodeNaming } from './node-names.ts';
import { etherOf, type KnownNodes, NodeTable, type NodeView } from './node-view.ts';
import { type Answer, answerOf, found, hostKey, type NssSource, type Question, unavailable } from './question.ts';

/** What a site says of the names and addresses of its nodes. */
export interface NodeNameOptions {
  /** Names beside `nN` and the other usual ones. */
  readonly names?: readonly NodeNaming[];
  /** The address of node 0, from which those of the others go up by one each (`iprange` of Scyld's configuration). */
  readonly firstAddress?: string;
  /**
   * The addresses of a node. @default its attribute `ip`, one or more; else its address in the node table, where it is one
   * of IP; else by `firstAddress`; else what the name of its machine there means to the sources `files` and `dns`
   */
  readonly addressesOf?: (info: NodeInfo) => readonly string[];
  /** The netgroup of all nodes. @default 'cluster' */
  readonly netgroup?: string;
}

/** What a source of node names is made of. */
export interface BeoParts {
  readonly view: NodeView;
  readonly clock: Clock;
  readonly options: NodeNameOptions;
  /** Say what a machine's name means: on this machine, and elsewhere. */
  readonly near: NssSource;
  readonly far: NssSource;
}

const LOOPBACK = '127.0.0.1';
const isLoopback = (address: string): boolean => address === '::1' || address.startsWith('127.');

/** Names of nodes. */
export class BeoSource implements NssSource {
  readonly #parts: BeoParts;
  readonly #names: NodeNames;
  readonly #table: NodeTable;

  /** @throws BprocError EINVAL for names or addresses that cannot be. */
  constructor(parts: BeoParts) {
    this.#parts = parts;
    const { names = [], firstAddress, addressesOf } = parts.options;
    this.#names = new NodeNames(names);
    const first = firstAddress === undefined ? undefined : ipv4Number(firstAddress);
    this.#table = new NodeTable(parts.view, parts.clock, addressesOf ?? ((info) => knownAddresses(info, first)));
  }

  answer<D extends Database>(question: Question<D>): Answer<D> | Promise<Answer<D>> {
    const { database, by, key } = question;
    const named = database === 'hosts' && by === 'name' ? this.#names.parse(key) : undefined;
    if (database === 'hosts' && by === 'name' && named === undefined) return found([]);
    if (database !== 'hosts' && database !== 'netgroup' && database !== 'ethers') return unavailable();
    try {
      const known = this.#table.current();
      if (!(known instanceof Promise)) return this.#by(question, known, named);
      return known.then(
        (late) => this.#by(question, late, named),
        (error) => withoutTable(question, named, this.#parts.view.self, error),
      );
    } catch (error) {
      return withoutTable(question, named, this.#parts.view.self, error);
    }
  }

  #by<D extends Database>(
    question: Question<D>,
    known: KnownNodes,
    named: NamedNode | undefined,
  ): Answer<D> | Promise<Answer<D>> {
    // what each of these finds is of the question's database
    if (question.database === 'netgroup') return found(this.#netgroups(question, known) as Entries[D][]);
    if (question.database === 'ethers') return found(this.#ethers(question, known) as Entries[D][]);
    if (named !== undefined) return this.#host(question, known, named) as Answer<D> | Promise<Answer<D>>;
    if (question.by === 'all') return this.#allHosts(known).then((hosts) => found(hosts as Entries[D][]));
    return found(this.#hostAt(question.key, known) as Entries[D][]);
  }

  #host(
    { key, detail }: Question,
    known: KnownNodes,
    { node: number, addressOffset }: NamedNode,
  ): Answer<'hosts'> | Promise<Answer<'hosts'>> {
    const node = number === NODE_SELF ? this.#parts.view.self : number;
    const info = known.byNumber.get(node);
    if (info === undefined) return found([]);
    const name = addressOffset === 0 ? canonicalName(node) : hostKey(key);
    const aliases = name === hostKey(key) ? [] : [hostKey(key)];
    const answer = (all: readonly string[]): Answer<'hosts'> => {
      const moved = addressOffset === 0 ? all : all.flatMap((address) => moveAddress(address, addressOffset));
      const addresses = moved.filter((address) => detail === '' || String(isIP(address)) === detail);
      return found(addresses.length === 0 ? [] : [{ name, aliases, addresses }]);
    };
    const fixed = known.addresses.get(node) ?? [];
    return fixed.length > 0 ? answer(fixed) : this.#lookUp(info).then(answer);
  }

  /** Addresses of a node that the table knows by the name of its machine alone. */
  async #lookUp(info: NodeInfo): Promise<readonly string[]> {
    const { near, far, view } = this.#parts;
    const isHere = info.node === view.self || info.address === hostname();
    const machine = info.address === 'self' || info.address === '' ? '' : info.address;
    const name = isHere ? hostname() : machine;
    const question = { database: 'hosts', by: 'name', key: hostKey(name), detail: '' } as const;
    const { entries } = name === '' ? found<'hosts'>([]) : await answerOf(isHere ? near : far, question);
    const addresses = entries.flatMap((entry) => entry.addresses);
    return addresses.length === 0 && isHere ? [LOOPBACK] : addresses;
  }

  #hostAt(address: string, { byAddress, byNumber, addresses }: KnownNodes): HostEntry[] {
    const { self } = this.#parts.view;
    const node = isLoopback(address) && byNumber.has(self) ? self : byAddress.get(address);
    if (node === undefined) return [];
    const own = addresses.get(node)?.includes(address) === true ? addresses.get(node) : undefined;
    return [{ name: canonicalName(node), aliases: [], addresses: own ?? [address] }];
  }

  async #allHosts({ byNumber, addresses }: KnownNodes): Promise<HostEntry[]> {
    const names = this.#names.namings;
    const ofMachines = new Map<string, Promise<readonly string[]>>();
    const hosts = [...byNumber.values()].map(async (info) => {
      const { node } = info;
      const known = addresses.get(node) ?? [];
      const machine = ofMachines.get(info.address) ?? (known.length > 0 ? undefined : this.#lookUp(info));
      if (machine !== undefined) ofMachines.set(info.address, machine);
      const list = known.length > 0 ? known : ((await machine) ?? []);
      const plain = [`.${node}`, ...(node === NODE_MASTER ? ['master'] : [])];
      const usual = names.filter(({ addressOffset }) => addressOffset === undefined);
      const own = node < 0 ? [] : usual.map((naming) => this.#names.format(naming, node));
      const first: HostEntry = { name: canonicalName(node), aliases: [...plain, ...own], addresses: list };
      return [first, ...(node < 0 ? [] : this.#otherInterfaces(node, list))];
    });
    return (await Promise.all(hosts)).flat().filter(({ addresses: list }) => list.length > 0);
  }

  #otherInterfaces(node: number, addresses: readonly string[]): HostEntry[] {
    return this.#names.namings.flatMap((naming) => {
      if (naming.addressOffset === undefined) return [];
      const offset = ipv4Number(naming.addressOffset);
      const moved = addresses.flatMap((address) => moveAddress(address, offset));
      return [{ name: this.#names.format(naming, node), aliases: [], addresses: moved }];
    });
  }

  #netgroups({ by, key }: Question, { byNumber }: KnownNodes): NetgroupEntry[] {
    const nodes = [...byNumber.keys()].filter((node) => node >= 0);
    const groups = new Map<string, (node: number) => string>([
      [this.#parts.options.netgroup ?? 'cluster', canonicalName],
      ...this.#names.namings.flatMap((naming) =>
        naming.netgroup === undefined
          ? []
          : [[naming.netgroup, (node: number) => this.#names.format(naming, node)] as const],
      ),
    ]);
    const wanted = [...groups].filter(([name]) => by === 'all' || name === key);
    return wanted.map(([name, call]) => ({ name, triples: nodes.map((node) => ({ host: call(node) })), groups: [] }));
  }

  #ethers({ by, key }: Question, { byNumber, byEther }: KnownNodes): EtherEntry[] {
    const named = by === 'name' ? this.#names.parse(key)?.node : byEther.get(key);
    const nodes = by === 'all' ? [...byNumber.values()] : [byNumber.get(this.#own(named))];
    return nodes.flatMap((info) => {
      const address = info === undefined ? undefined : etherOf(info);
      return info === undefined || address === undefined ? [] : [{ address, name: canonicalName(info.node) }];
    });
  }

  #own(node: number | undefined): number {
    return node === undefined ? Number.NaN : node === NODE_SELF ? this.#parts.view.self : node;
  }
}

/** Where the master is away, it and this node are still somewhere. */
function withoutTable<D extends Database>(
  { key, detail }: Question<D>,
  named: NamedNode | undefined,
  self: number,
  error: unknown,
): Answer<D> {
  if (named?.node !== NODE_MASTER && named?.node !== NODE_SELF) return unavailable(BprocError.from(error));
  if (detail === '6') return found([]);
  const name = canonicalName(named.node === NODE_SELF ? self : named.node);
  const aliases = hostKey(key) === name ? [] : [hostKey(key)];
  const entry: HostEntry = { name, aliases, addresses: [LOOPBACK] };
  // only hosts have such names
  return found([entry] as Entries[Database][] as Entries[D][]);
}

function knownAddresses({ node, address, attributes }: NodeInfo, first: number | undefined): readonly string[] {
  const told = Object.hasOwn(attributes, 'ip') ? (attributes['ip'] ?? '').split(/[\s,]+/) : [];
  const valid = told.filter((each) => isIP(each) !== 0);
  if (valid.length > 0) return valid;
  if (isIP(address) !== 0) return [address];
  const counted = first === undefined || node < 0 ? undefined : ipv4Text(first + node);
  return counted === undefined ? [] : [counted];
}

function moveAddress(address: string, offset: number): string[] {
  if (isIP(address) !== 4) return [];
  const moved = ipv4Text(ipv4Number(address) + offset);
  return moved === undefined ? [] : [moved];
}
