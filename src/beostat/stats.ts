/** libbeostat's queries, each by its name, over what the master keeps. */
import type { CallOptions, Client } from '../bproc/index.ts';
import { NODE_MASTER } from '../bproc/index.ts';
import { BprocError } from '../errors.ts';
import { DetailCalls, noData } from './detail-calls.ts';
import type { Dated, FileSystem, LoadAverage, MemoryInfo, NetCounts, NetDevice, StatCpu } from './figures.ts';
import { type NodeLoad, netRate, ticksMs } from './load.ts';
import { prometheusText } from './prometheus.ts';
import type { LoadOptions } from './stat-calls.ts';
import { type Alert, type SampleOptions, samples, type WatchOptions, watch } from './watch.ts';

const KIB = 1024;

/** Makes the queries about the load of a cluster's nodes. */
export function createStats(client: Client): Stats {
  return new Stats(client);
}

/**
 * libbeostat's queries. Each asks the master, which knows without asking the node unless `fresh` says so. All of them throw BprocError
 * BE_INVALIDNODE for a node that does not exist, ENODATA where a node has never said it, ENOSYS where the master keeps no figures.
 */
export class Stats extends DetailCalls {
  readonly #client: Client;

  /** @internal Use {@link createStats}. */
  constructor(client: Client) {
    super(client);
    this.#client = client;
  }

  /** What a processor has done since its machine booted, in milliseconds (`beostat_get_stat_cpu`, which counts ticks). */
  async getStatCpu(node: number, cpu: number, options: LoadOptions = {}): Promise<StatCpu> {
    const load = await this.load(node, options);
    const of = (field: string): number => ticksMs(known(load, 'cpu', String(cpu), field));
    return {
      ...datedOf(load),
      user: of('user'),
      nice: of('nice'),
      system: of('system'),
      idle: of('idle'),
      iowait: of('iowait'),
      irq: of('irq'),
      softirq: of('softirq'),
      steal: of('steal'),
    };
  }

  /** The share of the last interval in which a processor was busy, 0 to 1 (`beostat_get_cpu_percent`). ENODATA with one sample only. */
  async getCpuPercent(node: number, cpu: number, options: LoadOptions = {}): Promise<number> {
    const load = await this.load(node, options);
    known(load, 'cpu', String(cpu), 'idle');
    return load.cpuUsage(cpu) ?? tooEarly(node);
  }

  /** How many want to run (`beostat_get_loadavg`). */
  async getLoadavg(node: number, options: LoadOptions = {}): Promise<LoadAverage> {
    const load = await this.load(node, options);
    const of = (field: string): number => known(load, 'load', '', field);
    const averages = [of('load1') / 100, of('load5') / 100, of('load15') / 100] as const;
    return { ...datedOf(load), load: averages, running: of('running'), total: of('total'), lastPid: of('lastPid') };
  }

  /** Memory and swap, in bytes (`beostat_get_meminfo`). */
  async getMeminfo(node: number, options: LoadOptions = {}): Promise<MemoryInfo> {
    const load = await this.load(node, options);
    const of = (field: string): number => known(load, 'memory', '', field) * KIB;
    return {
      ...datedOf(load),
      total: of('total'),
      free: of('free'),
      available: of('available'),
      buffers: of('buffers'),
      cached: of('cached'),
      shared: of('shared'),
      swapTotal: of('swapTotal'),
      swapFree: of('swapFree'),
    };
  }

  /** The node's own clock when it took the sample, in milliseconds since 1970 (`beostat_get_time`). It may be wrong. */
  async getTime(node: number, options: LoadOptions = {}): Promise<number> {
    return known(await this.load(node, options), 'load', '', 'time');
  }

  /** How long the node's machine has been up, in milliseconds. */
  async getUptime(node: number, options: LoadOptions = {}): Promise<number> {
    return known(await this.load(node, options), 'load', '', 'uptime');
  }

  /** Its network interfaces, with what they have counted (`beostat_get_net_dev`). */
  async getNetDev(node: number, options: LoadOptions = {}): Promise<readonly NetDevice[]> {
    const load = await this.load(node, options);
    return load.devicesOf('network').map((name) => {
      const of = (field: string): number => known(load, 'network', name, field);
      const counts = (way: 'received' | 'sent'): NetCounts => ({
        bytes: of(`${way}Bytes`),
        packets: of(`${way}Packets`),
        errors: of(`${way}Errors`),
        dropped: of(`${way}Dropped`),
      });
      const collisions = of('sentCollisions');
      return { ...datedOf(load), name, received: counts('received'), sent: counts('sent'), collisions };
    });
  }

