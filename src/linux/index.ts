/** Linux as the library sees it: processes, signals, and who is at the other end of a connection. */
export { mayActForOthers, mayUse } from './capabilities.ts';
export { type ChildProcessSpawnerOptions, createChildProcessSpawner } from './child-process-spawner.ts';
export { findHolder, type PidNamespace } from './holder-binary.ts';
export { createHolderSpawner } from './holder-engine.ts';
export { type DirectoryLock, lockDirectory } from './lock.ts';
export { PeerAsker } from './peer-credentials.ts';
export { markerOwner, placeProcesses } from './process-tree.ts';
export {
  isAlive,
  listProcesses,
  type ProcessRecord,
  parseMarker,
  parseStat,
  readBootId,
  readMarker,
  readStat,
} from './procfs.ts';
export { resolveInRoot } from './rooted-path.ts';
export { type SignalLike, signalName, signalNumber } from './signals.ts';
export {
  type ExitStatus,
  environmentOf,
  type HeldProcess,
  MARKER_VARIABLE,
  type ProcessEntry,
  type ProcessIdentity,
  RESOURCES,
  type ResourceLimits,
  type ResourceUsage,
  type SignalScope,
  type SpawnedProcess,
  type Spawner,
  type SpawnRequest,
  type SpawnSink,
  type StdioTarget,
  type TerminalSize,
  type TreeEntry,
  type UserIdentity,
} from './spawner.ts';
export { LoopbackPeers } from './tcp-peer.ts';
