/** The slave: the reducer's driver. It turns events into I/O and I/O into events. */
import { EventEmitter } from 'eventemitter3';
import type { Cancel, Clock } from '../../clock.ts';
import { BprocError } from '../../errors.ts';
import type { Link } from '../../transport/index.ts';
import type { ControlInit } from '../../wire/index.ts';
import { transferOf } from '../image/index.ts';
import type { LinkEvent } from '../link-events.ts';
import { Alarm, contain, Loop } from '../loop.ts';
import { MasterLinks } from '../master-links.ts';
import { NODE_NONE } from '../node-info.ts';
import { TREE_FEATURE } from '../tickets.ts';
import { Durable, isKept, type KeptEffect } from './durable.ts';
import { EngineLives } from './engine-lives.ts';
import type { SlaveEffect, SlaveEvent } from './events.ts';
import { Moves } from './moving.ts';
import { Orders } from './orders.ts';
import type { SlaveEvents, SlaveParts } from './parts.ts';
import { ProcessHandles } from './process-handles.ts';
import { SlaveServiceDesk } from './service-desk.ts';
import type { SlaveState } from './state.ts';
import { step } from './step.ts';

const NO_LINK = Number.NaN;

/** What follows from a step at once; the others make something durable before what comes after them. */
type DriverEffect = Exclude<SlaveEffect, KeptEffect>;

/** A running slave: a node's agent. Disposing it ends its processes and leaves the master in order. */
export class Slave implements AsyncDisposable {
  readonly #parts: SlaveParts;
  readonly #state: SlaveState;
  readonly #clock: Clock;
  readonly #loop = new Loop<SlaveEvent>((event) => this.#take(event));
  readonly #performOne = (effect: DriverEffect): void => this.#perform(effect);
  readonly #alarm: Alarm;
  readonly #links: MasterLinks;
  /** Why this side closes links that are not gone yet. */
  readonly #reasons = new Map<number, BprocError>();
  readonly #engine: EngineLives;
  readonly #processes: ProcessHandles;
  readonly #durable: Durable;
  readonly #moves: Moves;
  readonly #services: SlaveServiceDesk;
  readonly #orders: Orders;
  readonly #dials = new Set<Cancel>();
  readonly #events = new EventEmitter<SlaveEvents>();
  readonly #attached: Promise<void>;
  #setAttached: () => void = () => {};
  #setStopped: (() => void) | undefined;
  #disposed: Promise<void> | undefined;

