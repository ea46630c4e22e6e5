/** The master: the reducer's driver. It turns events into I/O and I/O into events. */
import type { Socket } from 'node:net';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import type { Cancel, Clock } from '../../clock.ts';
import { BprocError } from '../../errors.ts';
import { LoopbackPeers } from '../../linux/index.ts';
import { systemRandom } from '../../random.ts';
import { fileRecordLog, type RecordLog } from '../../state/index.ts';
import type { Link, Listener, TlsPeer } from '../../transport/index.ts';
import { Connection, formatAddress, listen, memoryPair, parseAddress, sendOrFail } from '../../transport/index.ts';
import type { Epoch } from '../epoch.ts';
import { epochText } from '../epoch.ts';
import { Heartbeat } from '../heartbeat.ts';
import { idText } from '../ids.ts';
import { CacheHome, DEFAULT_IMAGE_CACHE_BYTES } from '../image/index.ts';
import { Alarm, carryOut, Loop } from '../loop.ts';
import { Observer } from '../observe.ts';
import { type Credentials, ownCredentials } from '../permissions.ts';
import { isCarriedFile } from './carried.ts';
import type { MasterEffect, MasterEvent } from './events.ts';
import { ImageRelay } from './image-relay.ts';
import { whoMade } from './made-directory.ts';
import type { HandleOptions, MasterOptions } from './master-options.ts';
import { masterConfig } from './master-options.ts';
import type { OpenDoor } from './open-door.ts';
import { credentialsOf } from './peers.ts';
import { LOCAL, NOBODY, type Proof } from './proof.ts';
import { createMasterState } from './records.ts';
import { Relay } from './relay.ts';
import { SecureSide } from './secure-side.ts';
import { ServiceDesk } from './service-desk.ts';
import { vacantNode } from './slaves.ts';
import type { MasterState } from './state.ts';
import { step } from './step.ts';
import { StreamSwitch } from './stream-switch.ts';
import { UserDirectory } from './user-directory.ts';

/** Bytes that may wait for a peer before it is not listened to: more than stream data alone ever makes. */
const UNREAD_LIMIT = 32 * 1024 * 1024;

/** A running master. Disposing it closes its connections; processes on slaves that live on live on. */
export class Master implements AsyncDisposable {
  readonly #state: MasterState;
  readonly #clock: Clock;
  readonly #links = new Map<number, Link>();
  readonly #loop = new Loop<MasterEvent>((event) => this.#take(event));
  readonly #alarm: Alarm;
  readonly #images: ImageRelay;
  readonly #streams: StreamSwitch;
  readonly #heartbeat: Heartbeat;
  readonly #observer: Observer;
  /** Number of the newest change that was published. */
  #published = 0;
  readonly #listeners: Listener[] = [];
  readonly #cancels = new Set<Cancel>();
  readonly #peers = new LoopbackPeers();
  /** How it is known who connects to its unix sockets; absent where that can be its own user alone. */
  readonly #door: OpenDoor | undefined;
  readonly #secure: SecureSide;
  readonly #users = new UserDirectory();
  readonly #carried: RecordLog | undefined;
  readonly #services: ServiceDesk;
  #nextLink = 1;
  #disposed: Promise<void> | undefined;

  /** @internal Use {@link startMaster}. */
  constructor(options: MasterOptions, clock: Clock, epoch: Epoch, door?: OpenDoor) {
    const random = options.random ?? systemRandom();
    const own = ownCredentials();
    this.#clock = clock;
    const config = masterConfig(options, { epoch, own, random, users: this.#users, door });
    this.#state = createMasterState(config, clock.wallTime());
    if (options.stateDir !== undefined) this.#carried = fileRecordLog(options.stateDir, 'carried');
    this.#state.carried = (this.#carried?.load() ?? []).filter(isCarriedFile);
    this.#secure = new SecureSide({
      clock,
      domain: options.domain ?? '',
      masterId: idText(this.#state.config.id),
      stateDir: options.stateDir,
      lifetimes: options.certificates ?? {},
      handshakes: options.handshakes ?? {},
      users: this.#users,
      vacantNode: (isTaken) => vacantNode(this.#state, isTaken),
      drop: (link, reason) => this.#links.get(link)?.close(reason),
    });
    this.#alarm = new Alarm(clock, this.#state.deadlines, () => this.#loop.dispatch({ type: 'timer' }));
    const directory = options.stateDir === undefined ? undefined : join(options.stateDir, 'images');
    const home = new CacheHome({
      directory,
      maxBytes: options.imageCacheBytes ?? DEFAULT_IMAGE_CACHE_BYTES,
      isShared: false,
    });
    this.#images = new ImageRelay({ state: this.#state, links: this.#links, clock, home });
    this.#streams = new StreamSwitch(new Relay(this.#state, this.#links), this.#images);
    this.#heartbeat = new Heartbeat(clock, this.#links, options.heartbeatMs);
    this.#observer = new Observer('master', options.logger);
    this.#door = door;
    this.#services = new ServiceDesk(options.services ?? [], {
      state: this.#state,
      clock,
      send: (link, serve) => {
        const { domain } = config;
        const to = this.#links.get(link);
        if (to !== undefined) sendOrFail(to, { serve, epoch, ...(domain === '' ? {} : { domain }) });
      },
      tell: (event) => this.#loop.dispatch(event),
    });
  }

