/** What policies are told of a cluster's nodes: the node table, how busy each is, and whether the caller may use it. */
import { createStats, type NodeLoad } from '../beostat/index.ts';
import { type CallOptions, type Client, isUp, NODE_MASTER, type NodeInfo } from '../bproc/index.ts';
import { BprocError } from '../errors.ts';
import { MAP_MESSAGES } from '../wire/index.ts';
import { BEOMAP } from './master-part.ts';
import type { MapNode } from './policy.ts';

/** Most processors of one node that are believed. */
const MOST_CPUS = 4096;

/** Every node but the master, by number. */
export async function clusterNodes(client: Client, options: CallOptions): Promise<readonly MapNode[]> {
  const [infos, loads] = await Promise.all([client.nodeList('', options), loadsOf(client, options)]);
  const nodes = infos.filter(({ node }) => node !== NODE_MASTER);
  return Promise.all(
    nodes.map(async (info): Promise<MapNode> => {
      const load = loads.get(info.node);
      const cpus = cpusOf(info, load);
      return {
        node: info.node,
        cpus,
        load: load === undefined ? [] : Array.from({ length: cpus }, (_, cpu) => load.cpuUsage(cpu) ?? 0),
        attributes: info.attributes,
        state: stateOf(info),
        mayPlace: load?.isUsable ?? (isUp(info) && (await mayPlace(client, info.node, options))),
      };
    }),
  );
}

/** How busy nodes are; nothing where the master keeps no figures. */
async function loadsOf(client: Client, options: CallOptions): Promise<ReadonlyMap<number, NodeLoad>> {
  try {
    const loads = await createStats(client).loads([], options);
    return new Map(loads.map((load) => [load.node, load]));
  } catch (error) {
    if (BprocError.is(error) && error.code === 'ENOSYS') return new Map();
    throw error;
  }
}

async function mayPlace(client: Client, node: number, options: CallOptions): Promise<boolean> {
  try {
    await client.access(node, options);
    return true;
  } catch (error) {
    if (BprocError.is(error) && ['EACCES', 'BE_NODEDOWN', 'BE_INVALIDNODE'].includes(error.code)) return false;
    throw error;
  }
}

function cpusOf({ attributes }: NodeInfo, load: NodeLoad | undefined): number {
  const told = load?.devicesOf('cpu').length ?? 0;
  const cpus = told > 0 ? told : Number(attributes['cpus'] ?? 1);
  return Number.isInteger(cpus) && cpus >= 1 ? Math.min(cpus, MOST_CPUS) : 1;
}

/** `up` for a node that takes work. */
function stateOf(info: NodeInfo): string {
  return isUp(info) ? 'up' : [info.state, ...info.flags].join(' and ');
}

/** How many slots of each node are reserved; none where the master keeps no reservations. */
export async function reserved(client: Client, options: CallOptions): Promise<ReadonlyMap<number, number>> {
  try {
    const answer = await client.askService(BEOMAP, MAP_MESSAGES.question.encode({}), options);
    return new Map(MAP_MESSAGES.answer.decode(answer).held.map(({ node, slots }) => [node, slots]));
  } catch (error) {
    if (BprocError.is(error) && error.code === 'ENOSYS') return new Map();
    throw error;
  }
}

/** The nodes as they are to those who reserved nothing: as many processors as are reserved are busy, and those first that are so already. */
export function withReserved(nodes: readonly MapNode[], held: ReadonlyMap<number, number>): readonly MapNode[] {
  if (held.size === 0) return nodes;
  return nodes.map((node) => {
    const slots = held.get(node.node) ?? 0;
    if (slots === 0) return node;
    const load = Array.from({ length: node.cpus }, (_, cpu) => node.load[cpu] ?? 0).sort((a, b) => b - a);
    return { ...node, load: load.map((busy, cpu) => (cpu < slots ? 1 : busy)) };
  });
}
