/** Signs of life: every peer is asked in turn, and one that is silent for three turns is left. */
import type { Cancel, Clock } from '../clock.ts';
import type { Link } from '../transport/index.ts';

const SHORTEST_MS = 1000;
/** With many peers each is asked less often, so that asking costs a bounded share of a core. */
const PER_PEER_MS = 5;
/** Slices of a turn, so that the questions do not leave in one burst. */
const SLICES = 8;
/** Turns of silence after which a peer counts as gone. */
const PATIENCE = 3;

/** Asks the links of a master for signs of life. */
export class Heartbeat {
  readonly #clock: Clock;
  readonly #links: ReadonlyMap<number, Link>;
  readonly #fixedMs: number | undefined;
  readonly #watched = new Set<number>();
  readonly #spared = new Set<number>();
  #slice = 0;
  #cancel: Cancel | undefined;
  #stopped = false;

  constructor(clock: Clock, links: ReadonlyMap<number, Link>, fixedMs: number | undefined) {
    this.#clock = clock;
    this.#links = links;
    this.#fixedMs = fixedMs;
  }

  get intervalMs(): number {
    return this.#fixedMs ?? Math.max(SHORTEST_MS, this.#watched.size * PER_PEER_MS);
  }

  /**
   * Watches a link from now on. One that is `spared` is asked like the others but never left for its silence: what
   * is at its other end may be stopped, by ^Z or a debugger, and the kernel says when it is gone.
   */
  add(id: number, spared = false): void {
    this.#watched.add(id);
    if (spared) this.#spared.add(id);
    this.#links.get(id)?.ping(this.intervalMs);
    if (this.#cancel === undefined && !this.#stopped) this.#arm();
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #arm(): void {
    const dueAt = this.#clock.now() + this.intervalMs / SLICES;
    this.#cancel = this.#clock.after(this.intervalMs / SLICES, () => this.#turn(dueAt));
  }

  #turn(dueAt: number): void {
    this.#cancel = undefined;
    const { intervalMs } = this;
    const now = this.#clock.now();
    // this side was held up itself: what has arrived meanwhile is still to be read
    const judges = now - dueAt < intervalMs;
    this.#slice = (this.#slice + 1) % SLICES;
    for (const id of [...this.#watched]) {
      if (id % SLICES !== this.#slice) continue;
      const link = this.#links.get(id);
      if (link === undefined) this.#forget(id);
      else if (judges && !this.#spared.has(id) && now - link.heardAt > PATIENCE * intervalMs) link.destroy();
      else link.ping(intervalMs);
    }
    if (this.#watched.size > 0 && !this.#stopped) this.#arm();
  }

  #forget(id: number): void {
    this.#watched.delete(id);
    this.#spared.delete(id);
  }
}

/** The other side: watches one link whose peer promised to ask, and leaves it when it does not. */
export function watchPeer(clock: Clock, link: Link): Cancel {
  let cancel: Cancel = () => {};
  const arm = (delayMs: number): void => {
    const dueAt = clock.now() + delayMs;
    cancel = clock.after(delayMs, () => look(dueAt));
  };
  const look = (dueAt: number): void => {
    const intervalMs = link.peerIntervalMs || SHORTEST_MS;
    const patienceMs = PATIENCE * intervalMs;
    const now = clock.now();
    const heldUp = now - dueAt >= intervalMs;
    if (!heldUp && now - link.heardAt > patienceMs) link.destroy();
    else arm(heldUp ? intervalMs : patienceMs - (now - link.heardAt) + 1);
  };
  arm(PATIENCE * SHORTEST_MS);
  return () => cancel();
}
