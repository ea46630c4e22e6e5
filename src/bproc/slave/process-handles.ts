/** The processes that a slave has created: does to them what the reducer says, and tells it what becomes of them. */
import type { Clock } from '../../clock.ts';
import { BprocError } from '../../errors.ts';
import type {
  ExitStatus,
  HeldProcess,
  ProcessIdentity,
  SpawnedProcess,
  SpawnRequest,
  SpawnSink,
} from '../../linux/index.ts';
import { idBytes } from '../ids.ts';
import { isDirectory } from './directories.ts';
import type { EngineLives } from './engine-lives.ts';
import type { SignalAnswer, SlaveEffect, SlaveEvent } from './events.ts';
import { tagOf } from './facts.ts';
import { heldImage, ImageStarts } from './image-starts.ts';
import type { HeldImage, PreparedImage } from './images.ts';
import { encodeNote } from './notes.ts';
import { type OutfitParts, Outfits } from './outfits.ts';
import type { SlaveParts } from './parts.ts';
import type { ProcessEffect } from './spawn-queue.ts';
import { SpawnQueue } from './spawn-queue.ts';
import type { SlaveState } from './state.ts';
import { towardsMaster, wayToMaster } from './way-to-master.ts';

const SIGKILL = 9;

/** The spawner's handles of a slave's processes, by the reducer's keys. */
export class ProcessHandles {
  readonly #parts: SlaveParts;
  readonly #engine: EngineLives;
  readonly #state: SlaveState;
  readonly #tell: (event: SlaveEvent) => void;
  readonly #handles = new Map<string, SpawnedProcess>();
  readonly #spawns: SpawnQueue;
  readonly #images: ImageStarts;
  readonly #outfits: Outfits;

  /**
   * @param state is only read.
   * @param tell takes what happens, also while something is done to a process.
   * @param ask what a service gives a process.
   */
  constructor(
    parts: SlaveParts,
    engine: EngineLives,
    state: SlaveState,
    tell: (event: SlaveEvent) => void,
    ask: OutfitParts['ask'],
  ) {
    this.#parts = parts;
    this.#engine = engine;
    this.#state = state;
    this.#tell = (event) => {
      this.#outfits.heard(event);
      tell(event);
    };
    this.#spawns = new SpawnQueue(parts.clock, (effect) => this.#carryOut(effect));
    this.#images = new ImageStarts(parts, state, tell, (effect) => this.#spawns.perform(effect));
    this.#outfits = new Outfits({ state, ask, tell, perform: (effect) => this.#images.perform(effect) });
  }

  /** Does something to one process; after its start, where that still waits for its turn. */
  perform(effect: ProcessEffect): void {
    this.#outfits.perform(effect);
  }

  /** Signals a process that one of these forked. */
  signalForked({ identity, signal, scope, answer }: Extract<SlaveEffect, { readonly type: 'signalForked' }>): void {
    void this.#report('', signal, answer, this.#engine.current.signal(identity, signal, scope));
  }

  /** Ends a process of an earlier life of the daemon that nobody can tell whose it is, and all that came of it. */
  dismiss(held: HeldProcess): void {
    const ignore = (): void => {};
    const sink = { started: ignore, failed: ignore, output: ignore, stdinWritten: ignore, stdinClosed: ignore };
    const rest = { stopped: ignore, continued: ignore, outputEnd: ignore, exited: () => handle.forget() };
    const handle: SpawnedProcess = this.#engine.current.adopt(held, { ...sink, ...rest });
    if (held.phase === 'released') return handle.forget();
    handle.discardOutput(1);
    handle.discardOutput(2);
    void handle.signal(SIGKILL, 'tree').catch(ignore);
  }

  /** What does things to a process; undefined where it is not known. */
  handleOf(key: string): SpawnedProcess | undefined {
    return this.#handles.get(key);
  }

  /** The image that a process has as its root; undefined where it has none. */
  rootOf(key: string): HeldImage | undefined {
    return this.#images.rootOf(key);
  }

  /** A process that is made here has this image as its root, which stays as long as it. */
  root(key: string, image: HeldImage, prepared: PreparedImage): void {
    this.#images.enter(key, image, prepared);
  }

  /** The same for one that an earlier life of the daemon had made. */
  rootAgain(key: string, image: HeldImage): void {
    void this.#images.keep(key, image);
  }

  /** Makes a process that was elsewhere. @param first hears whether it comes to be, and the reducer all that follows. */
  remake(key: string, request: SpawnRequest, first: FirstNews): SpawnedProcess {
    const handle = this.#engine.current.spawn(request, new EventSink(key, this.#parts.clock, this.#tell, first));
    this.#handles.set(key, handle);
    return handle;
  }

  /** Takes up what makes a process. @param first as for {@link remake}. */
  readopt(key: string, held: HeldProcess, first: FirstNews): SpawnedProcess {
    const handle = this.#engine.current.adopt(held, new EventSink(key, this.#parts.clock, this.#tell, first));
    this.#handles.set(key, handle);
    return handle;
  }

  /** A process did not come to be. */
  drop(key: string): void {
    this.#handles.delete(key);
    this.#images.release(key);
  }

  #carryOut(effect: ProcessEffect): void {
    if (effect.type === 'spawn') return this.#spawn(effect.key, effect.request, effect.cwdByName);
    if (effect.type === 'adopt') return this.#adopt(effect.key, effect.held);
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
      case 'resize':
        return handle?.resize(effect.size);
      case 'note':
        return handle?.note(encodeNote(effect.note, this.#parts.clock.wallTime()));
      case 'release':
        return handle?.release();
      case 'acknowledge':
        return handle?.acknowledge(effect.fd, effect.offset);
      case 'forget':
        handle?.forget(idBytes(effect.key));
        this.#handles.delete(effect.key);
        this.#images.release(effect.key);
        return undefined;
      case 'signal': {
        const sent = handle?.signal(effect.signal, effect.scope) ?? Promise.resolve(false);
        return void this.#report(effect.key, effect.signal, effect.answer, sent);
      }
    }
  }

  /** Whatever goes wrong here is this start's failure, and nothing else's. */
  #spawn(key: string, request: SpawnRequest, cwdByName: boolean): void {
    try {
      this.#create(key, request, cwdByName);
    } catch (error) {
      this.#tell({ type: 'failed', key, error: BprocError.from(error) });
    }
  }

  #create(key: string, request: SpawnRequest, cwdByName: boolean): void {
    // it waited for its turn, and the slave was told to stop meanwhile
    if (this.#state.stopping) throw new BprocError('BE_NODEDOWN', `node ${this.#state.node} is shutting down`);
    const { clock, config, environment, gateway } = this.#parts;
    const prepared = this.#images.of(key);
    const isRoot = prepared?.isRoot === true;
    const way = wayToMaster(gateway, isRoot ? 'image' : request.root === undefined ? 'machine' : 'other');
    const env = { ...request.env, ...environment, ...way.env };
    const cwd = cwdByName && !isRoot && !isDirectory(request.cwd, request.root) ? '/' : request.cwd;
    const process = this.#state.processes.get(key);
    const image = process?.launch?.image;
    const kept =
      config.keeps === true && process !== undefined
        ? { tag: tagOf(process, clock.wallTime(), image && heldImage(image, request)) }
        : {};
    const complete = { ...towardsMaster(request, this.#parts.masterHost?.()), env, cwd, ...kept };
    const runnable = prepared?.request(complete, { cwdByName, shown: way.shown }) ?? complete;
    const sink = new EventSink(key, this.#parts.clock, this.#tell);
    this.#handles.set(key, this.#engine.current.spawn(runnable, sink));
  }

  #adopt(key: string, held: HeldProcess): void {
    this.#handles.set(key, this.#engine.current.adopt(held, new EventSink(key, this.#parts.clock, this.#tell)));
  }

  async #report(key: string, signal: number, answer: SignalAnswer | undefined, sent: Promise<boolean>): Promise<void> {
    const outcome = await sent.catch((error: unknown) => BprocError.from(error));
    this.#tell({ type: 'signalled', key, signal, answer, outcome });
  }
}

