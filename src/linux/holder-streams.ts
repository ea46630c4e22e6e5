/** The input and the outputs of a process that a holder keeps. */
import type { Clock } from '../clock.ts';
import { HolderInput } from './holder-input.ts';
import type { HolderLink } from './holder-link.ts';
import { HolderOutput } from './holder-output.ts';
import type { Remake } from './spawn-request.ts';
import type { HeldProcess, SpawnSink, StreamPlaces } from './spawner.ts';

/** Which of a process's descriptors are streams through the engine. */
export interface StreamKinds {
  readonly input: boolean;
  readonly outputs: readonly [boolean, boolean];
}

/** What the streams need to know of their process and engine. */
export interface StreamParts {
  readonly link: HolderLink;
  readonly id: number;
  readonly kinds: StreamKinds;
  readonly windowBytes: number;
  /** How far they were, where an earlier life of the program began with them. */
  readonly held: HeldProcess | undefined;
  /** How far they were elsewhere, for a process that is made again here. */
  readonly remake?: Remake | undefined;
  /** Whether the holder forgets only the output that was acknowledged. */
  readonly keeps: boolean;
  readonly lingerMs: number;
  readonly clock: Clock;
  /** An output has ended. */
  readonly ended: () => void;
}

/** The streams; those that a process lacks are passed over. */
export class HolderStreams {
  readonly input: HolderInput | undefined;
  readonly #outputs: readonly [HolderOutput | undefined, HolderOutput | undefined];

  constructor({ link, id, kinds, windowBytes, held, remake, keeps, lingerMs, clock, ended }: StreamParts) {
    const output = (fd: 1 | 2): HolderOutput | undefined => {
      const index = fd === 1 ? 0 : 1;
      if (!kinds.outputs[index]) return undefined;
      const offset = held?.acknowledged[index] ?? remake?.offsets[fd] ?? 0;
      // Named one by one: objects made by spreading are slow to make and to read.
      return new HolderOutput({ link, id, fd, windowBytes, offset, keeps, lingerMs, clock, ended });
    };
    this.#outputs = [output(1), output(2)];
    const begun = remake?.offsets[0] ?? 0;
    if (held === undefined) this.input = kinds.input ? new HolderInput(link, id, begun, begun) : undefined;
    else this.input = held.isInputOver ? undefined : new HolderInput(link, id, held.inputOffset, held.inputTaken);
  }

  /** Whether the holder has told the ends of all outputs. */
  get areEnded(): boolean {
    const [stdout, stderr] = this.#outputs;
    return stdout?.isEnded !== false && stderr?.isEnded !== false;
  }

  /** An output, where it is a stream. */
  output(fd: 1 | 2): HolderOutput | undefined {
    return this.#outputs[fd === 1 ? 0 : 1];
  }

  /** Begins to tell what comes of the outputs. */
  open(sink: SpawnSink): void {
    for (const output of this.#outputs) output?.open(sink);
  }

  /** The process has ended: so do its outputs, in their time. */
  processEnded(): void {
    for (const output of this.#outputs) output?.processEnded();
  }

  /** Tells all that was written before the input stood still. */
  async until({ outputs: [stdout, stderr] }: StreamPlaces): Promise<void> {
    await Promise.all([this.output(1)?.until(stdout), this.output(2)?.until(stderr)]);
  }

  /** Brings the ends of the outputs about now. */
  finish(): void {
    for (const output of this.#outputs) output?.finish();
  }

  /** Nothing is told any more. */
  release(): void {
    for (const output of this.#outputs) output?.release();
    this.input?.release();
  }
}
