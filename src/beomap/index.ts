/**
 * Where a job's processes are to run: maps of slots, and the files that other programs read them from.
 *
 * @packageDocumentation
 */
export { BprocError } from '../errors.ts';
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
export type { HostNames } from './host-names.ts';
export { BEO_NAMES, namesOf } from './host-names.ts';
export type { SlotRun } from './job-map.ts';
export { JobMap, MOST_SLOTS } from './job-map.ts';
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
