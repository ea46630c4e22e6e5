/** What is known of one node's load: its figures under their names, and what follows from two samples. */
import type { PastSample } from './history.ts';
import type { Layout } from './layout.ts';

/** Counters of 32 bits begin again after this. */
const WRAP = 2 ** 32;
/** The kernel's ticks a second. */
const TICKS = 100;

/** What a node has said, and when. */
export class NodeLoad {
  readonly node: number;
  /** Whether the caller, or whoever was asked about, may place work there now. */
  readonly isUsable: boolean;
  /** No sample has come for longer than three times as long as it should have taken: the figures are old. */
  readonly isStale: boolean;
  /** How old the newest sample is, in milliseconds. */
  readonly ageMs: number;
  /** When it came, in milliseconds since 1970 by the master's clock. */
  readonly seenAt: number;
  readonly #last: PastSample;
  readonly #before: PastSample | undefined;

  /** @internal */
  constructor(
    of: Pick<NodeLoad, 'node' | 'isUsable' | 'isStale' | 'ageMs'>,
    last: PastSample,
    before: PastSample | undefined,
  ) {
    this.node = of.node;
    this.isUsable = of.isUsable;
    this.isStale = of.isStale;
    this.ageMs = of.ageMs;
    this.seenAt = last.seenAt;
    this.#last = last;
    this.#before = before;
  }

  /** What its figures are. */
  get layout(): Layout {
    return this.#last.layout;
  }

  /** The devices of a source, such as the interfaces of `network`. */
  devicesOf(source: string): readonly string[] {
    return this.layout.devicesOf(source);
  }

  /** Whether a source could be read for the newest sample; else its figures are those of before. */
  has(source: string): boolean {
    const index = this.layout.indexOf(source);
    return index >= 0 && (this.#last.missing & (1 << index)) === 0;
  }

  /** A figure as the node has told it; undefined where it has none such. */
  figure(source: string, device: string, field: string): number | undefined {
    const place = this.layout.place(source, device, field);
    return place === undefined ? undefined : this.#last.figures[place];
  }

  /** How much a counter grows in a second; undefined where only one sample is there, or it went back. */
  rate(source: string, device: string, field: string): number | undefined {
    const place = this.layout.place(source, device, field);
    const grown = place === undefined ? undefined : this.#growth(place);
    const seconds = this.#seconds;
    return grown === undefined || seconds <= 0 ? undefined : grown / seconds;
  }

  /** The share of its time that a processor was not idle, 0 to 1; of all processors where none is named. */
  cpuUsage(cpu?: number): number | undefined {
    const devices = cpu === undefined ? this.devicesOf('cpu') : [String(cpu)];
    let busy = 0;
    let all = 0;
    for (const device of devices) {
      for (const field of this.layout.sources[this.layout.indexOf('cpu')]?.fields ?? []) {
        const place = this.layout.place('cpu', device, field);
        const grown = place === undefined ? undefined : this.#growth(place);
        if (grown === undefined) return undefined;
        all += grown;
        if (!IDLE.has(field)) busy += grown;
      }
    }
    return all === 0 ? undefined : busy / all;
  }

  /** Seconds between the two samples, by the node's own clock since its boot, which nobody sets. */
  get #seconds(): number {
    const place = this.layout.place('load', '', 'uptime');
    if (place === undefined || this.#before === undefined) return 0;
    const grown = ((this.#last.figures[place] ?? 0) - (this.#before.figures[place] ?? 0)) / 1000;
    // a source that could not be read says what it said before
    return grown > 0 ? grown : (this.#last.seenAt - this.#before.seenAt) / 1000;
  }

  /** Whether the machine has booted between the two: what it counts began anew. */
  get #hasBooted(): boolean {
    const place = this.layout.place('load', '', 'uptime');
    if (place === undefined || this.#before === undefined) return false;
    return (this.#last.figures[place] ?? 0) < (this.#before.figures[place] ?? 0);
  }

  #growth(place: number): number | undefined {
    if (this.#before === undefined || this.#hasBooted) return undefined;
    return growth(this.#before.figures[place] ?? 0, this.#last.figures[place] ?? 0);
  }
}

/** What a processor does while it does nothing; to wait for a disk is that, too. */
const IDLE: ReadonlySet<string> = new Set(['idle', 'iowait']);

/** How far a counter has come; undefined where it began anew, which is no growth that anybody knows. */
export function growth(before: number, now: number): number | undefined {
  if (now >= before) return now - before;
  const isWrapped = before < WRAP && before - now > WRAP / 2;
  return isWrapped ? now + WRAP - before : undefined;
}

/** Ticks of the kernel in milliseconds. */
export function ticksMs(ticks: number): number {
  return (ticks * 1000) / TICKS;
}

/** Bytes a second, both ways, of what leaves the machine. */
export function netRate(load: NodeLoad): number | undefined {
  let sum = 0;
  for (const name of load.devicesOf('network')) {
    if (name === 'lo') continue;
    const received = load.rate('network', name, 'receivedBytes');
    const sent = load.rate('network', name, 'sentBytes');
    if (received === undefined || sent === undefined) return undefined;
    sum += received + sent;
  }
  return sum;
}
