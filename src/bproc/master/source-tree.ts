/**
 * Who fetches an image from whom: PROTOCOL.md 10.3. Nodes that have it wait in a queue to give it to one other at a time;
 * then both are in the queue, so that its copies double as long as somebody lacks it, and who is quick gives it more
 * often: the adaptive binomial tree of BProc. Pure.
 */

/** A node that is told where to fetch; `source` is undefined for the master. */
export interface Assignment {
  readonly receiver: number;
  readonly source: number | undefined;
  readonly number: number;
}

interface Transfer extends Assignment {
  readonly since: number;
  /** Until when it is expected to end; and when it is looked at next. */
  readonly expectedAt: number;
  readonly dueAt: number;
}

interface Receiver {
  /** Sources that it could not have it from. */
  readonly avoids: Set<number>;
}

interface Holder {
  /** Whether it gives the image to somebody now. */
  isBusy: boolean;
  /** Transfers from it that went well, and those that did not since. */
  served: number;
  strikes: number;
}

/** After so many sources that failed it a node gets the image from the master. */
const MOST_SOURCES = 3;
/** After so many failures of which none went well before, everybody does: peers do not reach each other. */
const MOST_FAILURES = 3;
/** Copies that the master gives though others could: the tree has two roots, and is one step lower. */
const ROOTS = 2;
/** After so many failures in a row a source is none any more. */
const MOST_STRIKES = 2;
/** How long a transfer may take before another source is looked for, in milliseconds, and how many times the usual time. */
const PATIENCE_MS = 5000;
const PATIENCE_FACTOR = 4;
/** Times of transfers that are remembered. */
const TIMES = 15;

/** The sources and the receivers of one image. Nodes are known by their numbers. */
export class SourceTree {
  readonly #canServe: (node: number) => boolean;
  readonly #nextNumber: () => number;
  readonly #holders = new Map<number, Holder>();
  /** Holders that give it to nobody now; who has waited longest is first. */
  readonly #ready = new Set<number>();
  readonly #waiting = new Set<number>();
  readonly #receivers = new Map<number, Receiver>();
  readonly #transfers = new Map<number, Transfer>();
  readonly #times: number[] = [];
  #fromMaster = 0;
  #failures = 0;
  #successes = 0;

  /**
   * @param canServe whether other slaves can connect to a node's
   * @param nextNumber a number that no assignment had
   */
  constructor(canServe: (node: number) => boolean, nextNumber: () => number) {
    this.#canServe = canServe;
    this.#nextNumber = nextNumber;
  }

  /** Whether nobody lacks the image. */
  get isIdle(): boolean {
    return this.#waiting.size === 0 && this.#transfers.size === 0;
  }

  /** Whether nobody has it or lacks it, as far as is known. */
  get isEmpty(): boolean {
    return this.isIdle && this.#holders.size === 0;
  }

