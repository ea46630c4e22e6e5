/** One output of a process that a holder keeps: its flow, and its end, which may have to be brought about. */
import type { Cancel, Clock } from '../clock.ts';
import { ChunkList } from '../wire/index.ts';
import { SAY } from './holder-frames.ts';
import type { HolderLink } from './holder-link.ts';
import type { SpawnSink } from './spawner.ts';

/** What an output needs to know of its process and engine. */
export interface OutputParts {
  readonly link: HolderLink;
  readonly id: number;
  readonly fd: 1 | 2;
  readonly windowBytes: number;
  /** Where it is to be told from. */
  readonly offset: number;
  /** Whether the holder forgets only what `acknowledge` names. */
  readonly keeps: boolean;
  readonly lingerMs: number;
  readonly clock: Clock;
  /** The holder has told its end, or the process is lost. */
  readonly ended: () => void;
}

/** The output. */
export class HolderOutput {
  readonly #parts: OutputParts;
  #sink: SpawnSink | undefined;
  #keeps: boolean;
  /** Up to where it was received and told; what is between the two waits in `#waiting`. */
  #received: number;
  #told: number;
  readonly #waiting = new ChunkList();
  #acknowledged: number;
  #saidAcknowledged: number;
  #saidLimit: number;
  #paused = false;
  #muted = false;
  #ended = false;
  #endTold = false;
  /** Where all is to be told that comes before an offset. */
  #until: { readonly offset: number; readonly done: () => void } | undefined;
  /** Whether it tells what there is, paused or not; and whether it is paused once it has. */
  #isDraining = false;
  #pausesThen = false;
  /** Once the process has ended: for how much longer its descendants may keep the pipe open. */
  #lingerMs: number | undefined;
  #waitingSince = 0;
  #cancelWait: Cancel | undefined;
  #finishing = false;

  constructor(parts: OutputParts) {
    this.#parts = parts;
    this.#keeps = parts.keeps;
    this.#received = parts.offset;
    this.#told = parts.offset;
    this.#acknowledged = parts.offset;
    this.#saidAcknowledged = parts.offset;
    this.#saidLimit = parts.offset;
  }

  /** Whether nothing more comes from the holder. */
  get isEnded(): boolean {
    return this.#ended;
  }

  /** Begins to be told. */
  open(sink: SpawnSink): void {
    this.#sink = sink;
    this.#grant();
    this.#tellEnd();
  }

