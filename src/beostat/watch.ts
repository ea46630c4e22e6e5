/** Samples as they come, and those that pass a threshold. */
import type { CallOptions } from '../bproc/index.ts';
import { BprocError } from '../errors.ts';
import { type NodeLoad, netRate } from './load.ts';
import type { StatCalls } from './stat-calls.ts';

/** How long one question for news may wait before it is asked again, in milliseconds. */
const QUESTION_MS = 60_000;

/** Which samples, and until when. */
export interface SampleOptions {
  /** @default all nodes, those that are still to come included */
  readonly nodes?: readonly number[];
  /** Ends it, without an error. */
  readonly signal?: AbortSignal;
}

/**
 * A figure that can be watched by its name: the share of all processors that is busy, the average over a minute of those who want to run,
 * the shares of memory that is not available, of swap and of the root file system in use, all from 0 to 1; and bytes a second over all
 * interfaces, both ways.
 */
export type Metric = 'cpu' | 'load' | 'memory' | 'swap' | 'disk' | 'network';

const METRICS: Readonly<Record<Metric, (load: NodeLoad) => number | undefined>> = {
  cpu: (load) => load.cpuUsage(),
  load: (load) => scaled(load.figure('load', '', 'load1'), 1 / 100),
  memory: (load) => shareUsed(load, 'memory', '', 'total', 'available'),
  swap: (load) => shareUsed(load, 'memory', '', 'swapTotal', 'swapFree'),
  disk: (load) => shareUsed(load, 'mount', '/', 'total', 'free'),
  network: netRate,
};

/** What is watched for: one of `above` and `below`. */
export interface WatchOptions extends SampleOptions {
  readonly metric: Metric | ((load: NodeLoad) => number | undefined);
  readonly above?: number;
  readonly below?: number;
  /** For how long it has to be so, in milliseconds by the samples' times. @default 0: one sample is enough */
  readonly forMs?: number;
}

/** A threshold that was passed, or is not any more. */
export interface Alert {
  readonly node: number;
  /** `raised` when it has been so for as long as was asked; `cleared` when it is not so any more. */
  readonly kind: 'raised' | 'cleared';
  readonly value: number;
  /** When that sample came, in milliseconds since 1970 by the master's clock. */
  readonly at: number;
}

/** A figure of a node by its name; undefined where it does not say. */
export function metricOf(load: NodeLoad, metric: WatchOptions['metric']): number | undefined {
  return typeof metric === 'function' ? metric(load) : METRICS[metric](load);
}

function scaled(value: number | undefined, factor: number): number | undefined {
  return value === undefined ? undefined : value * factor;
}

function shareUsed(load: NodeLoad, source: string, device: string, all: string, left: string): number | undefined {
  const [total, free] = [load.figure(source, device, all), load.figure(source, device, left)];
  return total === undefined || free === undefined || total === 0 ? undefined : 1 - free / total;
}

/** Every node's newest sample, whenever there is one; where a reader is slow, those between are left out. */
export async function* samples(
  calls: StatCalls,
  { nodes = [], signal }: SampleOptions,
): AsyncGenerator<NodeLoad, void, undefined> {
  let place = 0;
  while (signal?.aborted !== true) {
    const bounds: CallOptions = { timeoutMs: QUESTION_MS, ...(signal === undefined ? {} : { signal }) };
    const news = await calls.after(place, nodes, bounds).catch((cause: unknown) => {
      if (BprocError.is(cause) && cause.code === 'ETIMEDOUT') return { loads: [], place };
      if (signal?.aborted === true) return undefined;
      throw cause;
    });
    if (news === undefined) return;
    place = news.place;
    yield* news.loads;
  }
}

/** Thresholds as they are passed, node by node. */
export async function* watch(calls: StatCalls, options: WatchOptions): AsyncGenerator<Alert, void, undefined> {
  const { metric, above = Number.POSITIVE_INFINITY, below = Number.NEGATIVE_INFINITY, forMs = 0 } = options;
  if (options.above === undefined && options.below === undefined) {
    throw new BprocError('EINVAL', 'nothing to watch for: say above or below what');
  }
  /** Since when it has been so, of those of which it is so; and whether that was told. */
  const passed = new Map<number, { readonly since: number; told: boolean }>();
  for await (const load of samples(calls, options)) {
    const { node, seenAt: at } = load;
    const value = metricOf(load, metric);
    // what is not known now says nothing
    if (value === undefined) continue;
    const state = passed.get(node);
    if (value <= above && value >= below) {
      passed.delete(node);
      if (state?.told === true) yield { node, kind: 'cleared', value, at };
      continue;
    }
    const now = state ?? { since: at, told: false };
    passed.set(node, now);
    if (now.told || at - now.since < forMs) continue;
    now.told = true;
    yield { node, kind: 'raised', value, at };
  }
}
