/** One process that goes to another node: the giving end of PROTOCOL.md 12.3. */
import { rm } from 'node:fs/promises';
import type { Duplex } from 'node:stream';
import type { Cancel } from '../../clock.ts';
import { BprocError } from '../../errors.ts';
import type { AddressHelper, InterfaceAddress, SpawnedProcess, StreamPlaces } from '../../linux/index.ts';
import type { Link } from '../../transport/index.ts';
import { reasonOf } from '../../transport/index.ts';
import type { Control, Credit, Depart, Init, Settle } from '../../wire/index.ts';
import { MoveProgressPhase as Phase } from '../../wire/index.ts';
import { idBytes, idText } from '../ids.ts';
import type { BlobSender, BlobSource } from '../image/index.ts';
import type { Capture, Checkpointer, Connections } from '../migrate/index.ts';
import { LuggageGiver, usedFiles } from '../migrate/index.ts';
import { inspectSubject, ownPidOf, subjectOf, waysOf } from './capturing.ts';
import { carry } from './carried-image.ts';
import type { CopyGroup, SharedCapture } from './copy-group.ts';
import { DepartingFiles } from './departing-files.ts';
import { DepartureProgress, type Progress } from './departure-progress.ts';
import { factsOf, tagOf } from './facts.ts';
import { isNear } from './image-supply.ts';
import type { HeldImage } from './images.ts';
import { captureTag } from './left-captures.ts';
import type { MoveParts } from './move-parts.ts';
import { tellableNeeds } from './needs.ts';
import { addressOf, leaveAddress } from './own-addresses.ts';
import { PageRelay } from './page-relay.ts';
import { openPeer } from './peer-link.ts';
import { luggageOf, writeRest } from './said-luggage.ts';
import type { SlaveProcess } from './state.ts';
import { sayStill } from './still.ts';
import { untilGone } from './until-gone.ts';

/** How long the other slave may say nothing while it makes a process, in milliseconds. */
const QUIET_MS = 60_000;
/** How long a verdict may take to leave, in milliseconds. */
const SETTLED_MS = 5000;

/** One process on its way. */
export class Departure {
  readonly #parts: MoveParts;
  readonly #key: string;
  readonly #order: Depart;
  readonly #keep: (capture: Capture) => void;
  #link: Link | undefined;
  readonly #files: DepartingFiles;
  #giver: LuggageGiver | undefined;
  #directory = '';
  #address: InterfaceAddress | undefined;
  #later: Capture['later'];
  #pids: readonly number[] = [];
  #pages: PageRelay | undefined;
  #pageSource: Duplex | undefined;
  #failure: BprocError | undefined;
  #wake: () => void = () => {};
  #isAdmitted = false;
  #areNeedsMet = false;
  #isPrepared = false;
  readonly #group: CopyGroup | undefined;
  #shared: SharedCapture | undefined;
  #takesParcels = false;
  #isCarrying: Promise<void> | undefined;
  #carried: Disposable | undefined;
  #cancelStill: Cancel = () => {};

  /**
   * @param keep gets what says that the process has gone, for as long as somebody may ask.
   * @param group of a copy: those that are made of the same capture.
   */
  constructor(
    parts: MoveParts,
    key: string,
    order: Depart,
    keep: (capture: Capture) => void,
    group: CopyGroup | undefined,
  ) {
    this.#group = group;
    this.#keep = keep;
    this.#parts = parts;
    this.#key = key;
    this.#order = order;
    const { bytesPerSecond } = order;
    const open = (image: string, blob: string): Promise<BlobSource> => this.#open(image, blob);
    this.#files = new DepartingFiles({ clock: parts.clock, bytesPerSecond, open });
  }

  /** The key of the copy that it makes; undefined: the process itself goes. */
  get copyKey(): string | undefined {
    const [copy] = this.#order.copy?.targets ?? [];
    return copy && idText(copy.puid);
  }

  /** Of what the other slave is to make. */
  get puid(): Uint8Array {
    return this.#order.copy?.targets[0]?.puid ?? this.#order.puid;
  }

