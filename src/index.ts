/**
 * One process space over many machines.
 *
 * @packageDocumentation
 */

export type {
  BaseState,
  CallOptions,
  CertificateInfo,
  CertificateLifetimes,
  Change,
  ConnectionSource,
  ConnectOptions,
  Credentials,
  EngineName,
  ExitedEnd,
  HandleOptions,
  JoinToken,
  KillOptions,
  Logger,
  Login,
  LoginOptions,
  LostEnd,
  MasterOptions,
  NodeChange,
  NodeEntry,
  NodeFile,
  NodeInfo,
  NodeSelection,
  NodeSetItem,
  NodeStatusOptions,
  NotifierOptions,
  PendingSlave,
  PowerOrder,
  ProcessEnd,
  ProcessInfo,
  ProcListOptions,
  ReconnectOptions,
  RemoteState,
  RevokeTarget,
  SelectableNode,
  SelectOptions,
  SignaledEnd,
  SlaveEvents,
  SlaveOptions,
  StartOptions,
  StdioOption,
  TerminateOptions,
  TimedOutEnd,
  TokenLoginOptions,
  TokenOptions,
  VectorEntry,
} from './bproc/index.ts';
export {
  BASE_STATES,
  CHANNELS,
  Client,
  checkState,
  connect,
  defaultMaster,
  describeEnd,
  exitCodeOf,
  formatNodeSet,
  isSuccess,
  isUp,
  loginByToken,
  Master,
  MODE_BITS,
  modeString,
  NODE_ANY,
  NODE_MASTER,
  NODE_NONE,
  NODE_SELF,
  Notifier,
  ProcessVector,
  parseNodeSet,
  RemoteProcess,
  Slave,
  selectEntries,
  selectNodes,
  startMaster,
  startSlave,
} from './bproc/index.ts';
export type { Cancel, Clock } from './clock.ts';
export { systemClock } from './clock.ts';
export type { ClusterNode, ClusterOptions } from './cluster/index.ts';
export { Cluster, startCluster } from './cluster/index.ts';
export type { BprocErrorCode, BprocErrorDetails } from './errors.ts';
export { BprocError, codeOfErrno, errnoOf } from './errors.ts';
export type {
  ChildProcessSpawnerOptions,
  ExitStatus,
  HeldProcess,
  PidNamespace,
  ProcessEntry,
  ProcessIdentity,
  ResourceLimits,
  ResourceUsage,
  SignalLike,
  SignalScope,
  SpawnedProcess,
  Spawner,
  SpawnRequest,
  SpawnSink,
  StdioTarget,
  TerminalSize,
  TreeEntry,
  UserIdentity,
} from './linux/index.ts';
export { createChildProcessSpawner, MARKER_VARIABLE, RESOURCES, signalName, signalNumber } from './linux/index.ts';
export type { Random } from './random.ts';
export { systemRandom } from './random.ts';
export type { HandshakeLimits, Link, LinkHandler } from './transport/index.ts';
