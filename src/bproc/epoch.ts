/** Epochs: who may command. PROTOCOL.md 3.3. */
import type { Epoch } from '../wire/index.ts';

export type { Epoch };

/** Before any master was seen. */
export const NO_EPOCH: Epoch = { generation: 0, revision: 0 };

/** Negative where `a` is older than `b`, positive where newer, 0 where they are the same. */
export function compareEpochs(a: Epoch, b: Epoch): number {
  return a.generation - b.generation || a.revision - b.revision;
}

/** `3.17`, for messages and cursors. */
export function epochText(epoch: Epoch): string {
  return `${epoch.generation}.${epoch.revision}`;
}
