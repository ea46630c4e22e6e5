/** One job in a master. */
import type { Cancel } from '../clock.ts';
import { BprocError } from '../errors.ts';
import type { Init, MpiEvent, MpiJob, MpiSpawn } from '../wire/index.ts';
import type { JobLayout } from './job.ts';
import { type ServedJob, servedJob } from './wire-job.ts';

/** Events that nobody has heard, of one job. */
const MOST_EVENTS = 1024;

/** What happens in a job. */
export type JobEvent = Omit<Init<MpiEvent>, 'number'>;

/** A job, and what is told of it. */
export class MasterJob implements ServedJob {
  readonly layout: JobLayout;
  readonly uid: number;
  readonly protocols: readonly string[];
  /** Who has launched it. */
  readonly owner: number;
  /** Ranks that have ended. */
  readonly gone = new Set<number>();
  /** Nodes that have it still. */
  readonly #nodes: Set<number>;
  readonly #events: (Init<MpiEvent> & { readonly number: number })[] = [];
  readonly #waiting = new Set<() => void>();
  readonly #spawns = new Map<number, (answer: MasterJob | BprocError) => void>();
  /** Ends the waiting for a launcher that may never come. */
  cancelForgetting: Cancel = () => {};
  #last = 0;
  #isOver = false;

  private constructor({ layout, uid, protocols }: ServedJob, owner: number) {
    this.layout = layout;
    this.uid = uid;
    this.protocols = protocols;
    this.owner = owner;
    this.#nodes = new Set(layout.nodes.map(({ node }) => node));
  }

  /** @throws BprocError EINVAL for one that cannot be. */
  static of(said: MpiJob, owner: number): MasterJob {
    return new MasterJob(servedJob(said), owner);
  }

  get id(): string {
    return this.layout.id;
  }

  isOn(node: number): boolean {
    return this.layout.nodes.some((each) => each.node === node);
  }

  /** A node has it no more. @returns whether none has. */
  leftBy(node: number): boolean {
    this.#nodes.delete(node);
    return this.#nodes.size === 0;
  }

  /** Something has happened; gives its number. */
  happened(event: JobEvent): number {
    this.#last += 1;
    this.#events.push({ ...event, number: this.#last });
    if (this.#events.length > MOST_EVENTS) this.#events.shift();
    this.#wake();
    return this.#last;
  }

  /** What nobody is known to have heard. */
  get unheard(): readonly Init<MpiEvent>[] {
    return this.#events;
  }

  /** What has a higher number, once there is any. @throws BprocError ECANCELED, ESRCH. */
  async after(number: number, signal: AbortSignal): Promise<readonly Init<MpiEvent>[]> {
    while (this.#events.length > 0 && (this.#events[0]?.number ?? 0) <= number) this.#events.shift();
    while (this.#events.length === 0) {
      if (this.#isOver) throw new BprocError('ESRCH', `job ${this.id} is over`);
      if (signal.aborted) throw new BprocError('ECANCELED', `nobody waits for job ${this.id} any more`);
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          this.#waiting.delete(wake);
          signal.removeEventListener('abort', wake);
          resolve();
        };
        this.#waiting.add(wake);
        signal.addEventListener('abort', wake);
      });
    }
    return this.#events;
  }

  /** Has whoever launched it start more. @throws BprocError what kept them from it. */
  async spawn(spawn: MpiSpawn): Promise<MasterJob> {
    const started = await new Promise<MasterJob | BprocError>((resolve) => {
      this.#spawns.set(this.happened({ spawn }), resolve);
    });
    if (started instanceof BprocError) throw started;
    return started;
  }

  /** What came of that. */
  answer(number: number, answer: MasterJob | BprocError): void {
    this.#spawns.get(number)?.(answer);
    this.#spawns.delete(number);
  }

  end(): void {
    this.#isOver = true;
    this.cancelForgetting();
    const over = new BprocError('ESRCH', `job ${this.id} is over`);
    for (const resolve of this.#spawns.values()) resolve(over);
    this.#spawns.clear();
    this.#wake();
  }

  #wake(): void {
    for (const wake of [...this.#waiting]) wake();
  }
}
