/**
 * One process space over many machines.
 *
 * @packageDocumentation
 */

export type {
  BaseState,
  CallOptions,
  Change,
  ConnectionSource,
  ConnectOptions,
  Credentials,
  ExitedEnd,
  HandleOptions,
  KillOptions,
  Logger,
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
  PowerOrder,
  ProcessEnd,
  ProcessInfo,
  ProcListOptions,
  ReconnectOptions,
  RemoteState,
  SelectableNode,
  SelectOptions,
  SignaledEnd,
  SlaveEvents,
  SlaveOptions,
  StartOptions,
  StdioOption,
  TerminateOptions,
  TimedOutEnd,
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
  ProcessEntry,
  ProcessIdentity,
  SignalLike,
  SignalScope,
  SpawnedProcess,
  Spawner,
  SpawnRequest,
  SpawnSink,
  StdioTarget,
  TreeEntry,
} from './linux/index.ts';
export { createChildProcessSpawner, MARKER_VARIABLE, signalName, signalNumber } from './linux/index.ts';
export type { Random } from './random.ts';
export { systemRandom } from './random.ts';
export type { Link, LinkHandler } from './transport/index.ts';
