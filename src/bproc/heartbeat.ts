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
/** How much longer a turn may be than the one before: well below what peers are patient for, by what they were told last. */
const MOST_GROWTH = 2;

/** A link that is asked. */
interface Watched {
  /** When it was asked last. */
  askedAt: number;
  /** How often it was asked and has said nothing until the next time. */
  missed: number;
  readonly spared: boolean;
}

/** Asks the links of a master for signs of life. */
export class Heartbeat {
  readonly #clock: Clock;
  readonly #links: ReadonlyMap<number, Link>;
  readonly #fixedMs: number | undefined;
  readonly #watched = new Map<number, Watched>();
  #slice = 0;
  /** How long the turn lasts that is under way: what was said in it holds until its end, whoever comes and goes. */
  #intervalMs: number;
  #cancel: Cancel | undefined;
  #stopped = false;

  constructor(clock: Clock, links: ReadonlyMap<number, Link>, fixedMs: number | undefined) {
    this.#clock = clock;
    this.#links = links;
    this.#fixedMs = fixedMs;
    this.#intervalMs = fixedMs ?? SHORTEST_MS;
  }

  /**
   * Watches a link from now on. One that is `spared` is asked like the others but never left for its silence: what
   * is at its other end may be stopped, by ^Z or a debugger, and the kernel says when it is gone.
   */
  add(id: number, spared = false): void {
    this.#watched.set(id, { askedAt: this.#clock.now(), missed: 0, spared });
    this.#links.get(id)?.ping(this.#intervalMs);
    if (this.#cancel === undefined && !this.#stopped) this.#arm();
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #arm(): void {
    const dueAt = this.#clock.now() + this.#intervalMs / SLICES;
    this.#cancel = this.#clock.after(this.#intervalMs / SLICES, () => this.#turn(dueAt));
  }

  #turn(dueAt: number): void {
    this.#cancel = undefined;
    const now = this.#clock.now();
    // this side was held up itself: what has arrived meanwhile is still to be read
    const judges = now - dueAt < this.#intervalMs;
    this.#slice = (this.#slice + 1) % SLICES;
    if (this.#slice === 0) this.#begin();
    for (const [id, watched] of [...this.#watched]) {
      if (id % SLICES !== this.#slice) continue;
      const link = this.#links.get(id);
      if (link === undefined) this.#watched.delete(id);
      else this.#ask(link, watched, judges);
    }
    if (this.#watched.size > 0 && !this.#stopped) this.#arm();
  }

  /** The next turn. Everybody was told when to be asked again: a crowd that comes at once may not make that much later. */
  #begin(): void {
    const wantedMs = Math.max(SHORTEST_MS, this.#watched.size * PER_PEER_MS);
    this.#intervalMs = this.#fixedMs ?? Math.min(wantedMs, this.#intervalMs * MOST_GROWTH);
  }

  #ask(link: Link, watched: Watched, judges: boolean): void {
    if (link.heardAt >= watched.askedAt) watched.missed = 0;
    else if (judges) watched.missed += 1;
    if (watched.missed >= PATIENCE && !watched.spared) {
      link.destroy();
      return;
    }
    watched.askedAt = this.#clock.now();
    link.ping(this.#intervalMs);
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
