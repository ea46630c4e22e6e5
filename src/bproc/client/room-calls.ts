/** Directories of nodes that are lent to a client for checkpoints: PROTOCOL.md 12.5 and 12.8. */
import type { Cancel } from '../../clock.ts';
import { BprocError } from '../../errors.ts';
import type { RequestChoice, Room } from '../../wire/index.ts';
import { bound, type CallOptions } from '../bound.ts';
import { ForkCalls } from './fork-calls.ts';

/** How often a slave is told that its room is used, in milliseconds: four times before it takes it back. */
const KEEP_MS = 15_000;

/** Calls that take a room. */
export abstract class RoomCalls extends ForkCalls {
  /** @internal Where it is not waited for any longer, what there is then is removed. @param drop removes what else there is. */
  protected askForRoom(order: RequestChoice, bounds: CallOptions, drop?: (room: Room) => Promise<void>): Promise<Room> {
    const asked = this.askFor('room', order, { timeoutMs: Number.POSITIVE_INFINITY }).then(({ room }) => room);
    const bounded = bound<Room>(this.clock, bounds, () => {
      asked.then(
        (room) => Promise.all([this.#remove(room), drop?.(room)]).catch(() => {}),
        () => {},
      );
    });
    asked.then(bounded.resolve, (error: unknown) => bounded.reject(BprocError.from(error)));
    return bounded.promise;
  }

  /** @internal What is not wanted any more is removed, however that ends; where it cannot be, its slave does so in time. */
  protected async usingRoom<T>(room: Room, act: () => Promise<T>): Promise<T> {
    const stop = this.#keep(room);
    try {
      return await act();
    } finally {
      stop();
      await this.#remove(room);
    }
  }

  async #remove({ node, directory }: Room): Promise<void> {
    await this.ask({ checkpointRoom: { node, remove: directory } }, {}).catch(() => {});
  }

  /** Tells a slave again and again that its room is used. */
  #keep({ node, directory }: Room): Cancel {
    let cancel: Cancel;
    const again = (): void => {
      cancel = this.clock.after(KEEP_MS, () => {
        // that it is gone is told by what it is used for
        this.ask({ checkpointRoom: { node, keep: directory } }, {}).catch(() => {});
        again();
      });
    };
    again();
    return () => cancel();
  }
}
