/** What a master answers about the load of nodes. */
import type { MasterHome, ServiceCaller } from '../bproc/index.ts';
import type { Init, StatAnswer, StatNode, StatQuestion, StatSample } from '../wire/index.ts';
import type { PastSample } from './history.ts';
import { ToldLayouts } from './layouts.ts';
import type { NodeStats } from './node-stats.ts';
import { pack } from './packing.ts';

/** Bytes of figures after which an answer is not made longer. */
const ENOUGH_BYTES = 512 * 1024;
/** Intervals without a sample after which what is known is old. */
const STALE_INTERVALS = 3;

/** A question, of these nodes, by somebody. */
export interface Asked {
  readonly question: StatQuestion;
  readonly nodes: readonly number[];
  /** Nodes of which nothing has come after this number are left out; 0: none are. */
  readonly after: number;
  readonly caller: ServiceCaller;
}

/** As much as fits into one message; what does not is to be asked for. */
export function answerStats(
  home: MasterHome,
  known: ReadonlyMap<number, NodeStats>,
  { question, nodes, after, caller }: Asked,
): Init<StatAnswer> {
  const { uid, gids } = question;
  const user = uid === null ? caller : { uid, gids };
  const answers: Init<StatNode>[] = [];
  const layouts = new ToldLayouts(question);
  let bytes = 0;
  for (const [index, node] of nodes.entries()) {
    if (bytes >= ENOUGH_BYTES) return { nodes: answers, layouts: layouts.told, rest: nodes.slice(index) };
    if (home.nodeInfo(node) === undefined) continue;
    const stats = known.get(node);
    // who waits for news gets the news alone
    if (after > 0 && (stats?.number ?? 0) <= after) continue;
    const told = tell(stats, question, home.clock.wallTime(), layouts);
    bytes += told.bytes;
    answers.push({ ...told.answer, node, usable: home.mayPlace(user, node) });
  }
  return { nodes: answers, layouts: layouts.told };
}

function tell(
  stats: NodeStats | undefined,
  question: StatQuestion,
  now: number,
  layouts: ToldLayouts,
): { readonly answer: Init<StatNode>; readonly bytes: number } {
  const newest = stats?.history.newest;
  if (stats === undefined || newest === undefined) return { answer: { stale: true }, bytes: 0 };
  const layout = layouts.tell(newest.layout);
  const samples: Init<StatSample>[] = [];
  let bytes = 0;
  let before: Float64Array | undefined;
  let cut = false;
  for (const { seenAt, figures, missing } of wanted(stats, question, now)) {
    if (bytes >= ENOUGH_BYTES) {
      cut = true;
      break;
    }
    const packed = pack(figures, before);
    samples.push({ seenAt, figures: packed, missing });
    bytes += packed.length;
    before = figures;
  }
  const ageMs = Math.max(0, Math.floor(now - newest.seenAt));
  bytes += layout.bytes;
  const stale = ageMs > STALE_INTERVALS * stats.intervalMs;
  return { answer: { ...layout.said, samples, ageMs, stale, cut }, bytes };
}

/** Oldest first, and all of the newest one's layout: what was before a machine changed is not comparable. */
function* wanted(
  { history }: NodeStats,
  { historyMs, since, stepMs }: StatQuestion,
  now: number,
): Generator<PastSample> {
  const { newest, before } = history;
  if (newest === undefined) return;
  if (historyMs === 0 && since === 0) {
    if (before !== undefined) yield before;
    yield newest;
    return;
  }
  let last = Number.NEGATIVE_INFINITY;
  for (const sample of history.since(Math.max(since, historyMs === 0 ? 0 : now - historyMs))) {
    if (sample.layout !== newest.layout || sample.seenAt - last < stepMs) continue;
    last = sample.seenAt;
    yield sample;
  }
}
