/** What every rank is told of its job when it asks first, and of another one that it is connected with. */
import { appOf, type JobLayout, type JobNode, nodeOfJob, placesOf } from '../job.ts';
import type { JobHome } from '../node-home.ts';
import { Packer, value } from './packer.ts';

/** Jobs of which a server knows at a time. */
const MOST_JOBS = 256;
/** Under which preset a job finds which rank of its parent wanted it. */
export const PARENT_RANK = 'pmix.parent.rank';

/**
 * The items that tell of a job.
 *
 * @param node where whoever reads it is: what is on the same node is told besides; undefined: no node of the job.
 */
export function jobInfo(job: JobLayout, node: JobNode | undefined): Buffer {
  const to = new Packer();
  const { nodes, apps, size, universe, id } = job;
  to.kval('pmix.jobid', value.string(id));
  to.kval('pmix.job.size', value.uint32(size));
  to.kval('pmix.univ.size', value.uint32(universe));
  to.kval('pmix.max.size', value.uint32(universe));
  to.kval('pmix.num.nodes', value.uint32(nodes.length));
  to.kval('pmix.job.napps', value.uint32(apps.length));
  if (node !== undefined) tellNode(to, node);
  if (job.parent !== undefined) tellParent(to, job, job.parent);
  to.kval('pmix.mblob', value.object(mapBlob(nodes)));
  for (const [rank, place] of placesOf(job).entries()) {
    const app = appOf(job, rank);
    const blob = new Packer().count().u32(rank);
    blob.kval('pmix.lrank', value.uint16(place.local));
    blob.kval('pmix.nrank', value.uint16(place.local));
    blob.kval('pmix.grank', value.rank(rank));
    blob.kval('pmix.apprank', value.rank(rank - (apps[app]?.first ?? 0)));
    blob.kval('pmix.appnum', value.uint32(app));
    blob.kval('pmix.hname', value.string(place.node.host));
    blob.kval('pmix.nodeid', value.uint32(place.index));
    // some ask for it as a rank's
    if (job.parent !== undefined) tellParent(blob, job, job.parent);
    to.kval('pmix.pblob', value.object(blob.done()));
  }
  return to.done();
}

/** What is told of jobs as a whole, by their ids: a server's own, and those it is connected with. */
export class JobInfos {
  readonly #home: JobHome;
  readonly #items = new Map<string, Buffer>();

  constructor(home: JobHome) {
    this.#home = home;
  }

  /** @returns undefined for a job of which nothing is known. */
  get(id: string): Buffer | undefined {
    const { job, node } = this.#home;
    // made when the first rank asks: those of another MPI never do
    if (id === job.id && !this.#items.has(id)) this.#items.set(id, jobInfo(job, nodeOfJob(job, node)));
    return this.#items.get(id);
  }

  /** Another job is known; of too many the rest is not kept. */
  learn(id: string, items: Buffer): void {
    if (id !== this.#home.job.id && this.#items.size < MOST_JOBS) this.#items.set(id, items);
  }
}

function tellParent(to: Packer, { presets }: JobLayout, parent: string): void {
  const rank = Number(presets.get(PARENT_RANK) ?? 0);
  to.kval('pmix.spawned', value.bool(true)).kval('pmix.parent', value.proc({ job: parent, rank }));
}

function tellNode(to: Packer, { ranks }: JobNode): void {
  to.kval('pmix.local.size', value.uint32(ranks.length));
  to.kval('pmix.node.size', value.uint32(ranks.length));
  to.kval('pmix.lpeers', value.string(ranks.join(',')));
  to.kval('pmix.lldr', value.rank(ranks[0] ?? 0));
}

/** Which ranks are on which node. */
function mapBlob(nodes: readonly JobNode[]): Buffer {
  const blob = new Packer().count().size(nodes.length);
  for (const { host, ranks } of nodes) blob.kval(host, value.string(ranks.join(',')));
  return blob.done();
}
