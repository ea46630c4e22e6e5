/**
 * MPI on a cluster: programs of today's MPIs, as they are, started without their own launchers.
 *
 * @packageDocumentation
 */
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
export { pmix } from './pmix/index.ts';
