/** A peer that speaks the wire by hand: what it sends and hears is up to the test. */
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Control, ControlBody, ControlInit, Credit, Failure, Hello, Init } from '../../src/wire/index.ts';
import { Channel, PROTOCOL, Role } from '../../src/wire/index.ts';

/** Something a peer heard. */
export type Heard =
  | { readonly kind: 'control'; readonly message: Control }
  | {
      readonly kind: 'data';
      readonly stream: number;
      readonly offset: number;
      readonly text: string;
      readonly fin: boolean;
    }
  | ({ readonly kind: 'credit'; readonly stream: number } & Credit)
  | { readonly kind: 'stop'; readonly stream: number }
  | { readonly kind: 'ping'; readonly intervalMs: number }
  | { readonly kind: 'close'; readonly failure: Failure };

const DEADLINE_MS = 20_000;

/** The wire by hand, over any Duplex. */
export class RawPeer {
  readonly heard: Heard[] = [];
  readonly channel: Channel;
  readonly #duplex: Duplex;
  /** What broke the protocol, if anything did. */
  failure: unknown;
  ended = false;
  /** Answers what is asked while the test waits for something else. */
  onControl: ((message: Control) => void) | undefined;

  constructor(duplex: Duplex) {
    this.#duplex = duplex;
    this.channel = new Channel({
      control: (message) => {
        this.heard.push({ kind: 'control', message });
        this.onControl?.(message);
      },
      data: (stream, offset, bytes, fin) =>
        this.heard.push({ kind: 'data', stream, offset, text: bytes.toString('latin1'), fin }),
      credit: (stream, credit) => this.heard.push({ kind: 'credit', stream, ...credit }),
      stop: (stream) => this.heard.push({ kind: 'stop', stream }),
      ping: (intervalMs) => {
        this.heard.push({ kind: 'ping', intervalMs });
        this.channel.sendPong();
        this.flush();
      },
      close: (failure) => this.heard.push({ kind: 'close', failure }),
    });
    duplex.on('data', (bytes: Buffer) => this.#receive(bytes));
    duplex.on('error', () => this.#over());
    duplex.on('end', () => this.#over());
    duplex.on('close', () => this.#over());
  }

  #over(): void {
    this.ended = true;
    this.#duplex.destroy();
  }

  #receive(bytes: Buffer): void {
    try {
      for (let at = 0; at < bytes.length; ) {
        // the tag counts from the frame after the WELCOME
        at = this.channel.receive(bytes, at, 1);
        const last = this.heard.at(-1);
        if (last?.kind === 'control' && last.message.body === 'welcome') {
          this.channel.establish(last.message.welcome.session);
        }
      }
    } catch (error) {
      this.failure = error;
      this.#over();
    }
  }

  /** Writes what is queued on the channel. */
  flush(): void {
    for (const bytes of this.channel.take(Number.POSITIVE_INFINITY)) this.write(bytes);
  }

  /** Writes bytes as they are. */
  write(bytes: Uint8Array): void {
    if (!this.#duplex.destroyed) this.#duplex.write(bytes);
  }

  send(message: ControlInit): void {
    this.channel.sendControl(message);
    this.flush();
  }

  cut(): void {
    this.#duplex.destroy();
  }

  /** Says HELLO as this role. */
  hello(role: Hello['role'], identity: Uint8Array, more: Init<Hello> = {}): void {
    const { majorMin, majorMax, minor } = PROTOCOL;
    this.send({ hello: { majorMin, majorMax, minor, role, identity, ...more } });
  }

  /** Waits until something heard (from `since` on) is what `find` looks for. */
  async until<T>(what: string, find: (heard: Heard) => T | undefined, since = 0): Promise<T> {
    const deadline = performance.now() + DEADLINE_MS;
    for (;;) {
      for (const each of this.heard.slice(since)) {
        const found = find(each);
        if (found !== undefined) return found;
      }
      if (performance.now() > deadline) {
        throw new Error(`${what} did not come; heard ${JSON.stringify(this.heard).slice(0, 10_000)}`);
      }
      await sleep(1);
    }
  }

  /** Waits for a control message of this kind. */
  control<K extends NonNullable<ControlBody['body']>>(
    body: K,
    since = 0,
  ): Promise<Extract<Control, { readonly body: K }>> {
    return this.until(
      body,
      (heard) => (heard.kind === 'control' && isBody(heard.message, body) ? heard.message : undefined),
      since,
    );
  }

  /** Waits for the reason of a CLOSE. */
  close(): Promise<Failure> {
    return this.until('CLOSE', (heard) => (heard.kind === 'close' ? heard.failure : undefined));
  }

  async whenEnded(): Promise<void> {
    const deadline = performance.now() + DEADLINE_MS;
    while (!this.ended) {
      if (performance.now() > deadline) throw new Error('the connection was not closed');
      await sleep(1);
    }
  }
}

function isBody<K extends NonNullable<ControlBody['body']>>(
  message: Control,
  body: K,
): message is Extract<Control, { readonly body: K }> {
  return message.body === body;
}

/** Sixteen bytes that are all the same. */
export function idOf(byte: number): Buffer {
  return Buffer.alloc(16, byte);
}

/** Bytes in hexadecimal. */
export function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

/** A slave by hand that has been welcomed and has said that it holds `processes`. */
export async function rawSlave(
  duplex: Duplex,
  node: number,
  boot: Uint8Array,
  processes: readonly object[] = [],
  more: Init<Hello> = {},
): Promise<RawPeer> {
  const peer = new RawPeer(duplex);
  peer.hello(Role.SLAVE, boot, { node, address: `raw${node}`, ...more });
  const { welcome } = await peer.control('welcome');
  peer.send({ promised: { epoch: welcome.epoch ?? {} } });
  peer.send({ inventory: { processes, last: true } });
  return peer;
}

/** A client by hand that has been welcomed. */
export async function rawClient(duplex: Duplex, identity: Uint8Array): Promise<RawPeer> {
  const peer = new RawPeer(duplex);
  peer.hello(Role.CLIENT, identity);
  await peer.control('welcome');
  return peer;
}