/** Who hears first whether a process comes to be. */
export type FirstNews = Required<Pick<SpawnSink, 'started' | 'failed' | 'lost'>>;

/** Makes events of what becomes of one process. */
class EventSink implements SpawnSink {
  readonly #key: string;
  readonly #clock: Clock;
  readonly #tell: (event: SlaveEvent) => void;
  #first: FirstNews | undefined;

  constructor(key: string, clock: Clock, tell: (event: SlaveEvent) => void, first?: FirstNews) {
    this.#key = key;
    this.#clock = clock;
    this.#tell = tell;
    this.#first = first;
  }

  started(identity: ProcessIdentity): void {
    const first = this.#first;
    this.#first = undefined;
    if (first !== undefined) return first.started(identity);
    this.#tell({ type: 'started', key: this.#key, identity, at: this.#clock.wallTime() });
  }

  failed(error: BprocError): void {
    if (this.#first !== undefined) return this.#first.failed(error);
    this.#tell({ type: 'failed', key: this.#key, error });
  }

  output(fd: 1 | 2, bytes: Buffer): void {
    this.#tell({ type: 'output', key: this.#key, fd, bytes });
  }

  outputEnd(fd: 1 | 2): void {
    this.#tell({ type: 'outputEnd', key: this.#key, fd });
  }

  stdinWritten(bytes: number): void {
    this.#tell({ type: 'stdinWritten', key: this.#key, bytes });
  }

  stdinClosed(): void {
    this.#tell({ type: 'stdinClosed', key: this.#key });
  }

  stopped(): void {
    this.#tell({ type: 'stopped', key: this.#key });
  }

  continued(): void {
    this.#tell({ type: 'continued', key: this.#key });
  }

  exited(status: ExitStatus): void {
    this.#tell({ type: 'exited', key: this.#key, status });
  }

  lost(error: BprocError): void {
    if (this.#first !== undefined) return this.#first.lost(error);
    this.#tell({ type: 'lost', key: this.#key, error });
  }
}
