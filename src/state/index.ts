/** What roles keep where it survives them. */
export { fileEpochStore, memoryEpochStore } from './epoch-store.ts';
export type { EpochStore, StoredEpoch } from './epoch-store.ts';
