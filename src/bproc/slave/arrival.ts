/** One process that comes from another node: the taking end of PROTOCOL.md 12.3. */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Cancel } from '../../clock.ts';
import { BprocError } from '../../errors.ts';
import type { AddressHelper, ProcessIdentity, SpawnedProcess, SpawnRequest } from '../../linux/index.ts';
import type { Link } from '../../transport/index.ts';
import { failureOf } from '../../transport/index.ts';
import type { Bring, Control, Luggage, Settle } from '../../wire/index.ts';
import { idText, newTag } from '../ids.ts';
import type { Checkpointer, Connections, Restoration, TakenMemory } from '../migrate/index.ts';
import { LuggageTaker } from '../migrate/index.ts';
import { checkEngine, explained, makeCopy, RESTORE_MS } from './copy-making.ts';
import { arrivalTag, factsOf } from './facts.ts';
import { checkWritten, heldOf, outletsOf, pipesOf, streamsOf, terminalOf, WRITTEN } from './heard-luggage.ts';
import type { HeldImage } from './images.ts';
import { type Lodging, lodge } from './lodging.ts';
import { LuggageWay } from './luggage-way.ts';
import type { ArrivalParts } from './move-parts.ts';
import { type HeardNeeds, needsIn } from './needs.ts';
import { takeAddress } from './own-addresses.ts';
import { PageRelay } from './page-relay.ts';
import type { ParcelLease } from './parcels.ts';
import type { Visit } from './peer-sources.ts';
import { markerOf, runsFor } from './spawn-request.ts';
import { sayStill } from './still.ts';

const SIGKILL = 9;

