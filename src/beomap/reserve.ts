/** Maps whose slots nobody else is given for as long as they are held. */
import { randomBytes } from 'node:crypto';
import type { CallOptions, Client } from '../bproc/index.ts';
import { type Cancel, type Clock, systemClock } from '../clock.ts';
import { BprocError } from '../errors.ts';
import type { Init, MapQuestion, MapSlots } from '../wire/index.ts';
import { MAP_MESSAGES } from '../wire/index.ts';
import { clusterNodes, reserved, withReserved } from './cluster-nodes.ts';
import type { JobMap } from './job-map.ts';
import { checkGiven, chooseWith, type MapOptions } from './map.ts';
import { BEOMAP, ID_BYTES } from './master-part.ts';
import { idleCpus, type MapNode } from './policy.ts';
import { LEASE_MS } from './reservations.ts';
import { wantedOf } from './wishes.ts';

/** How slots are reserved. */
export interface ReserveOptions extends MapOptions {
  /** How long the slots stay reserved once this program is gone, in milliseconds, 100 to 3600000. @default 30000 */
  readonly leaseMs?: number;
  /** Told where the reservation is gone though it was not given back: the master was started anew, and others were quicker. */
  readonly onLost?: (error: BprocError) => void;
}

/** How often others may be quicker before it is given up. */
const MOST_TRIES = 64;
/** How many renewals may fail in a row before a lease is over. */
const RENEWALS = 3;

/**
 * {@link map}, and its slots are this caller's until they are given back, or the program is gone for `leaseMs`: what is reserved counts as busy to
 * everybody who asks for a map. Slots on the master are not reserved: there may be any number of them.
 *
 * @throws BprocError as {@link map}; EAGAIN where others are always quicker, or hold nodes of a `map`; EDQUOT for too many reservations; ENOSYS where the master keeps none.
 */
export async function reserve(client: Client, options: ReserveOptions = {}): Promise<Reservation> {
  const wanted = wantedOf(options);
  const { leaseMs = 30_000 } = options;
  if (!Number.isInteger(leaseMs) || leaseMs < LEASE_MS.least || leaseMs > LEASE_MS.most) {
    throw new BprocError(
      'EINVAL',
      `leaseMs is ${leaseMs}: it must be a whole number from ${LEASE_MS.least} to ${LEASE_MS.most}`,
    );
  }
  const id = randomBytes(ID_BYTES);
  const nodes = await clusterNodes(client, options);
  for (let tries = 1; ; tries += 1) {
    const held = await reserved(client, options);
    const seen = withReserved(nodes, held);
    if (wanted.map !== undefined) checkGiven(wanted.map, nodes);
    const map = wanted.map ?? (await chooseWith(seen, wanted.choose, options)).map;
    const hold = holdsOf(map, nodes, held, wanted.choose);
    try {
      await ask(client, { id, hold: [...hold], leaseMs }, options);
      return new Reservation(client, map, { id, hold: [...hold], leaseMs }, options.onLost ?? (() => {}));
    } catch (error) {
      // others were quicker: what they hold now is known in the next round
      const isLost = BprocError.is(error) && error.code === 'EAGAIN';
      if (!isLost || wanted.map !== undefined || tries === MOST_TRIES) throw error;
    }
  }
}

/** What the master is to hold: as many as a node has processors, and more only where it is known that they are shared. */
function holdsOf(
  map: JobMap,
  nodes: readonly MapNode[],
  held: ReadonlyMap<number, number>,
  wishes: { readonly noOver?: boolean; readonly idleBelow?: number } = {},
): readonly MapSlots[] {
  const byNumber = new Map(nodes.map((node) => [node.node, node]));
  return [...map.counts()].flatMap(([number, slots]) => {
    const node = byNumber.get(number);
    if (node === undefined) return [];
    const room = wishes.noOver === true ? idleCpus(node, wishes.idleBelow ?? 1) : node.cpus;
    return { node: number, slots, most: Math.max(room, (held.get(number) ?? 0) + slots) };
  });
}

async function ask(client: Client, question: Init<MapQuestion>, options: CallOptions): Promise<void> {
  await client.askService(BEOMAP, MAP_MESSAGES.question.encode(question), options);
}

/** Slots that are reserved. Disposing it gives them back. */
export class Reservation implements AsyncDisposable {
  /** Where the job may run. */
  readonly map: JobMap;
  readonly #client: Client;
  readonly #question: Init<MapQuestion> & { readonly leaseMs: number };
  readonly #onLost: (error: BprocError) => void;
  readonly #clock: Clock = systemClock();
  #cancel: Cancel = () => {};
  #isHeld = true;

  /** @internal Use {@link reserve}. */
  constructor(
    client: Client,
    map: JobMap,
    question: Init<MapQuestion> & { readonly leaseMs: number },
    onLost: (error: BprocError) => void,
  ) {
    this.map = map;
    this.#client = client;
    this.#question = question;
    this.#onLost = onLost;
    this.#renewLater();
  }

  /** Whether it is neither given back nor lost, as far as is known. */
  get isHeld(): boolean {
    return this.#isHeld;
  }

  /** Gives the slots back. Where the master cannot be asked they come back when the lease is over. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#cancel();
    if (!this.#isHeld) return;
    this.#isHeld = false;
    try {
      await ask(this.#client, { id: this.#question.id ?? new Uint8Array() }, {});
    } catch (error) {
      if (!BprocError.is(error)) throw error;
    }
  }

  #renewLater(): void {
    this.#cancel = this.#clock.after(this.#question.leaseMs / RENEWALS, () => void this.#renew());
  }

  async #renew(): Promise<void> {
    try {
      // saying all of it again makes it anew at a master that knows nothing of it
      await ask(this.#client, this.#question, { timeoutMs: this.#question.leaseMs });
    } catch (cause) {
      const error = BprocError.from(cause);
      if (this.#isHeld && ['EAGAIN', 'EPERM', 'EDQUOT', 'BE_INVALIDNODE'].includes(error.code)) {
        this.#isHeld = false;
        return this.#onLost(error);
      }
    }
    if (this.#isHeld) this.#renewLater();
  }
}
