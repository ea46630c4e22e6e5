/** Reading the files that say where a job's processes are to run. */
import { BprocError } from '../errors.ts';
import { BEO_NAMES, type HostNames, isHostName, nodeNamed } from './host-names.ts';
import { JobMap, MOST_SLOTS } from './job-map.ts';

/** Slots of a host, as a file or a scheduler gives them. */
export interface HostSlots {
  readonly host: string;
  readonly slots: number;
}

/** Longest file in characters. */
export const MOST_TEXT = 64 * 1024 * 1024;

/** One line that says something. */
export interface FileLine {
  readonly text: string;
  /** `line 3`, for messages. */
  readonly where: string;
}

/** The lines of a file without comments, and without those that say nothing. @throws BprocError E2BIG. */
export function linesOf(text: string): readonly FileLine[] {
  if (text.length > MOST_TEXT) {
    throw new BprocError('E2BIG', `the list of hosts has ${text.length} characters: at most ${MOST_TEXT} are read`);
  }
  return text.split('\n').flatMap((line, at) => {
    const said = line.replace(/#.*/s, '').trim();
    return said === '' ? [] : { text: said, where: `line ${at + 1}` };
  });
}

/** A number of slots. @throws BprocError EINVAL. */
export function slotCount(text: string, where: string): number {
  if (/^\d{1,7}$/.test(text) && Number(text) <= MOST_SLOTS) return Number(text);
  const shown = JSON.stringify(text.slice(0, 40));
  throw new BprocError('EINVAL', `${where}: ${shown} is no number of slots, which is from 0 to ${MOST_SLOTS}`);
}

/** The map of hosts with their slots. @throws BprocError BE_INVALIDNODE for a host that is no node, E2BIG. */
export function mapOfHosts(hosts: Iterable<HostSlots>, names: HostNames = BEO_NAMES): JobMap {
  const counts: (readonly [number, number])[] = [];
  for (const { host, slots } of hosts) counts.push([nodeNamed(host, names, 'the list of hosts'), slots]);
  return JobMap.fromCounts(counts);
}

/** Reads a `PBS_NODEFILE`, or any file with the name of a host for each slot. @throws BprocError EINVAL, E2BIG. */
export function readNodeFile(text: string): readonly HostSlots[] {
  return linesOf(text).map(({ text: host, where }) => ({ host: hostWord(host, where), slots: 1 }));
}

/** Reads a host file of Hydra or machine file of MPICH: `host[:slots] [option...]`. @throws BprocError EINVAL, E2BIG. */
export function readHydraHosts(text: string): readonly HostSlots[] {
  return linesOf(text).map(({ text: line, where }) => {
    const [word = ''] = line.split(/\s+/, 1);
    const [, host, slots] = /^(.*?)(?::(\d+))?$/.exec(word) ?? [];
    return { host: hostWord(host ?? '', where), slots: slots === undefined ? 1 : slotCount(slots, where) };
  });
}

/** Reads a host file of Open MPI: `host [slots=n] [max-slots=m]`; lines of one host add up. @throws BprocError EINVAL, E2BIG. */
export function readOpenMpiHosts(text: string): readonly HostSlots[] {
  const found = new Map<string, number>();
  for (const { text: line, where } of linesOf(text)) {
    const [host = '', ...options] = line.replace(/\s*=\s*/g, '=').split(/\s+/);
    let [slots, most] = [1, MOST_SLOTS];
    for (const option of options) {
      const [, name, value = ''] = /^(slots|cpus?|count|max[-_]slots)=(.*)$/.exec(option) ?? [];
      if (name === undefined) throw malformed(option, where, 'after a host stand slots=N and max-slots=N');
      if (name.startsWith('max')) most = slotCount(value, where);
      else slots = slotCount(value, where);
    }
    if (slots > most) throw malformed(line, where, 'it has more slots than max-slots allows');
    const name = hostWord(host, where);
    found.set(name, (found.get(name) ?? 0) + slots);
  }
  return [...found].map(([host, slots]) => ({ host, slots }));
}

/** Reads a rank file of Open MPI: `rank 0=host slot=0`, in any order. Which slots are meant is left to Open MPI. @throws BprocError EINVAL. */
export function readRankFile(text: string): readonly HostSlots[] {
  const hosts = new Map<number, string>();
  for (const { text: line, where } of linesOf(text)) {
    const [, rank, host] = /^rank\s+(\d{1,7})\s*=\s*(\S+)\s+slots?\s*=\s*[\d:,*-]+$/.exec(line) ?? [];
    if (rank === undefined) throw malformed(line, where, 'a line of a rank file is: rank 0=host slot=0');
    if (hosts.has(Number(rank))) throw malformed(line, where, `rank ${rank} is there twice`);
    hosts.set(Number(rank), hostWord(host ?? '', where));
  }
  return Array.from({ length: hosts.size }, (_, rank) => {
    const host = hosts.get(rank);
    if (host !== undefined) return { host, slots: 1 };
    throw new BprocError('EINVAL', `the rank file has ${hosts.size} ranks, and rank ${rank} is not among them`);
  });
}

/** Reads a host file of PVM, one slot a host; `& host`, which PVM only knows about, is left out. @throws BprocError EINVAL, E2BIG. */
export function readPvmHosts(text: string): readonly HostSlots[] {
  return linesOf(text).flatMap(({ text: line, where }) => {
    const [host = '', ...options] = line.replace(/^&\s*/, '').split(/\s+/);
    for (const option of options) {
      if (!/^[a-z]{2}=/.test(option)) throw malformed(option, where, 'after a host stand options such as ep=DIR');
    }
    if (line.startsWith('&') || host === '*') return [];
    return { host: hostWord(host, where), slots: 1 };
  });
}

/**
 * Reads `PMI_process_mapping`: the node, by its number there, of each of `np` ranks.
 *
 * @throws BprocError EINVAL for what is no vector, or has no ranks; E2BIG.
 */
export function readProcessMapping(text: string, np: number): readonly number[] {
  const shape = /^\(vector((?:,\(\d{1,7},\d{1,7},\d{1,7}\))*)\)$/.exec(text.replace(/\s+/g, ''));
  const where = 'the process mapping';
  if (shape === null) throw malformed(text, where, 'it is written (vector,(first node,nodes,ranks each),...)');
  if (!Number.isInteger(np) || np < 0)
    throw new BprocError('EINVAL', `np is ${np}: it must be a whole number from 0 up`);
  if (np > MOST_SLOTS) throw new BprocError('E2BIG', `np is ${np}: a map has at most ${MOST_SLOTS} ranks`);
  const blocks = [...(shape[1] ?? '').matchAll(/(\d+),(\d+),(\d+)/g)].map(([, ...numbers]) => numbers.map(Number));
  const all: number[] = [];
  while (all.length < np) {
    const before = all.length;
    for (const [first = 0, nodes = 0, each = 0] of blocks) {
      const ranks = Math.min(nodes * each, np - all.length);
      for (let rank = 0; rank < ranks; rank += 1) all.push(first + Math.floor(rank / each));
    }
    if (all.length === before) throw malformed(text, where, 'it has no ranks');
  }
  return all;
}

function hostWord(host: string, where: string): string {
  if (isHostName(host)) return host;
  throw malformed(host, where, 'it is no name of a host');
}

function malformed(text: string, where: string, rule: string): BprocError {
  return new BprocError('EINVAL', `${where}: ${JSON.stringify(text.slice(0, 80))} cannot be read: ${rule}`);
}
