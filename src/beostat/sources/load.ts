/** How many want to run: `/proc/loadavg`; and since when the machine does: `/proc/uptime`. */
import { KernelFile } from './kernel-file.ts';
import { type Places, type Reading, type Source, WHOLE, whole } from './source.ts';

/** Averages in hundredths; milliseconds of the machine's clock since 1970 and since its boot. */
const FIELDS = ['load1', 'load5', 'load15', 'running', 'total', 'lastPid', 'time', 'uptime'] as const;

/** Averages over 1, 5 and 15 minutes, and who they are of. */
export function loadSource({ proc }: Places, wallTime: () => number): Source & Disposable {
  const load = new KernelFile(`${proc}/loadavg`);
  const uptime = new KernelFile(`${proc}/uptime`);
  return {
    name: 'load',
    fields: FIELDS,
    counts: false,
    read: () => parseLoad(load.text(), uptime.text(), Math.floor(wallTime())),
    [Symbol.dispose]: () => {
      load[Symbol.dispose]();
      uptime[Symbol.dispose]();
    },
  };
}

/** @throws RangeError for what are no such files. */
export function parseLoad(load: string, uptime: string, time: number): Reading {
  const [one, five, fifteen, processes = '', lastPid] = load.trim().split(' ');
  const [running, total] = processes.split('/');
  const up = hundredths(uptime.split(' ')[0]) * 10;
  const averages = [one, five, fifteen].map(hundredths);
  return { devices: WHOLE, figures: [...averages, whole(running), whole(total), whole(lastPid), time, up] };
}

function hundredths(text: string | undefined): number {
  const [before, after, ...more] = String(text).split('.');
  if (after?.length !== 2 || more.length > 0) throw new RangeError(`no average: ${String(text).slice(0, 40)}`);
  return whole(before) * 100 + whole(after);
}