  /** @internal Use `startSlave`. */
  constructor(parts: SlaveParts) {
    this.#parts = parts;
    this.#clock = parts.clock;
    this.#links = new MasterLinks(parts.clock, (event) => this.#onLink(event));
    this.#durable = new Durable(parts);
    this.#state = this.#durable.createState();
    this.#engine = new EngineLives(parts, (event) => this.#loop.dispatch(event));
    this.#processes = new ProcessHandles(
      parts,
      this.#engine,
      this.#state,
      (event) => this.#loop.dispatch(event),
      (service, wish) => this.#services.outfit(service, wish),
    );
    this.#moves = new Moves(parts, this.#state, {
      engine: this.#engine,
      processes: this.#processes,
      tell: (event) => this.#loop.dispatch(event),
      tellMaster: (message) => this.#tellMaster(message),
      masterPeer: () => this.#masterLink?.peer ?? '',
    });
    this.#services = new SlaveServiceDesk(parts.services ?? [], {
      state: this.#state,
      clock: parts.clock,
      spawner: () => this.#engine.current,
    });
    this.#orders = new Orders({
      slave: parts,
      state: this.#state,
      engine: this.#engine,
      services: this.#services,
      tell: (event) => this.#loop.dispatch(event),
    });
    this.#alarm = new Alarm(parts.clock, this.#state.deadlines, () => this.#loop.dispatch({ type: 'timer' }));
    this.#attached = new Promise((resolve) => {
      this.#setAttached = resolve;
    });
    parts.images?.onTrouble((error) => contain((what) => this.#events.emit('trouble', what), error));
    this.#takeUp();
    this.#loop.dispatch({ type: 'connect' });
  }

  /** Its node's number; undefined until a master has said it. */
  get node(): number | undefined {
    return this.#state.node;
  }

  /** Identity of this life of its processes, as text. */
  get bootId(): string {
    return Buffer.from(this.#state.life.boot).toString('hex');
  }

  /** Whether a master has it now. */
  get isAttached(): boolean {
    return this.#state.link.phase === 'attached';
  }

  /** Resolves when a master has it for the first time. */
  get attached(): Promise<void> {
    return this.#attached;
  }

  /** @internal Whether a process of this user runs here, or is about to. */
  runsFor(uid: number): boolean {
    if (this.#moves.awaits(uid)) return true;
    for (const process of this.#state.processes.values()) {
      if (process.uid === uid && process.phase !== 'exited') return true;
    }
    return false;
  }

  /** @internal Resolves when all that runs here is told of. */
  untold(): Promise<void> {
    return this.#moves.untold();
  }

  /** Calls back on `attached`, `detached`, `unreachable` and `trouble`; returns a function that stops it. */
  on<K extends keyof SlaveEvents>(event: K, listener: SlaveEvents[K]): () => void {
    const typed = listener as EventEmitter.EventListener<SlaveEvents, K>;
    this.#events.on(event, typed);
    return () => this.#events.off(event, typed);
  }

  #tellMaster(message: ControlInit): void {
    this.#masterLink?.send({ ...message, domain: this.#state.config.domain });
  }

  get #masterLink(): Link | undefined {
    const { link } = this.#state;
    return link.phase === 'attached' ? this.#links.get(link.link) : undefined;
  }

  /** What an earlier life of the daemon has left comes before everything else. */
  #takeUp(): void {
    const { spawner, clock } = this.#parts;
    const held = spawner.held();
    const remembered = spawner.remembered?.() ?? [];
    if (held.length === 0 && remembered.length === 0) return;
    this.#loop.dispatch({ type: 'held', held, remembered, wallTime: clock.wallTime() });
  }

  #take(event: SlaveEvent): void {
    const [state, effects] = step(this.#state, event, this.#clock.now());
    this.#performAll(effects);
    this.#alarm.update();
    const link = state.link.phase === 'attached' ? state.link.link : NO_LINK;
    if (!state.congested && this.#links.get(link)?.congested === true) this.#loop.dispatch({ type: 'congested', link });
    if (state.stopping && this.#setStopped !== undefined) this.#checkStopped();
  }

  /** What is to be kept and cannot be stops what would follow from it. */
  #performAll(effects: readonly SlaveEffect[]): void {
    for (const effect of effects) {
      if (!isKept(effect)) {
        contain(this.#performOne, effect);
        continue;
      }
      try {
        this.#durable.keep(effect);
      } catch (cause) {
        const error = BprocError.from(cause);
        if (effect.type === 'noteSignal') this.#take({ ...effect, type: 'signalled', outcome: error });
        else this.#take({ type: 'kept', error });
        return;
      }
    }
  }

  #perform(effect: DriverEffect): void {
    switch (effect.type) {
      case 'dial':
        return this.#dial(effect.takeover, effect.address);
      case 'proceed':
        return this.#take({ type: 'kept', error: undefined });
      case 'establish':
        return this.#links.get(effect.link)?.establish(effect.session);
      case 'attached':
        this.#setImagesLink(effect.features);
        this.#moves.attached();
        this.#setAttached();
        this.#events.emit('attached');
        return undefined;
      case 'told':
        return this.#setServicesLink();
      case 'send':
      case 'data':
      case 'credit':
      case 'stop':
        return this.#links.perform(effect);
      case 'close':
        if (effect.reason !== undefined && this.#links.get(effect.link) !== undefined)
          this.#reasons.set(effect.link, effect.reason);
        return this.#links.perform(effect);
      case 'list':
      case 'power':
      case 'chroot':
      case 'cache':
      case 'service':
        return this.#orders.perform(effect);
      case 'preferPids':
        return this.#engine.current.preferPids?.(effect.first, effect.count);
      case 'keepPids':
        return this.#engine.current.keepPids?.(effect.pids);
      case 'freePids':
        return this.#engine.current.freePids?.(effect.pid);
      case 'sweep':
        return void this.#engine.current.sweep(effect.prefix).catch(() => {});
      case 'stoppedAll':
        return this.#setStopped?.();
      case 'noteOutcome':
        return this.#durable.noteOutcome(effect.sid, effect.outcome);
      case 'signalForked':
        return this.#processes.signalForked(effect);
      case 'awaitArrival':
      case 'awaitCapture':
      case 'depart':
      case 'keepGone':
      case 'noteGone':
      case 'forgetGone':
      case 'callOff':
      case 'settle':
      case 'settleArrival':
      case 'checkpoint':
      case 'checkpointRoom':
      case 'keptCheckpoints':
      case 'restart':
        return this.#moves.perform(effect);
      case 'dismiss':
        return this.#processes.dismiss(effect.held);
      default:
        return this.#processes.perform(effect);
    }
  }

  #dial(takeover: boolean, address: string): void {
    const cancel = this.#parts.connector(address, (link) => {
      this.#dials.delete(cancel);
      if (BprocError.is(link)) {
        contain((error) => this.#events.emit('unreachable', error), link);
        this.#loop.dispatch({ type: 'unreachable', takeover });
      } else {
        this.#loop.dispatch({ type: 'opened', link: this.#links.adopt(link), takeover });
      }
    });
    this.#dials.add(cancel);
  }

  #onLink(event: LinkEvent): void {
    if (this.#isBeside(event)) return;
    if (event.type === 'closed') {
      this.#tellClosed(event.link, event.reason ?? this.#reasons.get(event.link));
      this.#reasons.delete(event.link);
    }
    this.#loop.dispatch(event);
  }

  /** Blobs and services come beside what the reducer sees. */
  #isBeside(event: LinkEvent): boolean {
    const { images, pipes, kept } = this.#parts;
    const { link } = this.#state;
    const isMasters = link.phase === 'attached' && link.link === event.link;
    if (isMasters && event.type === 'closed') {
      images?.detach();
      pipes?.detach();
      kept?.detach();
      this.#services.detach();
    }
    if (event.type === 'control' && event.message.body === 'serve') {
      if (isMasters) this.#services.hear(event.message.serve);
      return true;
    }
    if (event.type === 'control' && event.message.body === 'fetchFailed') {
      if (isMasters) images?.failed(event.message.fetchFailed);
      return true;
    }
    if (event.type === 'control' && event.message.body === 'source') {
      if (isMasters) {
        images?.source(event.message.source);
        pipes?.source(event.message.source);
        kept?.source(event.message.source);
      }
      return true;
    }
    if (event.type !== 'data') return false;
    const transfer = transferOf(event.stream);
    if (transfer === undefined) return false;
    if (isMasters) images?.data(transfer, event.offset, event.bytes, event.fin);
    return true;
  }

  #setImagesLink(features: readonly string[]): void {
    const { link, node = NODE_NONE } = this.#state;
    const attached = link.phase === 'attached' ? this.#links.get(link.link) : undefined;
    const hasTree = features.includes(TREE_FEATURE);
    if (attached === undefined) return;
    const uplink = { link: attached, node, hasTree };
    this.#parts.images?.attach(uplink);
    this.#parts.pipes?.attach(uplink);
    this.#parts.kept?.attach(uplink);
  }

  #setServicesLink(): void {
    const link = this.#masterLink;
    if (link !== undefined) this.#services.attach(link, this.#state.config.domain);
  }

  /** A link that another one has replaced is nobody's loss. */
  #tellClosed(id: number, reason: BprocError | undefined): void {
    const { link } = this.#state;
    if ((link.phase !== 'attached' && link.phase !== 'greeting') || link.link !== id) return;
    const error = reason ?? new BprocError('ECONNRESET', 'the master closed the connection');
    contain((why) => this.#events.emit('detached', why), error);
  }

  /** Done when everything has ended, but for output that nobody reads: that cannot be waited for. */
  #checkStopped(): void {
    for (const { end, status, outlets } of this.#state.processes.values()) {
      const isStuck = status !== undefined && outlets.some((outlet) => outlet.paused);
      if (end === undefined && !isStuck) return;
    }
    this.#setStopped?.();
  }

  /**
   * Leaves, as for an upgrade, what runs to the next slave on the same `stateDir`: the holder keeps the processes, what
   * they write and how they end. Engines that cannot keep processes end them.
   */
  leave(): Promise<void> {
    this.#disposed ??= this.#leave();
    return this.#disposed;
  }

  async #leave(): Promise<void> {
    for (const cancel of this.#dials) cancel();
    this.#alarm.stop();
    await this.#services[Symbol.asyncDispose]();
    await this.#moves[Symbol.asyncDispose]();
    await this.#engine.stop();
    await this.#engine.current.leave();
    for (const part of this.#parts.owned) await part[Symbol.asyncDispose]();
    this.#links.closeAll();
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#disposed ??= this.#dispose();
    return this.#disposed;
  }

  async #dispose(): Promise<void> {
    for (const cancel of this.#dials) cancel();
    await this.#services[Symbol.asyncDispose]();
    await this.#moves[Symbol.asyncDispose]();
    const stopped = new Promise<void>((resolve) => {
      this.#setStopped = resolve;
    });
    this.#loop.dispatch({ type: 'shutdown' });
    await this.#parts.images?.stop(new BprocError('BE_NODEDOWN', `node ${this.#state.node} is shutting down`));
    this.#checkStopped();
    await stopped;
    this.#alarm.stop();
    await this.#engine[Symbol.asyncDispose]();
    for (const part of this.#parts.owned) await part[Symbol.asyncDispose]();
    const link = this.#state.link.phase === 'attached' ? this.#links.get(this.#state.link.link) : undefined;
    link?.send({ goodbye: { reason: 'the slave is shut down' }, domain: this.#state.config.domain });
    this.#links.closeAll();
  }
}
