/** Samples of one machine. */
import type { Clock } from '../clock.ts';
import { Layout } from './layout.ts';
import { cpuSource } from './sources/cpu.ts';
import { diskSource } from './sources/disk.ts';
import { loadSource } from './sources/load.ts';
import { memorySource } from './sources/memory.ts';
import { mountsSource } from './sources/mounts.ts';
import { networkSource } from './sources/network.ts';
import { pressureSource } from './sources/pressure.ts';
import { sensorsSource } from './sources/sensors.ts';
import type { Places, Reading, Source } from './sources/source.ts';

/** One reading of all sources. */
export interface Sample {
  readonly layout: Layout;
  readonly figures: Float64Array;
  /** Bit by bit, sources that could not be read: they have the figures of before. */
  readonly missing: number;
}

const NOTHING: Reading = { devices: [], figures: [] };

/** What is known of every machine. */
export function machineSources(clock: Clock, places: Places): readonly (Source & Partial<Disposable>)[] {
  const now = (): number => clock.now();
  return [
    cpuSource(places),
    loadSource(places, () => clock.wallTime()),
    memorySource(places),
    networkSource(places),
    diskSource(places),
    mountsSource(places, now),
    pressureSource(places),
    sensorsSource(places, now),
  ];
}

/** Takes samples. One source that fails does not keep the others from being read. */
export class Sampler implements Disposable {
  readonly #sources: readonly (Source & Partial<Disposable>)[];
  /** What each has said last. */
  readonly #last: Reading[];
  #layout: Layout | undefined;

  constructor(sources: readonly (Source & Partial<Disposable>)[]) {
    this.#sources = sources;
    this.#last = sources.map(() => NOTHING);
  }

  take(): Sample {
    let missing = 0;
    this.#sources.forEach((source, index) => {
      try {
        const reading = source.read();
        if (!isSame(reading.devices, this.#last[index]?.devices ?? [])) this.#layout = undefined;
        this.#last[index] = reading;
      } catch {
        // what a sample says of it is what it was
        missing |= 1 << index;
      }
    });
    const layout = this.#layout ?? this.#newLayout();
    this.#layout = layout;
    const figures = new Float64Array(layout.size);
    let at = 0;
    for (const reading of this.#last) {
      figures.set(reading.figures, at);
      at += reading.figures.length;
    }
    return { layout, figures, missing: missing >>> 0 };
  }

  #newLayout(): Layout {
    return new Layout(
      this.#sources.map(({ name, fields, counts }, index) => {
        return { name, fields, counts, devices: this.#last[index]?.devices ?? [] };
      }),
    );
  }

  [Symbol.dispose](): void {
    for (const source of this.#sources) source[Symbol.dispose]?.();
  }
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((name, index) => name === other[index]);
}
