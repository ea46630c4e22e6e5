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
  HandleOptions,
  KillOptions,
  Logger,
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
  SelectOptions,
  SlaveOptions,
  StartOptions,
  StdioOption,
  TerminateOptions,
  VectorEntry,
} from './bproc/index.ts';
export {
  BASE_STATES,
  CHANNELS,
  Client,
  connect,
  defaultMaster,
  describeEnd,
  exitCodeOf,
  formatNodeSet,
  isSuccess,
  isUp,
  Master,
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
export type { ClusterNode, ClusterOptions } from './cluster/index.ts';
export { Cluster, startCluster } from './cluster/index.ts';
export type { BprocErrorCode, BprocErrorDetails } from './errors.ts';
export { BprocError, codeOfErrno, errnoOf } from './errors.ts';
