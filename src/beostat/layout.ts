/** What the figures of a node's samples are, in their order. */
import { createHash } from 'node:crypto';
import { BprocError } from '../errors.ts';
import type { Init, StatLayout } from '../wire/index.ts';

/** Where figures come from, what each of its devices has, and which devices there are. */
export interface SourceLayout {
  readonly name: string;
  readonly fields: readonly string[];
  /** Their names; of a source that is not of devices: one without a name. */
  readonly devices: readonly string[];
  /** Whether its figures only grow, so that differences are what they say. */
  readonly counts: boolean;
}

/** More figures than any machine has: 4,096 processors with room for everything else. */
export const MOST_FIGURES = 65_536;
/** Sources, since those that are missing are told in 32 bits. */
const MOST_SOURCES = 32;
/** Of a digest: nobody finds two layouts with the same. */
const DIGEST_BYTES = 16;

/** The figures of one node's samples. */
export class Layout {
  readonly sources: readonly SourceLayout[];
  /** Figures of one sample. */
  readonly size: number;
  /** Of each source, the place of its first figure. */
  readonly #starts: readonly number[];
  /** Of each source that was asked about, where its devices are. */
  readonly #rows = new Map<number, ReadonlyMap<string, number>>();
  #digest: Buffer | undefined;

  /** @throws BprocError EINVAL for more than 65,536 figures, or 32 sources. */
  constructor(sources: readonly SourceLayout[]) {
    const starts: number[] = [];
    let size = 0;
    for (const { fields, devices } of sources) {
      starts.push(size);
      size += fields.length * devices.length;
    }
    if (size > MOST_FIGURES || sources.length > MOST_SOURCES) {
      throw new BprocError('EINVAL', `${size} figures of ${sources.length} sources are more than a sample may have`);
    }
    this.sources = sources;
    this.size = size;
    this.#starts = starts;
  }

  /** @internal What layouts have in common that are the same, and no others. */
  get digest(): Buffer {
    if (this.#digest !== undefined) return this.#digest;
    const all = this.sources.map(({ name, fields, devices, counts }) => [name, fields, devices, counts]);
    const whole = createHash('sha256').update(JSON.stringify(all)).digest();
    this.#digest = Buffer.from(whole.subarray(0, DIGEST_BYTES));
    return this.#digest;
  }

  /** Which source has a name; -1: none. */
  indexOf(source: string): number {
    return this.sources.findIndex(({ name }) => name === source);
  }

  devicesOf(source: string): readonly string[] {
    return this.sources[this.indexOf(source)]?.devices ?? [];
  }

  /** The place of a figure; undefined where nothing is known of it. */
  place(source: string, device: string, field: string): number | undefined {
    const index = this.indexOf(source);
    const { fields = [] } = this.sources[index] ?? {};
    const row = this.#rowsOf(index).get(device);
    const column = fields.indexOf(field);
    return row === undefined || column < 0 ? undefined : (this.#starts[index] ?? 0) + row * fields.length + column;
  }

  #rowsOf(source: number): ReadonlyMap<string, number> {
    const rows =
      this.#rows.get(source) ?? new Map((this.sources[source]?.devices ?? []).map((device, row) => [device, row]));
    this.#rows.set(source, rows);
    return rows;
  }
}

/** As the wire has it. */
export function wireLayout({ sources }: Layout): Init<StatLayout> {
  return {
    sources: sources.map(({ name, fields, devices, counts }) => ({
      name,
      fields: [...fields],
      devices: [...devices],
      counts,
    })),
  };
}

/** @throws BprocError EINVAL for more than a sample may have. */
export function layoutOf({ sources }: StatLayout): Layout {
  return new Layout(sources);
}