  /** What the holder tells of it; the bytes are only good until this returns. */
  receive(bytes: Buffer): void {
    this.#received += bytes.length;
    if (this.#muted || this.#sink === undefined) return;
    const chunk = Buffer.from(bytes);
    if (this.#paused) {
      this.#waiting.push(chunk);
      return;
    }
    this.#tell(chunk);
    this.#grant();
    this.#checkUntil();
  }

  /** The holder has told all of it. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#cancelWait?.();
    this.#tellEnd();
    this.#checkUntil();
    this.#parts.ended();
  }

  pause(): void {
    if (this.#muted || this.#paused) return;
    if (this.#isDraining) {
      this.#pausesThen = true;
      return;
    }
    this.#paused = true;
    if (this.#cancelWait === undefined) return;
    this.#cancelWait();
    this.#cancelWait = undefined;
    const waitedMs = this.#parts.clock.now() - this.#waitingSince;
    this.#lingerMs = Math.max(0, (this.#lingerMs ?? 0) - waitedMs);
  }

  resume(): void {
    this.#pausesThen = false;
    if (!this.#paused) return;
    this.#paused = false;
    while (!this.#paused) {
      const chunk = this.#waiting.shift();
      if (chunk === undefined) break;
      this.#tell(chunk);
    }
    if (this.#paused) return;
    this.#grant();
    this.#tellEnd();
    this.#await();
  }

  /** Tells all that the holder has up to an offset, paused or not; resolves when that is done or none of it is wanted any more. */
  async until(offset: number): Promise<void> {
    const wasPaused = this.#paused;
    this.#isDraining = true;
    this.resume();
    if (wasPaused) this.#pausesThen = true;
    if (this.#isWanted(offset)) {
      this.#sayCredit(this.#keeps ? this.#acknowledged : this.#told, Math.max(offset, this.#saidLimit));
      await new Promise<void>((done) => {
        this.#until = { offset, done };
      });
    }
    this.#isDraining = false;
    // where it runs on, nobody has asked for more than that
    if (this.#pausesThen) this.pause();
  }

  /** The process sees a closed pipe. */
  close(): void {
    this.#mute();
    if (!this.#ended) this.#say(SAY.close);
  }

  /** The holder reads on, to nowhere. */
  discard(): void {
    if (this.#muted) return;
    this.#mute();
    if (!this.#ended) this.#say(SAY.discard);
    this.#await();
  }

  /** Nothing is told of it any more, not even its end. */
  release(): void {
    this.#sink = undefined;
    this.#muted = true;
    this.#waiting.clear();
    this.#cancelWait?.();
    this.#checkUntil();
  }

  acknowledge(offset: number): void {
    if (!(offset > this.#acknowledged)) return;
    this.#acknowledged = Math.min(offset, this.#told);
    this.#grant();
  }

  /** The process has ended: the end of its output comes by itself, or is made once the linger time is over. */
  processEnded(): void {
    this.#lingerMs ??= this.#parts.lingerMs;
    if (!this.#paused) this.#await();
  }

  /** Brings the end about now, whoever still holds the pipe; what nobody resumes to read is dropped. */
  finish(): void {
    if (this.#ended) return;
    this.#cancelWait?.();
    this.#keeps = false;
    if (this.#paused || this.#sink === undefined) {
      this.close();
      return;
    }
    this.#grant();
    this.#finishing = true;
    this.#say(SAY.finish);
  }

  #tell(chunk: Buffer): void {
    this.#told += chunk.length;
    this.#sink?.output(this.#parts.fd, chunk);
  }

  #tellEnd(): void {
    if (!this.#ended || this.#endTold || this.#waiting.length > 0 || this.#paused) return;
    if (this.#sink === undefined) return;
    this.#endTold = true;
    this.#sink.outputEnd(this.#parts.fd);
  }

  #mute(): void {
    this.#paused = false;
    this.#muted = true;
    this.#waiting.clear();
    this.#tellEnd();
    this.#checkUntil();
  }

  #isWanted(offset: number): boolean {
    return this.#told < offset && !this.#muted && !this.#ended && this.#sink !== undefined;
  }

  #checkUntil(): void {
    const until = this.#until;
    if (until === undefined || this.#isWanted(until.offset)) return;
    this.#until = undefined;
    until.done();
  }

  /** Lets the holder forget and tell more, once that is worth a frame. */
  #grant(): void {
    if (this.#ended || this.#muted || this.#sink === undefined) return;
    const { windowBytes } = this.#parts;
    const acknowledged = this.#keeps ? this.#acknowledged : this.#told;
    const limit = this.#paused ? this.#saidLimit : this.#told + windowBytes;
    const step = windowBytes / 4;
    if (acknowledged - this.#saidAcknowledged < step && limit - this.#saidLimit < step) return;
    this.#sayCredit(acknowledged, limit);
  }

  #sayCredit(acknowledged: number, limit: number): void {
    const { link, id, fd } = this.#parts;
    this.#saidAcknowledged = acknowledged;
    this.#saidLimit = limit;
    link.writer.begin(SAY.credit, fd, id);
    link.writer.u64(acknowledged);
    link.writer.u64(limit);
    link.writer.end();
    link.queued();
  }

  #await(): void {
    if (this.#lingerMs === undefined || this.#ended || this.#finishing || this.#cancelWait !== undefined) return;
    const { clock } = this.#parts;
    this.#waitingSince = clock.now();
    this.#cancelWait = clock.after(this.#lingerMs, () => {
      this.#cancelWait = undefined;
      this.#lingerMs = 0;
      this.#finishing = true;
      this.#say(SAY.finish);
    });
  }

  #say(type: number): void {
    this.#parts.link.writer.empty(type, this.#parts.fd, this.#parts.id);
    this.#parts.link.queued();
  }
}
