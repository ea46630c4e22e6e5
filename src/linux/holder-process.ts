/** A process that a holder has started and keeps. */
import type { Clock } from '../clock.ts';
import { BprocError } from '../errors.ts';
import type { Cgroup } from './cgroup-pool.ts';
import { DeferredActs } from './deferred-acts.ts';
import { Audience } from './holder-audience.ts';
import { holderFailure } from './holder-failure.ts';
import { FLAG_FROZEN, FLAG_STILL, SAY } from './holder-frames.ts';
import type { HolderLink } from './holder-link.ts';
import { HolderStreams, type StreamKinds } from './holder-streams.ts';
import { signalGroup, signalTree } from './kill.ts';
import type { Origin } from './process-tree.ts';
import type { ProcessView } from './process-view.ts';
import { signalNumber } from './signals.ts';
import type { SpawnRequest, TerminalSize } from './spawn-request.ts';
import type {
  ExitStatus,
  HeldProcess,
  ProcessIdentity,
  ResourceUsage,
  SignalScope,
  SpawnedProcess,
  SpawnSink,
  StreamPlaces,
} from './spawner.ts';

/** What a process needs of its spawner. */
export interface ProcessHost {
  readonly link: HolderLink;
  readonly view: ProcessView;
  readonly lingerMs: number;
  readonly clock: Clock;
  /** Whether the holder keeps output and ends until it is told that they were taken. */
  readonly keeps: boolean;
  /** What its descendants are recognised by. */
  originOf(process: HolderProcess, identity: ProcessIdentity): Origin;
  /** It runs. */
  begun(process: HolderProcess): void;
  /** The holder has forgotten it, since it could not be started. */
  refused(process: HolderProcess): void;
  /** It has ended, and so have its outputs. */
  finished(process: HolderProcess): void;
  /** It is nobody's any more. */
  released(process: HolderProcess): void;
  /** Its end was taken. */
  forgotten(process: HolderProcess): void;
}

/** What a process is made of. */
export interface ProcessInit {
  readonly id: number;
  readonly marker: string;
  readonly streams: StreamKinds;
  readonly windowBytes: number;
  /** The one it is in, where it is in one. */
  readonly cgroup: Cgroup | undefined;
  /** What it is started with; absent where an earlier life of the program has started it. */
  readonly request?: SpawnRequest;
  readonly sink?: SpawnSink;
  /** What the holder told of it, where it was there before. */
  readonly held?: HeldProcess;
}

const SIGKILL = 9;

/** The process. */
export class HolderProcess implements SpawnedProcess {
  readonly id: number;
  readonly marker: string;
  /** Its UTS namespace, where it has its own. */
  uts: number | undefined;
  readonly #host: ProcessHost;
  readonly #streams: HolderStreams;
  readonly #cgroup: Cgroup | undefined;
  #phase: 'starting' | 'running' | 'exited' | 'over' = 'starting';
  #identity: ProcessIdentity | undefined;
  #request: SpawnRequest | undefined;
  readonly #audience: Audience;
  #held: HeldProcess | undefined;
  #released = false;
  #hurried = false;
  #finished = false;
  #forgotten = false;
  /** What is to be remembered of it. */
  #name: Uint8Array | undefined;
  /** What waits until it is known whether it runs. */
  readonly #early = new DeferredActs();
  /** A note on its way to the holder. */
  #noting: Promise<void> | undefined;
  /** Who waits for its input to stand still. */
  #holding: ((places: StreamPlaces | BprocError) => void)[] = [];

  constructor(init: ProcessInit, host: ProcessHost) {
    const { id, streams: kinds, windowBytes, held } = init;
    const { link, lingerMs, clock, keeps } = host;
    const ended = (): void => this.#checkFinished();
    this.id = id;
    this.marker = init.marker;
    this.#host = host;
    this.#cgroup = init.cgroup;
    this.#request = init.request;
    this.#audience = new Audience(init.sink);
    this.#held = held;
    const common = { link, id, kinds, windowBytes, held, remake: init.request?.remake };
    this.#streams = new HolderStreams({ ...common, keeps, lingerMs, clock, ended });
    if (held !== undefined) {
      this.#identity = held.identity;
      if (held.phase !== 'starting') this.#phase = 'running';
    }
    if (init.sink === undefined) return;
    this.#streams.input?.open(init.sink);
    this.#streams.open(init.sink);
  }

  /** Whether it, or an output of it, is still there, and it was not released. */
  get isOpen(): boolean {
    return !this.#finished && !this.#released;
  }

  /** Whether its end was taken. */
  get isForgotten(): boolean {
    return this.#forgotten;
  }

