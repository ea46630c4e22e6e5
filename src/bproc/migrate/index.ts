/** Capturing processes and making them again elsewhere. */
export { packCheckpoint, unpackCheckpoint } from './archive.ts';
export type { CheckpointFacts, CheckpointManifest } from './checkpoint.ts';
export { readCheckpoint, readUnread, verifyFiles, writeCheckpoint, writeUnread } from './checkpoint.ts';
export type { Capture, Checkpointer, Connections, Restoration, TakenMemory, WaysOut } from './checkpointer.ts';
export { type Cpu, checkCpu, ownCpu } from './cpu.ts';
export { Criu, takeUpCapture } from './criu/criu.ts';
export { findCriu } from './criu/find-criu.ts';
export { socketsOf } from './criu/sockets.ts';
export { syncAt, syncDirectory } from './durable.ts';
export { FileHashes } from './file-hashes.ts';
export {
  cutCheckpoint,
  type KeptCheckpoint,
  type KeptFacts,
  keptCheckpointIn,
  PIECE_BYTES,
  placeFiles,
} from './kept.ts';
export { lackingError, lackingFiles } from './lacking-files.ts';
export { openLuggage, packLuggage } from './luggage.ts';
export { LuggageGiver } from './luggage-giver.ts';
export { LuggageTaker } from './luggage-taker.ts';
export { neededFile, needOf } from './needs.ts';
export { filesOf, type PackedParcel, type ParcelFile, packParcel } from './parcel.ts';
export { endText, type TcpSocket, tcpSocketsIn } from './tcp-sockets.ts';
export { treeOf } from './tree-of.ts';
export { type FileUse, type UsedFile, usedFiles } from './used-files.ts';
