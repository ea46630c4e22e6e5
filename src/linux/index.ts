/** Linux as the library sees it: processes, signals, and who is at the other end of a connection. */
export { AddressHelper, type InterfaceAddress } from './address-helper.ts';
export { mayActForOthers, mayMount, mayUse } from './capabilities.ts';
export { type ChildProcessSpawnerOptions, createChildProcessSpawner } from './child-process-spawner.ts';
export { AGENT_ARGV, findHolder, type PidNamespace } from './holder-binary.ts';
export { createHolderSpawner } from './holder-engine.ts';
export { findProgram } from './local-program.ts';
export { type DirectoryLock, lockDirectory } from './lock.ts';
export { NoProcess } from './no-process.ts';
export { makeMemoryDirectory, makeOwnDirectory, removeForsakenDirectories } from './own-directory.ts';
export { pidNow, startEnvironment } from './own-start.ts';
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
  type Bind,
  type ConnectTarget,
  type Descriptor,
  environmentOf,
  MADE_STDIN,
  MARKER_VARIABLE,
  MOST_WRITTEN_BYTES,
  RESOURCES,
  type RemadeTerminal,
  type Remake,
  type ResourceLimits,
  type SocketTarget,
  type SpawnRequest,
  type StdioTarget,
  type TerminalSize,
  type UserIdentity,
} from './spawn-request.ts';
export type {
  ExitStatus,
  HeldProcess,
  ProcessEntry,
  ProcessIdentity,
  ResourceUsage,
  SignalScope,
  SpawnedProcess,
  Spawner,
  SpawnSink,
  StreamPlaces,
  TerminalName,
  TerminalPlace,
  TreeEntry,
} from './spawner.ts';
export { LoopbackPeers } from './tcp-peer.ts';