/** One process on its way in. */
export class Arrival implements Visit {
  readonly number: number;
  readonly #parts: ArrivalParts;
  readonly #link: Link;
  readonly #bring: Bring;
  #taker: LuggageTaker | undefined;
  #parcel: ParcelLease | undefined;
  #cancelStill: Cancel = () => {};
  #address: AddressHelper | undefined;
  #memory: TakenMemory | undefined;
  #pages: PageRelay | undefined;
  #isPrepared = false;
  #isGone = false;
  #setNeeds: (needs: HeardNeeds) => void = () => {};
  #setCarried: (needs: HeardNeeds) => void = () => {};
  #setLuggage: (luggage: Luggage) => void = () => {};
  #setVerdict: (settle: Pick<Settle, 'go' | 'signals'>) => void = () => {};
  #setFailure: (error: BprocError) => void = () => {};
  readonly #needs = new Promise<HeardNeeds>((resolve) => {
    this.#setNeeds = resolve;
  });
  /** The same, with an image that has it. */
  readonly #carried = new Promise<HeardNeeds>((resolve) => {
    this.#setCarried = resolve;
  });
  readonly #luggage = new Promise<Luggage>((resolve) => {
    this.#setLuggage = resolve;
  });
  readonly #verdict = new Promise<Pick<Settle, 'go' | 'signals'>>((resolve) => {
    this.#setVerdict = resolve;
  });
  readonly #failure = new Promise<never>((_, reject) => {
    this.#setFailure = reject;
  });

  constructor(parts: ArrivalParts, link: Link, bring: Bring) {
    this.#parts = parts;
    this.#link = link;
    this.#bring = kept(bring);
    this.number = bring.number;
    // it may have nobody waiting for it any more
    this.#failure.catch(() => {});
  }

  /** The user as whom it would run. */
  get uid(): number | undefined {
    return this.#bring.copy?.uid ?? factsOf(this.#bring.facts)?.uid;
  }

  control(message: Control): void {
    if (message.body === 'grows') this.#takeEarly(message.grows.name);
    if (message.body === 'needs') this.#hearNeeds(needsIn(message.needs));
    if (message.body === 'luggage') this.#setLuggage(message.luggage);
    if (message.body === 'fetchFailed') (this.#taker ?? this.#parcel)?.failed(message.fetchFailed);
    if (message.body === 'pages') this.#pages?.hear(message.pages);
    if (message.body === 'settle') this.settle(message.settle);
  }

  data(transfer: number, offset: number, bytes: Buffer, fin: boolean): void {
    (this.#taker ?? this.#parcel)?.data(transfer, offset, bytes, fin);
  }

  /** Whoever brought it is gone. Once it is prepared, the master has to say whether it is still there. */
  closed(reason: BprocError | undefined): void {
    this.#isGone = true;
    this.#leaveParcel();
    const error = reason ?? new BprocError('ECONNRESET', 'the slave that brought the process is gone');
    // what lacks its memory is not to run
    if (this.#isPrepared && this.#memory === undefined) this.ask();
    else this.fail(error);
  }

  settle(verdict: Pick<Settle, 'go' | 'signals'>): void {
    this.#setVerdict(verdict);
  }

  /** Asks the master what has become of the original. */
  ask(): void {
    const { puid, node: from } = this.#bring;
    if (this.#isPrepared && this.#isGone) this.#parts.report({ puid, number: this.number, from });
  }

  fail(error: BprocError): void {
    this.#setFailure(error);
    this.#taker?.fail(error);
  }

  #takeEarly(name: string): void {
    try {
      this.#taker?.begin(name);
    } catch (cause) {
      this.fail(BprocError.from(cause));
    }
  }

  async run(): Promise<void> {
    const { puid } = this.#bring;
    let directory: string | undefined;
    try {
      directory = this.#parts.directory('move');
      const engine = await this.#parts.checkpointer();
      checkEngine(engine, this.#bring.engine, this.#parts.state.node);
      if (this.#bring.postCopy) await engine.checkLater('target');
      this.#admit();
      await Promise.race([this.#parts.departed(idText(puid)), this.#failure]);
      using lodging = await this.#meetNeeds();
      using way = await LuggageWay.open(this.#parts, this.#bring);
      const broken = (error: BprocError): void => this.fail(error);
      await using taker = new LuggageTaker({ link: way.link ?? this.#link, puid, directory, broken });
      this.#taker = taker;
      way.taker = taker;
      this.#link.send({ needsMet: { takesParcels: this.#parts.images?.parcels?.canTake === true } });
      const luggage = await Promise.race([this.#luggage, this.#failure]);
      checkWritten(luggage);
      if (luggage.parcel.length > 0) await this.#takeParcel(luggage, directory);
      else await taker.takeAll(luggage.files);
      await this.#checkRights(engine, directory);
      if (this.#bring.copy === null) await this.#make(engine, luggage, directory, lodging);
      else await this.#makeCopy(engine, luggage, directory, lodging);
    } catch (cause) {
      const error = BprocError.from(cause);
      const failure = failureOf(error);
      if (this.#bring.copy !== null) this.#parts.tell({ type: 'failed', key: idText(puid), error });
      this.#link.send({ arrived: { puid, number: this.number, failure } });
      this.#leaveParcel();
      this.#link.close();
    } finally {
      await this.#memory?.[Symbol.asyncDispose]();
      await this.#address?.[Symbol.asyncDispose]();
      if (directory !== undefined) await rm(directory, { recursive: true, force: true });
    }
  }

  /** Its files come from wherever the master says, and stay for others until whoever brought it is gone. */
  async #takeParcel({ parcel, parcelBytes }: Luggage, directory: string): Promise<void> {
    const parcels = this.#parts.images?.parcels;
    if (parcels === undefined || this.#bring.copy === null) throw new BprocError('EPROTO', 'no parcel was asked for');
    const lease = parcels.lease(idText(parcel), parcelBytes, this.#link);
    // from here on what comes is the parcel's
    this.#taker = undefined;
    this.#parcel = lease;
    this.#cancelStill = sayStill(this.#parts.clock, this.#link);
    await Promise.race([lease.ready, this.#failure]);
    await lease.place(directory);
  }

  #leaveParcel(): void {
    this.#cancelStill();
    // what cannot be removed is removed with the program's other directories
    void this.#parcel?.leave().catch(() => {});
  }

  /** Whoever brought it is not to give it rights that its user has not got: what makes it gives it any. */
  async #checkRights(engine: Checkpointer, directory: string): Promise<void> {
    const { state } = this.#parts;
    const uid = state.processes.get(idText(this.#bring.puid))?.uid ?? factsOf(this.#bring.facts)?.uid ?? -1;
    const { users, hasCapabilities } = await engine.rightsIn(directory);
    const details = { pid: this.#bring.pid };
    if (state.config.users !== undefined && !runsFor(state.config.users, uid)) {
      throw new BprocError('EPERM', `node ${state.node} runs nothing as uid ${uid}`, details);
    }
    if (uid === 0 || (!hasCapabilities && [...users].every((user) => user === uid))) return;
    throw new BprocError('EPERM', `it has other rights than those of its user, ${uid}`, details);
  }

  #admit(): void {
    const session = newTag(this.#parts.random);
    this.#link.send({ admitted: { session } });
    this.#link.establish(session);
  }

  /** What is not as the process needs it here is said while that still runs. */
  async #meetNeeds(): Promise<Lodging> {
    const { image, needs, from } = await this.#roomFor(await Promise.race([this.#needs, this.#failure]));
    const lodging = await lodge(this.#parts, image, from);
    try {
      await lodging.check(`process ${this.#bring.pid} cannot go on on node ${this.#parts.state.node}`, needs);
      const { virtualAddress } = this.#bring;
      if (virtualAddress !== '') this.#address = await takeAddress(virtualAddress, this.#parts.state.node);
      return lodging;
    } catch (error) {
      lodging[Symbol.dispose]();
      throw error;
    }
  }

  #hearNeeds(needs: HeardNeeds): void {
    if (needs.image === undefined) this.#setNeeds(needs);
    else this.#setCarried(needs);
  }

  /** What it has as its root here. Where there is nothing it is to bring what it needs, unless it has an image already. */
  async #roomFor(needs: HeardNeeds): Promise<{ image?: HeldImage; needs: HeardNeeds; from?: number }> {
    const { images, state } = this.#parts;
    const image = factsOf(this.#bring.facts)?.image;
    if (image !== undefined) return { image, needs };
    if (images?.areRoots(state.config.root) !== true) return { needs };
    this.#link.send({ needsImage: {} });
    const carried = await Promise.race([this.#carried, this.#failure]);
    const uid = this.uid ?? 0;
    const user = uid === process.geteuid?.() ? undefined : { uid, gid: 0, groups: [] };
    return { ...(carried.image && { image: { ...carried.image, user } }), needs: carried, from: this.#bring.node };
  }

  async #make(engine: Checkpointer, luggage: Luggage, directory: string, lodging: Lodging): Promise<void> {
    const { pid } = this.#bring;
    const pipes = pipesOf(luggage);
    const input = pipes[0] === 0 ? Buffer.alloc(0) : await engine.unread(directory, pipes[0]);
    await this.#address?.add();
    await this.#takeMemory(engine, directory);
    await using restoration = await engine.restore({
      pid,
      pipes,
      directory,
      terminal: luggage.terminal ?? undefined,
      hasOwnRoot: lodging.image !== undefined,
      env: { ...this.#parts.way, BPROC_NODE: String(this.#parts.state.node) },
      connections: this.#connections(luggage),
      leavesMemory: this.#memory !== undefined,
    });
    const key = idText(this.#bring.puid);
    const written = await Promise.all(WRITTEN.map((name) => readFile(join(directory, name))));
    const [stdout = Buffer.alloc(0), stderr = Buffer.alloc(0)] = written;
    const offsets = [luggage.input - input.length, ...outletsOf(luggage).map(({ from }) => from)] as const;
    const facts = factsOf(this.#bring.facts);
    const request: SpawnRequest = {
      ...restoration.program,
      ...streamsOf(luggage),
      marker: facts === undefined ? '' : markerOf(facts),
      windowBytes: facts?.window,
      tag:
        facts &&
        arrivalTag({ ...facts, image: lodging.image }, !this.#parts.state.pids.has(pid), {
          number: this.number,
          stopped: luggage.stopped,
          directory,
        }),
      remake: {
        pid,
        offsets: [offsets[0], offsets[1] ?? 0, offsets[2] ?? 0],
        written: [stdout, stderr],
        terminal: terminalOf(luggage, this.uid ?? 0),
      },
    };
    lodging.keep(key);
    await this.#begin(key, lodging.around(request, restoration), luggage, input, restoration);
    await this.#awaitMemory(key);
    this.#link.close();
  }

  async #takeMemory(engine: Checkpointer, directory: string): Promise<void> {
    if (!this.#bring.postCopy) return;
    this.#memory = await engine.take({ pid: this.#bring.pid, directory });
    this.#pages = new PageRelay(this.#link, this.#memory.source);
    await Promise.race([this.#memory.ready, this.#failure]);
  }

  /** Once it runs it is lost where the rest of its memory does not come. */
  async #awaitMemory(key: string): Promise<void> {
    if (this.#memory === undefined) return;
    this.#parts.incomplete.add(key);
    try {
      await Promise.race([this.#memory.whole, this.#failure]);
    } catch (error) {
      const { message } = BprocError.from(error);
      // said first, so that it is not what it was ended by that counts
      this.#parts.tell({ type: 'lost', key, error: new BprocError('BE_SLAVEDIED', `its memory is lost: ${message}`) });
      await this.#parts
        .handleOf(key)
        ?.signal(SIGKILL, 'tree')
        .catch(() => {});
    } finally {
      this.#parts.incomplete.delete(key);
    }
  }

  #connections({ closeConnections }: Luggage): Connections {
    if (this.#address !== undefined) return 'keep';
    return closeConnections ? 'close' : 'refuse';
  }

  /** Nobody has to be asked whether it may run: it is a process of its own. */
  async #makeCopy(engine: Checkpointer, luggage: Luggage, directory: string, lodging: Lodging): Promise<void> {
    await makeCopy(this.#parts, engine, {
      key: idText(this.#bring.puid),
      directory,
      lodging,
      original: this.#bring.pid,
      pipes: pipesOf(luggage),
      rank: this.#bring.copy?.targets[0]?.rank ?? 0,
    });
    this.#link.send({ prepared: {} });
    // as long as others may need it from here it is not the end
    if (this.#parcel?.isOnly === true) return;
    this.#leaveParcel();
    this.#link.close();
  }

  /** Starts what makes it, and lets it run once that is said. */
  async #begin(
    key: string,
    request: SpawnRequest,
    luggage: Luggage,
    input: Buffer,
    restoration: Restoration,
  ): Promise<void> {
    const { clock, remake, drop, tell } = this.#parts;
    let signals: Settle['signals'] = [];
    let handle: SpawnedProcess | undefined;
    const running = new Promise<void>((resolve, reject) => {
      const started = (identity: ProcessIdentity): void => {
        const held = heldOf(request.tag ?? Buffer.alloc(0), luggage, identity, input.length);
        const [stdout, stderr] = outletsOf(luggage);
        const wanted = [stdout?.wanted === true, stderr?.wanted === true] as const;
        tell({ type: 'arrived', number: this.number, held, wanted, signals, wallTime: clock.wallTime() });
        resolve();
      };
      handle = remake(key, request, { started, failed: reject, lost: reject });
    });
    running.catch(() => {});
    if (input.length > 0) handle?.write(input);
    if (luggage.note.length > 0) handle?.note(luggage.note);
    let cancel = clock.after(RESTORE_MS, () => handle?.giveUp?.());
    try {
      await Promise.race([restoration.prepared, running, this.#failure]);
      this.#isPrepared = true;
      cancel();
      this.#link.send({ prepared: {} });
      if (this.#isGone) this.ask();
      const verdict = await Promise.race([this.#verdict, running.then(() => this.#verdict), this.#failure]);
      if (!verdict.go) throw new BprocError('ECANCELED', 'the process runs on where it was');
      signals = verdict.signals;
      await this.#address?.announce();
      restoration.settle(true);
      cancel = clock.after(RESTORE_MS, () => handle?.giveUp?.());
      await running;
    } catch (cause) {
      restoration.settle(false);
      handle?.giveUp?.();
      await running.catch(() => {});
      drop(key);
      throw await explained(restoration, cause);
    } finally {
      cancel();
    }
  }
}

/** What of a message lasts. */
function kept(bring: Bring): Bring {
  const { number, node, pid, engine, copy, virtualAddress, postCopy, luggageAddress } = bring;
  const [puid, ticket, facts] = [Buffer.from(bring.puid), Buffer.from(bring.ticket), Buffer.from(bring.facts)];
  const luggageTicket = Buffer.from(bring.luggageTicket);
  return {
    puid,
    number,
    node,
    ticket,
    pid,
    engine,
    facts,
    copy,
    virtualAddress,
    postCopy,
    luggageAddress,
    luggageTicket,
  };
}
