/** Capturing processes and making them again elsewhere. */
export type { Checkpointer } from './checkpointer.ts';
export { Criu } from './criu/criu.ts';
export { findCriu } from './criu/find-criu.ts';
