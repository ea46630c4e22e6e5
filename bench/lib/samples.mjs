/** Samples of a machine that is not there: as many figures as one of 16 processors has, which change as those of a busy one do. */
import { SeededRandom } from './seeded.mjs';

const CPUS = 16;

/** Sources for `slaveStats`, in place of those of this machine: half of its processors are busy, one in twenty changes over in a second. */
export function busyMachine(seed) {
  const random = new SeededRandom(seed);
  const isNow = (oneIn) => random.upTo(oneIn - 1) === 0;
  const names = (count, name) => Array.from({ length: count }, (_, at) => `${name}${at}`);
  const source = (name, devices, fields, counts, step) => {
    const figures = devices.flatMap(() => fields.map(() => random.upTo(1e9)));
    const read = () => {
      devices.forEach((_, device) => {
        step(device).forEach((change, at) => {
          const place = device * fields.length + at;
          figures[place] = Math.max(0, figures[place] + change);
        });
      });
      return { devices, figures };
    };
    return { name, fields, counts, read };
  };
  const isBusy = names(CPUS, '').map((_, cpu) => cpu % 2 === 0);
  /** A second of a processor in ticks, of which there are a hundred. */
  const cpu = (at) => {
    if (isNow(20)) isBusy[at] = !isBusy[at];
    const system = random.upTo(isBusy[at] ? 4 : 1);
    const other = isNow(6) ? 1 : 0;
    const user = isBusy[at] ? 100 - system - other - random.upTo(1) : random.upTo(2);
    return [user, 0, system, 100 - user - system - other, 0, 0, other, 0];
  };
  const off = (most) => random.upTo(2 * most) - most;
  const some = (oneIn, most) => (isNow(oneIn) ? random.upTo(most) : 0);
  const traffic = () => [random.upTo(9e6), random.upTo(7000), 0, 0];
  const net = ['Bytes', 'Packets', 'Errors', 'Dropped'];
  const load = ['load1', 'load5', 'load15', 'running', 'total', 'lastPid', 'uptime', 'time'];
  const memory = ['total', 'free', 'available', 'buffers', 'cached', 'shared', 'swapTotal', 'swapFree'];
  const disk = ['reads', 'readBytes', 'writes', 'writtenBytes', 'busyMs'];
  const mount = ['total', 'free', 'available', 'files', 'filesFree'];
  return [
    source('cpus', names(CPUS, ''), ['user', 'nice', 'system', 'idle', 'iowait', 'irq', 'softirq', 'steal'], true, cpu),
    source('loads', [''], load, false, () => [off(30), off(6), off(2), off(3), off(4), random.upTo(30), 1000, 1000]),
    source('memories', [''], memory, false, () => {
      const taken = off(40_000);
      return [0, -taken, -taken, some(5, 90), random.upTo(900), 0, 0, 0];
    }),
    source(
      'networks',
      names(3, 'eth'),
      [...net.map((field) => `received${field}`), ...net.map((field) => `sent${field}`), 'sentCollisions'],
      true,
      (at) => (at === 2 ? [0, 0, 0, 0, 0, 0, 0, 0, 0] : [...traffic(), ...traffic(), 0]),
    ),
    source('disks', names(2, 'sd'), disk, true, () => [
      some(3, 90),
      some(3, 4e6),
      random.upTo(60),
      random.upTo(4e6),
      random.upTo(90),
    ]),
    source('mounts', names(4, '/mount'), mount, false, () =>
      isNow(10) ? [0, off(900), off(900), 0, off(9)] : [0, 0, 0, 0, 0],
    ),
    source('pressures', ['cpu', 'memory', 'io'], ['some', 'full'], true, (at) =>
      at === 0 ? [random.upTo(90_000), 0] : [some(4, 9000), some(8, 900)],
    ),
    source('sensors', names(18, 'temp '), ['value'], false, () => [isNow(8) ? 1000 * off(1) : 0]),
  ];
}

/** A clock whose time passes by hand, and what is due at once when it is told so. */
export class HandClock {
  #now = 0;
  #due;

  now() {
    return this.#now;
  }

  wallTime() {
    return 1.7e12 + this.#now;
  }

  after(ms, action) {
    const due = { at: this.#now + ms, action };
    this.#due = due;
    return () => {
      if (this.#due === due) this.#due = undefined;
    };
  }

  /** What was asked for last, when its time has come. */
  tick() {
    const due = this.#due;
    this.#due = undefined;
    if (due === undefined) throw new Error('nothing is due');
    this.#now = Math.max(this.#now, due.at);
    due.action();
  }

  pass(ms) {
    this.#now += ms;
  }
}
