/** A slave's part in moving processes: what its reducer orders is done here, and what comes of it is told there. */
import type { SpawnedProcess } from '../../linux/index.ts';
import type { Arrived, ControlInit, Init, MoveProgress } from '../../wire/index.ts';
import { Arrivals } from './arrivals.ts';
import { Checkpoints } from './checkpoints.ts';
import { Departures } from './departures.ts';
import type { EngineLives } from './engine-lives.ts';
import type { SlaveEffect, SlaveEvent } from './events.ts';
import type { HeldImage } from './images.ts';
import type { SlaveParts } from './parts.ts';
import type { ProcessHandles } from './process-handles.ts';
import type { SlaveState } from './state.ts';
import { Untold } from './untold.ts';
import { gatewaysOf, wayFromNow } from './way-to-master.ts';

type MoveEffect = Extract<
  SlaveEffect,
  {
    readonly type:
      | 'awaitArrival'
      | 'awaitCapture'
      | 'depart'
      | 'keepGone'
      | 'noteGone'
      | 'forgetGone'
      | 'callOff'
      | 'settle'
      | 'settleArrival'
      | 'checkpoint'
      | 'checkpointRoom'
      | 'keptCheckpoints'
      | 'restart';
  }
>;

/** What it does its part with. */
export interface MoveSurroundings {
  readonly engine: EngineLives;
  readonly processes: ProcessHandles;
  readonly tell: (event: SlaveEvent) => void;
  readonly tellMaster: (message: ControlInit) => void;
  readonly masterPeer: () => string;
}

/** The moves of a slave, to and fro. Disposing of it ends those that are under way. */
export class Moves implements AsyncDisposable {
  readonly #departures: Departures | undefined;
  readonly #arrivals: Arrivals | undefined;
  readonly #checkpoints: Checkpoints | undefined;
  readonly #untold = new Untold();

  /** @param state is only read. */
  constructor(slave: SlaveParts, state: SlaveState, surroundings: MoveSurroundings) {
    const { moving, clock, images, kept, gateway, config } = slave;
    if (moving === undefined) return;
    const { engine, processes, tell, tellMaster, masterPeer } = surroundings;
    const parts = {
      clock,
      random: config.random,
      network: moving.network,
      masterPeer,
      engine: () => engine.current,
      checkpointer: () => moving.checkpointer(() => engine.current),
      machine: moving.machine,
      directory: moving.directory,
      gateways: gatewaysOf(slave),
      state,
      incomplete: new Set<string>(),
      handleOf: (key: string): SpawnedProcess | undefined => processes.handleOf(key),
      tell,
      rootOf: (key: string) => processes.rootOf(key),
      tellProgress: (moveProgress: Init<MoveProgress>) => tellMaster({ moveProgress }),
      images,
      kept,
    };
    const departures = new Departures(parts);
    const arrivalParts = {
      ...parts,
      untold: this.#untold,
      departed: (key: string) => departures.over(key),
      gateway,
      rootAgain: (key: string, image: HeldImage) => processes.rootAgain(key, image),
      root: (...what: Parameters<ProcessHandles['root']>) => processes.root(...what),
      way: wayFromNow(slave),
      remake: (...what: Parameters<ProcessHandles['remake']>) => processes.remake(...what),
      readopt: (...what: Parameters<ProcessHandles['readopt']>) => processes.readopt(...what),
      drop: (key: string) => processes.drop(key),
      report: (arrived: Init<Arrived>) => tellMaster({ arrived }),
    };
    const arrivals = new Arrivals(arrivalParts);
    images?.receive(arrivals, departures);
    this.#departures = departures;
    this.#arrivals = arrivals;
    this.#checkpoints = new Checkpoints(arrivalParts, departures);
  }

  /** Resolves when those copies are told of that run now. */
  untold(): Promise<void> {
    return this.#untold.over();
  }

  perform(effect: MoveEffect): void {
    switch (effect.type) {
      case 'awaitCapture':
        return this.#departures?.take(effect.held, effect.capture);
      case 'awaitArrival':
        return this.#arrivals?.take(effect.held, effect.facts, effect.arriving);
      case 'depart':
        return this.#departures?.begin(effect.key, effect.order);
      case 'keepGone':
        return this.#departures?.keep(effect.key, effect.held, effect.directory);
      case 'noteGone':
        return this.#departures?.note(effect.key);
      case 'forgetGone':
        return this.#departures?.forget(effect.key);
      case 'callOff':
        return this.#departures?.callOff(effect.key, effect.number);
      case 'settle':
        return this.#departures?.settle(effect.settle);
      case 'settleArrival':
        return this.#arrivals?.settle(effect.settle);
      case 'checkpoint':
        return this.#checkpoints?.capture(effect);
      case 'checkpointRoom':
        return this.#checkpoints?.room(effect);
      case 'keptCheckpoints':
        return this.#checkpoints?.kept(effect);
      case 'restart':
        return this.#checkpoints?.restart(effect);
    }
  }

  /** Whether a process of this user is on its way here. */
  awaits(uid: number): boolean {
    return this.#arrivals?.awaits(uid) ?? false;
  }

  /** A master has the slave. */
  attached(): void {
    this.#arrivals?.ask();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // what stands still for a checkpoint would keep the others waiting
    await this.#checkpoints?.close();
    await this.#departures?.[Symbol.asyncDispose]();
    await this.#arrivals?.[Symbol.asyncDispose]();
    await this.#checkpoints?.[Symbol.asyncDispose]();
  }
}
