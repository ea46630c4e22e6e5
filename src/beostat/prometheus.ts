/** The newest figures as text for Prometheus: version 0.0.4 of its exposition format. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { NodeInfo } from '../bproc/index.ts';
import { BprocError } from '../errors.ts';
import type { NodeLoad } from './load.ts';

/** What is scraped, such as the `Stats` of a cluster. */
export interface Scraped {
  prometheus(): Promise<string>;
}

/** What a scraper is told that this is. */
export const PROMETHEUS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** A figure under its name there, in the unit that Prometheus has for such. */
interface Series {
  readonly source: string;
  readonly field: string;
  readonly name: string;
  readonly help: string;
  readonly factor?: number;
  /** How devices are called; absent: the source has none. */
  readonly label?: string;
  /** Told apart by this, where one name is for several fields. */
  readonly also?: readonly [label: string, value: string];
}

const KIB = 1024;

const CPU: readonly Series[] = ['user', 'nice', 'system', 'idle', 'iowait', 'irq', 'softirq', 'steal'].map((mode) => ({
  source: 'cpu',
  field: mode,
  name: 'cpu_seconds_total',
  help: 'Seconds that processors have spent, by what they did.',
  factor: 1 / 100,
  label: 'cpu',
  also: ['mode', mode],
}));

const LOAD: readonly Series[] = [
  {
    source: 'load',
    field: 'load1',
    name: 'load1',
    help: 'Average over 1 minute of who wants to run.',
    factor: 1 / 100,
  },
  {
    source: 'load',
    field: 'load5',
    name: 'load5',
    help: 'Average over 5 minutes of who wants to run.',
    factor: 1 / 100,
  },
  {
    source: 'load',
    field: 'load15',
    name: 'load15',
    help: 'Average over 15 minutes of who wants to run.',
    factor: 1 / 100,
  },
  { source: 'load', field: 'running', name: 'threads_running', help: 'Threads that want to run.' },
  { source: 'load', field: 'total', name: 'threads', help: 'Threads that there are.' },
  { source: 'load', field: 'uptime', name: 'uptime_seconds', help: 'Since the machine has booted.', factor: 1 / 1000 },
];

const MEMORY: readonly Series[] = [
  ['total', 'memory_total_bytes', 'Memory that there is.'],
  ['free', 'memory_free_bytes', 'Memory that nobody uses.'],
  ['available', 'memory_available_bytes', 'Memory that programs could have without swapping.'],
  ['buffers', 'memory_buffers_bytes', 'Memory with blocks of devices.'],
  ['cached', 'memory_cached_bytes', 'Memory with what was read from files.'],
  ['shared', 'memory_shared_bytes', 'Memory that is shared.'],
  ['swapTotal', 'swap_total_bytes', 'Swap that there is.'],
  ['swapFree', 'swap_free_bytes', 'Swap that nobody uses.'],
].map(([field = '', name = '', help = '']) => ({ source: 'memory', field, name, help, factor: KIB }));

const NETWORK: readonly Series[] = (['received', 'sent'] as const).flatMap((way) =>
  [
    ['Bytes', 'bytes', 'Bytes'],
    ['Packets', 'packets', 'Packets'],
    ['Errors', 'errors', 'Packets that were broken'],
    ['Dropped', 'dropped', 'Packets that were thrown away'],
  ].map(([field = '', name = '', what = '']) => ({
    source: 'network',
    field: `${way}${field}`,
    name: `network_${way}_${name}_total`,
    help: `${what} that an interface has ${way}.`,
    label: 'device',
  })),
);

const DISK: readonly Series[] = [
  ['reads', 'disk_reads_total', 'Reads of a disk.', 1],
  ['readBytes', 'disk_read_bytes_total', 'Bytes read from a disk.', 1],
  ['writes', 'disk_writes_total', 'Writes to a disk.', 1],
  ['writtenBytes', 'disk_written_bytes_total', 'Bytes written to a disk.', 1],
  ['busyMs', 'disk_busy_seconds_total', 'Seconds in which a disk had something to do.', 1 / 1000],
].map(([field, name, help, factor]) => ({
  source: 'disk',
  field: String(field),
  name: String(name),
  help: String(help),
  factor: Number(factor),
  label: 'device',
}));

