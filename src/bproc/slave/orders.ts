/** What a slave does for its master beside processes: it lists, switches the machine, changes its root, and asks images and services. */
import { BprocError } from '../../errors.ts';
import { type CacheAction, PowerAction } from '../../wire/index.ts';
import { checkRoot } from './directories.ts';
import type { EngineLives } from './engine-lives.ts';
import type { SlaveEffect, SlaveEvent } from './events.ts';
import type { SlaveParts } from './parts.ts';
import type { SlaveServiceDesk } from './service-desk.ts';
import type { SlaveState } from './state.ts';

type OrderEffect = Extract<SlaveEffect, { readonly type: 'list' | 'power' | 'chroot' | 'cache' | 'service' }>;
type Answer = Omit<Extract<SlaveEvent, { readonly type: 'ordered' }>, 'type' | 'request' | 'error'>;

/** What it does that with. */
export interface OrderParts {
  readonly slave: SlaveParts;
  /** Only read. */
  readonly state: SlaveState;
  readonly engine: EngineLives;
  readonly services: SlaveServiceDesk;
  readonly tell: (event: SlaveEvent) => void;
}

/** The orders of a slave. Each is told once when it is done, or has failed. */
export class Orders {
  readonly #parts: OrderParts;

  constructor(parts: OrderParts) {
    this.#parts = parts;
  }

  perform(effect: OrderEffect): void {
    switch (effect.type) {
      case 'list':
        return void this.#list(effect.request);
      case 'power':
        return void this.#order(effect.request, () => this.#power(effect.action));
      case 'chroot':
        return void this.#order(effect.request, async () => {
          await checkRoot(effect.path);
          return { root: effect.path };
        });
      case 'cache':
        return void this.#order(effect.request, () => this.#manageCache(effect.action));
      case 'service':
        return void this.#order(effect.request, async () => {
          return { body: { service: { body: await this.#parts.services.request(effect) } } };
        });
    }
  }

  async #list(request: number): Promise<void> {
    const entries = await this.#parts.engine.current.list().catch((error: unknown) => BprocError.from(error));
    this.#parts.tell({ type: 'listed', request, entries });
  }

  async #order(request: number, work: () => Promise<Answer>): Promise<void> {
    const outcome = await work().then(
      (answer) => ({ ...answer, error: undefined }),
      (cause: unknown) => ({ error: BprocError.from(cause) }),
    );
    this.#parts.tell({ type: 'ordered', request, ...outcome });
  }

  async #power(action: PowerAction): Promise<Answer> {
    const { slave, state } = this.#parts;
    if (slave.power === undefined) {
      const message = `node ${state.node} may not switch its machine: start its slave with a power command`;
      throw new BprocError('EPERM', message);
    }
    if (action === PowerAction.REBOOT) await slave.power('reboot');
    else await slave.power(action === PowerAction.HALT ? 'halt' : 'poweroff');
    return {};
  }

  async #manageCache(action: CacheAction): Promise<Answer> {
    const { slave, state } = this.#parts;
    if (slave.images === undefined) throw new BprocError('ENOSYS', `node ${state.node} keeps no images`);
    return { body: { cacheState: await slave.images.manage(action) } };
  }
}
