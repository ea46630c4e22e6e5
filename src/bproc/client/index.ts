/** What programs hold to use a cluster. */

export type { CallOptions } from '../bound.ts';
export type { CheckpointOptions } from './checkpoint-calls.ts';
export type { ConnectOptions } from './client.ts';
export { Client, connect, defaultMaster } from './client.ts';
export type { ConnectTo } from './connect-options.ts';
export type {
  CopyFailure,
  CopyOptions,
  CopyProgress,
  CopyResult,
  CopySource,
  GatherOptions,
  NodeFiles,
} from './copy-options.ts';
export type { CopyOutcome } from './copying.ts';
export type { DrainOptions, DrainReport } from './drain-calls.ts';
export type { Copied, Fork } from './fork-calls.ts';
export type { CacheInfo, LearnedFiles, LearnOptions, LibraryEntry, PurgeOptions } from './image-calls.ts';
export type { ImageWishes } from './images.ts';
export type {
  CertificateInfo,
  JoinToken,
  Login,
  LoginOptions,
  PendingSlave,
  RevokeTarget,
  TokenOptions,
} from './join-calls.ts';
export type { ForkProgress, MoveProgress, ProcessMoveOptions } from './moving.ts';
export type { NodeStatusOptions, ReconnectOptions } from './node-calls.ts';
export type { Change, NotifierOptions } from './notifier.ts';
export { Notifier } from './notifier.ts';
export type { ProcessInfo, ProcessTable, ProcListOptions } from './process-calls.ts';
export type { VectorEntry } from './process-vector.ts';
export { ProcessVector } from './process-vector.ts';
export type { KillOptions, RemoteState, TerminateOptions } from './remote-process.ts';
export { RemoteProcess } from './remote-process.ts';
export type { LimitOptions } from './rights-options.ts';
export type { ServiceRequestOptions } from './service-calls.ts';
export type {
  CopyStartOptions,
  ForkOptions,
  MoveOptions,
  NodeFile,
  OutfitOption,
  StartOptions,
  StdioOption,
} from './start-options.ts';
export type { CheckpointStore, StoredCheckpoint } from './stored-calls.ts';
export type { TerminalOptions } from './terminal-options.ts';
