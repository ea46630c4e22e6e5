/** Job maps as the files that launchers and schedulers read. */
import { BEO_NAMES, type HostNames } from './host-names.ts';
import type { JobMap } from './job-map.ts';

/** What a map can be written as. */
export type MapFormat = 'colon' | 'nodefile' | 'hydra' | 'openmpi' | 'rankfile' | 'pvm' | 'vector';

/** Each format's writer. */
const WRITERS: Readonly<Record<MapFormat, (map: JobMap, names: HostNames) => string>> = {
  colon: (map) => `${map}\n`,
  nodefile: writeNodeFile,
  hydra: writeHydraHosts,
  openmpi: writeOpenMpiHosts,
  rankfile: writeRankFile,
  pvm: (map, names) => writePvmHosts(map, names),
  vector: (map) => `${processMapping(map)}\n`,
};

/** The names of the formats. */
export const MAP_FORMATS: readonly MapFormat[] = ['colon', 'nodefile', 'hydra', 'openmpi', 'rankfile', 'pvm', 'vector'];

/** Writes a map in a format that is named. */
export function formatMap(map: JobMap, format: MapFormat, names: HostNames = BEO_NAMES): string {
  return WRITERS[format](map, names);
}

/** `PBS_NODEFILE`: a line for each slot. */
export function writeNodeFile(map: JobMap, names: HostNames = BEO_NAMES): string {
  return lines(map.slots.map((node) => names.nameOf(node)));
}

/** A host file of Hydra (`-f`, `HYDRA_HOST_FILE`), also MPICH's machine file: `host:slots`, a line for each stretch of ranks. */
export function writeHydraHosts(map: JobMap, names: HostNames = BEO_NAMES): string {
  return lines(map.runs().map(({ node, slots }) => `${names.nameOf(node)}:${slots}`));
}

/** A host file of Open MPI: `host slots=n`, a line for each node. Open MPI adds up lines of one host, so the order of ranks is its own. */
export function writeOpenMpiHosts(map: JobMap, names: HostNames = BEO_NAMES): string {
  return lines([...map.counts()].map(([node, slots]) => `${names.nameOf(node)} slots=${slots}`));
}

/** A rank file of Open MPI (`-rf`): `rank 0=host slot=0`, where slots of a node are counted from 0. It keeps the order of ranks. */
export function writeRankFile(map: JobMap, names: HostNames = BEO_NAMES): string {
  const used = new Map<number, number>();
  return lines(
    map.slots.map((node, rank) => {
      const slot = used.get(node) ?? 0;
      used.set(node, slot + 1);
      return `rank ${rank}=${names.nameOf(node)} slot=${slot}`;
    }),
  );
}

/** A host file of PVM: a line for each node, with `options` of all (`ep=/usr/local/bin`) before them. PVM counts no slots. */
export function writePvmHosts(map: JobMap, names: HostNames = BEO_NAMES, options = ''): string {
  const all = options === '' ? [] : [`* ${options}`];
  return lines([...all, ...map.nodes.map((node) => names.nameOf(node))]);
}

/** Nodes that follow each other, with as many ranks each. */
interface Block {
  readonly first: number;
  nodes: number;
  readonly each: number;
}

/**
 * `PMI_process_mapping`, by which MPI programs know who shares a machine: `(vector,(node,nodes,ranks each),...)`. Its nodes are numbers of
 * their own, from 0 on in the order in which they come first. What repeats is said once: the reader begins again where the vector ends.
 */
export function processMapping(map: JobMap): string {
  const numbers = new Map(map.nodes.map((node, number) => [node, number]));
  const ranks = map.slots.map((node) => numbers.get(node) ?? 0);
  const period = numbers.size > 1 ? periodOf(ranks) : ranks.length;
  const [once, whole] = [blocksOf(ranks.slice(0, period)), blocksOf(ranks)];
  const blocks = once.length < whole.length ? once : whole;
  return `(vector${blocks.map(({ first, nodes, each }) => `,(${first},${nodes},${each})`).join('')})`;
}

function blocksOf(ranks: readonly number[]): readonly Block[] {
  const blocks: Block[] = [];
  for (let at = 0; at < ranks.length; ) {
    const first = ranks[at] ?? 0;
    let each = 1;
    while (ranks[at + each] === first) each += 1;
    const last = blocks.at(-1);
    if (last !== undefined && last.each === each && last.first + last.nodes === first) last.nodes += 1;
    else blocks.push({ first, nodes: 1, each });
    at += each;
  }
  return blocks;
}

/** After how many all of it repeats, the last time not necessarily whole (Knuth, Morris and Pratt's failure function). */
function periodOf(ranks: readonly number[]): number {
  const borders = [0];
  for (let at = 1, length = 0; at < ranks.length; at += 1) {
    while (length > 0 && ranks[at] !== ranks[length]) length = borders[length - 1] ?? 0;
    if (ranks[at] === ranks[length]) length += 1;
    borders.push(length);
  }
  return ranks.length - (borders.at(-1) ?? 0);
}

function lines(all: readonly string[]): string {
  return all.map((line) => `${line}\n`).join('');
}
