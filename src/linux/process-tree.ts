/** Which processes came of which started one. */
import type { ProcessView } from './process-view.ts';
import type { ProcessRecord } from './procfs.ts';
import type { ProcessIdentity } from './spawner.ts';

/** A started process: what its descendants are recognised by. */
export interface Origin extends ProcessIdentity {
  /** What its environment carries as its marker. */
  readonly marker: string;
  /** The UTS namespace that was made for it, which all its descendants share; absent where none was made. */
  readonly uts?: number | undefined;
}

/** What it takes of a process to find where it belongs. */
type PlacedRecord = Pick<ProcessRecord, 'pid' | 'ppid' | 'sid' | 'startTime' | 'uts'>;

/** Tells which origin a marker stands for, by the origin's pid; undefined for a stranger's. */
export type MarkerOwner = (marker: string) => number | undefined;

/** A marker's owner among some origins; the first, where several share a marker. */
export function markerOwner(origins: Iterable<Origin>): MarkerOwner {
  const owners = new Map<string, number>();
  for (const { pid, marker } of origins) if (!owners.has(marker)) owners.set(marker, pid);
  return (marker) => owners.get(marker);
}

/**
 * Gives each process the origin it belongs to: it is the origin, or is in the session of a living
 * one, or descends from one of its processes, or carries its marker, or, carrying none, lives in its namespace.
 *
 * The session of an origin that has ended is no proof: by now the number may be another's. A marker says more
 * than a namespace, whose number may also come round again.
 *
 * @param spaces the owner of each UTS namespace, by the origin's pid.
 * @returns the origin's pid by the process's pid, of those that belong to any.
 */
export function placeProcesses(
  records: readonly PlacedRecord[],
  origins: Iterable<ProcessIdentity>,
  markers: ReadonlyMap<number, string> = new Map(),
  ownerOf: MarkerOwner = () => undefined,
  spaces: ReadonlyMap<number, number> = new Map(),
): ReadonlyMap<number, number> {
  const byPid = new Map(records.map((record) => [record.pid, record]));
  const placed = new Map<number, number | undefined>();
  for (const { pid, startTime } of origins) if (byPid.get(pid)?.startTime === startTime) placed.set(pid, pid);
  const living = new Set(placed.keys());

  const directly = (record: PlacedRecord): number | undefined => {
    if (living.has(record.sid)) return record.sid;
    const marker = markers.get(record.pid);
    if (marker !== undefined) return ownerOf(marker);
    return record.uts === undefined ? undefined : spaces.get(record.uts);
  };

  for (const first of records) {
    // Up the line of parents to the first that is known, then everything on the way down again.
    const line: PlacedRecord[] = [];
    let owner: number | undefined;
    for (let record: PlacedRecord | undefined = first; record !== undefined; ) {
      if (placed.has(record.pid)) {
        owner = placed.get(record.pid);
        break;
      }
      // Marked as seen, since a snapshot torn by reused pids may go in circles.
      placed.set(record.pid, undefined);
      line.push(record);
      const parent: PlacedRecord | undefined = byPid.get(record.ppid);
      record = parent !== undefined && parent.startTime <= record.startTime ? parent : undefined;
    }
    for (const record of line.reverse()) {
      owner = directly(record) ?? owner;
      placed.set(record.pid, owner);
    }
  }

  const result = new Map<number, number>();
  for (const [pid, owner] of placed) if (owner !== undefined) result.set(pid, owner);
  return result;
}

/**
 * The same, reading the environment of those whom neither session nor parents place.
 *
 * @returns the origin's pid by the process's pid.
 */
export async function findMembers(
  view: ProcessView,
  records: readonly ProcessRecord[],
  origins: readonly Origin[],
  ownerOf: MarkerOwner = markerOwner(origins),
): Promise<ReadonlyMap<number, number>> {
  const placed = placeProcesses(records, origins);
  const markers = await view.markers(records.filter((record) => !placed.has(record.pid)));
  const spaces = new Map(origins.flatMap(({ uts, pid }) => (uts === undefined ? [] : [[uts, pid] as const])));
  if (markers.size === 0 && spaces.size === 0) return placed;
  return placeProcesses(records, origins, markers, ownerOf, spaces);
}