  /** What is to be remembered of it once it is forgotten. */
  get name(): Uint8Array | undefined {
    return this.#name;
  }

  /** Whether it waits for somebody to adopt it. */
  get isHeld(): boolean {
    return this.#held !== undefined;
  }

  /** Who it is, while it runs. */
  get running(): ProcessIdentity | undefined {
    return this.#phase === 'running' ? this.#identity : undefined;
  }

  /** What its descendants are recognised by, once it has started. */
  get origin(): Origin | undefined {
    return this.#identity === undefined ? undefined : this.#host.originOf(this, this.#identity);
  }

  /** How it stands, for whoever may adopt it. */
  describe(): HeldProcess | undefined {
    const held = this.#held;
    if (held === undefined || this.#phase === 'over') return undefined;
    return { ...held, phase: this.#phase, identity: this.#identity };
  }

  /** Gives it the sink of its new owner, told from the next turn on; false where it has one. */
  adopt(sink: SpawnSink): boolean {
    if (this.#held === undefined || this.#phase === 'over') return false;
    this.#held = undefined;
    process.nextTick(() => {
      if (this.#released || this.#phase === 'over') return;
      const news = this.#audience.enter(sink);
      this.#streams.input?.open(sink);
      for (const tell of news) tell(sink);
      this.#streams.open(sink);
      this.#checkFinished();
    });
    return true;
  }

  write(chunk: Uint8Array): void {
    if (!this.#released) this.#streams.input?.write(chunk);
  }

  endStdin(): void {
    if (!this.#released) this.#streams.input?.end();
  }

  pause(fd: 1 | 2): void {
    this.#streams.output(fd)?.pause();
  }

  resume(fd: 1 | 2): void {
    if (!this.#released) this.#streams.output(fd)?.resume();
  }

  closeOutput(fd: 1 | 2): void {
    this.#whenRunning(() => this.#streams.output(fd)?.close());
  }

  discardOutput(fd: 1 | 2): void {
    this.#whenRunning(() => this.#streams.output(fd)?.discard());
  }

  acknowledge(fd: 1 | 2, offset: number): void {
    this.#streams.output(fd)?.acknowledge(offset);
  }

  note(bytes: Uint8Array): void {
    if (this.#released || this.#phase === 'over') return;
    const { link } = this.#host;
    link.writer.begin(SAY.note, 0, this.id);
    link.writer.endWith(bytes);
    const noting = link.handedOver().then(() => {
      if (this.#noting === noting) this.#noting = undefined;
    });
    this.#noting = noting;
  }

  resize({ rows, columns }: TerminalSize): void {
    this.#whenRunning(() => {
      if (this.#phase !== 'running') return;
      const { writer } = this.#host.link;
      writer.begin(SAY.resize, 0, this.id);
      writer.u32(rows);
      writer.u32(columns);
      writer.end();
      this.#host.link.queued();
    });
  }

  async signal(signal: number, scope: SignalScope): Promise<boolean> {
    signalNumber(signal);
    // what is done to it is not to be seen without the reason that was noted before
    if (this.#noting !== undefined) await this.#noting;
    if (this.#phase === 'starting') await new Promise<void>((resolve) => this.#early.defer(resolve));
    const { origin } = this;
    if (origin === undefined || this.#released || this.#phase === 'over') return false;
    const { view } = this.#host;
    const isRunning = this.#phase === 'running';
    if (scope === 'process') return isRunning && view.send(origin, signal);
    if (scope === 'tree') {
      // What has moved itself to another cgroup is found all the same.
      const killed = signal === SIGKILL && this.#cgroup?.kill() === true;
      return (await signalTree(view, origin, signal)) || killed;
    }
    return isRunning ? view.sendGroup(origin.pid, signal) : signalGroup(view, origin, signal);
  }

  async hold(isFrozen = false): Promise<StreamPlaces> {
    if (this.#phase !== 'running' || this.#released)
      throw new BprocError('ESRCH', `process ${this.marker} does not run`);
    const told = new Promise<StreamPlaces | BprocError>((resolve) => this.#holding.push(resolve));
    this.#say(SAY.hold, isFrozen ? FLAG_STILL | FLAG_FROZEN : FLAG_STILL);
    const places = await told;
    if (places instanceof BprocError) throw places;
    return places;
  }

  drain(places: StreamPlaces): Promise<void> {
    return this.#streams.until(places);
  }

  letGo(): void {
    if (this.#phase !== 'over' && !this.#forgotten) this.#say(SAY.hold);
  }

  giveUp(): void {
    if (this.#phase === 'starting') this.#say(SAY.forget);
  }

  release(): void {
    if (this.#released || this.#phase === 'over') return;
    this.#audience.end();
    // Its number may be another's by now, or its end is kept until it is forgotten.
    if (this.#finished) return;
    this.#held = undefined;
    this.#streams.release();
    if (this.#phase === 'starting') this.#early.defer(() => this.#release());
    else this.#release();
  }

  forget(name?: Uint8Array): void {
    this.#forgotten = true;
    this.#name = name ?? this.#name;
    if (this.#released && this.#host.keeps) this.#host.link.forget(this.id, this.#name);
    else if (this.#finished) this.#host.forgotten(this);
  }

  /** Kills it and brings the ends of its outputs about, now or as soon as that can be done. */
  end(): void {
    this.#hurried = true;
    this.#whenRunning(() => {
      this.#cgroup?.kill();
      const identity = this.running;
      if (identity !== undefined) {
        const { view } = this.#host;
        for (const sent of [view.sendGroup(identity.pid, SIGKILL), view.send(identity, SIGKILL)]) sent.catch(() => {});
      }
      if (this.#phase === 'exited') this.#streams.finish();
    });
  }

  // What the holder tells.

  /** What an earlier life of the program has noted. */
  noted(note: Uint8Array): void {
    if (this.#held !== undefined) this.#held = { ...this.#held, note };
  }

  started(identity: ProcessIdentity, uts: number | undefined): void {
    this.#identity = identity;
    this.uts = uts;
    this.#phase = 'running';
    this.#request = undefined;
    this.#host.begun(this);
    this.#audience.tell((sink) => sink.started(identity));
    this.#early.settle();
  }

  failed(stage: number, errno: number): void {
    this.#phase = 'over';
    this.#finished = true;
    const request = this.#request;
    this.#cgroup?.end(false);
    this.#host.refused(this);
    this.#audience.tell((sink) => sink.failed(holderFailure(request, stage, errno)));
    this.#early.settle();
  }

  output(fd: 1 | 2, bytes: Buffer): void {
    this.#streams.output(fd)?.receive(bytes);
  }

  outputEnd(fd: 1 | 2): void {
    this.#streams.output(fd)?.end();
  }

  inputTaken(offset: number): void {
    this.#audience.tell(() => this.#streams.input?.taken(offset));
  }

  inputClosed(): void {
    this.#audience.tell(() => this.#streams.input?.closed());
  }

  still(places: StreamPlaces): void {
    this.#holding.shift()?.(places);
  }

  stopped(signal: number): void {
    this.#audience.tell((sink) => sink.stopped(signal));
  }

  continued(): void {
    this.#audience.tell((sink) => sink.continued());
  }

  /** @param left whether others are in its cgroup still. */
  exited(status: ExitStatus, usage: () => ResourceUsage, left: boolean): void {
    this.#phase = 'exited';
    this.#cgroup?.end(left);
    if (this.#held !== undefined) this.#held = { ...this.#held, exit: { status, usage: usage() } };
    // what it has used can be read in this turn only
    const used = this.#audience.sink === undefined ? usage() : undefined;
    this.#audience.tell((sink) => sink.exited(status, used === undefined ? usage : () => used));
    if (this.#hurried) this.#streams.finish();
    else if (!this.#released) this.#streams.processEnded();
    this.#checkFinished();
  }

  /** The holder is gone. */
  lost(error: BprocError): void {
    if (this.#phase === 'over') return;
    const isTold = this.#finished;
    this.#phase = 'over';
    this.#finished = true;
    this.#streams.release();
    for (const tell of this.#holding.splice(0)) tell(error);
    const sink = this.#audience.end();
    if (!isTold) sink?.lost?.(error);
    this.#early.settle();
  }

  #say(type: number, flags = 0): void {
    this.#host.link.writer.empty(type, flags, this.id);
    this.#host.link.queued();
  }

  #whenRunning(act: () => void): void {
    if (this.#released) return;
    if (this.#phase === 'starting') this.#early.defer(() => this.#whenRunning(act));
    else if (this.#phase !== 'over') act();
  }

  #release(): void {
    if (this.#released || this.#phase === 'over') return;
    this.#released = true;
    this.#cgroup?.leave();
    this.#host.link.release(this.id, this.#host.keeps);
    this.#host.released(this);
    if (this.#forgotten) this.forget(this.#name);
  }

  #checkFinished(): void {
    if (this.#finished || this.#phase !== 'exited' || !this.#streams.areEnded) return;
    this.#finished = true;
    // nobody will be told where they stand
    for (const tell of this.#holding.splice(0)) tell(new BprocError('ESRCH', `process ${this.marker} has ended`));
    this.#host.finished(this);
  }
}
