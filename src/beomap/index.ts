/**
 * Where a job's processes are to run: maps of slots, and the files that other programs read them from.
 *
 * @packageDocumentation
 */
export { BprocError } from '../errors.ts';
export type { Allocation, BatchSystem, Environment } from './allocation.ts';
export {
  mapOfAllocation,
  readAllocation,
  readFluxResources,
  readLsfCounts,
  readPeHosts,
  withoutBatch,
} from './allocation.ts';
export type { Choice, ChooseOptions, Verdict } from './choose.ts';
export { choose } from './choose.ts';
export type { Attributes, Expression } from './expression.ts';
export { parseExpression } from './expression.ts';
export type { TopologyOptions } from './grouping.ts';
export { byAttribute, topology } from './grouping.ts';
export type { HookJob, HookOptions, HookQuestion, Hooks } from './hooks.ts';
export { HookSet, loadHooks } from './hooks.ts';
export type { HostSlots } from './host-files.ts';
export {
  mapOfHosts,
  readHydraHosts,
  readNodeFile,
  readOpenMpiHosts,
  readProcessMapping,
  readPvmHosts,
  readRankFile,
} from './host-files.ts';
export { expandCounts, expandHostList, expandNumbers } from './host-list.ts';
export type { HostNames } from './host-names.ts';
export { BEO_NAMES, namesOf } from './host-names.ts';
export type { Job, RunJobOptions } from './job.ts';
export { runJob, watchNodes } from './job.ts';
export type { SlotRun } from './job-map.ts';
export { JobMap, MOST_SLOTS } from './job-map.ts';
export type { MapOptions } from './map.ts';
export { explain, map } from './map.ts';
export type { MapFormat } from './map-formats.ts';
export {
  formatMap,
  MAP_FORMATS,
  processMapping,
  writeHydraHosts,
  writeNodeFile,
  writeOpenMpiHosts,
  writePvmHosts,
  writeRankFile,
} from './map-formats.ts';
export { masterMaps } from './master-part.ts';
export { leastLoaded, POLICIES, pack, roundRobin, spread } from './policies.ts';
export type { MapNode, Placement, PlaceRequest, Policy } from './policy.ts';
export type { QueuedJob, QueueListOptions, QueueTaskOptions } from './queue/calls.ts';
export { cancelJob, holdJob, queuedJobs, releaseJob, submit, waitForJob } from './queue/calls.ts';
export type { JobEnd } from './queue/entry.ts';
export type { JobDependency, QueueJobOptions } from './queue/job-spec.ts';
export type { AccountingRecord } from './queue/journal.ts';
export type { QueueOptions } from './queue/queue-part.ts';
export { masterQueue } from './queue/queue-part.ts';
export { Reservations } from './reservations.ts';
export type { ReserveOptions } from './reserve.ts';
export { Reservation, reserve } from './reserve.ts';
export type { MapWishes } from './wishes.ts';
