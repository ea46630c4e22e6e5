/** What `mpiexec -launcher manual` of Hydra says on stdout before its ranks do: a line for each node, of what is to be started there. */

/** What is to be started. */
export interface HydraProxy {
  /** Which host of the list it is for, from 0. */
  readonly index: number;
  readonly argv: readonly string[];
}

const LAUNCH = 'HYDRA_LAUNCH: ';
const END = 'HYDRA_LAUNCH_END';
/** Bytes of a line; Hydra's are of some hundred. */
const LONGEST_LINE = 64 * 1024;

/** Takes such lines out of what an mpiexec writes. */
export class HydraLines {
  readonly proxies: HydraProxy[] = [];
  #isOver = false;
  #rest = '';

  /** Whether all of them have come. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Takes some of stdout. @returns what of it is the ranks', or mpiexec's own. */
  push(bytes: Buffer): Buffer {
    if (this.#isOver) return bytes;
    const lines = (this.#rest + bytes.toString('latin1')).split('\n');
    const others: string[] = [];
    this.#rest = lines.pop() ?? '';
    for (let line = lines.shift(); line !== undefined; line = lines.shift()) {
      if (line.trim() === END) {
        this.#isOver = true;
        return Buffer.from(others.join('') + [...lines, this.#rest].join('\n'), 'latin1');
      }
      if (!this.#take(line)) others.push(`${line}\n`);
    }
    if (this.#rest.length > LONGEST_LINE) {
      others.push(this.#rest);
      this.#rest = '';
    }
    return Buffer.from(others.join(''), 'latin1');
  }

  #take(line: string): boolean {
    if (!line.startsWith(LAUNCH)) return false;
    // the path is in quotes, and of some releases the host before it
    const words = line.slice(LAUNCH.length).replaceAll('"', '').trim().split(/ +/);
    const index = Number(words[words.lastIndexOf('--proxy-id') + 1]);
    const first = words.findIndex((word) => /(?:^|\/)hydra_[a-z_]*proxy$/.test(word));
    if (first < 0 || !Number.isInteger(index)) return false;
    this.proxies.push({ index, argv: words.slice(first) });
    return true;
  }
}
