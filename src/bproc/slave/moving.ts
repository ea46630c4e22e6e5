/** A slave's part in moving processes: what its reducer orders is done here, and what comes of it is told there. */
import type { SpawnedProcess } from '../../linux/index.ts';
import type { ControlInit } from '../../wire/index.ts';
import { Arrivals } from './arrivals.ts';
import { Departures } from './departures.ts';
import type { EngineLives } from './engine-lives.ts';
import type { SlaveEffect, SlaveEvent } from './events.ts';
import type { SlaveParts } from './parts.ts';
import type { ProcessHandles } from './process-handles.ts';
import type { SlaveState } from './state.ts';

type MoveEffect = Extract<SlaveEffect, { readonly type: 'awaitCapture' | 'depart' | 'settle' | 'settleArrival' }>;

/** What it does its part with. */
export interface MoveSurroundings {
  readonly engine: EngineLives;
  readonly processes: ProcessHandles;
  readonly tell: (event: SlaveEvent) => void;
  readonly tellMaster: (message: ControlInit) => void;
}

/** The moves of a slave, to and fro. Disposing of it ends those that are under way. */
export class Moves implements AsyncDisposable {
  readonly #departures: Departures | undefined;
  readonly #arrivals: Arrivals | undefined;

  /** @param state is only read. */
  constructor({ moving, clock, images, config }: SlaveParts, state: SlaveState, surroundings: MoveSurroundings) {
    if (moving === undefined) return;
    const { engine, processes, tell, tellMaster } = surroundings;
    const parts = {
      clock,
      network: moving.network,
      engine: () => engine.current,
      checkpointer: () => moving.checkpointer(() => engine.current),
      directory: moving.directory,
      state,
      handleOf: (key: string): SpawnedProcess | undefined => processes.handleOf(key),
      tell,
    };
    const arrivals = new Arrivals({
      ...parts,
      random: config.random,
      remake: (key, request, first) => processes.remake(key, request, first),
      drop: (key) => processes.drop(key),
      report: (arrived) => tellMaster({ arrived }),
    });
    images?.receive((link, bring) => arrivals.visit(link, bring));
    this.#departures = new Departures(parts);
    this.#arrivals = arrivals;
  }

  perform(effect: MoveEffect): void {
    if (effect.type === 'awaitCapture') this.#departures?.take(effect.held, effect.capture);
    else if (effect.type === 'depart') this.#departures?.begin(effect.key, effect.order);
    else if (effect.type === 'settle') this.#departures?.settle(effect.settle);
    else this.#arrivals?.settle(effect.settle);
  }

  /** A master has the slave. */
  attached(): void {
    this.#arrivals?.ask();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#departures?.[Symbol.asyncDispose]();
    await this.#arrivals?.[Symbol.asyncDispose]();
  }
}
