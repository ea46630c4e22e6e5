/** A client's calls about nodes: libbproc's information, permission and administration calls. */
import { BprocError } from '../../errors.ts';
import type { Init, ListNodes, NodeRecord, UpdateNode } from '../../wire/index.ts';
import { PowerAction } from '../../wire/index.ts';
import type { CallOptions } from '../bound.ts';
import type { NodeInfo } from '../node-info.ts';
import { attributeOf, checkAttribute, checkAttributeName, checkState, NODE_MASTER, NODE_NONE } from '../node-info.ts';
import { Calls, checkInteger } from './calls.ts';

/** How a node's state is set. */
export interface NodeStatusOptions extends CallOptions {
  /** Why, for people. */
  readonly reason?: string;
  /** Flags to add, such as `draining`. */
  readonly addFlags?: readonly string[];
  /** Flags to take away. */
  readonly removeFlags?: readonly string[];
}

/** How a slave is to connect anew. */
export interface ReconnectOptions extends CallOptions {
  /** Where its master is to be found from now on. @default where it is now */
  readonly address?: string;
}

/** A record of the wire as the public type. */
export function nodeInfoOf(record: NodeRecord): NodeInfo {
  const { node, state, flags, reason, who, changedAt, mode, owner, group, address, attributes } = record;
  return { node, state, flags, reason, who, changedAt, mode, owner, group, address, attributes };
}

