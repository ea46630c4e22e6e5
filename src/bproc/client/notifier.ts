/** The changes of the cluster as an async iterable: `bproc_notifier`, without its level trigger. */
import { BprocError } from '../../errors.ts';
import type { Event } from '../../wire/index.ts';
import type { NodeChange, NodeInfo } from '../node-info.ts';
import { nodeInfoOf } from './node-calls.ts';
import type { ProcessInfo } from './process-calls.ts';
import { processInfoOf } from './process-calls.ts';
import type { Session } from './session.ts';

/** What changed. Every change carries the cursor from which {@link Notifier} goes on after it. */
export type Change =
  | {
      readonly kind: 'node';
      readonly change: NodeChange;
      readonly info: NodeInfo;
      readonly at: number;
      readonly cursor: string;
    }
  | { readonly kind: 'process'; readonly info: ProcessInfo; readonly at: number; readonly cursor: string }
  /** Changes are missing here: read the tables anew. */
  | { readonly kind: 'gap'; readonly reason: string; readonly at: number; readonly cursor: string };

const NODE_CHANGES: ReadonlySet<string> = new Set<NodeChange>([
  'joined',
  'left',
  'state',
  'permissions',
  'attributes',
  'address',
]);

/** Which changes are followed, and from where. */
export interface NotifierOptions {
  /** Go on after this cursor, taken from an earlier change. @default from now on */
  readonly cursor?: string;
  /** Changes of processes too. @default false */
  readonly processes?: boolean;
  /** Ends the iteration. */
  readonly signal?: AbortSignal;
}

/**
 * Follows changes. The master sends no further than a bounded number ahead of what was taken; who
 * falls further behind than it keeps finds a `gap`. Survives reconnects. Ends by `return`, by its
 * signal, or by an error when the master is given up.
 */
export class Notifier implements AsyncIterableIterator<Change>, AsyncDisposable {
  /** Resolves once the master follows along; rejects where it does not. Iterating need not wait for it. */
  readonly ready: Promise<void>;
  readonly #session: Session;
  readonly #id: number;
  readonly #batches: { readonly changes: Change[]; readonly cursor: string }[] = [];
  #cursor: string;
  readonly #wakers = new Set<() => void>();
  readonly #signal: AbortSignal | undefined;
  readonly #onAbort = (): void => this.#end();
  #failure: BprocError | undefined;
  #done = false;

  /** @internal */
  constructor(session: Session, id: number, options: NotifierOptions, timeoutMs: number) {
    this.#session = session;
    this.#id = id;
    this.#cursor = options.cursor ?? '';
    session.listen(id, (batch, cursor) => {
      if (batch instanceof Error) this.#fail(batch);
      else this.#batches.push({ changes: batch.flatMap((event) => changeOf(event, cursor)), cursor });
      this.#wake();
    });
    this.ready = this.#subscribe(options, timeoutMs);
    // whoever iterates hears of it there
    this.ready.catch((error: unknown) => this.#fail(BprocError.from(error)));
    this.#signal = options.signal;
    this.#signal?.addEventListener('abort', this.#onAbort, { once: true });
    if (this.#signal?.aborted === true) this.#end();
  }

  async #subscribe(options: NotifierOptions, timeoutMs: number): Promise<void> {
    const { cursor = '', processes = false, signal } = options;
    const { waiting } = this.#session;
    const request = waiting.nextId();
    const bounds = signal === undefined ? { timeoutMs } : { timeoutMs, signal };
    const response = await waiting.wait(request, bounds, () =>
      this.#session.dispatch({ type: 'subscribe', id: this.#id, request, cursor, processes }),
    );
    if (this.#cursor === '' && response.body === 'subscribed') this.#cursor = response.subscribed.cursor;
  }

  #fail(error: BprocError): void {
    this.#failure ??= error;
    this.#leave();
  }

  #wake(): void {
    const wakers = [...this.#wakers];
    this.#wakers.clear();
    for (const wake of wakers) wake();
  }

  /** Follows no more, and lets whoever waits find out. */
  #leave(): void {
    this.#signal?.removeEventListener('abort', this.#onAbort);
    this.#session.unlisten(this.#id);
    this.#wake();
  }

  /** Where the last change taken ends, known once {@link ready}; give it to a later notifier to go on from there. */
  get cursor(): string {
    return this.#cursor;
  }

  async next(): Promise<IteratorResult<Change, undefined>> {
    for (;;) {
      const batch = this.#batches[0];
      const change = batch?.changes.shift();
      if (change !== undefined) {
        this.#cursor = change.cursor;
        return { done: false, value: change };
      }
      if (batch !== undefined) {
        this.#batches.shift();
        this.#session.dispatch({ type: 'taken', id: this.#id, cursor: batch.cursor });
      } else if (this.#done) {
        return { done: true, value: undefined };
      } else if (this.#failure !== undefined) {
        throw this.#failure;
      } else {
        await new Promise<void>((resolve) => this.#wakers.add(resolve));
      }
    }
  }

  return(): Promise<IteratorResult<Change, undefined>> {
    this.#end();
    return Promise.resolve({ done: true, value: undefined });
  }

  #end(): void {
    if (this.#done) return;
    this.#done = true;
    this.#batches.length = 0;
    this.#leave();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }
}

function changeOf(event: Event, batchCursor: string): Change[] {
  const cursor = `${batchCursor.slice(0, batchCursor.indexOf(':'))}:${event.number}`;
  const { at } = event;
  switch (event.body) {
    case 'node': {
      const { change, node } = event.node;
      if (node === null || !isNodeChange(change)) return [];
      return [{ kind: 'node', change, info: nodeInfoOf(node), at, cursor }];
    }
    case 'process':
      return event.process.process === null
        ? []
        : [{ kind: 'process', info: processInfoOf(event.process.process), at, cursor }];
    case 'gap':
      return [{ kind: 'gap', reason: event.gap.reason, at, cursor }];
    default:
      return [];
  }
}

function isNodeChange(change: string): change is NodeChange {
  return NODE_CHANGES.has(change);
}
