/** Capturing processes and making them again elsewhere. */
export { readCheckpoint, verifyFiles, verifyMachine, writeCheckpoint } from './checkpoint.ts';
export type { Capture, Checkpointer, NeededFile, Restoration } from './checkpointer.ts';
export { Criu, endOfCapture } from './criu/criu.ts';
export { findCriu } from './criu/find-criu.ts';
export { syncAt, syncDirectory } from './durable.ts';
export { LuggageTaker, openLuggage, packLuggage } from './luggage.ts';
export { checkNeeds, needsOf } from './needs.ts';
