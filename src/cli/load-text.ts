/** How busy a node is, for people and for programs. */
import type { NodeLoad } from '../beostat/index.ts';

const KIB = 1024;
const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

/** What is told of one node; what it does not say is absent. */
export interface LoadRecord {
  readonly node: number;
  readonly ageMs: number;
  readonly stale: boolean;
  readonly load: readonly (number | undefined)[];
  readonly cpus: readonly (number | undefined)[];
  readonly memory: { readonly total: number; readonly available: number } | undefined;
  readonly swap: { readonly total: number; readonly free: number } | undefined;
  readonly networks: readonly Device[];
  readonly disks: readonly Device[];
  readonly mounts: readonly { readonly path: string; readonly total: number; readonly available: number }[];
  readonly sensors: readonly { readonly name: string; readonly value: number }[];
}

/** Bytes a second, in and out. */
interface Device {
  readonly name: string;
  readonly in: number | undefined;
  readonly out: number | undefined;
}

/** A node's load as a record. */
export function loadRecord(load: NodeLoad): LoadRecord {
  const { node, ageMs, isStale: stale } = load;
  const of = (source: string, field: string, device = ''): number => load.figure(source, device, field) ?? 0;
  const rates = (source: string, into: string, out: string): readonly Device[] =>
    load.devicesOf(source).map((name) => {
      return { name, in: load.rate(source, name, into), out: load.rate(source, name, out) };
    });
  const hasMemory = load.figure('memory', '', 'total') !== undefined;
  return {
    node,
    ageMs,
    stale,
    load: ['load1', 'load5', 'load15'].map((field) => hundredth(load.figure('load', '', field))),
    cpus: load.devicesOf('cpu').map((cpu) => load.cpuUsage(Number(cpu))),
    memory: hasMemory ? { total: of('memory', 'total') * KIB, available: of('memory', 'available') * KIB } : undefined,
    swap: hasMemory ? { total: of('memory', 'swapTotal') * KIB, free: of('memory', 'swapFree') * KIB } : undefined,
    networks: rates('network', 'receivedBytes', 'sentBytes'),
    disks: rates('disk', 'readBytes', 'writtenBytes'),
    mounts: load.devicesOf('mount').map((path) => {
      return { path, total: of('mount', 'total', path) * KIB, available: of('mount', 'available', path) * KIB };
    }),
    sensors: load.devicesOf('sensor').map((name) => ({ name, value: of('sensor', 'value', name) })),
  };
}

function hundredth(value: number | undefined): number | undefined {
  return value === undefined ? undefined : value / 100;
}

/** A node's load as a block of lines. */
export function loadText(load: NodeLoad): string {
  const record = loadRecord(load);
  const { cpus, memory, swap, networks, disks, mounts, sensors } = record;
  const averages = record.load.map((value) => value?.toFixed(2) ?? '-').join(' ');
  const lines = [
    `node ${record.node}: ${age(record)}`,
    `  load     ${averages}`,
    `  cpu      ${cpus.map(percent).join(' ')}`,
  ];
  if (memory !== undefined) lines.push(`  memory   ${bytes(memory.available)} of ${bytes(memory.total)} available`);
  if (swap !== undefined && swap.total > 0) lines.push(`  swap     ${bytes(swap.free)} of ${bytes(swap.total)} free`);
  for (const each of networks) lines.push(`  network  ${each.name}: ${rate(each.in)} in, ${rate(each.out)} out`);
  for (const each of disks) lines.push(`  disk     ${each.name}: ${rate(each.in)} read, ${rate(each.out)} written`);
  for (const { path, available, total } of mounts) {
    lines.push(`  mount    ${path}: ${bytes(available)} of ${bytes(total)} available`);
  }
  for (const { name, value } of sensors) lines.push(`  sensor   ${sensorText(name, value)}`);
  return lines.map((line) => `${line}\n`).join('');
}

function age({ ageMs, stale }: LoadRecord): string {
  return `${(ageMs / 1000).toFixed(1)} s ago${stale ? ', old' : ''}`;
}

function percent(share: number | undefined): string {
  return share === undefined ? '-' : `${Math.round(share * 100)}%`;
}

function rate(perSecond: number | undefined): string {
  return perSecond === undefined ? '-' : `${bytes(perSecond)}/s`;
}

/** Bytes in the unit that makes them short. */
export function bytes(count: number): string {
  let value = count;
  let unit = 0;
  while (value >= KIB && unit < UNITS.length - 1) {
    value /= KIB;
    unit += 1;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${UNITS[unit]}`;
}

/** Temperatures are in thousandths of a degree, fans in turns a minute. */
function sensorText(name: string, value: number): string {
  return name.startsWith('temp ') ? `${name}: ${(value / 1000).toFixed(1)} °C` : `${name}: ${value} rpm`;
}
