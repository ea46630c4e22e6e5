/** The services of a slave: what they are to it, and what its master and clients say to them. PROTOCOL.md section 13. */
import type { Clock } from '../../clock.ts';
import { BprocError } from '../../errors.ts';
import type { Spawner } from '../../linux/index.ts';
import type { Link } from '../../transport/index.ts';
import type { Init, Serve } from '../../wire/index.ts';
import { idText } from '../ids.ts';
import {
  checkServiceBody,
  type LocalProcess,
  noService,
  type Outfit,
  type OutfitWish,
  partsByName,
  type SlaveHome,
  type SlaveService,
  type SlaveServing,
} from '../service.ts';
import { ServiceLine } from '../service-line.ts';
import type { SlaveEffect } from './events.ts';
import type { SlaveProcess, SlaveState } from './state.ts';

type ServiceOrder = Extract<SlaveEffect, { readonly type: 'service' }>;

/** What the desk needs of its slave. */
export interface SlaveDeskParts {
  /** Only read. */
  readonly state: SlaveState;
  readonly clock: Clock;
  /** What starts processes. */
  readonly spawner: () => Spawner;
}

/** Passes on what concerns services. Disposing of it ends them. */
export class SlaveServiceDesk implements AsyncDisposable {
  readonly #parts: SlaveDeskParts;
  readonly #services: ReadonlyMap<string, SlaveServing>;
  #line: ServiceLine | undefined;

  /** @throws BprocError EINVAL for names that cannot be. */
  constructor(services: readonly SlaveService[], parts: SlaveDeskParts) {
    this.#parts = parts;
    this.#services = partsByName(services, (name) => this.#homeOf(name));
  }

  #homeOf(name: string): SlaveHome {
    const { state, clock, spawner } = this.#parts;
    return {
      clock,
      get hasDescriptors() {
        return spawner().givesDescriptors === true;
      },
      get node() {
        return state.node;
      },
      get root() {
        return state.root ?? '/';
      },
      processes: () => [...state.processes.values()].filter(({ phase }) => phase !== 'exited').map(localProcess),
      send: (body) => {
        this.#line?.send(name, body);
        return this.#line !== undefined;
      },
      ask: async (body, options) => {
        if (this.#line !== undefined) return this.#line.ask(name, body, options);
        throw new BprocError('ECONNRESET', 'no master is there to be asked');
      },
    };
  }

  /** A master has the slave, on this link. */
  attach(link: Link, domain: string): void {
    this.detach();
    this.#line = new ServiceLine({
      clock: this.#parts.clock,
      here: `node ${this.#parts.state.node}`,
      send: (serve: Init<Serve>) => link.send({ serve, ...(domain === '' ? {} : { domain }) }),
      earOf: (name) => this.#services.get(name),
    });
    for (const service of this.#services.values()) service.attached?.();
  }

  detach(): void {
    if (this.#line === undefined) return;
    this.#line.close(new BprocError('ECONNRESET', 'the connection to the master is gone'));
    this.#line = undefined;
    for (const service of this.#services.values()) service.detached?.();
  }

  hear(serve: Serve): void {
    this.#line?.hear(serve);
  }

  /** A client asks, through its master. */
  async request({ service: name, body, caller }: ServiceOrder): Promise<Uint8Array> {
    const service = this.#services.get(name);
    if (service?.request === undefined) throw noService(name, `node ${this.#parts.state.node}`);
    const answer = await service.request(body, caller);
    checkServiceBody(name, answer);
    return answer;
  }

  /** What a service gives a process. @throws BprocError what keeps the process from starting. */
  async outfit(name: string, wish: OutfitWish): Promise<Outfit> {
    const service = this.#services.get(name);
    if (service?.outfit === undefined) throw noService(name, `node ${this.#parts.state.node}`);
    return service.outfit(wish);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.detach();
    for (const service of this.#services.values()) await service[Symbol.asyncDispose]?.();
  }
}

function localProcess({ pid, identity, uid, command, puid, client }: SlaveProcess): LocalProcess {
  const localPid = identity?.outerPid ?? identity?.pid ?? 0;
  return { pid, localPid, uid, command, puid: idText(puid), client };
}
