/** Whether the machine was left to the benchmark: who else used its processors meanwhile. */
import { mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** Cores that others may use while something is measured. */
const TOLERATED = 0.3;
const TICKS_PER_SECOND = 100;

/** Seconds of CPU that the whole machine has used, what a hypervisor took from it included. */
function machineBusy() {
  const [, user, nice, system, , , irq, softirq, steal = 0] = readFileSync('/proc/stat', 'latin1')
    .slice(0, 400)
    .split('\n', 1)[0]
    .split(/\s+/)
    .map(Number);
  return (user + nice + system + irq + softirq + steal) / TICKS_PER_SECOND;
}

/** A control group that counts the CPU of this process and of everything it starts; undefined without one. */
function createGroup() {
  for (const line of readFileSync('/proc/mounts', 'utf8').split('\n')) {
    const [, mount, type, options = ''] = line.split(' ');
    const isOld = type === 'cgroup' && options.split(',').includes('cpuacct');
    if (type !== 'cgroup2' && !isOld) continue;
    const path = `${mount}/bproc-bench-${process.pid}`;
    const read = isOld
      ? () => Number(readFileSync(`${path}/cpuacct.usage`, 'latin1')) / 1e9
      : () => Number(/usage_usec (\d+)/.exec(readFileSync(`${path}/cpu.stat`, 'latin1'))[1]) / 1e6;
    try {
      mkdirSync(path);
      writeFileSync(`${path}/cgroup.procs`, String(process.pid));
      read();
      return { read, remove: () => leave(mount, path) };
    } catch {
      // Not ours to write, or it does not count: then the next one, if any.
    }
  }
  return undefined;
}

function leave(mount, path) {
  writeFileSync(`${mount}/cgroup.procs`, String(process.pid));
  try {
    rmdirSync(path);
  } catch {
    // Somebody in it is still being reaped: an empty group does no harm.
  }
}

/** Watches what others do on this machine. */
export class Quiet {
  #group = createGroup();

  /** How it is found out, for the report. */
  get means() {
    return this.#group === undefined
      ? 'load of the machine just before and after each round'
      : 'CPU of the machine less that of the benchmark’s own control group, during each round';
  }

  /**
   * Does some work and tells how many cores others used meanwhile (without a control group: just
   * before and after it).
   *
   * @template T
   * @param {() => Promise<T>} work
   * @returns {Promise<{ value: T, others: number, isQuiet: boolean }>}
   */
  async during(work) {
    const before = this.#group === undefined ? await load() : 0;
    const at = performance.now();
    const busy = machineBusy();
    const own = this.#group?.read() ?? 0;
    const value = await work();
    const seconds = (performance.now() - at) / 1000;
    const others =
      this.#group === undefined
        ? Math.max(before, await load())
        : Math.max(0, machineBusy() - busy - (this.#group.read() - own)) / seconds;
    return { value, others, isQuiet: others <= TOLERATED };
  }

  /** Gives the control group back. */
  stop() {
    this.#group?.remove();
  }
}

async function load() {
  const busy = machineBusy();
  await sleep(300);
  return (machineBusy() - busy) / 0.3;
}
