/** The node table as names see it: as it was at most a second ago. */
import type { NodeInfo } from '../bproc/index.ts';
import type { Clock } from '../clock.ts';
import { addressKey, etherKey } from './question.ts';

/** Where the table comes from. */
export interface NodeView {
  /** The node where names are looked up; -1: the master. */
  readonly self: number;
  /** Every node, the master included. Throws where nobody can say. */
  nodes(): readonly NodeInfo[] | Promise<readonly NodeInfo[]>;
}

/** For how long a table is taken to be what it was, in milliseconds. */
const LOOK_AGAIN_MS = 1000;

/** A table, and what is found in it by other things than its numbers. */
export interface KnownNodes {
  readonly byNumber: ReadonlyMap<number, NodeInfo>;
  /** Addresses that need not be looked up elsewhere. */
  readonly addresses: ReadonlyMap<number, readonly string[]>;
  readonly byAddress: ReadonlyMap<string, number>;
  readonly byEther: ReadonlyMap<string, number>;
}

/** A node's Ethernet address: the attribute `mac`. */
export function etherOf({ attributes }: NodeInfo): string | undefined {
  return Object.hasOwn(attributes, 'mac') ? etherKey(attributes['mac'] ?? '') : undefined;
}

/** The latest table. */
export class NodeTable {
  readonly view: NodeView;
  readonly #clock: Clock;
  readonly #addressesOf: (info: NodeInfo) => readonly string[];
  #known: KnownNodes | undefined;
  #goodUntil = Number.NEGATIVE_INFINITY;
  #looking: Promise<KnownNodes> | undefined;

  constructor(view: NodeView, clock: Clock, addressesOf: (info: NodeInfo) => readonly string[]) {
    this.view = view;
    this.#clock = clock;
    this.#addressesOf = addressesOf;
  }

  /** Rejects, or throws, where nobody can say. */
  current(): KnownNodes | Promise<KnownNodes> {
    if (this.#known !== undefined && this.#clock.now() < this.#goodUntil) return this.#known;
    if (this.#looking !== undefined) return this.#looking;
    const nodes = this.view.nodes();
    if (!(nodes instanceof Promise)) return this.#keep(nodes);
    this.#looking = nodes
      .then((list) => this.#keep(list))
      .finally(() => {
        this.#looking = undefined;
      });
    return this.#looking;
  }

  #keep(nodes: readonly NodeInfo[]): KnownNodes {
    const addresses = new Map<number, readonly string[]>();
    const byAddress = new Map<string, number>();
    const byEther = new Map<string, number>();
    for (const info of nodes) {
      const list = this.#addressesOf(info);
      addresses.set(info.node, list);
      const ether = etherOf(info);
      if (ether !== undefined && !byEther.has(ether)) byEther.set(ether, info.node);
      for (const key of list.map(addressKey))
        if (key !== undefined && !byAddress.has(key)) byAddress.set(key, info.node);
    }
    this.#known = { byNumber: new Map(nodes.map((info) => [info.node, info])), addresses, byAddress, byEther };
    this.#goodUntil = this.#clock.now() + LOOK_AGAIN_MS;
    return this.#known;
  }
}
