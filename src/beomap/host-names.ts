/** What hosts are called in the files of other programs, and which nodes these are. */
import { NODE_MASTER, type NodeInfo } from '../bproc/index.ts';
import { BprocError } from '../errors.ts';

/** Names of nodes. */
export interface HostNames {
  /** What a node is called. */
  nameOf(node: number): string;
  /** The node of that name; undefined: none is called so. */
  nodeOf(name: string): number | undefined;
}

/** The attribute of a node that says what its machine is called, where an administrator or a slave has set it. */
const HOST_ATTRIBUTE = 'hostname';

/** Scyld's names: `master`, `n0`, `n1`; understood are `.0`, `.-1`, `0`, `-1` and `n-1` too. */
export const BEO_NAMES: HostNames = {
  nameOf: (node) => (node === NODE_MASTER ? 'master' : `n${node}`),
  nodeOf: (name) => {
    if (name === 'master') return NODE_MASTER;
    const [, digits] = /^[n.]?(-1|0|[1-9]\d{0,9})$/.exec(name) ?? [];
    return digits === undefined ? undefined : Number(digits);
  },
};

/**
 * The names of nodes that exist: the attribute `hostname`, and the address without its port. A name that is said with a domain is also found
 * without it, and the other way round, where that is clear. What none of them is called is taken as {@link BEO_NAMES} has it, and so are nodes that
 * share a name, such as several on one machine.
 */
export function namesOf(nodes: Iterable<Pick<NodeInfo, 'node' | 'address' | 'attributes'>>): HostNames {
  const byName = new Map<string, number | undefined>();
  const names = new Map<number, string>();
  /** A name of two nodes is none. */
  const add = (name: string, node: number): void => {
    byName.set(name, byName.has(name) && byName.get(name) !== node ? undefined : node);
  };
  for (const { node, address, attributes } of nodes) {
    const host = attributes[HOST_ATTRIBUTE];
    if (host !== undefined && isHostName(host)) {
      names.set(node, host);
      add(host.toLowerCase(), node);
      if (host.includes('.')) add(shortName(host), node);
    }
    const [, ip] = /^\[?([0-9a-f.:]*?)\]?(?::\d+)?$/i.exec(address) ?? [];
    if (ip) add(ip, node);
  }
  return {
    nameOf: (node) => {
      const host = names.get(node);
      return host !== undefined && byName.get(host.toLowerCase()) === node ? host : BEO_NAMES.nameOf(node);
    },
    nodeOf: (name) => byName.get(name.toLowerCase()) ?? byName.get(shortName(name)) ?? BEO_NAMES.nodeOf(name),
  };
}

function shortName(name: string): string {
  // addresses have dots, and no domain
  return /^[\d.]+$/.test(name) ? name : (name.toLowerCase().split('.', 1)[0] ?? '');
}

/** Whether a word can be the name or the address of a host. */
export function isHostName(word: string): boolean {
  return word.length <= 255 && /^[A-Za-z0-9._:[\]-]+$/.test(word);
}

/** The node that a file means. @throws BprocError EINVAL for what is no name, BE_INVALIDNODE for one that no node has. */
export function nodeNamed(name: string, names: HostNames, where: string): number {
  const shown = JSON.stringify(name.slice(0, 80));
  if (!isHostName(name)) throw new BprocError('EINVAL', `${where}: ${shown} is no name of a host`);
  const node = names.nodeOf(name);
  if (node !== undefined) return node;
  const remedy = "give its number as n0, or set the node's attribute hostname";
  throw new BprocError('BE_INVALIDNODE', `${where}: no node is called ${shown}; ${remedy}`);
}
