/** Tells how far a process is on its way: PROTOCOL.md 12.12. */
import type { Cancel, Clock } from '../../clock.ts';
import type { Init, MoveProgress } from '../../wire/index.ts';
import { MoveProgressPhase as Phase } from '../../wire/index.ts';

/** How often it is told while nothing but bytes has changed, in milliseconds. */
const EVERY_MS = 250;

/** What it asks for. */
export interface Distance {
  readonly bytes: number;
  /** 0 while that is not known. */
  readonly totalBytes: number;
}

/** What is told. */
export type Progress = Pick<Required<Init<MoveProgress>>, 'phase' | 'bytes' | 'totalBytes'>;

/** The teller. Disposing of it ends it. */
export class DepartureProgress implements Disposable {
  readonly #clock: Clock;
  readonly #tell: (progress: Progress) => void;
  readonly #distance: () => Distance;
  #phase: Phase | undefined;
  #told = -1;
  #reached = 0;
  #cancel: Cancel = () => {};

  constructor(clock: Clock, tell: (progress: Progress) => void, distance: () => Distance) {
    this.#clock = clock;
    this.#tell = tell;
    this.#distance = distance;
  }

  /** Another part of it begins, which is told at once. */
  enter(phase: Phase): void {
    this.#phase = phase;
    this.#told = -1;
    this.#look();
  }

  [Symbol.dispose](): void {
    this.#phase = undefined;
    this.#cancel();
  }

  #look(): void {
    const phase = this.#phase;
    if (phase === undefined) return;
    this.#cancel();
    this.#cancel = this.#clock.after(EVERY_MS, () => this.#look());
    const { bytes, totalBytes } = this.#distance();
    // what is sent twice goes no further
    const reached = phase === Phase.MAKING || totalBytes > 0 ? Math.min(bytes, totalBytes) : bytes;
    this.#reached = Math.max(this.#reached, reached);
    if (this.#reached === this.#told) return;
    this.#told = this.#reached;
    this.#tell({ phase, bytes: this.#reached, totalBytes });
  }
}
