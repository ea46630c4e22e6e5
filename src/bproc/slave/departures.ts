/** The processes that go to other nodes, each when nothing else is done with it. */
import { rm } from 'node:fs/promises';
import { BprocError } from '../../errors.ts';
import type { HeldProcess } from '../../linux/index.ts';
import type { Link } from '../../transport/index.ts';
import type { Depart, Init, Settle } from '../../wire/index.ts';
import { idText } from '../ids.ts';
import type { BlobSender } from '../image/index.ts';
import type { Capture } from '../migrate/index.ts';
import { takeUpCapture } from '../migrate/index.ts';
import { CopyGroup } from './copy-group.ts';
import { Departure } from './departure.ts';
import type { CaptureOf } from './left-captures.ts';
import type { MoveParts } from './move-parts.ts';
import type { Luggages } from './peer-sources.ts';

/** What is noted of one that a master has found. */
const KNOWN = Buffer.from('known');

/** The moves from here that are under way. Disposing of it calls off those that can be. */
export class Departures implements Luggages, AsyncDisposable {
  readonly #parts: MoveParts;
  readonly #moves = new Map<string, Departure>();
  readonly #running = new Set<Promise<void>>();
  /** Puids of copies that are under way. */
  readonly #copying = new Set<string>();
  /** The copies of each process that the next capture of it is for. */
  readonly #groups = new Map<string, CopyGroup>();
  /** What has captured those that have gone: it says so to a later life of the daemon. */
  readonly #kept = new Map<string, Pick<Capture, 'note' | 'forget'>>();
  /** What each process has to do last. */
  readonly #last = new Map<string, Promise<void>>();

  constructor(parts: MoveParts) {
    this.#parts = parts;
  }

  begin(key: string, order: Depart): void {
    const [copy] = order.copy?.targets ?? [];
    const copied = copy && idText(copy.puid);
    // another master may not know that it is under way
    if (copied !== undefined && this.#copying.has(copied)) return;
    const group = copied === undefined ? undefined : this.#groupOf(key);
    const departure = new Departure(this.#parts, key, order, (capture) => this.#kept.set(key, capture), group);
    const number = String(order.number);
    this.#moves.set(number, departure);
    if (copied !== undefined) this.#copying.add(copied);
    const run = async (): Promise<void> => {
      await departure.run();
      this.#moves.delete(number);
      if (copied !== undefined) this.#copying.delete(copied);
    };
    if (group === undefined) this.enqueue(key, run);
    else this.#track(group.run(order.node, run));
  }

  /** Waits for a capture that an earlier life of the daemon has begun. */
  take(held: HeldProcess, { key, move, directory }: CaptureOf): void {
    const { engine, tell } = this.#parts;
    const capture = takeUpCapture(engine(), held);
    this.enqueue(key, async () => {
      // where the engine is lost meanwhile, so is all that it held
      const isGone = await capture.isGone.catch(() => false);
      const why = new BprocError('BE_SLAVEDIED', 'the slave of its node was started anew while it was captured');
      if (move !== undefined && isGone) this.#kept.set(key, capture);
      else capture.forget();
      if (move === undefined) tell({ type: 'thawed', key, checkpointed: isGone });
      else tell({ type: 'departed', key, ...move, error: isGone ? undefined : why });
      await rm(directory, { recursive: true, force: true });
    });
  }

  /** Keeps on what an earlier life of the daemon has left of a process that has gone. */
  keep(key: string, held: HeldProcess, directory: string): void {
    this.#kept.set(key, takeUpCapture(this.#parts.engine(), held));
    this.enqueue(key, () => rm(directory, { recursive: true, force: true }));
  }

  /** A master knows where it is. */
  note(key: string): void {
    this.#kept.get(key)?.note(KNOWN);
  }

  /** It need not be kept any longer that a process has gone. */
  forget(key: string): void {
    this.#kept.get(key)?.forget();
    this.#kept.delete(key);
  }

  /** Does something after all that was begun with a process: one stands still once at a time. What is done never rejects. */
  enqueue(key: string, work: () => Promise<void>): void {
    const before = this.#last.get(key) ?? Promise.resolve();
    const running = before.then(work).finally(() => {
      if (this.#last.get(key) === running) this.#last.delete(key);
    });
    this.#track(running);
    this.#last.set(key, running);
  }

  /** Who makes another copy of a process: with those that are not captured yet. */
  #groupOf(key: string): CopyGroup {
    const known = this.#groups.get(key);
    if (known?.isOpen === true) return known;
    const group = new CopyGroup(this.#parts, key, (work) => this.enqueue(key, work));
    this.#groups.set(key, group);
    void group.over.then(() => this.#groups.get(key) === group && this.#groups.delete(key));
    return group;
  }

  #track(work: Promise<void>): void {
    const running = work.finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  /** Resolves when all that was begun with a process is over. */
  async over(key: string): Promise<void> {
    await this.#last.get(key);
  }

  /** Nobody wants one any more: the process runs on here, unless it is as good as gone. */
  callOff(key: string, number: number): void {
    const error = new BprocError('ECANCELED', 'the move was called off');
    this.#moves.get(String(number))?.callOff(error);
    for (const move of this.#moves.values()) if (move.copyKey === key) move.callOff(error);
  }

  luggageSender(key: string, number: number, link: Link): BlobSender | undefined {
    const move = this.#moves.get(String(number));
    return move !== undefined && idText(move.puid) === key ? move.giveBy(link) : undefined;
  }

  /** The process is gone from here: the other slave may let it run. */
  settle(settle: Init<Settle>): void {
    this.#moves.get(String(settle.number))?.settle(settle);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const move of this.#moves.values()) move.callOff(new BprocError('BE_NODEDOWN', 'the slave is shutting down'));
    await Promise.all(this.#running);
  }
}
