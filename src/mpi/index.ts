/**
 * MPI on a cluster: programs of today's MPIs, as they are, started without their own launchers.
 *
 * @packageDocumentation
 */
export {
  type AgentDialect,
  type AgentLine,
  agentDialect,
  agentEnvironment,
  isHydraProxy,
  leavesDaemon,
  readAgentLine,
} from './agent.ts';
export { type HydraOptions, HydraRun, startHydra } from './hydra.ts';
export {
  appOf,
  appsOf,
  type JobApp,
  type JobLayout,
  type JobNode,
  nodeOfJob,
  nodesOf,
  placesOf,
  processMapping,
  type RankPlace,
} from './job.ts';
export { launch } from './launch.ts';
export type { LaunchApp, LaunchOptions, MpiFamily, RankFiles, RankStdio } from './launch-options.ts';
export { MPI, masterJobs } from './master-part.ts';
export {
  ALL_RANKS,
  type JobHome,
  type LookupOptions,
  type Member,
  type NameScope,
  type Protocol,
  type ProtocolServer,
  type PublishedName,
  type RankDescriptor,
  type RankGone,
  type RankOutfit,
  type SpawnedApp,
  type SpawnWish,
} from './node-home.ts';
export { PMI1, pmi1 } from './pmi1/protocol.ts';
export { pmix } from './pmix/index.ts';
export { describeRank, type JobCause, type JobReport, type RankReport } from './report.ts';
export { MpiRun } from './run.ts';
export { Singleton } from './singleton.ts';
export { slaveJobs } from './slave-part.ts';
