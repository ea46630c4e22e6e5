/** The slave: the reducer's driver. It turns events into I/O and I/O into events. */
import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { EventEmitter } from 'eventemitter3';
import type { Cancel, Clock } from '../../clock.ts';
import { BprocError } from '../../errors.ts';
import type { SignalScope, SpawnedProcess, Spawner, SpawnRequest } from '../../linux/index.ts';
import { resolveInRoot } from '../../linux/index.ts';
import type { EpochStore, NodeStore } from '../../state/index.ts';
import type { Link } from '../../transport/index.ts';
import { sendOrFail } from '../../transport/index.ts';
import type { ControlInit } from '../../wire/index.ts';
import { PowerAction } from '../../wire/index.ts';
import type { Connector } from '../connector.ts';
import { watchPeer } from '../heartbeat.ts';
import { ID_BYTES } from '../ids.ts';
import { Alarm, contain, Loop } from '../loop.ts';
import type { SignalAnswer, SlaveEffect, SlaveEvent } from './events.ts';
import type { ProcessEffect } from './spawn-queue.ts';
import { SpawnQueue } from './spawn-queue.ts';
import type { SlaveConfig, SlaveState } from './state.ts';
import { createSlaveState } from './state.ts';
import { step } from './step.ts';

/** What an administrator can order a node's machine to do. */
export type PowerOrder = 'reboot' | 'halt' | 'poweroff';

/** What a slave works with: everything that is not the protocol itself. */
export interface SlaveParts {
  readonly config: SlaveConfig;
  readonly clock: Clock;
  readonly spawner: Spawner;
  readonly connector: Connector;
  readonly promises: EpochStore;
  /** Where its node's number survives it; absent: nowhere. */
  readonly nodes?: NodeStore | undefined;
  /** Carries out a power order; absent: such orders are refused. */
  readonly power: ((order: PowerOrder) => Promise<void>) | undefined;
  /** Environment every process gets besides its own. */
  readonly environment: Readonly<Record<string, string>>;
  /** What ends with the slave, in this order. */
  readonly owned: readonly AsyncDisposable[];
}

/** Identity of one life of a node's processes: of the kernel's boot, and of whoever holds them. */
export function bootIdOf(kernelBoot: string, instance: Uint8Array): Uint8Array {
  return createHash('sha256').update(kernelBoot).update(instance).digest().subarray(0, ID_BYTES);
}

/** How a node calls itself in the node table. */
export function machineName(): string {
  return hostname();
}

/** What happens to a slave's connection, for those who want to know. */
export interface SlaveEvents {
  /** A master has it. */
  attached: () => void;
  /** A connection that was made is gone, or the master on it refused; another try follows. */
  detached: (reason: BprocError) => void;
  /** No connection could be made; another try follows. */
  unreachable: (reason: BprocError) => void;
}

const NO_LINK = Number.NaN;

/** A running slave: a node's agent. Disposing it ends its processes and leaves the master in order. */
export class Slave implements AsyncDisposable {
  readonly #parts: SlaveParts;
  readonly #state: SlaveState;
  readonly #clock: Clock;
  readonly #loop = new Loop<SlaveEvent>((event) => this.#take(event));
  readonly #alarm: Alarm;
  readonly #links = new Map<number, Link>();
  readonly #watches = new Map<number, Cancel>();
  /** Why this side closes links that are not gone yet. */
  readonly #reasons = new Map<number, BprocError>();
  readonly #handles = new Map<string, SpawnedProcess>();
  readonly #spawns: SpawnQueue;
  readonly #dials = new Set<Cancel>();
  readonly #events = new EventEmitter<SlaveEvents>();
  readonly #attached: Promise<void>;
  #setAttached: () => void = () => {};
  #setStopped: (() => void) | undefined;
  #nextLink = 1;
  #disposed: Promise<void> | undefined;

