/** The client reducer's driver: it turns events into I/O and into calls of whoever waits. */
import { EventEmitter } from 'eventemitter3';
import type { Cancel, Clock } from '../../clock.ts';
import { BprocError } from '../../errors.ts';
import type { Ended, Event, MoveProgress, Started } from '../../wire/index.ts';
import type { Connector } from '../connector.ts';
import { newId } from '../ids.ts';
import type { LinkEffect, LinkEvent } from '../link-events.ts';
import { Alarm, carryOut, contain, Loop } from '../loop.ts';
import { MasterLinks } from '../master-links.ts';
import type { ClientEffect, ClientEvent } from './events.ts';
import { ClientGifts } from './gifts.ts';
import { ClientImages } from './images.ts';
import type { OwnSelf } from './own-self.ts';
import type { ClientConfig, ClientProcess, ClientState } from './state.ts';
import { createClientState } from './state.ts';
import { step } from './step.ts';
import { Waiting } from './waiting.ts';

/** What a session tells about one process. */
export interface ProcessSink {
  started(started: Started): void;
  failed(error: BprocError): void;
  changed(state: ClientProcess['phase']): void;
  output(fd: 1 | 2, bytes: Buffer, fin: boolean): void;
  /** How far a copy is. */
  progressed(progress: MoveProgress): void;
  inputRoom(): void;
  inputClosed(): void;
  ended(ended: Ended): void;
  /** The session is over and will never know the end. */
  lost(error: BprocError): void;
}

/** What happens to the connection, for those who want to know. */
export interface SessionEvents {
  attached: () => void;
  /** The connection is gone; it is being looked for. */
  detached: (reason: BprocError | undefined) => void;
  /** The session is over. */
  closed: (reason: BprocError) => void;
}

/** Takes the changes of one subscription. */
export type EventSink = (batch: readonly Event[] | BprocError, cursor: string) => void;

const NO_LINK = Number.NaN;
/** How long the master may take to let go of a client that leaves, in milliseconds. */
const LEAVE_WITHIN_MS = 1000;

/** One client's life with its masters, over however many connections. */
export class Session implements AsyncDisposable {
  readonly events = new EventEmitter<SessionEvents>();
  readonly waiting: Waiting;
  readonly images = new ClientImages();
  readonly state: ClientState;
  /** Who its program is; undefined: one that nobody copies. */
  readonly self: OwnSelf | undefined;
  readonly #clock: Clock;
  readonly #connector: Connector;
  readonly #loop = new Loop<ClientEvent>((event) => this.#take(event));
  readonly #alarm: Alarm;
  readonly #links: MasterLinks;
  readonly #gifts: ClientGifts;
  readonly #processes = new Map<string, ProcessSink>();
  readonly #eventSinks = new Map<number, EventSink>();
  #dial: Cancel | undefined;
  #over: BprocError | undefined;

  constructor(config: ClientConfig, clock: Clock, connector: Connector, self?: OwnSelf) {
    this.state = createClientState(config);
    this.#clock = clock;
    this.#connector = connector;
    this.self = self;
    this.#links = new MasterLinks(clock, (event) => this.#onLink(event));
    this.#gifts = new ClientGifts(this.images, (id) => this.#links.get(id));
    this.#alarm = new Alarm(clock, this.state.deadlines, () => this.dispatch({ type: 'timer' }));
    this.waiting = new Waiting(this, clock);
  }

  /** Why the session is over, or undefined while it is not. */
  get over(): BprocError | undefined {
    return this.#over;
  }

  dispatch(event: ClientEvent): void {
    this.#loop.dispatch(event);
  }

  /** Starts processes; each sink is told whether it became anything. */
  start(processes: readonly ClientProcess[], sinks: readonly ProcessSink[]): void {
    processes.forEach((process, index) => {
      const sink = sinks[index];
      if (sink !== undefined) this.#processes.set(process.key, sink);
    });
    this.dispatch({ type: 'start', processes });
  }

  /** Nobody listens to this process any more. */
  drop(key: string): void {
    this.#processes.delete(key);
    this.dispatch({ type: 'cancel', key });
  }

  listen(id: number, sink: EventSink): void {
    this.#eventSinks.set(id, sink);
  }

  unlisten(id: number): void {
    this.#eventSinks.delete(id);
    this.dispatch({ type: 'unsubscribe', id });
  }

  /** What concerns blobs is not the reducer's. */
  #onLink(event: LinkEvent): void {
    if (event.type === 'closed') this.#askWhoItIs();
    const { link } = this.state;
    if (!this.#gifts.take(event, link.phase === 'attached' && link.link === event.link)) this.dispatch(event);
  }

