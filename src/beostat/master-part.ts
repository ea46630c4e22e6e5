/** The part of `beostat` in a master: it keeps what slaves tell, says how often they are to, and answers. PROTOCOL.md 13.3. */
import type { MasterHome, MasterService, MasterServing, ServiceCaller } from '../bproc/index.ts';
import { STAT_MESSAGES } from '../wire/index.ts';
import { answerStats } from './answers.ts';
import { SharedLayouts } from './layouts.ts';
import { NodeStats } from './node-stats.ts';
import { BEOSTAT } from './slave-part.ts';
import { Waiters } from './waiters.ts';

/** How a master keeps what nodes say of their load. Times are in milliseconds. */
export interface StatOptions {
  /** How often nodes take samples while somebody looks. From 50 up. @default 1000 */
  readonly intervalMs?: number;
  /** How often while nobody does. @default 10000 */
  readonly idleIntervalMs?: number;
  /** How long after somebody has looked nobody does. @default 60000 */
  readonly lookMs?: number;
  /** How long samples are kept. @default 600000 */
  readonly historyMs?: number;
}

/** How long a sample that is asked for may take, in milliseconds: who does not say has what it said before. */
const FRESH_MS = 2000;

/** The master's part. */
export function masterStats(options: StatOptions = {}): MasterService {
  return { name: BEOSTAT, serve: (home) => new MasterStats(home, options) };
}

class MasterStats implements MasterServing {
  readonly #home: MasterHome;
  readonly #intervalMs: number;
  readonly #idleIntervalMs: number;
  readonly #lookMs: number;
  readonly #historyMs: number;
  readonly #nodes = new Map<number, NodeStats>();
  readonly #layouts = new SharedLayouts();
  readonly #waiters: Waiters;
  #lookedAt = Number.NEGATIVE_INFINITY;
  /** Of the newest sample of any node, from 2 on: who knows of none asks for what comes after 1. */
  #number = 1;

  constructor(home: MasterHome, options: StatOptions) {
    const { intervalMs = 1000, idleIntervalMs = 10_000, lookMs = 60_000, historyMs = 600_000 } = options;
    this.#home = home;
    this.#intervalMs = intervalMs;
    this.#idleIntervalMs = Math.max(intervalMs, idleIntervalMs);
    this.#lookMs = lookMs;
    this.#historyMs = historyMs;
    this.#waiters = new Waiters(home.clock);
  }

  attached(node: number): void {
    const stats = this.#nodes.get(node) ?? new NodeStats(this.#historyMs, this.#layouts);
    this.#nodes.set(node, stats);
    stats.restart();
    this.#order(node, stats);
  }

  message(node: number, body: Uint8Array): void {
    const stats = this.#nodes.get(node);
    if (stats === undefined) return;
    const { clock } = this.#home;
    const outcome = stats.take(body, Math.floor(clock.wallTime()), this.#number + 1);
    if (outcome === 'kept') {
      this.#number += 1;
      this.#waiters.wake();
    }
    if (outcome === 'malformed' || stats.isAnswerDue || stats.intervalMs !== this.#wanted) this.#order(node, stats);
  }

  async request(body: Uint8Array, caller: ServiceCaller, signal: AbortSignal): Promise<Uint8Array> {
    const question = STAT_MESSAGES.question.decode(body);
    // such a number was another master's: nothing of this one is known
    const isOfAnother = question.after > this.#number;
    this.#look();
    const nodes = question.nodes.length > 0 ? question.nodes : this.#home.nodes().map(({ node }) => node);
    if (question.fresh) await this.#refresh(nodes);
    if (question.after > 0 && !isOfAnother) {
      const isNew = (): boolean => nodes.some((node) => (this.#nodes.get(node)?.number ?? 0) > question.after);
      await this.#waiters.until(isNew, signal);
      this.#look();
    }
    return STAT_MESSAGES.answer.encode({
      ...answerStats(this.#home, this.#nodes, { question, nodes, caller, after: isOfAnother ? 0 : question.after }),
      number: this.#number,
    });
  }

  async #refresh(nodes: readonly number[]): Promise<void> {
    const here = new Set(this.#home.attached());
    const asked = nodes.filter((node) => here.has(node));
    await Promise.all(
      // of whoever does not answer in time there is what it has said before, with its age
      asked.map((node) => this.#home.ask(node, new Uint8Array(), { timeoutMs: FRESH_MS }).catch(() => undefined)),
    );
  }

  get #wanted(): number {
    const isLooked = this.#home.clock.now() - this.#lookedAt < this.#lookMs;
    return isLooked ? this.#intervalMs : this.#idleIntervalMs;
  }

  /** Somebody looks: whoever was told to take its time is told otherwise. */
  #look(): void {
    this.#lookedAt = this.#home.clock.now();
    for (const node of this.#home.attached()) {
      const stats = this.#nodes.get(node);
      if (stats !== undefined && stats.intervalMs > this.#intervalMs) this.#order(node, stats);
    }
  }

  #order(node: number, stats: NodeStats): void {
    this.#home.send(node, STAT_MESSAGES.order.encode(stats.order(this.#wanted)));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#waiters.close();
  }
}
