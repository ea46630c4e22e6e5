/** Asking the master for the samples that it keeps. */

import type { CallOptions, Client } from '../bproc/index.ts';
import { BprocError } from '../errors.ts';
import type { Init, StatNode, StatQuestion } from '../wire/index.ts';
import { STAT_MESSAGES } from '../wire/index.ts';
import type { PastSample } from './history.ts';
import { type Layout, layoutOf } from './layout.ts';
import { askShared, HeardLayouts } from './layouts.ts';
import { NodeLoad } from './load.ts';
import { unpack } from './packing.ts';
import { BEOSTAT } from './slave-part.ts';

/** Which figures, and how old they may be. */
export interface LoadOptions extends CallOptions {
  /** Whether nodes take a sample for this answer. @default false: what is known */
  readonly fresh?: boolean;
  /** As whom a node is to be usable. @default the caller */
  readonly user?: { readonly uid: number; readonly gids: readonly number[] };
}

/** Which samples of the past. Times are in milliseconds. */
export interface HistoryOptions extends CallOptions {
  /** From this age on. @default all that are kept, by default those of 10 minutes */
  readonly lastMs?: number;
  /** At least so far from each other. @default as they came */
  readonly stepMs?: number;
}

/** One sample of the past, with what has happened since the one before it. */
export type HistoryEntry = NodeLoad;

/** What an answer says of one node, and what its figures are; undefined: it never said any. */
interface Told {
  readonly said: StatNode;
  readonly layout: Layout | undefined;
}

/** What the messages about the load of nodes are made of. */
export class StatCalls {
  readonly #client: Client;
  readonly #layouts = new HeardLayouts();

  /** @internal */
  constructor(client: Client) {
    this.#client = client;
  }

  /**
   * What is known of nodes, by default of all; those of which nothing was ever heard are left out.
   *
   * @throws BprocError ENOSYS where the master does not keep any; ETIMEDOUT, ECANCELED.
   */
  async loads(nodes: readonly number[] = [], options: LoadOptions = {}): Promise<readonly NodeLoad[]> {
    const { fresh = false, user } = options;
    const who = user === undefined ? {} : { uid: user.uid, gids: [...user.gids] };
    const found: NodeLoad[] = [];
    for await (const told of this.#ask({ nodes: [...nodes], fresh, ...who }, options)) {
      const [last, before] = samplesOf(told).reverse();
      if (last !== undefined) found.push(new NodeLoad(ownOf(told), last, before));
    }
    return found;
  }

  /** The nodes on which the caller, or a user who is named, may place work now; also those of which nothing is known. */
  protected async usable(options: LoadOptions): Promise<readonly number[]> {
    const { user } = options;
    const who = user === undefined ? {} : { uid: user.uid, gids: [...user.gids] };
    const found: number[] = [];
    for await (const { said } of this.#ask(who, options)) if (said.usable) found.push(said.node);
    return found;
  }

  /**
   * What is known of a node.
   *
   * @throws BprocError BE_INVALIDNODE where there is none; ENODATA where it has never said anything; ENOSYS, ETIMEDOUT, ECANCELED.
   */
  async load(node: number, options: LoadOptions = {}): Promise<NodeLoad> {
    const [found] = await this.loads([node], options);
    if (found !== undefined) return found;
    await this.#client.nodeInfo(node, options);
    throw new BprocError('ENODATA', `node ${node} has never said how busy it is`, { node });
  }

  /** The samples of a node that are kept, oldest first. @throws BprocError ENOSYS, ETIMEDOUT, ECANCELED. */
  async history(node: number, options: HistoryOptions = {}): Promise<readonly HistoryEntry[]> {
    const { lastMs = 0xffff_ffff, stepMs = 0 } = options;
    const entries: NodeLoad[] = [];
    let before: PastSample | undefined;
    let since = 0;
    for (let isCut = true; isCut; ) {
      isCut = false;
      const question = since === 0 ? { historyMs: lastMs } : { since };
      for await (const answer of this.#ask({ nodes: [node], stepMs, ...question }, options)) {
        for (const sample of samplesOf(answer)) {
          const isComparable = before?.figures.length === sample.figures.length;
          entries.push(new NodeLoad(ownOf(answer), sample, isComparable ? before : undefined));
          before = sample;
          since = sample.seenAt;
        }
        isCut = answer.said.cut;
      }
    }
    return entries;
  }

  /** What has come after a place, and the next place; waits until there is anything. */
  async after(
    place: number,
    nodes: readonly number[],
    options: CallOptions,
  ): Promise<{ readonly loads: readonly NodeLoad[]; readonly place: number }> {
    const loads: NodeLoad[] = [];
    const state = { number: place };
    for await (const told of this.#ask({ nodes: [...nodes], after: place }, options, state)) {
      const [last, before] = samplesOf(told).reverse();
      if (last !== undefined) loads.push(new NodeLoad(ownOf(told), last, before));
    }
    return { loads, place: state.number };
  }

  /** Asks until everything that was asked for has come. */
  async *#ask(
    question: Init<StatQuestion>,
    options: CallOptions,
    state: { number: number } = { number: 0 },
  ): AsyncGenerator<Told> {
    for (let rest: readonly number[] | undefined = question.nodes ?? []; rest !== undefined; ) {
      const { known } = this.#layouts;
      const body = STAT_MESSAGES.question.encode({ ...question, ...askShared(known), nodes: [...rest] });
      const answer = STAT_MESSAGES.answer.decode(await this.#client.askService(BEOSTAT, body, options));
      const layouts = this.#layouts.hear(answer.layouts, known);
      for (const said of answer.nodes) {
        // a master of before says each node's own
        const layout = said.layout === null ? layouts[said.layoutAt - 1] : layoutOf(said.layout);
        yield { said, layout };
      }
      state.number = answer.number;
      rest = answer.rest.length === 0 ? undefined : answer.rest;
    }
  }
}

function ownOf({ said }: Told): Pick<NodeLoad, 'node' | 'isUsable' | 'isStale' | 'ageMs'> {
  const { node, usable, stale, ageMs } = said;
  return { node, isUsable: usable, isStale: stale, ageMs };
}

function samplesOf({ said, layout }: Told): PastSample[] {
  if (layout === undefined) return [];
  let before: Float64Array | undefined;
  return said.samples.map(({ seenAt, figures: bytes, missing }) => {
    const figures = unpack(bytes, before, layout.size);
    before = figures;
    return { seenAt, layout, figures, missing };
  });
}