  /** @internal Use `startSlave`. */
  constructor(parts: SlaveParts) {
    this.#parts = parts;
    this.#clock = parts.clock;
    this.#spawns = new SpawnQueue(parts.clock, (effect) => this.#performOnProcess(effect));
    this.#state = createSlaveState(parts.config, parts.promises.load(), parts.nodes?.load());
    this.#alarm = new Alarm(parts.clock, this.#state.deadlines, () => this.#loop.dispatch({ type: 'timer' }));
    this.#attached = new Promise((resolve) => {
      this.#setAttached = resolve;
    });
    this.#loop.dispatch({ type: 'connect' });
  }

  /** Its node's number; undefined until a master has said it. */
  get node(): number | undefined {
    return this.#state.node;
  }

  /** Identity of this life of its processes, as text. */
  get bootId(): string {
    return Buffer.from(this.#state.config.boot).toString('hex');
  }

  /** Whether a master has it now. */
  get isAttached(): boolean {
    return this.#state.link.phase === 'attached';
  }

  /** Resolves when a master has it for the first time. */
  get attached(): Promise<void> {
    return this.#attached;
  }

  /** Calls back on `attached`, `detached` and `unreachable`; returns a function that stops it. */
  on<K extends keyof SlaveEvents>(event: K, listener: SlaveEvents[K]): () => void {
    const typed = listener as EventEmitter.EventListener<SlaveEvents, K>;
    this.#events.on(event, typed);
    return () => this.#events.off(event, typed);
  }

  #take(event: SlaveEvent): void {
    const [state, effects] = step(this.#state, event, this.#clock.now());
    this.#performAll(effects);
    this.#alarm.update();
    const link = state.link.phase === 'attached' ? state.link.link : NO_LINK;
    if (!state.congested && this.#links.get(link)?.congested === true) this.#loop.dispatch({ type: 'congested', link });
    if (state.stopping && this.#setStopped !== undefined) this.#checkStopped();
  }

  /** What is to be durable and cannot be made so stops what would follow from it. */
  #performAll(effects: readonly SlaveEffect[]): void {
    for (const effect of effects) {
      if (effect.type !== 'promise' && effect.type !== 'keepNode') {
        contain(() => this.#perform(effect));
        continue;
      }
      try {
        if (effect.type === 'promise') this.#parts.promises.save(effect.epoch);
        else this.#parts.nodes?.save(effect.node);
      } catch (error) {
        this.#take({ type: 'kept', error: BprocError.from(error) });
        return;
      }
    }
  }

  #perform(effect: Exclude<SlaveEffect, { readonly type: 'promise' | 'keepNode' }>): void {
    switch (effect.type) {
      case 'dial':
        return this.#dial(effect.takeover, effect.address);
      case 'proceed':
        return this.#take({ type: 'kept', error: undefined });
      case 'establish':
        return this.#links.get(effect.link)?.establish(effect.session);
      case 'attached':
        this.#setAttached();
        this.#events.emit('attached');
        return undefined;
      case 'send':
        return this.#send(effect.link, effect.message);
      case 'data':
        return this.#links.get(effect.link)?.sendData(effect.stream, effect.offset, effect.bytes, effect.fin);
      case 'credit':
        return this.#links.get(effect.link)?.sendCredit(effect.stream, effect.credit);
      case 'stop':
        return this.#links.get(effect.link)?.sendStop(effect.stream);
      case 'close':
        return this.#close(effect.link, effect.reason);
      case 'list':
        return void this.#list(effect.request);
      case 'power':
        return void this.#order(effect.request, this.#power(effect.action));
      case 'chroot':
        return void this.#order(effect.request, checkRoot(effect.path), effect.path);
      case 'sweep':
        return void this.#parts.spawner.sweep(effect.prefix).catch(() => {});
      case 'stoppedAll':
        return this.#setStopped?.();
      case 'signalForked': {
        const sent = this.#parts.spawner.signal(effect.identity, effect.signal, effect.scope);
        return void this.#report('', effect.signal, effect.answer, sent);
      }
      default:
        return this.#spawns.perform(effect);
    }
  }

  #performOnProcess(effect: ProcessEffect): void {
    if (effect.type === 'spawn') return this.#spawn(effect.key, effect.request, effect.cwdByName);
    const handle = this.#handles.get(effect.key);
    switch (effect.type) {
      case 'write':
        return handle?.write(effect.bytes);
      case 'endStdin':
        return handle?.endStdin();
      case 'pause':
        return handle?.pause(effect.fd);
      case 'resume':
        return handle?.resume(effect.fd);
      case 'discard':
        return handle?.discardOutput(effect.fd);
      case 'closeOutput':
        return handle?.closeOutput(effect.fd);
      case 'release':
        return handle?.release();
      case 'forget':
        this.#handles.delete(effect.key);
        return undefined;
      case 'signal':
        return void this.#signal(effect.key, handle, effect.signal, effect.scope, effect.answer);
    }
  }

  #send(id: number, message: ControlInit): void {
    const link = this.#links.get(id);
    if (link !== undefined) sendOrFail(link, message);
  }

  #close(id: number, reason: BprocError | undefined): void {
    if (reason !== undefined && this.#links.has(id)) this.#reasons.set(id, reason);
    this.#links.get(id)?.close(reason);
  }

  #dial(takeover: boolean, address: string): void {
    const cancel = this.#parts.connector(address, (link) => {
      this.#dials.delete(cancel);
      if (BprocError.is(link)) {
        this.#events.emit('unreachable', link);
        this.#loop.dispatch({ type: 'unreachable', takeover });
      } else {
        this.#adopt(link, takeover);
      }
    });
    this.#dials.add(cancel);
  }

  #adopt(link: Link, takeover: boolean): void {
    const id = this.#nextLink;
    this.#nextLink += 1;
    this.#links.set(id, link);
    this.#watches.set(id, watchPeer(this.#clock, link));
    link.open({
      control: (message) => this.#loop.dispatch({ type: 'control', link: id, message }),
      data: (stream, offset, bytes, fin) => this.#loop.dispatch({ type: 'data', link: id, stream, offset, bytes, fin }),
      credit: (stream, credit) => this.#loop.dispatch({ type: 'credit', link: id, stream, credit }),
      stop: (stream) => this.#loop.dispatch({ type: 'stop', link: id, stream }),
      drained: () => this.#loop.dispatch({ type: 'drained', link: id }),
      closed: (reason) => {
        this.#links.delete(id);
        this.#watches.get(id)?.();
        this.#watches.delete(id);
        this.#tellClosed(id, reason ?? this.#reasons.get(id));
        this.#reasons.delete(id);
        this.#loop.dispatch({ type: 'closed', link: id, reason });
      },
    });
    this.#loop.dispatch({ type: 'opened', link: id, takeover });
  }

  /** A link that another one has replaced is nobody's loss. */
  #tellClosed(id: number, reason: BprocError | undefined): void {
    const { link } = this.#state;
    if ((link.phase !== 'attached' && link.phase !== 'greeting') || link.link !== id) return;
    this.#events.emit('detached', reason ?? new BprocError('ECONNRESET', 'the master closed the connection'));
  }

  /** Whatever goes wrong here is this start's failure, and nothing else's. */
  #spawn(key: string, request: SpawnRequest, cwdByName: boolean): void {
    try {
      this.#create(key, request, cwdByName);
    } catch (error) {
      this.#loop.dispatch({ type: 'failed', key, error: BprocError.from(error) });
    }
  }

  #create(key: string, request: SpawnRequest, cwdByName: boolean): void {
    // it waited for its turn, and the slave was told to stop meanwhile
    if (this.#state.stopping) throw new BprocError('BE_NODEDOWN', `node ${this.#state.node} is shutting down`);
    const env = { ...request.env, ...this.#parts.environment };
    const cwd = cwdByName && !isDirectory(request.cwd, request.root) ? '/' : request.cwd;
    const tell = (event: SlaveEvent) => this.#loop.dispatch(event);
    const handle = this.#parts.spawner.spawn(
      { ...request, env, cwd },
      {
        started: (identity) => tell({ type: 'started', key, identity, at: this.#clock.wallTime() }),
        failed: (error) => tell({ type: 'failed', key, error }),
        output: (fd, bytes) => tell({ type: 'output', key, fd, bytes }),
        outputEnd: (fd) => tell({ type: 'outputEnd', key, fd }),
        stdinWritten: (bytes) => tell({ type: 'stdinWritten', key, bytes }),
        stdinClosed: () => tell({ type: 'stdinClosed', key }),
        stopped: () => tell({ type: 'stopped', key }),
        continued: () => tell({ type: 'continued', key }),
        exited: (status) => tell({ type: 'exited', key, status }),
      },
    );
    this.#handles.set(key, handle);
  }

  #signal(
    key: string,
    handle: SpawnedProcess | undefined,
    signal: number,
    scope: SignalScope,
    answer: SignalAnswer | undefined,
  ): Promise<void> {
    return this.#report(key, signal, answer, handle?.signal(signal, scope) ?? Promise.resolve(false));
  }

  async #report(key: string, signal: number, answer: SignalAnswer | undefined, sent: Promise<boolean>): Promise<void> {
    const outcome = await sent.catch((error: unknown) => BprocError.from(error));
    this.#loop.dispatch({ type: 'signalled', key, signal, answer, outcome });
  }

  async #list(request: number): Promise<void> {
    const entries = await this.#parts.spawner.list().catch((error: unknown) => BprocError.from(error));
    this.#loop.dispatch({ type: 'listed', request, entries });
  }

  async #order(request: number, done: Promise<void>, root?: string): Promise<void> {
    const error = await done.then(
      () => undefined,
      (cause: unknown) => BprocError.from(cause),
    );
    const chroot = error === undefined && root !== undefined ? { root } : {};
    this.#loop.dispatch({ type: 'ordered', request, error, ...chroot });
  }

  #power(action: PowerAction): Promise<void> {
    const { power } = this.#parts;
    if (power === undefined) {
      const message = `node ${this.#state.node} may not switch its machine: start its slave with a power command`;
      return Promise.reject(new BprocError('EPERM', message));
    }
    if (action === PowerAction.REBOOT) return power('reboot');
    return power(action === PowerAction.HALT ? 'halt' : 'poweroff');
  }

  /** Done when everything has ended, but for output that nobody reads: that cannot be waited for. */
  #checkStopped(): void {
    for (const { end, status, outlets } of this.#state.processes.values()) {
      const isStuck = status !== undefined && outlets.some((outlet) => outlet.paused);
      if (end === undefined && !isStuck) return;
    }
    this.#setStopped?.();
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#disposed ??= this.#dispose();
    return this.#disposed;
  }

  async #dispose(): Promise<void> {
    for (const cancel of this.#dials) cancel();
    const stopped = new Promise<void>((resolve) => {
      this.#setStopped = resolve;
    });
    this.#loop.dispatch({ type: 'shutdown' });
    this.#checkStopped();
    await stopped;
    this.#alarm.stop();
    for (const part of this.#parts.owned) await part[Symbol.asyncDispose]();
    const link = this.#state.link.phase === 'attached' ? this.#links.get(this.#state.link.link) : undefined;
    link?.send({ goodbye: { reason: 'the slave is shut down' }, domain: this.#state.config.domain });
    for (const each of this.#links.values()) each.close();
    for (const cancel of this.#watches.values()) cancel();
  }
}

/** Whether a directory is there that this slave can see, in the root its processes get. */
function isDirectory(path: string, root: string | undefined): boolean {
  try {
    const found = root === undefined ? path : resolveInRoot(resolve(root), path);
    return found !== undefined && statSync(found).isDirectory();
  } catch {
    // missing, not to be entered, too long, links in a circle: it cannot be begun in
    return false;
  }
}

async function checkRoot(path: string): Promise<void> {
  const found = await stat(path).catch((cause: unknown) => {
    throw BprocError.from(cause);
  });
  if (!found.isDirectory()) throw new BprocError('ENOTDIR', `${path} is not a directory`);
}
