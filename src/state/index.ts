/** What roles keep where it survives them. */

export type { EpochStore, StoredEpoch } from './epoch-store.ts';
export { fileEpochStore, memoryEpochStore, replaceFile } from './epoch-store.ts';
export { fileGroupLog, type GroupLog } from './group-log.ts';
export type { NodeStore } from './node-store.ts';
export { fileNodeStore } from './node-store.ts';
export type { RecordLog } from './record-log.ts';
export { fileRecordLog } from './record-log.ts';
