/** The connection of one client: what it asks is passed on, and what it is told goes out, as long as it reads that. */
import { setMaxListeners } from 'node:events';
import type { Socket } from 'node:net';
import { BprocError } from '../../errors.ts';
import type { Member } from '../node-home.ts';
import { commandOf } from './commands.ts';
import { type Caller, type Desk, statusItem } from './desk.ts';
import { type Frame, FrameReader, frameOf } from './frames.ts';
import { type Greeting, greetingAnswer, readGreeting } from './greeting.ts';
import { statusOf } from './statuses.ts';
import { Unpacker } from './unpacker.ts';

/** Questions of a client that are not answered yet. */
const MOST_OPEN = 4096;
/** Bytes that a client may leave unread. A rank asks for what all others have put: some megabytes at a time. */
const MOST_UNREAD = 64 * 1024 * 1024;

/** What a connection needs of the server. */
export interface ConnectionHost {
  readonly desk: Desk;
  /** Whether a client may be who it says it is. */
  admits(greeting: Greeting, connection: ClientConnection): boolean;
  closed(connection: ClientConnection): void;
}

/** One client. */
export class ClientConnection implements Caller {
  readonly #host: ConnectionHost;
  readonly #socket: Socket;
  readonly #frames = new FrameReader();
  readonly #gone = new AbortController();
  #member: Member | undefined;
  #open = 0;
  #isFinalized = false;

  constructor(socket: Socket, host: ConnectionHost) {
    this.#socket = socket;
    this.#host = host;
    // as many wait for it as the client has questions
    setMaxListeners(0, this.#gone.signal);
    socket.on('error', () => this.close());
    socket.on('close', () => this.#closed());
  }

  /** Who it is; nobody yet is no rank of any job. */
  get member(): Member {
    return this.#member ?? { job: '', rank: -1 };
  }

  get signal(): AbortSignal {
    return this.#gone.signal;
  }

  /** Whether it has said who it is. */
  get isGreeted(): boolean {
    return this.#member !== undefined;
  }

  get isFinalized(): boolean {
    return this.#isFinalized;
  }

  finalized(): void {
    this.#isFinalized = true;
  }

  /** Begins to read: it is known whose it is. */
  listen(): void {
    this.#socket.on('data', (chunk: Buffer) => this.#read(chunk));
  }

  hear(message: Buffer): void {
    this.#send(frameOf({ tag: 0, payload: message }));
  }

  close(): void {
    this.#socket.destroy();
  }

  #read(chunk: Buffer): void {
    try {
      for (const frame of this.#frames.push(chunk)) {
        if (this.#socket.destroyed) return;
        if (this.#member === undefined) this.#greet(frame);
        else this.#ask(frame);
      }
    } catch {
      // it is no client of this protocol, or its bytes cannot be told apart any more
      this.close();
    }
  }

  #greet({ payload }: Frame): void {
    const greeting = readGreeting(payload);
    if (!this.#host.admits(greeting, this)) {
      this.#socket.end(greetingAnswer(undefined));
      return;
    }
    this.#member = { job: greeting.job, rank: greeting.rank };
    this.#send(greetingAnswer(greeting.rank));
  }

  #ask({ tag, payload }: Frame): void {
    if (++this.#open > MOST_OPEN) return this.close();
    let isAnswered = false;
    const reply = (answer: Uint8Array): void => {
      if (isAnswered) return;
      isAnswered = true;
      this.#send(frameOf({ tag, payload: answer }));
    };
    const fail = (error: unknown): void => reply(statusItem(statusOf(error)).done());
    const done = (): void => {
      this.#open -= 1;
    };
    try {
      const from = new Unpacker(payload);
      const work = commandOf(from)(this.#host.desk, { caller: this, reply }, from);
      if (work === undefined) done();
      else work.catch(fail).finally(done);
    } catch (error) {
      done();
      fail(error);
    }
  }

  #send(bytes: Buffer): void {
    if (this.#socket.destroyed) return;
    this.#socket.write(bytes);
    if (this.#socket.writableLength > MOST_UNREAD) this.close();
  }

  #closed(): void {
    this.#gone.abort(new BprocError('ECONNRESET', 'the client has gone'));
    this.#host.closed(this);
  }
}
