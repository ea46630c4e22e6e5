/** The part of `beostat` in a slave: it samples its machine, and tells what its processes cost. PROTOCOL.md 13.3. */

import type { SlaveHome, SlaveService, SlaveServing } from '../bproc/index.ts';
import type { Cancel } from '../clock.ts';
import { STAT_MESSAGES } from '../wire/index.ts';
import { cpuFacts } from './cpu-facts.ts';
import { wireLayout } from './layout.ts';
import { pack } from './packing.ts';
import { processCosts } from './process-costs.ts';
import { machineSources, type Sample, Sampler } from './sampler.ts';
import type { Places, Source } from './sources/source.ts';

/** Name of the service. */
export const BEOSTAT = 'beostat';

/** How often samples are taken until a master says, in milliseconds; and at most, and at least. */
const FIRST_MS = 1000;
const MOST_OFTEN_MS = 50;
const LEAST_OFTEN_MS = 3_600_000;
/** A sample no older than this is one of now, in milliseconds, however many ask. */
const FRESH_MS = 25;
/** Samples that a master may have left unanswered: then it has no time, and no more are taken. */
const MOST_OPEN = 8;

/** What a machine's samples are of. */
export interface SamplerOptions {
  /** The kernel's directories. @default /proc and /sys */
  readonly places?: Places;
  /** A site's own sources, after the machine's. */
  readonly sources?: readonly Source[];
}

/** The slave's part. */
export function slaveStats(options: SamplerOptions = {}): SlaveService {
  return { name: BEOSTAT, serve: (home) => new SlaveStats(home, options) };
}

class SlaveStats implements SlaveServing {
  readonly #home: SlaveHome;
  readonly #places: Places;
  readonly #sampler: Sampler;
  /** What was told on this connection and may serve as a base. */
  readonly #told = new Map<number, Sample>();
  /** The newest of them that the master is known to have; 0: none. */
  #base = 0;
  /** How far it is known to have come. */
  #have = 0;
  #number = 0;
  #toldAt = Number.NEGATIVE_INFINITY;
  #intervalMs = FIRST_MS;
  #cancel: Cancel | undefined;

  constructor(home: SlaveHome, { places = { proc: '/proc', sys: '/sys' }, sources = [] }: SamplerOptions) {
    this.#home = home;
    this.#places = places;
    this.#sampler = new Sampler([...machineSources(home.clock, places), ...sources]);
  }

  attached(): void {
    this.#told.clear();
    this.#base = 0;
    this.#have = 0;
    this.#number = 0;
    this.#sample();
  }

  detached(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  message(body: Uint8Array): void {
    const { have, intervalMs, anew } = STAT_MESSAGES.order.decode(body);
    if (anew) this.#told.clear();
    for (const number of this.#told.keys()) if (number < have) this.#told.delete(number);
    this.#base = this.#told.get(have) === undefined ? 0 : have;
    this.#have = anew ? this.#number : Math.max(this.#have, Math.min(have, this.#number));
    const wanted = Math.min(LEAST_OFTEN_MS, Math.max(MOST_OFTEN_MS, intervalMs));
    if (wanted === this.#intervalMs) return;
    this.#intervalMs = wanted;
    this.#rearm();
  }

  /** A sample now: it goes before the answer, on the same connection. */
  async asked(): Promise<Uint8Array> {
    if (this.#home.clock.now() - this.#toldAt >= FRESH_MS) this.#tell();
    return new Uint8Array();
  }

  async request(body: Uint8Array): Promise<Uint8Array> {
    const wanted = STAT_MESSAGES.details.decode(body);
    const cpus = wanted.cpus ? await cpuFacts(this.#places) : [];
    const processes = wanted.processes ? await processCosts(this.#places, this.#home.processes()) : [];
    return STAT_MESSAGES.detailList.encode({ cpus: cpus.map((facts) => ({ facts })), processes });
  }

  #sample(): void {
    if (this.#number - this.#have < MOST_OPEN) this.#tell();
    this.#rearm();
  }

  #rearm(): void {
    this.#cancel?.();
    this.#cancel = this.#home.clock.after(this.#intervalMs, () => this.#sample());
  }

  #tell(): void {
    this.#toldAt = this.#home.clock.now();
    const sample = this.#sampler.take();
    this.#number += 1;
    const base = this.#told.get(this.#base);
    const isSame = base?.layout === sample.layout;
    const { figures, missing, layout } = sample;
    const what = isSame
      ? { base: this.#base, figures: pack(figures, base.figures) }
      : { layout: wireLayout(layout), figures: pack(figures, undefined) };
    this.#told.set(this.#number, sample);
    this.#home.send(STAT_MESSAGES.report.encode({ number: this.#number, missing, ...what }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.detached();
    this.#sampler[Symbol.dispose]();
  }
}
