/** What processes cost: `/proc/PID`, read when somebody asks. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LocalProcess } from '../bproc/index.ts';
import { parseStat } from '../linux/index.ts';
import type { Init, StatDetailListProcess } from '../wire/index.ts';
import type { Places } from './sources/source.ts';

/** The kernel's ticks, as it tells of them. */
const TICK_MS = 10;
/** Processes that are told of at a time. */
const MOST = 8192;
/** Those that are read at a time. */
const SLICE = 64;

/** One process as the kernel tells of it. */
interface Cost {
  readonly localPid: number;
  readonly ppid: number;
  readonly entry: Init<StatDetailListProcess>;
}

/** Every process that was started here, and what came of it. */
export async function processCosts(
  { proc }: Places,
  started: readonly LocalProcess[],
): Promise<readonly Init<StatDetailListProcess>[]> {
  const origins = new Map(started.filter(({ localPid }) => localPid > 0).map((each) => [each.localPid, each]));
  const pids = (await readdir(proc)).filter((name) => /^\d+$/.test(name));
  const costs = new Map<number, Cost>();
  for (let from = 0; from < pids.length; from += SLICE) {
    const some = await Promise.all(pids.slice(from, from + SLICE).map((pid) => costOf(proc, pid)));
    for (const cost of some) if (cost !== undefined) costs.set(cost.localPid, cost);
  }
  const entries: Init<StatDetailListProcess>[] = [];
  for (const cost of costs.values()) {
    const origin = originOf(cost, costs, origins);
    if (origin === undefined || entries.length === MOST) continue;
    const isItself = origin.localPid === cost.localPid;
    const ids = { puid: Buffer.from(origin.puid, 'hex'), client: Buffer.from(origin.client, 'hex') };
    entries.push({ ...cost.entry, pid: isItself ? origin.pid : 0, uid: origin.uid, ...ids });
  }
  return entries;
}

/** Whose descendant it is. */
function originOf(
  cost: Cost,
  costs: ReadonlyMap<number, Cost>,
  origins: ReadonlyMap<number, LocalProcess>,
): LocalProcess | undefined {
  const seen = new Set<number>();
  for (let at: Cost | undefined = cost; at !== undefined && !seen.has(at.localPid); at = costs.get(at.ppid)) {
    const origin = origins.get(at.localPid);
    if (origin !== undefined) return origin;
    // while it was read some may have ended, and others got their pids
    seen.add(at.localPid);
  }
  return undefined;
}

/** Undefined for one that has ended meanwhile. */
async function costOf(proc: string, pid: string): Promise<Cost | undefined> {
  try {
    const bytes = await readFile(join(proc, pid, 'stat'));
    const stat = parseStat(bytes);
    if (stat === undefined) return undefined;
    const fields = bytes.toString('latin1', bytes.lastIndexOf(0x29) + 2).split(' ');
    const field = (number: number): number => Number(fields[number - 3] ?? 0);
    const status = await readFile(join(proc, pid, 'status'), 'latin1').catch(() => '');
    const io = await readFile(join(proc, pid, 'io'), 'latin1').catch(() => '');
    const entry = {
      localPid: stat.pid,
      ppid: stat.ppid,
      command: stat.command,
      state: stat.state,
      threads: stat.threads,
      userMs: field(14) * TICK_MS,
      systemMs: field(15) * TICK_MS,
      virtual: numberIn(status, /^VmSize:\s+(\d+) kB$/m),
      resident: numberIn(status, /^VmRSS:\s+(\d+) kB$/m),
      readBytes: numberIn(io, /^read_bytes: (\d+)$/m),
      writtenBytes: numberIn(io, /^write_bytes: (\d+)$/m),
    };
    return { localPid: stat.pid, ppid: stat.ppid, entry };
  } catch {
    return undefined;
  }
}

/** 0 where it is not said. */
function numberIn(text: string, pattern: RegExp): number {
  return Number(pattern.exec(text)?.[1] ?? 0);
}
