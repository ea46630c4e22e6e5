/** Starts of processes that a service gives something: each waits until the service has said what, which then hears what becomes of the process. */
import { BprocError } from '../../errors.ts';
import type { Outfit, OutfitWish, WantedOutfit } from '../service.ts';
import type { SlaveEvent } from './events.ts';
import type { ProcessEffect } from './spawn-queue.ts';
import type { SlaveState } from './state.ts';

type Spawn = Extract<ProcessEffect, { readonly type: 'spawn' }>;

/** What outfits are made with. */
export interface OutfitParts {
  /** Only read. */
  readonly state: SlaveState;
  readonly ask: (service: string, wish: OutfitWish) => Promise<Outfit>;
  readonly tell: (event: SlaveEvent) => void;
  /** Carries an effect out once nothing is in its way. */
  readonly perform: (effect: ProcessEffect) => void;
}

/** What waits for a service, and what one has given, by the reducer's keys. */
export class Outfits {
  readonly #parts: OutfitParts;
  /** Each with what is to be done to its process after its start. */
  readonly #waiting = new Map<string, ProcessEffect[]>();
  readonly #given = new Map<string, Outfit>();

  constructor(parts: OutfitParts) {
    this.#parts = parts;
  }

  /** Carries an effect out: now, or when it is known what its process is given. */
  perform(effect: ProcessEffect): void {
    const later = this.#waiting.get(effect.key);
    if (later !== undefined) later.push(effect);
    else if (effect.type === 'spawn' && effect.outfit !== undefined) void this.#fit(effect, effect.outfit);
    else this.#parts.perform(effect);
  }

  /** Something has happened to a process. */
  heard(event: SlaveEvent): void {
    if (this.#given.size === 0) return;
    switch (event.type) {
      case 'started':
        return this.#given.get(event.key)?.started?.(event.identity.outerPid ?? event.identity.pid);
      case 'exited':
        return this.#end(event.key)?.ended?.(event.status);
      case 'lost':
        return this.#end(event.key)?.ended?.(undefined);
      // it may be started once more, with another pid
      case 'failed':
        return void this.#end(event.key);
      default:
    }
  }

  #end(key: string): Outfit | undefined {
    const outfit = this.#given.get(key);
    this.#given.delete(key);
    return outfit;
  }

  async #fit(effect: Spawn, { service, body, rank }: WantedOutfit): Promise<void> {
    const { key } = effect;
    this.#waiting.set(key, []);
    let fitted: Spawn | BprocError;
    try {
      const process = this.#parts.state.processes.get(key);
      if (process === undefined) throw new BprocError('ECANCELED', 'nobody wants it any more');
      const { client, uid } = process;
      const outfit = await this.#parts.ask(service, { body, rank, puid: key, client, uid });
      this.#given.set(key, outfit);
      fitted = wearing(effect, outfit);
    } catch (cause) {
      fitted = BprocError.from(cause);
    }
    const later = this.#waiting.get(key) ?? [];
    this.#waiting.delete(key);
    if (fitted instanceof BprocError) this.#parts.tell({ type: 'failed', key, error: fitted });
    else this.#parts.perform(fitted);
    for (const each of later) this.#parts.perform(each);
  }
}

function wearing({ outfit: _, ...effect }: Spawn, { env, descriptors = [] }: Outfit): Spawn {
  const given = descriptors.length === 0 ? {} : { descriptors };
  return { ...effect, request: { ...effect.request, env: { ...effect.request.env, ...env }, ...given } };
}