  /** When {@link due} has something to look at. */
  get dueAt(): number | undefined {
    let first: number | undefined;
    for (const { dueAt } of this.#transfers.values()) if (first === undefined || dueAt < first) first = dueAt;
    return first;
  }

  /** A node lacks the image. `number` is that of the assignment by which it cannot have it; 0: it has none. */
  lacks(node: number, number: number, now: number): Assignment[] {
    const transfer = this.#transfers.get(node);
    // it has another one meanwhile, which is on its way
    if (number !== 0 && transfer !== undefined && transfer.number !== number) return [];
    this.#forgetHolder(node);
    if (transfer !== undefined) this.#end(transfer, number === 0 ? 'dropped' : 'failed', now);
    this.#receiver(node);
    this.#waiting.add(node);
    return this.#assign(now);
  }

  /** A node has the image. */
  has(node: number, now: number): Assignment[] {
    this.#leave(node, 'done', now);
    this.#receivers.delete(node);
    if (!this.#holders.has(node)) {
      // it may give it still, by an assignment from before it was away
      const isBusy = [...this.#transfers.values()].some(({ source }) => source === node);
      this.#holders.set(node, { isBusy, served: 0, strikes: 0 });
    }
    return this.opened(node, now);
  }

  /** Other slaves can connect to a node's now. */
  opened(node: number, now: number): Assignment[] {
    if (this.#holders.get(node)?.isBusy === false && this.#canServe(node)) this.#ready.add(node);
    return this.#assign(now);
  }

  /** A node wants it no more, or keeps it no longer. Who fetches from it sees for itself whether it still can. */
  gaveUp(node: number, now: number): Assignment[] {
    this.#forgetHolder(node);
    this.#leave(node, 'dropped', now);
    this.#receivers.delete(node);
    return this.#assign(now);
  }

  /** The time has come that {@link dueAt} said: who waits for a slow source gets another, if one is free. */
  due(now: number): Assignment[] {
    const assignments = this.#assign(now);
    for (const transfer of [...this.#transfers.values()]) {
      if (transfer.dueAt > now) continue;
      const { receiver, source } = transfer;
      const another = this.#waiting.size > 0 ? undefined : this.#readyFor(receiver, source);
      if (another === undefined) {
        this.#transfers.set(receiver, { ...transfer, dueAt: now + this.#patience() });
        continue;
      }
      this.#end(transfer, 'failed', now);
      assignments.push(this.#begin(receiver, another, now));
    }
    return assignments;
  }

  #leave(node: number, how: 'done' | 'dropped', now: number): void {
    const transfer = this.#transfers.get(node);
    if (transfer !== undefined) this.#end(transfer, how, now);
    this.#waiting.delete(node);
  }

  #receiver(node: number): Receiver {
    const known = this.#receivers.get(node);
    if (known !== undefined) return known;
    const receiver = { avoids: new Set<number>() };
    this.#receivers.set(node, receiver);
    return receiver;
  }

  #forgetHolder(node: number): void {
    this.#holders.delete(node);
    this.#ready.delete(node);
  }

  /** Serves those who wait, in the order in which they came. */
  #assign(now: number): Assignment[] {
    const assignments: Assignment[] = [];
    let isMastersTurn: boolean | undefined;
    for (const receiver of this.#waiting) {
      const source = this.#readyFor(receiver);
      if (source === undefined && !this.#isLonely(receiver)) {
        isMastersTurn ??= this.#isMastersTurn(now);
        if (!isMastersTurn) continue;
      }
      assignments.push(this.#begin(receiver, source, now));
      isMastersTurn = undefined;
    }
    return assignments;
  }

  #readyFor(receiver: number, except?: number): number | undefined {
    if (this.#isLonely(receiver)) return undefined;
    const avoids = this.#receivers.get(receiver)?.avoids;
    for (const node of this.#ready) {
      if (node !== receiver && node !== except && avoids?.has(node) !== true) return node;
    }
    return undefined;
  }

  /** Whether no peer is to be tried (again) for a node. */
  #isLonely(receiver: number): boolean {
    const tried = this.#receivers.get(receiver)?.avoids.size ?? 0;
    return tried >= MOST_SOURCES || (this.#failures >= MOST_FAILURES && this.#successes === 0);
  }

  /** The master gives what nobody else will soon: nothing is under way to a node that could give it further. */
  #isMastersTurn(now: number): boolean {
    let isBusy = false;
    let isHopeful = false;
    for (const { receiver, source, expectedAt } of this.#transfers.values()) {
      isBusy ||= source === undefined;
      isHopeful ||= expectedAt > now && this.#canServe(receiver);
    }
    return !isHopeful || (!isBusy && this.#fromMaster < ROOTS);
  }

  #begin(receiver: number, source: number | undefined, now: number): Assignment {
    const holder = source === undefined ? undefined : this.#holders.get(source);
    if (source === undefined) this.#fromMaster += 1;
    else this.#ready.delete(source);
    if (holder !== undefined) holder.isBusy = true;
    const expectedAt = now + this.#patience();
    const transfer = { receiver, source, number: this.#nextNumber(), since: now, expectedAt, dueAt: expectedAt };
    this.#waiting.delete(receiver);
    this.#transfers.set(receiver, transfer);
    return { receiver, source, number: transfer.number };
  }

  #end(transfer: Transfer, how: 'done' | 'dropped' | 'failed', now: number): void {
    const { receiver, source, since } = transfer;
    this.#transfers.delete(receiver);
    if (how === 'done') this.#remember(now - since);
    if (source === undefined) return;
    if (how === 'done') this.#successes += 1;
    if (how === 'failed') {
      this.#failures += 1;
      this.#receiver(receiver).avoids.add(source);
    }
    const holder = this.#holders.get(source);
    if (holder === undefined) return;
    holder.isBusy = false;
    if (how === 'done') {
      holder.served += 1;
      holder.strikes = 0;
    } else if (how === 'failed') holder.strikes += 1;
    const isSpent = how === 'failed' && (holder.served === 0 || holder.strikes >= MOST_STRIKES);
    if (isSpent) this.#forgetHolder(source);
    else if (this.#canServe(source)) this.#ready.add(source);
  }

  #remember(tookMs: number): void {
    this.#times.push(tookMs);
    if (this.#times.length > TIMES) this.#times.shift();
  }

  /** Longer than the others took; and the longer, the more the master itself has to send at once. */
  #patience(): number {
    const usual = this.#times.toSorted((a, b) => a - b)[this.#times.length >> 1] ?? 0;
    let own = 0;
    for (const { source } of this.#transfers.values()) if (source === undefined) own += 1;
    return Math.max(PATIENCE_MS, PATIENCE_FACTOR * usual) * 2 ** Math.min(own, 20);
  }
}
