/** Jobs as messages have them, checked once more by whoever reads one. */
import { BprocError } from '../errors.ts';
import type { Init, MpiJob, MpiNode, MpiPreset } from '../wire/index.ts';
import { appsOf, type JobLayout, type JobNode } from './job.ts';

/** Most ranks of one job. */
export const MOST_RANKS = 65_536;
const MOST_HOST = 255;

/** A job, and whom it is served for. */
export interface ServedJob {
  readonly layout: JobLayout;
  readonly uid: number;
  /** The names of the protocols that it is served; none: all there are. */
  readonly protocols: readonly string[];
}

/** A job as a message. */
export function wireJob({ layout, uid, protocols }: ServedJob): Init<MpiJob> {
  const { id, size, universe, nodes, apps, parent = '', presets } = layout;
  return {
    id,
    size,
    universe,
    nodes: nodes.map(({ node, host, ranks }) => ({ node, host, stretches: stretchesOf(ranks) })),
    apps: apps.map((app) => app.size),
    parent,
    presets: wirePresets(presets),
    protocols: [...protocols],
    uid,
  };
}

/** @throws BprocError EINVAL for a job that cannot be. */
export function servedJob(said: MpiJob): ServedJob {
  const refuse = (why: string): never => {
    throw new BprocError('EINVAL', `a job cannot be: ${why}`);
  };
  const { id, size, universe, parent, uid } = said;
  if (!/^[0-9a-f]{32}$/.test(id)) refuse('its id is not 32 hexadecimal digits');
  if (size < 1 || size > MOST_RANKS) refuse(`it has ${size} ranks, and 1 to ${MOST_RANKS} can be had`);
  const nodes = said.nodes.map(nodeOf);
  const ranks = nodes.flatMap((node) => node.ranks).sort((one, other) => one - other);
  if (ranks.length !== size || !ranks.every((rank, index) => rank === index)) refuse('a rank is on no node, or on two');
  const hosts = new Set(nodes.map(({ host }) => host));
  const numbers = new Set(nodes.map(({ node }) => node));
  if (hosts.size < nodes.length || numbers.size < nodes.length) refuse('a node is in it twice');
  if (said.apps.reduce((sum, count) => sum + count, 0) !== size || said.apps.includes(0))
    refuse('its programs have not as many ranks as it has');
  const presets = new Map(said.presets.map(({ key, value }) => [key, value]));
  const apps = appsOf(said.apps);
  const layout = { id, size, universe, nodes, apps, parent: parent === '' ? undefined : parent, presets };
  return { layout, uid, protocols: said.protocols };
}

/** What ranks find, as messages have it. */
export function wirePresets(presets: ReadonlyMap<string, string>): Init<MpiPreset>[] {
  return [...presets].map(([key, value]) => ({ key, value }));
}

function nodeOf({ node, host, stretches }: MpiNode): JobNode {
  if (!/^[\w.-]+$/.test(host) || host.length > MOST_HOST) {
    throw new BprocError('EINVAL', `${JSON.stringify(host.slice(0, 40))} is no name of a host`);
  }
  const ranks: number[] = [];
  for (let at = 0; at + 1 < stretches.length; at += 2) {
    const [first = 0, count = 0] = [stretches[at], stretches[at + 1]];
    if (count < 1 || first + count > MOST_RANKS || first <= (ranks.at(-1) ?? -1)) {
      throw new BprocError('EINVAL', `the ranks of node ${node} do not rise, or are too many`);
    }
    for (let rank = first; rank < first + count; rank += 1) ranks.push(rank);
  }
  return { node, host, ranks };
}

function stretchesOf(ranks: readonly number[]): number[] {
  const stretches: number[] = [];
  let [first, count] = [-1, 0];
  for (const rank of ranks) {
    if (count > 0 && rank === first + count) {
      count += 1;
      continue;
    }
    if (count > 0) stretches.push(first, count);
    [first, count] = [rank, 1];
  }
  if (count > 0) stretches.push(first, count);
  return stretches;
}
