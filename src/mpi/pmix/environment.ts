/** What a rank finds in its environment of its PMIx server, and of itself. */
import { appOf, type JobLayout, type JobNode } from '../job.ts';

/** @param port of the server on the node's loopback. */
export function environment(job: JobLayout, node: JobNode, rank: number, port: number): Record<string, string> {
  const { id, size, universe } = job;
  const local = node.ranks.indexOf(rank);
  return {
    PMIX_NAMESPACE: id,
    PMIX_RANK: String(rank),
    // clients of every version since 3 speak the oldest of their languages to a server whose address is under this name alone
    PMIX_SERVER_URI3: `${id}.server.0;tcp4://127.0.0.1:${port}`,
    PMIX_VERSION: '3.2.4',
    PMIX_BFROP_BUFFER_TYPE: 'PMIX_BFROP_BUFFER_NON_DESC',
    PMIX_SECURITY_MODE: 'none',
    PMIX_GDS_MODULE: 'hash',
    PMIX_HOSTNAME: node.host,
    // nothing reads its value, but without it Open MPI 4 takes no notice of the rest
    JSM_JSRUN_PORT: '1',
    // what scripts around programs read
    OMPI_COMM_WORLD_RANK: String(rank),
    OMPI_COMM_WORLD_SIZE: String(size),
    OMPI_COMM_WORLD_LOCAL_RANK: String(local),
    OMPI_COMM_WORLD_LOCAL_SIZE: String(node.ranks.length),
    OMPI_COMM_WORLD_NODE_RANK: String(local),
    OMPI_UNIVERSE_SIZE: String(universe),
    OMPI_APP_CTX_NUM_PROCS: String(job.apps[appOf(job, rank)]?.size ?? size),
  };
}