  /** Bytes a second over all interfaces but loopback, both ways (`beostat_get_net_rate`). ENODATA with one sample only. */
  async getNetRate(node: number, options: LoadOptions = {}): Promise<number> {
    const load = await this.load(node, options);
    return netRate(load) ?? tooEarly(node);
  }

  /** Room on its root file system (`beostat_get_statfs`). */
  async getStatfs(node: number, options: LoadOptions = {}): Promise<FileSystem> {
    const all = await this.getFileSystems(node, options);
    return all.find(({ path }) => path === '/') ?? noData(node, 'its root file system');
  }

  /** Room on each of its local file systems. */
  async getFileSystems(node: number, options: LoadOptions = {}): Promise<readonly FileSystem[]> {
    const load = await this.load(node, options);
    return load.devicesOf('mount').map((path) => {
      const of = (field: string): number => known(load, 'mount', path, field);
      const [total, free, available] = [of('total') * KIB, of('free') * KIB, of('available') * KIB];
      return { ...datedOf(load), path, total, free, available, files: of('files'), filesFree: of('filesFree') };
    });
  }

  /** Bytes of its root file system, and those in use (`beostat_get_disk_usage`). */
  async getDiskUsage(
    node: number,
    options: LoadOptions = {},
  ): Promise<{ readonly max: number; readonly curr: number }> {
    const { total, free } = await this.getStatfs(node, options);
    return { max: total, curr: total - free };
  }

  /** How many processors a node has (`beostat_get_cpu_count`). */
  async getCpuCount(node: number, options: LoadOptions = {}): Promise<number> {
    return (await this.load(node, options)).devicesOf('cpu').length;
  }

  /**
   * Processors that are less busy than a threshold, 0 to 1, of all nodes that the caller may use now
   * (`beostat_count_idle_cpus`). One of which only one sample is there counts as idle.
   */
  async countIdleCpus(threshold: number, options: LoadOptions = {}): Promise<number> {
    const loads = await this.loads([], options);
    return loads
      .filter(({ isUsable, node }) => isUsable && node !== NODE_MASTER)
      .reduce((sum, load) => sum + idleCpus(load, threshold), 0);
  }

  /** The same of one node, whoever may use it (`beostat_count_idle_cpus_on_node`). */
  async countIdleCpusOnNode(node: number, threshold: number, options: LoadOptions = {}): Promise<number> {
    return idleCpus(await this.load(node, options), threshold);
  }

  /** Whether somebody may place work on a node now (`beostat_is_node_available`). */
  async isNodeAvailable(
    node: number,
    uid: number,
    gids: readonly number[],
    options: CallOptions = {},
  ): Promise<boolean> {
    const usable = await this.getAvailNodesById(uid, gids, options);
    return usable.includes(node);
  }

  /** The nodes on which somebody may place work now, by number (`beostat_get_avail_nodes_by_id`). */
  async getAvailNodesById(uid: number, gids: readonly number[], options: CallOptions = {}): Promise<readonly number[]> {
    const usable = await this.usable({ ...options, user: { uid, gids } });
    return usable.filter((node) => node !== NODE_MASTER);
  }

  /** What a node is called (`beostat_get_name`): the address that the node table has for it. */
  async getName(node: number, options: CallOptions = {}): Promise<string> {
    return (await this.#client.nodeInfo(node, options)).address;
  }

  /** The newest figures of all nodes as text for Prometheus; see {@link prometheusText}. */
  async prometheus(options: LoadOptions = {}): Promise<string> {
    const [loads, nodes] = await Promise.all([this.loads([], options), this.#client.nodeList('', options)]);
    return prometheusText(loads, nodes);
  }

  /** The samples of nodes as they come, each with the one before it; a slow reader gets the newest. Survives reconnects. */
  samples(options: SampleOptions = {}): AsyncGenerator<NodeLoad, void, undefined> {
    return samples(this, options);
  }

  /**
   * Tells when a figure passes a threshold, and when it does not any more, of each node on its own.
   *
   * @throws BprocError EINVAL where neither `above` nor `below` is said.
   */
  watch(options: WatchOptions): AsyncGenerator<Alert, void, undefined> {
    return watch(this, options);
  }
}

function datedOf({ seenAt, isStale }: NodeLoad): Dated {
  return { seenAt, isStale };
}

function known(load: NodeLoad, source: string, device: string, field: string): number {
  const value = load.figure(source, device, field);
  if (value !== undefined) return value;
  return noData(load.node, device === '' ? `its ${source}` : `${source} ${device}`);
}

function tooEarly(node: number): never {
  throw new BprocError('ENODATA', `of node ${node} there is one sample only: a rate takes two`, { node });
}

function idleCpus(load: NodeLoad, threshold: number): number {
  return load.devicesOf('cpu').filter((cpu) => (load.cpuUsage(Number(cpu)) ?? 0) < threshold).length;
}
