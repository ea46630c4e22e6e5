/** Roles put together. */

export type { ClusterNode, ClusterOptions } from './cluster.ts';
export { Cluster, startCluster } from './cluster.ts';
export { startMaster, startSlave } from './roles.ts';