const MOUNT: readonly Series[] = [
  ['total', 'filesystem_size_bytes', 'Room on a file system.', KIB],
  ['free', 'filesystem_free_bytes', 'Room on a file system that nobody uses.', KIB],
  ['available', 'filesystem_available_bytes', 'Room on a file system for others than root.', KIB],
  ['files', 'filesystem_files', 'Files for which a file system has room.', 1],
  ['filesFree', 'filesystem_files_free', 'Files for which a file system has room still.', 1],
].map(([field, name, help, factor]) => ({
  source: 'mount',
  field: String(field),
  name: String(name),
  help: String(help),
  factor: Number(factor),
  label: 'mountpoint',
}));

const PRESSURE: readonly Series[] = [
  {
    source: 'pressure',
    field: 'some',
    name: 'pressure_waiting_seconds_total',
    help: 'Seconds in which some had to wait.',
    factor: 1e-6,
    label: 'resource',
  },
  {
    source: 'pressure',
    field: 'full',
    name: 'pressure_stalled_seconds_total',
    help: 'Seconds in which all had to wait.',
    factor: 1e-6,
    label: 'resource',
  },
];

const SENSOR: readonly Series[] = [
  {
    source: 'sensor',
    field: 'value',
    name: 'sensor',
    help: 'What a sensor says: thousandths of a degree Celsius, or turns a minute.',
    label: 'sensor',
  },
];

const ALL: readonly Series[] = [...CPU, ...LOAD, ...MEMORY, ...NETWORK, ...DISK, ...MOUNT, ...PRESSURE, ...SENSOR];

/**
 * The text of nodes' newest figures, and of which nodes are up. Figures that are old are left out, so that nobody takes them for
 * new ones; `bproc_node_last_seen_seconds` says how old they are.
 */
export function prometheusText(loads: readonly NodeLoad[], nodes: readonly NodeInfo[]): string {
  const text = new Text();
  for (const { node, state } of nodes) {
    text.add('bproc_node_up', 'gauge', 'Whether a node is up.', { node: String(node) }, state === 'up' ? 1 : 0);
  }
  for (const { node, ageMs } of loads) {
    const help = 'Seconds since the newest figures of a node.';
    text.add('bproc_node_last_seen_seconds', 'gauge', help, { node: String(node) }, ageMs / 1000);
  }
  for (const load of loads) if (!load.isStale) addLoad(text, load);
  return text.toString();
}

function addLoad(text: Text, load: NodeLoad): void {
  for (const { source, field, name, help, factor = 1, label, also } of ALL) {
    for (const device of load.has(source) ? load.devicesOf(source) : []) {
      const value = load.figure(source, device, field);
      if (value === undefined) continue;
      const labels: Record<string, string> = { node: String(load.node) };
      if (label !== undefined) labels[label] = device;
      if (also !== undefined) labels[also[0]] = also[1];
      text.add(`bproc_${name}`, name.endsWith('_total') ? 'counter' : 'gauge', help, labels, value * factor);
    }
  }
}

/** Lines of a metric have to be together, whoever they are of. */
class Text {
  readonly #metrics = new Map<string, string[]>();

  add(name: string, kind: string, help: string, labels: Readonly<Record<string, string>>, value: number): void {
    const lines = this.#metrics.get(name) ?? [`# HELP ${name} ${help}`, `# TYPE ${name} ${kind}`];
    this.#metrics.set(name, lines);
    const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text)}"`);
    lines.push(`${name}{${pairs.join(',')}} ${value}`);
  }

  toString(): string {
    return [...this.#metrics.values()].map((lines) => `${lines.join('\n')}\n`).join('');
  }
}

function escaped(text: string): string {
  return text.replace(/[\\"\n]/g, (found) => (found === '\n' ? '\\n' : `\\${found}`));
}

/**
 * Answers scrapers: a handler of requests for a server of the program's own, such as `http.createServer(handler)`. It answers GET and HEAD at
 * any path, and fails with 503 where the master cannot be asked.
 */
export function prometheusHandler(stats: Scraped): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => void answer(stats, request, response);
}

async function answer(stats: Scraped, { method }: IncomingMessage, response: ServerResponse): Promise<void> {
  if (method !== 'GET' && method !== 'HEAD') {
    response.writeHead(405, { allow: 'GET, HEAD' }).end();
    return;
  }
  try {
    const text = await stats.prometheus();
    response.writeHead(200, { 'content-type': PROMETHEUS_TYPE });
    response.end(method === 'HEAD' ? undefined : text);
  } catch (cause) {
    response.writeHead(503, { 'content-type': 'text/plain; charset=utf-8' }).end(`${BprocError.from(cause).message}\n`);
  }
}