  #take(event: ClientEvent): void {
    const [state, effects] = step(this.state, event, this.#clock.now());
    carryOut(effects, (effect) => this.#perform(effect));
    this.#alarm.update();
    const link = state.link.phase === 'attached' ? state.link.link : NO_LINK;
    if (!state.congested && this.#links.get(link)?.congested === true) this.dispatch({ type: 'congested', link });
  }

  #perform(effect: ClientEffect): void {
    switch (effect.type) {
      case 'dial':
        this.#connect();
        break;
      case 'establish':
        this.#links.get(effect.link)?.establish(effect.session);
        break;
      case 'send':
        this.#send(effect);
        break;
      case 'data':
      case 'credit':
      case 'stop':
      case 'close':
        this.#links.perform(effect);
        break;
      default:
        this.#tell(effect);
        break;
    }
  }

  /** A request that is too long for the wire fails its call, now and not at every new connection. */
  #send(effect: Extract<LinkEffect, { readonly type: 'send' }>): void {
    const { request } = effect.message;
    if (request === undefined) {
      this.#links.perform(effect);
      return;
    }
    try {
      this.#links.get(effect.link)?.send(effect.message);
    } catch (error) {
      this.dispatch({ type: 'abandon', id: request.id ?? 0 });
      this.waiting.failed(request.id ?? 0, BprocError.from(error));
    }
  }

  #tell(effect: Exclude<ClientEffect, { readonly type: 'dial' } | { readonly link: number }>): void {
    switch (effect.type) {
      case 'attached':
        this.events.emit('attached');
        break;
      case 'detached':
        this.events.emit('detached', effect.reason);
        break;
      case 'gaveUp':
        this.#giveUp(effect.error);
        break;
      case 'answered':
        this.waiting.answered(effect.id, effect.response);
        break;
      case 'progress':
        if (effect.key === undefined) this.waiting.progressed(effect.progress);
        else this.#processes.get(effect.key)?.progressed(effect.progress);
        break;
      case 'events':
        this.#eventSinks.get(effect.id)?.(effect.events, effect.cursor);
        break;
      default:
        this.#tellProcess(effect);
        break;
    }
  }

  #tellProcess(effect: Extract<ClientEffect, { readonly key: string }>): void {
    const sink = this.#processes.get(effect.key);
    switch (effect.type) {
      case 'started':
        sink?.started(effect.started);
        break;
      case 'startFailed':
        this.#processes.delete(effect.key);
        sink?.failed(effect.error);
        break;
      case 'state':
        sink?.changed(effect.state);
        break;
      case 'output':
        sink?.output(effect.fd, effect.bytes, effect.fin);
        break;
      case 'inputRoom':
        sink?.inputRoom();
        break;
      case 'inputClosed':
        sink?.inputClosed();
        break;
      case 'ended':
        this.#processes.delete(effect.key);
        sink?.ended(effect.ended);
        break;
    }
  }

  /**
   * A copy sees first of all that its connections are gone. What it waits for is told to the original; whoever waits for the copy itself is told which
   * one it is.
   */
  #askWhoItIs(): void {
    const self = this.self?.becomes();
    if (self === undefined || this.#over !== undefined) return;
    const why = 'this program is a copy: what it had begun before that is the original’s';
    const [processes, eventSinks] = [[...this.#processes], [...this.#eventSinks.values()]];
    this.#processes.clear();
    this.#eventSinks.clear();
    this.dispatch({ type: 'copied', id: newId(this.state.config.random), pid: self.pid });
    for (const [key, sink] of processes) {
      const details = key === self.puid ? { cause: self } : {};
      contain((error) => sink.lost(error), new BprocError('ECANCELED', why, details));
    }
    const error = new BprocError('ECANCELED', why);
    this.waiting.fail(error);
    for (const sink of eventSinks) contain((reason) => sink(reason, ''), error);
  }

  #connect(): void {
    this.#askWhoItIs();
    this.#dial = this.#connector('', (link) => {
      this.#dial = undefined;
      if (BprocError.is(link)) this.dispatch({ type: 'unreachable', error: link });
      else this.dispatch({ type: 'opened', link: this.#links.adopt(link) });
    });
  }

  #giveUp(error: BprocError): void {
    this.#over = error;
    this.#alarm.stop();
    this.#dial?.();
    this.#links.closeAll();
    this.waiting.fail(error);
    for (const sink of this.#processes.values()) sink.lost(error);
    this.#processes.clear();
    for (const sink of this.#eventSinks.values()) sink(error, '');
    this.#eventSinks.clear();
    this.events.emit('closed', error);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.dispatch({ type: 'shutdown' });
    await this.#links.gone(LEAVE_WITHIN_MS);
  }
}
