/** Asking the nodes themselves: what their processors are, and what their processes cost. */
import type { CallOptions, Client } from '../bproc/index.ts';
import { BprocError } from '../errors.ts';
import type { Init, StatDetailList, StatDetailListProcess, StatDetails } from '../wire/index.ts';
import { STAT_MESSAGES } from '../wire/index.ts';
import type { ProcessCost } from './figures.ts';
import { type JobCosts, type JobOptions, jobCosts } from './job-costs.ts';
import { BEOSTAT } from './slave-part.ts';
import { StatCalls } from './stat-calls.ts';

const KIB = 1024;
/** Nodes that are asked at a time what runs there. */
const ASKED_AT_ONCE = 32;

/** The queries that the master passes on. */
export class DetailCalls extends StatCalls {
  readonly #client: Client;

  /** @internal */
  constructor(client: Client) {
    super(client);
    this.#client = client;
  }

  /**
   * What the kernel says of a node's processors, one record each, under its own names, which differ from one architecture to another
   * (`beostat_get_cpuinfo_*`). Asked of the node.
   */
  async getCpuinfo(node: number, options: CallOptions = {}): Promise<readonly Readonly<Record<string, string>>[]> {
    return (await this.#details(node, { cpus: true }, options)).cpus.map(({ facts }) => facts);
  }

  /** How fast a node's first processor says that it is, in MHz (`beostat_get_MHz`). ENODATA where it does not. Asked of the node. */
  async getMHz(node: number, options: CallOptions = {}): Promise<number> {
    const [first] = await this.getCpuinfo(node, options);
    const value = Number(first?.['cpu MHz'] ?? Number.NaN);
    return Number.isFinite(value) ? value : noData(node, 'the speed of its processors');
  }

  /** What processes of the cluster cost on a node, and what they have forked. Asked of the node. */
  async getProcesses(node: number, options: CallOptions = {}): Promise<readonly ProcessCost[]> {
    return (await this.#details(node, { processes: true }, options)).processes.map(costOf);
  }

  /**
   * What jobs cost now: what one client has started, and what that has forked, together. Asked of each node that is up, or of some;
   * those that have no answer are named.
   */
  async getJobs({ nodes, ...options }: JobOptions = {}): Promise<JobCosts> {
    const up = async (): Promise<readonly number[]> =>
      (await this.#client.nodeList('', options)).filter(({ state }) => state === 'up').map(({ node }) => node);
    const asked = nodes ?? (await up());
    const found = new Map<number, readonly ProcessCost[]>();
    for (let from = 0; from < asked.length; from += ASKED_AT_ONCE) {
      const some = asked.slice(from, from + ASKED_AT_ONCE);
      const answers = await Promise.allSettled(some.map((node) => this.getProcesses(node, options)));
      for (const [index, answer] of answers.entries()) {
        if (answer.status === 'fulfilled') found.set(some[index] ?? 0, answer.value);
      }
    }
    return { jobs: jobCosts(found), missing: asked.filter((node) => !found.has(node)) };
  }

  async #details(node: number, wanted: Init<StatDetails>, options: CallOptions): Promise<StatDetailList> {
    const body = await this.#client.askService(BEOSTAT, STAT_MESSAGES.details.encode(wanted), { ...options, node });
    return STAT_MESSAGES.detailList.decode(body);
  }
}

/** Of what a node does not tell. */
export function noData(node: number, what: string): never {
  throw new BprocError('ENODATA', `node ${node} does not tell of ${what}`, { node });
}

function costOf(entry: StatDetailListProcess): ProcessCost {
  const { pid, localPid, command, uid, userMs, systemMs, threads, state, readBytes, writtenBytes } = entry;
  const [puid, client] = [Buffer.from(entry.puid).toString('hex'), Buffer.from(entry.client).toString('hex')];
  const [resident, virtual] = [entry.resident * KIB, entry.virtual * KIB];
  const cost = { userMs, systemMs, resident, virtual, threads, readBytes, writtenBytes };
  return { pid, localPid, command, uid, puid, client, state, ...cost };
}
