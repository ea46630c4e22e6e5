/** An input at the slave's end of a virtual holder, which is given no more ahead than it would keep. */
import type { HeldProcess, SpawnSink } from '../linux/index.ts';

/** The input. */
export class HandleInput {
  readonly #aheadBytes: number;
  readonly #give: (offset: number, bytes: Uint8Array, isLast: boolean) => void;
  #sink: SpawnSink | undefined;
  #waiting: Uint8Array[] = [];
  #given: number;
  #taken: number;
  #isEnding = false;
  /** Nothing more is given: all was, or nobody takes it. */
  #isOver = false;

  /** @param give hands input to the holder; @param held how far an earlier life had come. */
  constructor(
    aheadBytes: number,
    give: (offset: number, bytes: Uint8Array, isLast: boolean) => void,
    held: HeldProcess | undefined,
  ) {
    this.#aheadBytes = aheadBytes;
    this.#give = give;
    this.#given = held?.inputOffset ?? 0;
    this.#taken = held?.inputTaken ?? 0;
  }

  open(sink: SpawnSink): void {
    this.#sink = sink;
  }

  write(bytes: Uint8Array): void {
    if (this.#isOver || this.#isEnding || bytes.byteLength === 0) return;
    this.#waiting.push(bytes);
    this.#giveMore();
  }

  end(): void {
    this.#isEnding = true;
    this.#giveMore();
  }

  /** The process has so much in all. */
  taken(offset: number): void {
    const bytes = offset - this.#taken;
    if (bytes <= 0) return;
    this.#taken = offset;
    this.#sink?.stdinWritten(bytes);
    this.#giveMore();
  }

  /** The process takes no more. */
  closed(): void {
    this.#isOver = true;
    this.#waiting = [];
    this.#sink?.stdinClosed();
  }

  #giveMore(): void {
    while (!this.#isOver) {
      const [first, ...rest] = this.#waiting;
      const room = this.#aheadBytes - (this.#given - this.#taken);
      if (first !== undefined && room <= 0) return;
      if (first === undefined && !this.#isEnding) return;
      const bytes = first?.subarray(0, room) ?? new Uint8Array(0);
      const isWhole = first === undefined || bytes.byteLength === first.byteLength;
      this.#waiting = isWhole ? rest : [first.subarray(room), ...rest];
      this.#isOver = this.#isEnding && this.#waiting.length === 0;
      const offset = this.#given;
      this.#given += bytes.byteLength;
      this.#give(offset, bytes, this.#isOver);
    }
  }
}
