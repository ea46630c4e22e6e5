/** Capturing processes and making them again elsewhere. */
export { readCheckpoint, verifyCheckpoint, writeCheckpoint } from './checkpoint.ts';
export type { Capture, Checkpointer, Restoration } from './checkpointer.ts';
export { Criu, endOfCapture } from './criu/criu.ts';
export { findCriu } from './criu/find-criu.ts';
export { LuggageTaker, openLuggage, packLuggage } from './luggage.ts';
