/** What roles keep where it survives them. */

export type { EpochStore, StoredEpoch } from './epoch-store.ts';
export { fileEpochStore, memoryEpochStore } from './epoch-store.ts';
export type { NodeStore } from './node-store.ts';
export { fileNodeStore } from './node-store.ts';
