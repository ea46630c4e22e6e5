/** The part of `beomap` in a master: it keeps reservations. PROTOCOL.md 13.6. */
import type { MasterHome, MasterService, MasterServing, ServiceCaller } from '../bproc/index.ts';
import { BprocError } from '../errors.ts';
import { MAP_MESSAGES } from '../wire/index.ts';
import { Reservations } from './reservations.ts';

/** Name of the service. */
export const BEOMAP = 'beomap';
/** Bytes of a reservation's id. */
export const ID_BYTES = 16;

/** The master's part. @param reservations that it is to keep, where others see them too. */
export function masterMaps(reservations = new Reservations()): MasterService {
  return { name: BEOMAP, serve: (home) => new MasterMaps(home, reservations) };
}

class MasterMaps implements MasterServing {
  readonly #home: MasterHome;
  readonly #reservations: Reservations;

  constructor(home: MasterHome, reservations: Reservations) {
    this.#home = home;
    this.#reservations = reservations;
  }

  async request(body: Uint8Array, caller: ServiceCaller): Promise<Uint8Array> {
    const { id, hold, leaseMs } = MAP_MESSAGES.question.decode(body);
    const name = Buffer.from(id).toString('hex');
    const now = this.#home.clock.now();
    if (id.length !== 0 && id.length !== ID_BYTES)
      throw new BprocError('EINVAL', `a reservation's id has ${ID_BYTES} bytes`);
    if (id.length === 0 && hold.length > 0) throw new BprocError('EINVAL', 'a reservation needs an id');
    if (hold.length > 0) {
      for (const { node } of hold) this.#checkNode(node, caller);
      this.#reservations.hold(now, name, caller.uid, hold, leaseMs);
    } else if (id.length > 0) {
      this.#reservations.release(name, caller.uid);
    }
    return MAP_MESSAGES.answer.encode({ held: [...this.#reservations.held(now, name)] });
  }

  #checkNode(node: number, caller: ServiceCaller): void {
    if (this.#home.nodeInfo(node) === undefined)
      throw new BprocError('BE_INVALIDNODE', `there is no node ${node}`, { node });
    if (this.#home.mayPlace(caller, node)) return;
    throw new BprocError('EPERM', `uid ${caller.uid} cannot reserve node ${node}: he may not place work there now`, {
      node,
    });
  }
}
