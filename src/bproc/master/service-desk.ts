/** The services of a master: what they are to it, and what slaves and clients say to them. PROTOCOL.md section 13. */
import type { Clock } from '../../clock.ts';
import { BprocError } from '../../errors.ts';
import type { Init, Serve } from '../../wire/index.ts';
import { mayPlace } from '../permissions.ts';
import {
  checkServiceBody,
  type MasterHome,
  type MasterService,
  type MasterServing,
  noService,
  partsByName,
} from '../service.ts';
import { ServiceLine } from '../service-line.ts';
import { nodeDown, noNode } from './asks.ts';
import type { MasterEffect, MasterEvent } from './events.ts';
import type { MasterState } from './state.ts';

/** What the desk needs of its master. */
export interface DeskParts {
  /** Only read. */
  readonly state: MasterState;
  readonly clock: Clock;
  readonly send: (link: number, serve: Init<Serve>) => void;
  readonly tell: (event: MasterEvent) => void;
}

/** Passes on what concerns services. Disposing of it ends them. */
export class ServiceDesk implements AsyncDisposable {
  readonly #parts: DeskParts;
  readonly #services: ReadonlyMap<string, MasterServing>;
  /** To slaves that have said what they hold, by node. */
  readonly #lines = new Map<number, { readonly link: number; readonly line: ServiceLine }>();
  /** What clients ask and has no answer yet, by client and request. */
  readonly #asked = new Map<string, Map<number, AbortController>>();

  /** @throws BprocError EINVAL for names that cannot be. */
  constructor(services: readonly MasterService[], parts: DeskParts) {
    this.#parts = parts;
    this.#services = partsByName(services, (name) => this.#homeOf(name));
  }

  #homeOf(name: string): MasterHome {
    const { state, clock } = this.#parts;
    return {
      clock,
      nodes: () => [...state.nodes.values()].sort((one, other) => one.node - other.node),
      nodeInfo: (node) => state.nodes.get(node),
      mayPlace: (caller, node) => {
        const found = state.nodes.get(node);
        return found !== undefined && mayPlace(found, caller, state.config.authority);
      },
      attached: () => [...this.#lines.keys()],
      send: (node, body) => {
        const found = this.#lines.get(node);
        found?.line.send(name, body);
        return found !== undefined;
      },
      ask: async (node, body, options) => {
        const line = this.#lines.get(node)?.line;
        if (line !== undefined) return line.ask(name, body, options);
        const known = state.nodes.get(node);
        throw known === undefined ? noNode(node) : nodeDown(known);
      },
    };
  }

  /** A slave is gone, or has still to say what it holds. */
  detached(node: number): void {
    const found = this.#lines.get(node);
    if (found === undefined) return;
    this.#lines.delete(node);
    found.line.close(new BprocError('BE_NODEDOWN', `the slave of node ${node} is gone`, { node }));
    for (const service of this.#services.values()) service.detached?.(node);
  }

  /** A slave is there, and has said what it holds. */
  attached(node: number, link: number): void {
    this.detached(node);
    const line = new ServiceLine({
      clock: this.#parts.clock,
      here: 'the master',
      send: (serve) => this.#parts.send(link, serve),
      earOf: (name) => earOf(this.#services.get(name), node),
    });
    this.#lines.set(node, { link, line });
    for (const service of this.#services.values()) service.attached?.(node);
  }

  /** A slave says something on a link; of what is no slave's, or a slave's of before, nothing is taken. */
  hear(link: number, serve: Serve): void {
    const who = this.#parts.state.links.get(link)?.who;
    if (who?.role !== 'slave') return;
    const found = this.#lines.get(who.node.node);
    if (found?.link === link) found.line.hear(serve);
  }

  /** A client asks. */
  async request({ client, id, service, body, caller }: Effect<'service'>): Promise<void> {
    this.left({ client, id });
    const gone = new AbortController();
    const open = this.#asked.get(client) ?? new Map<number, AbortController>();
    this.#asked.set(client, open.set(id, gone));
    const answer = await this.#answer(service, body, caller, gone.signal);
    if (open.get(id) !== gone) return;
    open.delete(id);
    if (open.size === 0 && this.#asked.get(client) === open) this.#asked.delete(client);
    this.#parts.tell({ type: 'serviceAnswered', client, id, answer });
  }

  async #answer(
    name: string,
    body: Uint8Array,
    caller: Effect<'service'>['caller'],
    signal: AbortSignal,
  ): Promise<Uint8Array | BprocError> {
    try {
      const service = this.#services.get(name);
      if (service?.request === undefined) throw noService(name, 'this master');
      const answer = await service.request(body, caller, signal);
      checkServiceBody(name, answer);
      return answer;
    } catch (error) {
      return BprocError.from(error);
    }
  }

  /** Nobody waits for the answers any more. */
  left({ client, id }: Pick<Effect<'serviceLeft'>, 'client' | 'id'>): void {
    const open = this.#asked.get(client);
    for (const [each, gone] of open ?? []) {
      if (id !== undefined && each !== id) continue;
      open?.delete(each);
      gone.abort(new BprocError('ECANCELED', 'nobody waits for the answer any more'));
    }
    if (open?.size === 0) this.#asked.delete(client);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const client of [...this.#asked.keys()]) this.left({ client, id: undefined });
    for (const { line } of this.#lines.values())
      line.close(new BprocError('ECONNRESET', 'the master is shutting down'));
    this.#lines.clear();
    for (const service of this.#services.values()) await service[Symbol.asyncDispose]?.();
  }
}

type Effect<T> = Extract<MasterEffect, { readonly type: T }>;

function earOf(service: MasterServing | undefined, node: number) {
  if (service === undefined) return undefined;
  const { asked } = service;
  return {
    message: (body: Uint8Array) => service.message?.(node, body),
    ...(asked === undefined ? {} : { asked: (body: Uint8Array) => asked.call(service, node, body) }),
  };
}
