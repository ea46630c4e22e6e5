/** Asking a cluster for a job map. */
import { type CallOptions, type Client, NODE_MASTER } from '../bproc/index.ts';
import { BprocError } from '../errors.ts';
import { type Choice, type ChooseOptions, choose, openQuestion, type Verdict } from './choose.ts';
import { clusterNodes, reserved, withReserved } from './cluster-nodes.ts';
import type { HookSet } from './hooks.ts';
import type { JobMap } from './job-map.ts';
import type { MapNode } from './policy.ts';
import { type MapWishes, wantedOf } from './wishes.ts';

/** How a map is wanted. */
export interface MapOptions extends MapWishes, CallOptions {
  /** What a site's scheduler has to say; of a `map` that is given nothing. */
  readonly hooks?: HookSet;
  /** For whom it is, as hooks are told. @default the user as whom this program runs */
  readonly uid?: number;
}

/**
 * Where a job would run if it ran now (`get_beowulf_job_map`): Scyld's wishes, by options or by its environment. What others have
 * reserved counts as busy; this is not reserved: who asks at the same time may be told the same.
 *
 * @throws BprocError EINVAL for wishes that cannot be read or do not go together; E2BIG; BE_INVALIDNODE, BE_NODEDOWN, EPERM for a `map` with a node that
 *   does not exist, is down or is not the caller's; BE_NODEDOWN where no node can be used; EAGAIN where too few processors are idle, with `noOver`.
 */
export async function map(client: Client, options: MapOptions = {}): Promise<JobMap> {
  return (await explain(client, options)).map;
}

/** {@link map}, and why each node was taken or not. */
export async function explain(client: Client, options: MapOptions = {}): Promise<Choice> {
  const wanted = wantedOf(options);
  const [known, held] = await Promise.all([clusterNodes(client, options), reserved(client, options)]);
  const nodes = withReserved(known, held);
  if (wanted.map === undefined) return chooseWith(nodes, wanted.choose, options);
  const given = wanted.map;
  checkGiven(given, nodes);
  return { map: given, explain: () => reasonsOf(given, nodes) };
}

/** {@link choose}, with what hooks have to say. */
export async function chooseWith(
  nodes: readonly MapNode[],
  wishes: ChooseOptions,
  { hooks, uid = ownUid() }: Pick<MapOptions, 'hooks' | 'uid'>,
): Promise<Choice> {
  if (hooks === undefined) return choose(nodes, wishes);
  const wanted = await hooks.beforeMap(wishes, (other) => void choose(nodes, other));
  const question = openQuestion(nodes, wanted);
  const said =
    question === undefined ? undefined : await hooks.map({ ...question.request, uid, nodes: question.usable });
  const policy = said === undefined ? {} : { policy: { name: `hook ${said.name}`, place: () => said.placement } };
  const choice = choose(nodes, { ...wanted, ...policy });
  const map = await hooks.afterMap(choice.map, (other) => checkGiven(other, nodes));
  return map === choice.map ? choice : { map, explain: () => reasonsOf(map, nodes) };
}

/** The user as whom this program runs. */
export function ownUid(): number {
  return process.geteuid?.() ?? 0;
}

/** @throws BprocError for the first node that cannot be used. */
export function checkGiven(given: JobMap, nodes: readonly MapNode[]): void {
  const byNumber = new Map(nodes.map((node) => [node.node, node]));
  for (const node of given.nodes) {
    if (node === NODE_MASTER) continue;
    const known = byNumber.get(node);
    if (known === undefined)
      throw new BprocError('BE_INVALIDNODE', `the map has node ${node}, which does not exist`, { node });
    if (known.state === 'down')
      throw new BprocError('BE_NODEDOWN', `the map has node ${node}, which is down`, { node });
    if (!known.mayPlace) {
      throw new BprocError('EPERM', `the map has node ${node}, where the caller may not place work`, { node });
    }
  }
}

function reasonsOf(given: JobMap, nodes: readonly MapNode[]): readonly Verdict[] {
  const counts = given.counts();
  return [NODE_MASTER, ...nodes.map(({ node }) => node)].map((node) => {
    const slots = counts.get(node) ?? 0;
    return { node, slots, why: slots > 0 ? 'the map that was given has it' : 'the map that was given has it not' };
  });
}
