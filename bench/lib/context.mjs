/** What a benchmark is given. */
import { Peers } from '../peers/peers.mjs';
import { Quiet } from './quiet.mjs';

/** One run of the benchmarks. */
export class Context {
  quiet = new Quiet();
  peers;
  /** Undone when the benchmarks end, in whatever way they do. */
  cleanup;
  /** Multiplies sizes and counts; below 1 for trying things out. */
  scale;
  #write;

  /**
   * @param {import('./cleanup.mjs').Cleanup} cleanup
   * @param {{ readonly scale: number, readonly withPeers: boolean, readonly write: (line: string) => void }} options
   */
  constructor(cleanup, { scale, withPeers, write }) {
    this.scale = scale;
    this.#write = write;
    this.cleanup = cleanup;
    this.peers = new Peers(withPeers);
    cleanup.add(() => this.quiet.stop());
    cleanup.add(() => this.peers.stop());
  }

  log(line) {
    this.#write(line);
  }

  /** A count as large as this run wants it, but at least `least`. */
  count(full, least = 1) {
    return Math.max(least, Math.round(full * this.scale));
  }
}