  /** Who commands: grows with every master of the domain. */
  get epoch(): string {
    return epochText(this.#state.config.epoch);
  }

  /** Where it listens. */
  get addresses(): readonly string[] {
    return this.#listeners.map((listener) => formatAddress(listener.address));
  }

  /** Bytes of images that it has sent to slaves; what they have from each other is not counted. */
  get imageBytesSent(): number {
    return this.#images.sentBytes;
  }

  /**
   * Listens on an address. A unix socket lets in its owner and root; loopback TCP lets in the
   * master's own user and root, as the kernel's table of connections names them; TLS lets in whoever has a
   * certificate of the cluster's CA, and hears those who want one.
   *
   * @returns the address, with the port the kernel chose where 0 was asked for.
   * @throws BprocError EINVAL, EPERM, EADDRINUSE, EACCES; EINVAL for TLS without a state directory.
   */
  async listen(address: string): Promise<string> {
    const where = parseAddress(address);
    const listener =
      where.kind === 'tls'
        ? await this.#secure.listen(where, (socket, peer) => void this.#acceptSecure(socket, peer))
        : await listen(where, (socket) => void this.#accept(socket), this.#door === undefined ? {} : { mode: 0o666 });
    this.#listeners.push(listener);
    const text = formatAddress(listener.address);
    this.#state.addresses.push(text);
    return text;
  }

  async #accept(socket: Socket): Promise<void> {
    const peer = socket.remoteAddress === undefined ? 'unix' : `tcp ${socket.remoteAddress}:${socket.remotePort}`;
    // before anything is waited for: it hears the socket's errors
    const connection = this.#connection(socket, peer);
    try {
      if (peer === 'unix' && this.#door?.asker === undefined && this.#door !== undefined) {
        this.#serve(connection, NOBODY, { kind: 'unproven' });
      } else this.attach(connection, { credentials: await credentialsOf(socket, this.#peers, this.#door?.asker) });
    } catch (error) {
      connection.close(BprocError.from(error, 'EPERM'));
    }
  }

  async #acceptSecure(socket: TLSSocket, tlsPeer: TlsPeer): Promise<void> {
    const connection = this.#connection(socket, `tls ${socket.remoteAddress}:${socket.remotePort}`);
    try {
      const { proof, credentials } = await this.#secure.identify(tlsPeer);
      this.#serve(connection, credentials, proof);
    } catch (error) {
      this.#observer.link(connection.peer, 'closed', BprocError.from(error, 'EPERM'));
      connection.close(BprocError.from(error, 'EPERM'));
    }
  }

  #connection(duplex: Duplex, peer: string): Connection {
    return new Connection(duplex, this.#clock, peer, { unreadLimitBytes: UNREAD_LIMIT });
  }

  /** Serves a connection, whatever made it: a socket, TLS, a pair in memory. */
  handle(duplex: Duplex, options: HandleOptions = {}): void {
    this.attach(this.#connection(duplex, options.peer ?? 'stream'), options);
  }

  /** A connection to this master inside this process. */
  connect(options: HandleOptions = {}): Duplex {
    const [mine, theirs] = memoryPair();
    this.handle(mine, { peer: 'memory', ...options });
    return theirs;
  }

  /** Serves a link; for transports that are not streams. */
  attach(link: Link, options: HandleOptions = {}): void {
    this.#serve(link, options.credentials ?? ownCredentials(), LOCAL);
  }

  #serve(link: Link, credentials: Credentials, proof: Proof): void {
    if (this.#disposed !== undefined) {
      link.destroy();
      return;
    }
    const id = this.#nextLink;
    this.#nextLink += 1;
    this.#links.set(id, link);
    if (proof.kind === 'certified') this.#secure.watch(id, proof.certified);
    this.#observer.link(link.peer, 'opened');
    link.open({
      control: (message) => {
        if (message.body === 'serve') this.#services.hear(id, message.serve);
        else if (!this.#streams.control(id, message)) this.#loop.dispatch({ type: 'control', link: id, message });
      },
      data: (stream, offset, bytes, fin) => this.#streams.data(id, stream, offset, bytes, fin),
      credit: (stream, credit) => this.#streams.credit(id, stream, credit),
      stop: (stream) => this.#streams.stop(id, stream),
      drained: () => this.#streams.drained(id),
      closed: (reason) => {
        this.#links.delete(id);
        this.#secure.unwatch(id);
        this.#streams.closed(id);
        this.#observer.link(link.peer, 'closed', reason);
        this.#loop.dispatch({ type: 'closed', link: id, reason });
      },
    });
    this.#loop.dispatch({ type: 'opened', link: id, peer: link.peer, credentials, proof });
  }

  #take(event: MasterEvent): void {
    if (this.#observer.isWatched) this.#state.events.follow();
    const [, effects] = step(this.#state, event, this.#clock.now(), this.#clock.wallTime());
    carryOut(effects, (effect) => this.#perform(effect));
    this.#alarm.update();
    this.#images.follow();
    this.#observe();
  }

  #observe(): void {
    const { events } = this.#state;
    while (this.#published < events.last) {
      this.#published += 1;
      const event = events.at(this.#published);
      if (event !== undefined) this.#observer.event(event);
    }
  }

  #perform(effect: MasterEffect): void {
    if (effect.type === 'trust') return void this.#askTrust(effect);
    if (effect.type === 'keepCarried') return this.#keepCarried(effect);
    if (effect.type === 'service') return void this.#services.request(effect);
    if (effect.type === 'serviceLeft') return this.#services.left(effect);
    if (effect.type === 'slaveAway') return this.#services.detached(effect.node);
    if (effect.type === 'slaveReady') return this.#services.attached(effect.node, effect.link);
    const link = this.#links.get(effect.link);
    if (link === undefined) return;
    switch (effect.type) {
      case 'send':
        sendOrFail(link, effect.message);
        break;
      case 'stop':
        link.sendStop(effect.stream);
        break;
      case 'establish':
        link.establish(effect.session);
        this.#heartbeat.add(effect.link, this.#isProgramHere(effect.link, link));
        break;
      case 'close':
        link.close(effect.reason);
        break;
      case 'probe':
        this.#probe(effect.link, link, effect.withinMs);
        break;
      case 'join':
        void this.#join(effect);
        break;
      case 'inspect':
        void this.#inspect(effect);
        break;
    }
  }

  async #join({ link, message, asker }: Extract<MasterEffect, { readonly type: 'join' }>): Promise<void> {
    this.#loop.dispatch({ type: 'joined', link, answer: await this.#secure.join(message, asker) });
  }

  async #inspect({ link, directory, name }: Extract<MasterEffect, { readonly type: 'inspect' }>): Promise<void> {
    const answer = await whoMade(directory, name, this.#users).catch((error: unknown) =>
      BprocError.from(error, 'EPERM'),
    );
    this.#loop.dispatch({ type: 'inspected', link, answer });
  }

  #keepCarried({ client, id, files }: Extract<MasterEffect, { readonly type: 'keepCarried' }>): void {
    let error: BprocError | undefined;
    try {
      this.#carried?.rewrite(files);
    } catch (cause) {
      error = BprocError.from(cause);
    }
    this.#loop.dispatch({ type: 'carriedKept', client, id, files, error });
  }

  async #askTrust({ client, uid, request }: Extract<MasterEffect, { readonly type: 'trust' }>): Promise<void> {
    const answer = await this.#secure.carryOut(request, uid);
    this.#loop.dispatch({ type: 'trusted', client, id: request.id, answer });
  }

  /** A slave that is silent serves nobody, wherever it is; a client here may rest as long as it lives. */
  #isProgramHere(id: number, link: Link): boolean {
    return link.peer === 'unix' && this.#state.links.get(id)?.who.role === 'client';
  }

  #probe(id: number, link: Link, withinMs: number): void {
    const since = this.#clock.now();
    link.ping(withinMs);
    const cancel = this.#clock.after(withinMs, () => {
      this.#cancels.delete(cancel);
      this.#loop.dispatch({ type: 'probed', link: id, alive: this.#links.has(id) && link.heardAt > since });
    });
    this.#cancels.add(cancel);
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#disposed ??= this.#dispose();
    return this.#disposed;
  }

  async #dispose(): Promise<void> {
    this.#loop.dispatch({ type: 'shutdown' });
    this.#alarm.stop();
    this.#heartbeat.stop();
    this.#secure.stop();
    for (const cancel of this.#cancels) cancel();
    await this.#services[Symbol.asyncDispose]();
    await this.#images[Symbol.asyncDispose]();
    await Promise.all(this.#listeners.map((listener) => listener[Symbol.asyncDispose]()));
    await this.#door?.asker?.[Symbol.asyncDispose]();
  }
}