  /** What gives its files by a connection of their own, which the other slave has made, and from then on by no other. */
  giveBy(link: Link): BlobSender | undefined {
    if (this.#giver === undefined || this.#areNeedsMet) return undefined;
    return this.#files.giveBy(link);
  }

  settle(settle: Init<Settle>): void {
    this.#link?.send({ settle });
  }

  callOff(error: BprocError): void {
    this.#failure ??= error;
    this.#wake();
  }

  async run(): Promise<void> {
    const { tell } = this.#parts;
    const { number, node } = this.#order;
    const [copy] = this.#order.copy?.targets ?? [];
    let left: SpawnedProcess | undefined;
    let closePeer = (): void => {};
    const end = (): void => {
      this.#cancelStill();
      closePeer();
    };
    try {
      if (this.#group === undefined) {
        this.#directory = this.#parts.directory('move');
        this.#giver = new LuggageGiver(this.#directory, (name) => this.#link?.send({ grows: { name } }));
      }
      const engine = await this.#parts.checkpointer();
      this.#checkWanted();
      await inspectSubject(this.#parts, this.#key, engine, this.#connections);
      await this.#inspectAddress();
      if (this.#order.postCopy) await engine.checkLater('source');
      closePeer = this.#connect(engine);
      await this.#until(() => this.#isAdmitted);
      await this.#tellNeeds();
      await this.#until(() => this.#areNeedsMet);
      if (copy !== undefined && this.#group !== undefined) {
        await this.#copy(engine, this.#group);
        tell({ type: 'copied', puid: copy.puid, number, error: undefined });
      } else {
        // the process is to be forgotten before its capture, or it would be thought to have been killed
        const handle = this.#parts.handleOf(this.#key);
        this.#keep(await this.#leave(engine));
        left = handle;
        tell({ type: 'departed', key: this.#key, number, node, error: undefined, pids: this.#pids });
        // all that there is of its memory
        await this.#later?.over.catch(() => {});
      }
      // what was said last is to get there: the other end closes once it has it
      if (this.#isParcel) void this.#group?.over.then(end);
      else this.#parts.clock.after(SETTLED_MS, end);
    } catch (cause) {
      end();
      const error = BprocError.from(cause);
      if (copy !== undefined) tell({ type: 'copied', puid: copy.puid, number, error });
      else tell({ type: 'departed', key: this.#key, number, node, error });
    } finally {
      this.#files[Symbol.dispose]();
      await this.#isCarrying;
      this.#carried?.[Symbol.dispose]();
      if (this.#directory !== '') await rm(this.#directory, { recursive: true, force: true });
    }
    if (left !== undefined) await untilGone(left, this.#parts.clock);
  }

  /** Captures it and lets the other slave make it; what was captured is undone where that fails. */
  async #leave(engine: Checkpointer): Promise<Capture> {
    const { tell } = this.#parts;
    const { process, handle } = subjectOf(this.#parts, this.#key);
    const { number, node } = this.#order;
    const known = factsOf(tagOf(process, process.startedAt));
    const facts = known && { ...known, isGuest: !this.#parts.state.pids.has(process.pid) };
    await using leaving = await this.#leaveAddress();
    tell({ type: 'freezing', key: this.#key });
    let capture: Capture | undefined;
    using progress = this.#progress();
    try {
      progress?.enter(Phase.CAPTURING);
      const standing = await handle.hold?.();
      const { identity } = process;
      capture = await engine.capture({
        pid: identity?.pid ?? 0,
        directory: this.#directory,
        connections: this.#connections,
        hasOwnRoot: this.#parts.rootOf(this.#key) !== undefined,
        leavesMemory: this.#order.postCopy,
        terminal: standing?.terminal,
        ways: waysOf(this.#parts, process),
        tag: captureTag({ key: this.#key, move: { number, node }, directory: this.#directory, facts }),
        grows: (name) => this.#giver?.grows(name),
      });
      this.#pids = await engine.numbersIn(this.#directory);
      const places = await handle.hold?.(true);
      if (places === undefined) throw new BprocError('ENOSYS', 'the engine of this node holds no streams');
      // nothing cuts a capture short
      this.#checkWanted();
      await handle.drain?.(places);
      await this.#giveMemory(capture);
      await this.#pack(process, places);
      progress?.enter(Phase.SENDING);
      await this.#until(() => this.#isPrepared);
      progress?.enter(Phase.MAKING);
      leaving?.ending();
      await capture.commit();
      await leaving?.gone();
      return capture;
    } catch (error) {
      handle.letGo?.();
      // what was typed at its terminal has to be there again before it runs: the engine answers in order
      if (process.hasTerminal) await handle.signal(0, 'process').catch(() => {});
      await capture?.abort();
      throw error;
    }
  }

  /** Captures it and lets it run on; what the other slave makes of that is a process of its own. */
  async #copy(engine: Checkpointer, group: CopyGroup): Promise<void> {
    using progress = this.#progress();
    progress?.enter(Phase.CAPTURING);
    const shared = await group.captured(engine);
    this.#shared = shared;
    this.#checkWanted();
    progress?.enter(Phase.SENDING);
    const { pipes, files, parcel } = shared;
    const what = this.#isParcel
      ? { parcel: idBytes(parcel?.hash ?? ''), parcelBytes: parcel?.bytes.length ?? 0 }
      : { files };
    this.#link?.send({ luggage: { ...what, pipes: [...pipes], closeConnections: true } });
    if (this.#isParcel && this.#link !== undefined) this.#cancelStill = sayStill(this.#parts.clock, this.#link);
    await this.#until(() => this.#isPrepared);
  }

  #checkWanted(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }

  #progress(): DepartureProgress | undefined {
    const { puid } = this;
    const { number, progress } = this.#order;
    const tell = (what: Progress): void => this.#parts.tellProgress({ puid, number, ...what });
    const distance = () => {
      const totalBytes = (this.#shared ?? this.#giver)?.totalBytes ?? 0;
      return { bytes: this.#files.sentBytes, totalBytes };
    };
    return progress ? new DepartureProgress(this.#parts.clock, tell, distance) : undefined;
  }

  /** Whether the other slave has its files of others, too, and keeps them for others. */
  get #isParcel(): boolean {
    return this.#takesParcels && this.#shared?.parcel !== undefined;
  }

  /** What its memory is asked for by may come as soon as the other slave has the rest. */
  async #giveMemory({ later }: Capture): Promise<void> {
    if (later === undefined || this.#link === undefined) return;
    this.#later = later;
    this.#pageSource = await later.give();
    this.#pages = new PageRelay(this.#link, this.#pageSource);
    if (this.#failure !== undefined) this.#pageSource.destroy();
  }

  /** @throws BprocError where an address that is to go along cannot. */
  async #inspectAddress(): Promise<void> {
    const { virtualAddress } = this.#order;
    if (virtualAddress !== '') this.#address = await addressOf(virtualAddress, this.#outerPid);
  }

  /** Nothing that comes for the process from here on is taken, or it would be taken by a socket that is not made again. */
  async #leaveAddress(): Promise<AddressHelper | undefined> {
    return this.#address && leaveAddress(this.#address, this.#outerPid);
  }

  /** As this program's own `/proc` has it. */
  get #outerPid(): number {
    return ownPidOf(subjectOf(this.#parts, this.#key).process);
  }

  get #connections(): Connections {
    if (this.#order.virtualAddress !== '') return 'keep';
    return this.#order.closeConnections || this.#order.copy !== null ? 'close' : 'refuse';
  }

  /** The root that it has, as it is said elsewhere: who is in which group is no part of it. */
  get #image(): HeldImage | undefined {
    const image = this.#parts.rootOf(this.#key);
    if (image === undefined) return undefined;
    const { name, bytes, user } = image;
    return { name, bytes, user: user && { ...user, groups: [] } };
  }

  #connect(engine: Checkpointer): () => void {
    const { network, clock, state } = this.#parts;
    const { number, node, address, ticket, copy, virtualAddress, postCopy } = this.#order;
    const { process } = subjectOf(this.#parts, this.#key);
    const { puid } = this;
    if (network === undefined || address === '') {
      throw new BprocError('ENOSYS', `node ${node} cannot be reached from here: processes go from slave to slave`);
    }
    if (!isNear(address, this.#parts.masterPeer())) {
      throw new BprocError('EPERM', `node ${node} is at an address that this one does not connect to`);
    }
    const facts = tagOf(process, process.startedAt, this.#image);
    const what = { puid, number, node: state.node ?? 0, ticket, pid: process.pid, engine: engine.engine, facts, copy };
    // a copy may come of others, and not from here
    const door = copy === null ? this.#parts.images?.invite({ image: puid, number, node }) : undefined;
    const bring = { ...what, virtualAddress, postCopy, luggageAddress: door?.address, luggageTicket: door?.ticket };
    const sink = {
      admitted: (link: Link) => {
        this.#link = link;
        this.#isAdmitted = true;
        this.#files.begin(link);
        this.#wake();
      },
      control: (message: Control) => this.#hear(message),
      credit: (transfer: number, credit: Credit) => this.#files.credit(transfer, credit),
      drained: () => this.#files.drained(),
      closed: (reason: BprocError) => {
        this.callOff(reason);
        this.#pageSource?.destroy();
      },
    };
    return openPeer(network, clock, { address, node, greeting: { bring } }, sink);
  }

  /** What it lacks the other slave says before anything stands still. */
  async #tellNeeds(): Promise<void> {
    const { hashes, cpu } = this.#parts.machine;
    this.#link?.send({ needs: await tellableNeeds(await usedFiles(this.#outerPid, hashes), cpu()) });
  }

  /** The other slave has nothing: what it lacks it can have from here. */
  async #carry(): Promise<void> {
    try {
      const { needs, kept } = await carry(this.#parts, this.#outerPid);
      this.#carried = kept;
      this.#link?.send({ needs });
    } catch (cause) {
      const error = BprocError.from(cause);
      const { node } = this.#order;
      const { pid } = subjectOf(this.#parts, this.#key).process;
      const why = `process ${pid} cannot bring what node ${node} lacks, which has nothing of its own: ${error.message}`;
      this.callOff(new BprocError(error.code, why, { pid, node, cause }));
    }
  }

  #open(image: string, blob: string): Promise<BlobSource> {
    const opened = this.#shared?.open(image, blob) ?? this.#giver?.open(blob);
    return opened ?? Promise.reject(new BprocError('ENOENT', 'nothing is captured yet'));
  }

  #hear(message: Control): void {
    if (message.body === 'fetch') this.#files.fetch(message.fetch);
    if (message.body === 'needsImage') this.#isCarrying ??= this.#carry();
    if (message.body === 'needsMet') {
      this.#areNeedsMet = true;
      this.#takesParcels = message.needsMet.takesParcels;
    }
    if (message.body === 'pages') this.#pages?.hear(message.pages);
    if (message.body === 'prepared') this.#isPrepared = true;
    if (message.body === 'arrived' && message.arrived.failure !== null) {
      this.callOff(reasonOf(message.arrived.failure));
    }
    this.#wake();
  }

  /** All that the other slave needs, the last bytes of its outputs too. */
  async #pack(process: SlaveProcess, places: StreamPlaces): Promise<void> {
    const outlets = await writeRest(process, this.#directory);
    const files = await this.#giver?.pack();
    const { closeConnections } = this.#order;
    const said = luggageOf(this.#parts, this.#key, process, places);
    this.#link?.send({ luggage: { ...said, files, outlets, closeConnections } });
  }

  /** Waits for something, for as long as the other slave says anything. */
  async #until(condition: () => boolean): Promise<void> {
    const { clock } = this.#parts;
    const from = clock.now();
    while (!condition()) {
      this.#checkWanted();
      const quietMs = clock.now() - Math.max(from, this.#link?.heardAt ?? from);
      if (quietMs >= QUIET_MS) {
        throw new BprocError('ETIMEDOUT', `node ${this.#order.node} has said nothing for ${QUIET_MS} ms`);
      }
      await new Promise<void>((resolve) => {
        const cancel = clock.after(QUIET_MS - quietMs, resolve);
        this.#wake = () => {
          cancel();
          resolve();
        };
      });
    }
    this.#checkWanted();
  }
}
