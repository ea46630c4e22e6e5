/** What a slave keeps for its successor: its promise, its node's number, and the signals it was to send. */
import type { SlaveEffect } from './events.ts';
import type { SlaveParts } from './parts.ts';
import { SignalLog, type SignalOutcome } from './signal-log.ts';
import type { SlaveState } from './state.ts';
import { createSlaveState } from './state.ts';

/** Effects that have to be kept before anything follows from them. */
export type KeptEffect = Extract<SlaveEffect, { readonly type: 'promise' | 'keepNode' | 'noteSignal' }>;

/** Whether an effect is one of these. */
export function isKept(effect: SlaveEffect): effect is KeptEffect {
  return effect.type === 'promise' || effect.type === 'keepNode' || effect.type === 'noteSignal';
}

/** The stores of one slave. */
export class Durable {
  readonly #parts: Pick<SlaveParts, 'config' | 'promises' | 'nodes'>;
  readonly #signals: SignalLog;

  constructor(parts: Pick<SlaveParts, 'config' | 'promises' | 'nodes' | 'signals'>) {
    this.#parts = parts;
    this.#signals = new SignalLog(parts.signals);
  }

  /** The state of a slave that knows what its predecessor kept. @throws BprocError EIO where that is damaged. */
  createState(): SlaveState {
    const { config, promises, nodes } = this.#parts;
    return createSlaveState(config, promises.load(), nodes?.load(), this.#signals.outcomes);
  }

  /** Keeps what an effect names. @throws BprocError where that cannot be written: ENOSPC, EROFS, EACCES. */
  keep(effect: KeptEffect): void {
    if (effect.type === 'promise') this.#parts.promises.save(effect.epoch);
    else if (effect.type === 'keepNode') this.#parts.nodes?.save(effect.node);
    else this.#signals.note(effect.answer.sid, 'pending');
  }

  /** Keeps what became of a signal; where that fails a successor says that it does not know. */
  noteOutcome(order: string, outcome: SignalOutcome): void {
    try {
      this.#signals.note(order, outcome);
    } catch {
      // the signal was sent, or not, and whoever asked is told so all the same
    }
  }
}
