/** The processes that come from other nodes: who may come, and what becomes of those that an earlier life took in. */
import { rm } from 'node:fs/promises';
import type { Cancel } from '../../clock.ts';
import { BprocError } from '../../errors.ts';
import type { HeldProcess, ProcessIdentity } from '../../linux/index.ts';
import type { Link } from '../../transport/index.ts';
import { failureOf } from '../../transport/index.ts';
import type { Bring, Settle, Start } from '../../wire/index.ts';
import { idBytes, idText } from '../ids.ts';
import { movedName } from '../tickets.ts';
import { Arrival } from './arrival.ts';
import { RESTORE_MS } from './copy-making.ts';
import { type Arriving, type Facts, factsOf } from './facts.ts';
import type { ArrivalParts } from './move-parts.ts';
import type { Visit, Visits } from './peer-sources.ts';

/** Processes that may be on their way in. */
const MOST_ARRIVALS = 8;
/** The processes that come. Disposing of it gives up those that were not told to run. */
export class Arrivals implements Visits, AsyncDisposable {
  readonly #parts: ArrivalParts;
  readonly #coming = new Map<string, Arrival>();
  readonly #running = new Set<Promise<void>>();
  /** Those that an earlier life of the daemon took in, and that are not there yet. */
  readonly #left = new Set<string>();

  constructor(parts: ArrivalParts) {
    this.#parts = parts;
  }

  /** Whether one of this user is on its way: it may run, and be a client by this node, before that is known here. */
  awaits(uid: number): boolean {
    return [...this.#coming.values()].some((arrival) => arrival.uid === uid);
  }

  /** With the user as whom it would run here: the master has said that to this slave by the ticket, and not to whoever brings it. */
  ticketName({ puid, copy, facts, virtualAddress }: Bring): Uint8Array | undefined {
    const uid = copy === null ? factsOf(facts)?.uid : copy.uid;
    return uid === undefined ? undefined : movedName(puid, uid, virtualAddress);
  }

  /** Another slave brings one. @throws BprocError where it cannot come. */
  visit(link: Link, bring: Bring): Visit {
    const { state } = this.#parts;
    const key = idText(bring.puid);
    const details = { pid: bring.pid };
    if (state.stopping) throw new BprocError('BE_NODEDOWN', `node ${state.node} is shutting down`, details);
    if (this.#coming.size >= MOST_ARRIVALS) {
      throw new BprocError('EAGAIN', `${MOST_ARRIVALS} processes are on their way to node ${state.node}`, details);
    }
    if (this.#coming.has(key) || this.#left.has(key) || state.processes.has(key)) {
      throw new BprocError('EEXIST', `process ${bring.pid} is on node ${state.node} already`, details);
    }
    if (bring.copy === null) this.#checkMoved(key, bring);
    else this.#expectCopy(bring.copy);
    const arrival = new Arrival(this.#parts, link, bring);
    this.#coming.set(key, arrival);
    const running = arrival.run().finally(() => {
      this.#coming.delete(key);
      this.#running.delete(running);
    });
    this.#running.add(running);
    return arrival;
  }

  #checkMoved(key: string, { pid, facts: bytes }: Bring): void {
    const { state } = this.#parts;
    if (state.byPid.has(pid))
      throw new BprocError('EEXIST', `node ${state.node} has a process ${pid} already`, { pid });
    const facts = factsOf(bytes);
    if (facts?.key === key && facts.pid === pid) return;
    throw new BprocError('EPROTO', 'what is said of the process makes no sense here', { pid });
  }

  /** Enters it as a start. */
  #expectCopy(start: Start): void {
    let refusal: BprocError | undefined;
    const refused = (error: BprocError): void => {
      refusal = error;
    };
    this.#parts.tell({ type: 'expecting', start, refused });
    if (refusal !== undefined) throw refusal;
  }

  /**
   * Goes on with one that an earlier life of the daemon took in. Whom that has told to run runs; else nobody is left to
   * say so, and it ends.
   */
  take(held: HeldProcess, facts: Facts, { number, stopped, directory }: Arriving): void {
    const { readopt, drop, tell, report, clock } = this.#parts;
    const { key, streams } = facts;
    this.#left.add(key);
    if (facts.image !== undefined) this.#parts.images?.spare(facts.image.name);
    let cancel: Cancel = () => {};
    const over = (): void => {
      cancel();
      this.#left.delete(key);
      const removed = rm(directory, { recursive: true, force: true }).finally(() => this.#running.delete(removed));
      this.#running.add(removed);
    };
    const started = (identity: ProcessIdentity): void => {
      over();
      const here = { ...held, phase: 'running', identity, stopped: stopped === 0 ? undefined : stopped } as const;
      const wanted = [streams[1], streams[2]] as const;
      tell({ type: 'arrived', number, held: here, wanted, signals: [], wallTime: clock.wallTime() });
      if (facts.image !== undefined) this.#parts.rootAgain(key, facts.image);
    };
    const failed = (error: BprocError): void => {
      over();
      drop(key);
      report({ puid: idBytes(key), number, failure: failureOf(error) });
    };
    const handle = readopt(key, held, { started, failed, lost: failed });
    if (this.#left.has(key)) cancel = clock.after(RESTORE_MS, () => handle.giveUp?.());
  }

  /** The master says what is to become of one. */
  settle(settle: Settle): void {
    const arrival = this.#coming.get(idText(settle.puid));
    if (arrival?.number === settle.number) return arrival.settle(settle);
    const key = idText(settle.puid);
    // of what was left it is told how it ends
    if (this.#left.has(key) || this.#parts.state.processes.has(key)) return;
    const error = new BprocError('BE_INVALIDPROC', 'the process is not here');
    if (settle.go) this.#parts.report({ puid: settle.puid, number: settle.number, failure: failureOf(error) });
  }

  /** A master has the slave: what waits for a word asks for it. */
  ask(): void {
    for (const arrival of this.#coming.values()) arrival.ask();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const arrival of this.#coming.values())
      arrival.fail(new BprocError('BE_NODEDOWN', 'the slave is shutting down'));
    await Promise.all(this.#running);
  }
}
