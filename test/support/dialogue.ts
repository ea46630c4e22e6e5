/** Typing at a process's terminal and waiting for what it shows. */
import type { ProcessEnd, RemoteProcess } from '../../src/index.ts';

/** Far longer than any answer takes. */
const DEADLINE_MS = 20_000;

/** All that a process has written on its stdout, and what is typed into its stdin. */
export class Dialogue {
  readonly #process: RemoteProcess;
  #text = '';
  #from = 0;
  #look: (() => void) | undefined;

  constructor(process: RemoteProcess) {
    this.#process = process;
    process.stdout.on('data', (bytes: Buffer) => {
      this.#text += bytes.toString('latin1');
      this.#look?.();
    });
    process.stdout.on('close', () => this.#look?.());
  }

  /** What was shown, with the line ends of a file. */
  get text(): string {
    return this.#text.replaceAll('\r\n', '\n');
  }

  type(text: string): void {
    this.#process.stdin.write(text);
  }

  /** Waits for something to be shown after what was last waited for; gives it. */
  shows(pattern: RegExp): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      const fail = (why: string): void => {
        stop();
        reject(new Error(`${pattern} ${why} in ${JSON.stringify(this.#text.slice(this.#from))}`));
      };
      const timer = setTimeout(() => fail(`not within ${DEADLINE_MS} ms`), DEADLINE_MS);
      const stop = (): void => {
        clearTimeout(timer);
        this.#look = undefined;
      };
      this.#look = () => {
        const match = pattern.exec(this.#text.slice(this.#from));
        if (match === null) {
          if (this.#process.stdout.closed) fail('cannot come any more');
          return;
        }
        this.#from += match.index + match[0].length;
        stop();
        resolve(match);
      };
      this.#look();
    });
  }

  /** Waits for the process's end, which comes after all that it has shown. */
  async end(): Promise<ProcessEnd> {
    return this.#process.wait({ timeoutMs: DEADLINE_MS });
  }
}
