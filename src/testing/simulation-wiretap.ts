/** What a simulation hears on its wires: who its clients are, what its nodes have promised, and which command is obeyed. */
import type { Control, ControlInit, Epoch } from '../wire/index.ts';
import type { Trace } from './simulation-trace.ts';
import type { VirtualLink } from './virtual-link.ts';
import type { World } from './world.ts';

/** Whom a wiretap tells what it hears. Clients are known by their index, nodes by their number. */
export interface WireListener {
  /** Something was said that must not be. */
  fail(what: string): void;
  /** A client was told that a start is cancelled. */
  cancelled(puid: string): void;
  /** A node was told that a client is given up. */
  clientGone(client: number, node: number): void;
  /** Output has come to the host of a client. */
  arrived(client: number, pid: number, fd: 1 | 2, offset: number, bytes: number): void;
}

/** Listens to everything that arrives, and prints it where the trace is printed. */
export class Wiretap {
  readonly #world: World;
  readonly #trace: Trace;
  readonly #listener: WireListener;
  readonly #clientOfHost = new Map<string, number>();
  readonly #hostOfId = new Map<string, string>();
  readonly #promised = new Map<number, Epoch>();
  #command: Control | undefined;

  constructor(world: World, trace: Trace, listener: WireListener) {
    this.#world = world;
    this.#trace = trace;
    this.#listener = listener;
    world.network.observer.receiving = (link, message) => this.#receiving(link, message);
    world.network.observer.received = () => {
      this.#command = undefined;
    };
    world.network.observer.sending = (link, message) => this.#sending(link, message);
    world.network.observer.data = (link, stream, offset, bytes, fin) => this.#data(link, stream, offset, bytes, fin);
    world.network.observer.credit = (link, stream, credit) => {
      if (!this.#trace.isPrinted) return;
      const { acked, limit, rewind } = credit;
      const what = `credit ${stream >>> 2}.${stream & 3} has ${acked} up to ${limit}${rewind ? ' rewind' : ''}`;
      this.#trace.line(`${link.remote} -> ${link.local} ${what}`);
    };
  }

  knowClient(host: string, index: number): void {
    this.#clientOfHost.set(host, index);
  }

  /** By which command a node acts just now although it has promised to obey it no more; undefined where it may act. */
  staleCommand(node: number): string | undefined {
    const promised = this.#promised.get(node);
    const epoch = this.#command?.epoch;
    if (promised === undefined || epoch === undefined || epoch === null || !isOlder(epoch, promised)) return undefined;
    return `a command of epoch ${text(epoch)}, after it had promised ${text(promised)}`;
  }

  #receiving(link: VirtualLink, message: Control): void {
    this.#command = message;
    if (message.body === 'clientGone') this.#clientGone(link.local, hex(message.clientGone.client));
    if (message.body === 'hello') this.#hostOfId.set(hex(message.hello.identity), link.remote);
    const puid = message.body === 'cancelled' ? hex(message.cancelled.puid) : undefined;
    if (this.#trace.isPrinted) this.#trace.line(`${link.remote} -> ${link.local} ${describe(message)}`);
    if (puid !== undefined && this.#clientOfHost.has(link.local)) this.#listener.cancelled(puid);
  }

  #clientGone(host: string, client: string): void {
    const index = this.#clientOfHost.get(this.#hostOfId.get(client) ?? '');
    const node = this.#world.nodes.find((each) => each.host?.name === host)?.node;
    if (index !== undefined && node !== undefined) this.#listener.clientGone(index, node);
  }

  #sending(link: VirtualLink, message: ControlInit): void {
    const epoch = message.promised?.epoch;
    if (epoch === undefined || epoch === null) return;
    const node = this.#world.nodes.find(({ host }) => host?.name === link.local)?.node;
    if (node === undefined) return;
    const now = { generation: epoch.generation ?? 0, revision: epoch.revision ?? 0 };
    const before = this.#promised.get(node);
    if (before !== undefined && isOlder(now, before))
      this.#listener.fail(`node ${node} promised epoch ${text(now)} after ${text(before)}`);
    this.#promised.set(node, now);
  }

  #data(link: VirtualLink, stream: number, offset: number, bytes: number, fin: boolean): void {
    const client = this.#clientOfHost.get(link.local);
    this.#trace.numbers(stream, offset, bytes);
    if (this.#trace.isPrinted)
      this.#trace.line(
        `${link.remote} -> ${link.local} data ${stream >>> 2}.${stream & 3} ${offset}+${bytes}${fin ? ' fin' : ''}`,
      );
    const fd = stream & 3;
    if (client !== undefined && (fd === 1 || fd === 2)) this.#listener.arrived(client, stream >>> 2, fd, offset, bytes);
  }
}

function isOlder(a: Epoch, b: Epoch): boolean {
  return a.generation < b.generation || (a.generation === b.generation && a.revision < b.revision);
}

function text(epoch: Epoch): string {
  return `${epoch.generation}.${epoch.revision}`;
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

function describe(message: Control): string {
  const body = message.body ?? 'nothing';
  const content: unknown = Object.entries(message).find(([name]) => name === body)?.[1];
  return `${body} ${JSON.stringify(content, (_key, value: unknown) => {
    if (value instanceof Uint8Array) return hex(value).slice(0, 6);
    const isBuffer = typeof value === 'object' && value !== null && 'type' in value && 'data' in value;
    return isBuffer ? hex(Buffer.from(value.data as number[])).slice(0, 6) : value;
  })}`;
}