/** Calls about nodes. */
export abstract class NodeCalls extends Calls {
  /** How many nodes exist, down ones included and the master not (`bproc_numnodes`). Numbers may have holes. */
  async numNodes(options: CallOptions = {}): Promise<number> {
    return (await this.#status(options)).nodes;
  }

  /** The node the calling program runs on; -1, the master, when it was not started by bproc (`bproc_currnode`). */
  currNode(): number {
    const node = Number(process.env['BPROC_NODE'] ?? NODE_MASTER);
    return Number.isInteger(node) ? node : NODE_MASTER;
  }

  /** @internal A node set with `self` written as the node that the caller runs on. */
  protected withSelf(spec: string): string {
    const node = this.currNode();
    return spec.replace(/(?<=^|[,\s])self(?=$|[,\s])/g, node === NODE_MASTER ? 'master' : String(node));
  }

  /**
   * The nodes of a node set in its order, or all, down ones included (`bproc_nodelist`, `bproc_nodespec`).
   *
   * @throws BprocError EINVAL for a set that cannot be read, BE_INVALIDNODE for a named node that does not exist.
   */
  async nodeList(spec = '', options: CallOptions = {}): Promise<readonly NodeInfo[]> {
    const bounds = this.boundsOfAll(options);
    const found: NodeInfo[] = [];
    let question: Init<ListNodes> = { spec: this.withSelf(spec) };
    for (let left = Number.POSITIVE_INFINITY; left > 0; ) {
      const { nodeList } = await this.askFor('nodeList', { listNodes: { ...question, partial: true } }, bounds());
      for (const record of nodeList.nodes) found.push(nodeInfoOf(record));
      const { rest } = nodeList;
      if (rest.length >= left) throw new BprocError('EPROTO', 'the master goes on without end about its nodes');
      left = rest.length;
      question = { nodes: rest };
    }
    return found;
  }

  /**
   * What is known about one node (`bproc_nodeinfo`); a down node too, which libbproc could not.
   *
   * @throws BprocError BE_INVALIDNODE.
   */
  async nodeInfo(node: number, options: CallOptions = {}): Promise<NodeInfo> {
    const spec = checkInteger('node', node, NODE_MASTER) === NODE_MASTER ? 'master' : String(node);
    const [info] = await this.nodeList(spec, options);
    if (info === undefined) throw new BprocError('BE_INVALIDNODE', `there is no node ${node}`, { node });
    return info;
  }

  /** A node's state word (`bproc_nodestatus`). @throws BprocError BE_INVALIDNODE. */
  async nodeStatus(node: number, options: CallOptions = {}): Promise<string> {
    return (await this.nodeInfo(node, options)).state;
  }

  /**
   * Sets a node's state (`bproc_nodesetstatus`). `down` disconnects its slave, ends what runs there and
   * keeps the slave out until the node is given another state.
   *
   * @throws BprocError EINVAL for a word that cannot be or a node that is down, ENOSPC for one that
   *   is too long, EPERM for anybody but the administrator, BE_INVALIDNODE.
   */
  async setNodeStatus(node: number, state: string, options: NodeStatusOptions = {}): Promise<void> {
    const { reason, addFlags, removeFlags } = options;
    await this.#update(node, { state: checkState(state), reason, addFlags, removeFlags }, options);
  }

  /**
   * Adds and takes away flags, such as `draining`, and leaves the state.
   *
   * @throws BprocError EINVAL for a flag that cannot be, EPERM, BE_INVALIDNODE.
   */
  async setNodeFlags(node: number, options: NodeStatusOptions): Promise<void> {
    const { reason, addFlags, removeFlags } = options;
    await this.#update(node, { reason, addFlags, removeFlags }, options);
  }

  /** Where a node's slave is (`bproc_nodeaddr`). @throws BprocError BE_INVALIDNODE, ENODATA for a down node. */
  async nodeAddr(node: number, options: CallOptions = {}): Promise<string> {
    const { address } = await this.nodeInfo(node, options);
    if (address === '') throw new BprocError('ENODATA', `node ${node} is down and has no address`, { node });
    return address;
  }

  /** Where the master listens; empty for one that listens nowhere (`bproc_masteraddr`). */
  async masterAddr(options: CallOptions = {}): Promise<string> {
    return (await this.#status(options)).address;
  }

  /** The node at an address; -3 where there is none (`bproc_nodenumber`). */
  async nodeNumber(address: string, options: CallOptions = {}): Promise<number> {
    const nodes = await this.nodeList('', options);
    return nodes.find((info) => info.address === address)?.node ?? NODE_NONE;
  }

  /** The value of a node's attribute (`bproc_getnodeattr`). @throws BprocError ENODATA where it has none. */
  async getNodeAttr(node: number, name: string, options: CallOptions = {}): Promise<string> {
    return attributeOf(await this.nodeInfo(node, options), checkAttributeName(name));
  }

  /**
   * Sets an attribute, or takes it away where `value` is undefined (`bproc_setnodeattr`). Lost when the node goes down.
   *
   * @throws BprocError EINVAL, ENOSPC for what is too long or too many, EPERM, BE_NODEDOWN, BE_INVALIDNODE.
   */
  async setNodeAttr(node: number, name: string, value: string | undefined, options: CallOptions = {}): Promise<void> {
    if (value === undefined) return this.#update(node, { removeAttributes: [checkAttributeName(name)] }, options);
    checkAttribute(name, value);
    return this.#update(node, { setAttributes: { [name]: value } }, options);
  }

  /** Sets who may place work on a node: the x bits 0o111 (`bproc_chmod`). @throws BprocError EPERM, BE_INVALIDNODE. */
  chmod(node: number, mode: number, options: CallOptions = {}): Promise<void> {
    return this.#update(node, { mode: checkInteger('mode', mode) }, options);
  }

  /** Sets a node's owner (`bproc_chown`). @throws BprocError EPERM for anybody but the administrator. */
  chown(node: number, uid: number, options: CallOptions = {}): Promise<void> {
    return this.#update(node, { owner: checkInteger('uid', uid) }, options);
  }

  /** Sets a node's group (`bproc_chgrp`). @throws BprocError EPERM for a group the owner is not in. */
  chgrp(node: number, gid: number, options: CallOptions = {}): Promise<void> {
    return this.#update(node, { group: checkInteger('gid', gid) }, options);
  }

  /** Resolves where the caller may place work (`bproc_access`). @throws BprocError EACCES, BE_NODEDOWN, BE_INVALIDNODE. */
  async access(node: number, options: CallOptions = {}): Promise<void> {
    await this.ask({ access: { node: checkInteger('node', node, NODE_MASTER) } }, options);
  }

  /** Orders a node's machine to restart (`bproc_nodereboot`). @throws BprocError EPERM, BE_NODEDOWN, BE_INVALIDNODE. */
  reboot(node: number, options: CallOptions = {}): Promise<void> {
    return this.#power(node, PowerAction.REBOOT, options);
  }

  /** Orders a node's machine to halt (`bproc_nodehalt`). @throws BprocError EPERM, BE_NODEDOWN, BE_INVALIDNODE. */
  halt(node: number, options: CallOptions = {}): Promise<void> {
    return this.#power(node, PowerAction.HALT, options);
  }

  /** Orders a node's machine to switch off (`bproc_nodepwroff`). @throws BprocError EPERM, BE_NODEDOWN, BE_INVALIDNODE. */
  powerOff(node: number, options: CallOptions = {}): Promise<void> {
    return this.#power(node, PowerAction.POWER_OFF, options);
  }

  /**
   * Sets the directory that is `/` for processes that arrive from now on (`bproc_nodechroot`).
   *
   * @throws BprocError ENOENT, ENOTDIR, EPERM, BE_NODEDOWN, BE_INVALIDNODE.
   */
  async chroot(node: number, path: string, options: CallOptions = {}): Promise<void> {
    await this.ask({ chroot: { node: checkInteger('node', node, NODE_MASTER), path } }, options);
  }

  /**
   * Has a slave open a second connection and go over to it; nothing is lost (`bproc_nodereconnect`).
   *
   * @throws BprocError EPERM, BE_NODEDOWN, BE_INVALIDNODE.
   */
  async reconnect(node: number, options: ReconnectOptions = {}): Promise<void> {
    const { address = '' } = options;
    await this.ask({ reconnect: { node: checkInteger('node', node, NODE_MASTER), address } }, options);
  }

  async #update(node: number, change: Init<Omit<UpdateNode, 'node'>>, options: CallOptions): Promise<void> {
    await this.ask({ updateNode: { node: checkInteger('node', node, NODE_MASTER), ...change } }, options);
  }

  async #power(node: number, action: PowerAction, options: CallOptions): Promise<void> {
    await this.ask({ power: { node: checkInteger('node', node, NODE_MASTER), action } }, options);
  }

  async #status(options: CallOptions) {
    return (await this.askFor('masterStatus', { status: {} }, options)).masterStatus;
  }
}
