/**
 * Where the processes of an engine are to be looked for: in this program's `/proc`, or in the pid namespace of a
 * holder, whose numbers mean something else here.
 */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { isAlive, parseStat, readStat } from '../../../src/linux/index.ts';
import type { ProcessStat } from '../../../src/linux/procfs.ts';
import { until } from '../recorder.ts';

/** Looks at processes by the pids that their engine tells. */
export abstract class Ground {
  /** The stat of a process; undefined where there is none of this pid. */
  abstract stat(pid: number): ProcessStat | undefined;
  /** Sends SIGKILL. */
  abstract kill(pid: number): void;

  /** Whether a process is there and does something. */
  runs(pid: number): boolean {
    const stat = this.stat(pid);
    return stat !== undefined && isAlive(stat);
  }

  /** Waits until processes are gone, or zombies that somebody else has to reap. */
  async gone(...pids: readonly number[]): Promise<void> {
    await until(() => pids.every((pid) => !this.runs(pid)), `the end of ${pids.join(', ')}`);
  }
}

/** This program's own pid namespace. */
export class OwnGround extends Ground {
  stat(pid: number): ProcessStat | undefined {
    return readStat(pid);
  }

  kill(pid: number): void {
    process.kill(pid, 'SIGKILL');
  }
}

/** The pid namespace of the holder that listens in a directory. */
export class HolderGround extends Ground {
  readonly #holder: number;

  constructor(directory: string) {
    super();
    this.#holder = holderOf(directory);
  }

  stat(pid: number): ProcessStat | undefined {
    try {
      return parseStat(readFileSync(`/proc/${this.#holder}/root/proc/${pid}/stat`));
    } catch {
      return undefined;
    }
  }

  kill(pid: number): void {
    const space = readlinkSync(`/proc/${this.#holder}/ns/pid`);
    for (const outer of pids()) {
      if (spaceOf(outer) !== space || innerPid(outer) !== pid) continue;
      process.kill(outer, 'SIGKILL');
      return;
    }
    throw new Error(`no process ${pid} in ${space}`);
  }
}

/** The pid of the holder that listens in a directory, as this program has it. */
export function holderOf(directory: string): number {
  for (const pid of pids()) {
    try {
      const argv = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
      if (argv[0]?.includes('bpspawn') && argv.includes(`${directory}/holder.sock`)) return pid;
    } catch {
      // Gone meanwhile.
    }
  }
  throw new Error(`no holder listens in ${directory}`);
}

function pids(): readonly number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0);
}

function spaceOf(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/ns/pid`);
  } catch {
    return undefined;
  }
}

function innerPid(pid: number): number | undefined {
  try {
    const line = /^NSpid:.*\s(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'));
    return line === null ? undefined : Number(line[1]);
  } catch {
    return undefined;
  }
}
