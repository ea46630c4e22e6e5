/**
 * Processes that stand still while they are on their way to another node. What would be done to one waits, and so does
 * what happens to it: it counts only if the process runs on here.
 */
import type { SlaveEffect, SlaveEvent } from './events.ts';
import type { SlaveState } from './state.ts';

type SignalEffect = Extract<SlaveEffect, { readonly type: 'signal' }>;

/** What waits for a process to run on here. */
export interface Frozen {
  readonly effects: SlaveEffect[];
  readonly events: SlaveEvent[];
}

/** Events by which a process would be seen to change. Output is told as ever, it was written before. */
const CHANGES: ReadonlySet<SlaveEvent['type']> = new Set([
  'outputEnd',
  'stdinWritten',
  'stdinClosed',
  'stopped',
  'continued',
  'exited',
]);
/** Effects that would change it. Its output is paused at any time: until it stands still it writes on. */
const ACTS: ReadonlySet<SlaveEffect['type']> = new Set([
  'signal',
  'resize',
  'release',
  'closeOutput',
  'discard',
  'endStdin',
]);

/** From here on nothing is done to a process. */
export function freeze({ frozen }: SlaveState, key: string): void {
  const nothing: Frozen = { effects: [], events: [] };
  frozen.set(key, nothing);
}

/** What waits for a process, which does not wait any longer. */
export function thaw(state: SlaveState, key: string): Frozen {
  const waiting = waitingFor(state, key) ?? { effects: [], events: [] };
  state.frozen.delete(key);
  return waiting;
}

/** Nobody else puts anything there; the state cannot name what events and effects are, which name it. */
function waitingFor({ frozen }: SlaveState, key: string): Frozen | undefined {
  return frozen.get(key) as Frozen | undefined;
}

/** Whether an event waits. */
export function heldBack(state: SlaveState, event: SlaveEvent): boolean {
  if (!('key' in event) || !CHANGES.has(event.type)) return false;
  const waiting = waitingFor(state, event.key);
  waiting?.events.push(event);
  return waiting !== undefined;
}

/** The effects of a step but for those that wait. */
export function actsOf(state: SlaveState, effects: readonly SlaveEffect[]): SlaveEffect[] {
  return effects.filter((effect) => {
    const waiting = 'key' in effect && ACTS.has(effect.type) ? waitingFor(state, effect.key) : undefined;
    waiting?.effects.push(effect);
    return waiting === undefined;
  });
}

/** Signals that wait, in the order they were sent. */
export function lateSignals({ effects }: Frozen): readonly SignalEffect[] {
  return effects.filter((effect) => effect.type === 'signal');
}
