/** What somebody types at a terminal on a node, and the few things that are meant for this program, as `ssh` has them. */

/** Something typed that is not for the node. */
export type Escape = 'leave' | 'suspend' | 'help';

const TILDE = 0x7e;
const LINE_ENDS: ReadonlySet<number> = new Set([0x0a, 0x0d]);
const ESCAPES: ReadonlyMap<number, Escape> = new Map([
  [0x2e, 'leave'],
  [0x1a, 'suspend'],
  [0x3f, 'help'],
]);

/** What `~?` says. */
export const ESCAPE_HELP = [
  '~.   leave, and hang up what runs there',
  '~^Z  stop bpsh; fg goes on',
  '~~   a ~ of its own',
  '~?   this text',
  'An escape is known at the beginning of a line only.',
];

/** Finds the escapes in what is typed, however it comes in pieces. */
export class EscapeReader {
  readonly #send: (bytes: Buffer) => void;
  readonly #escaped: (order: Escape) => void;
  #atLineStart = true;
  #afterTilde = false;

  /** @param send takes what is for the node; @param escaped what is not, in the order it was typed. */
  constructor(send: (bytes: Buffer) => void, escaped: (order: Escape) => void) {
    this.#send = send;
    this.#escaped = escaped;
  }

  push(bytes: Buffer): void {
    const found: number[] = [];
    const flush = (): void => {
      if (found.length > 0) this.#send(Buffer.from(found));
      found.length = 0;
    };
    for (const byte of bytes) {
      if (!this.#afterTilde) {
        this.#afterTilde = this.#atLineStart && byte === TILDE;
        if (!this.#afterTilde) found.push(byte);
      } else {
        this.#afterTilde = false;
        const order = ESCAPES.get(byte);
        if (order !== undefined) {
          flush();
          this.#escaped(order);
          continue;
        }
        if (byte !== TILDE) found.push(TILDE);
        found.push(byte);
      }
      // one that was held back has begun the line, and one that is let through ends its beginning
      this.#atLineStart = this.#afterTilde || LINE_ENDS.has(byte);
    }
    flush();
  }
}
