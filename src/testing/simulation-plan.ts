/** What one seed stands for: a cluster, the work it is given, and the faults it has to bear. */
import { SeededRandom } from './seeded-random.ts';

/** Faults of single frames, each with its probability, and how long a late one is late at most. */
export interface FramePlan {
  readonly drop: number;
  readonly duplicate: number;
  readonly delay: number;
  readonly overtaken: number;
  /** A frame that was recorded on an earlier connection of the same hosts comes in between. */
  readonly replay: number;
  readonly latestMs: number;
}

/** What can happen to whole roles and connections. */
export const FAULTS = [
  'cut',
  'halfOpen',
  'partition',
  'masterCrash',
  'rivalMaster',
  'slaveCrash',
  'holderCrash',
  'upgrade',
  'clientCrash',
  'wallJump',
  'refusal',
  'takeover',
  'nodeDown',
] as const;
export type Fault = (typeof FAULTS)[number];

/** One thing a job does. */
export type JobStep =
  | {
      readonly kind: 'write';
      readonly fd: 1 | 2;
      readonly bytes: number;
      readonly chunk: number;
      readonly everyMs: number;
    }
  | { readonly kind: 'sleep'; readonly ms: number }
  /** Reads to the end of its input. */
  | { readonly kind: 'read' }
  /** Waits until it is killed. */
  | { readonly kind: 'forever' };

/** One call of a client, and everything that is done with what it starts. Times are in milliseconds. */
export interface JobPlan {
  readonly name: string;
  readonly client: number;
  /** One node: one process. More: a vector. */
  readonly nodes: readonly number[];
  readonly program: 'job' | 'missing';
  readonly startAt: number;
  readonly steps: readonly JobStep[];
  readonly exitCode: number;
  readonly inputBytes: number;
  readonly reader: 'fast' | 'slow' | 'stopped';
  readonly windowBytes: number;
  /** Closes its stdout after so many bytes. */
  readonly closesAfter: number | undefined;
  readonly detached: boolean;
  readonly ownPuid: boolean;
  readonly lifetimeMs: number | undefined;
  readonly lostAfterMs: number | undefined;
  readonly timeoutMs: number;
  readonly cancelAfterMs: number | undefined;
  /** Signals of their own numbers, sent at these times after the start. */
  readonly signals: readonly number[];
  /** Stopped at the first time, continued after the second. */
  readonly stop: readonly [number, number] | undefined;
  readonly killAt: number | undefined;
  readonly killGraceMs: number;
}

/** Everything that follows from a seed. */
export interface SimulationPlan {
  readonly seed: number;
  readonly nodes: number;
  readonly clients: number;
  readonly latencyMs: number;
  readonly bytesPerMs: number;
  readonly congestedAboveBytes: number;
  readonly spawnMs: number;
  readonly signalMs: number;
  /** Whether nodes have a holder, how far away it is, and how much input it is given ahead. */
  readonly keeps: boolean;
  readonly holderMs: number;
  readonly aheadBytes: number;
  readonly clientGraceMs: number;
  readonly silentAfterMs: number;
  /** Whether masters keep their epoch; else it is the time on their wall clock. */
  readonly keepsEpoch: boolean;
  readonly faultMs: number;
  /** Mean time between two faults. */
  readonly faultEveryMs: number;
  readonly faults: readonly Fault[];
  readonly frames: FramePlan;
  readonly jobs: readonly JobPlan[];
  /** So few, that starts of one node wait for each other. */
  readonly startsPerNode: number;
}

/** Longest that a fault may last, in milliseconds. */
const LONGEST_FAULTS_MS = 12_000;

/** Draws a plan from a seed: each seed has its own few kinds of faults, so that no kind hides another. */
export function planOf(seed: number): SimulationPlan {
  const random = new SeededRandom(seed);
  const nodes = random.between(1, 3);
  const clients = random.between(1, 2);
  const narrow = random.chance(0.25);
  const faultMs = random.between(1500, LONGEST_FAULTS_MS);
  const keeps = random.chance(0.6);
  // what is kept matters to those who die
  const faults = FAULTS.filter((fault) => random.chance(keeps && fault === 'slaveCrash' ? 0.8 : 0.45));
  return {
    seed,
    nodes,
    clients,
    latencyMs: random.pick([0, 1, 1, 5, 40]),
    bytesPerMs: narrow ? random.between(30, 1000) : Number.POSITIVE_INFINITY,
    // above the largest frames, as everywhere: else whatever follows a frame is dropped, for ever
    congestedAboveBytes: narrow ? random.between(80, 400) * 1024 : 8 * 1024 * 1024,
    spawnMs: random.pick([0, 1, 5, 200]),
    signalMs: random.pick([0, 0, 3, 100]),
    keeps,
    holderMs: random.pick([0, 0.2, 3, 40]),
    aheadBytes: random.pick([2000, 100_000, 1024 * 1024]),
    clientGraceMs: random.pick([1000, 5000, 20_000]),
    silentAfterMs: random.pick([100, 1000, 4000]),
    keepsEpoch: random.chance(0.7),
    faultMs,
    faultEveryMs: random.pick([150, 500, 1500]),
    faults,
    frames: framePlan(random),
    jobs: Array.from({ length: random.between(2, 9) }, (_, index) =>
      jobPlan(random.fork(), `j${index}`, nodes, clients, faultMs),
    ),
    startsPerNode: random.pick([1, 2, 32]),
  };
}

function framePlan(random: SeededRandom): FramePlan {
  const rate = (): number => (random.chance(0.4) ? random.pick([0.002, 0.01, 0.04]) : 0);
  return {
    drop: rate(),
    duplicate: rate(),
    delay: rate(),
    overtaken: rate(),
    replay: random.chance(0.15) ? 0.2 : 0,
    latestMs: random.pick([5, 100, 1500]),
  };
}

function jobPlan(random: SeededRandom, name: string, nodes: number, clients: number, faultMs: number): JobPlan {
  const maybe = <T>(probability: number, make: () => T): T | undefined =>
    random.chance(probability) ? make() : undefined;
  const first = random.between(0, nodes - 1);
  const all = Array.from({ length: nodes }, (_, node) => node);
  const reads = random.chance(0.35);
  return {
    name,
    client: random.between(0, clients - 1),
    nodes: random.chance(0.12) ? all : [first],
    program: random.chance(0.05) ? 'missing' : 'job',
    startAt: random.between(0, Math.floor(faultMs * 0.8)),
    steps: steps(random, reads),
    exitCode: random.between(0, 255),
    inputBytes: reads ? random.pick([0, 10, 3000, 100_000, 600_000]) : random.pick([0, 0, 500]),
    reader: random.pick(['fast', 'fast', 'fast', 'slow', 'stopped'] as const),
    windowBytes: random.pick([64, 64, 64, 1024, 16_384]) * 1024,
    closesAfter: maybe(0.06, () => random.between(0, 5000)),
    detached: random.chance(0.12),
    ownPuid: random.chance(0.5),
    lifetimeMs: maybe(0.1, () => random.between(10, 8000)),
    lostAfterMs: maybe(0.2, () => random.between(100, 6000)),
    timeoutMs: random.pick([300, 5000, 60_000, 60_000, 60_000]),
    cancelAfterMs: maybe(0.15, () => random.between(0, random.pick([5, 50, 1000]))),
    signals: Array.from({ length: random.pick([0, 0, 0, 1, 2, 4]) }, () => random.between(0, 6000)),
    stop: maybe(0.15, () => [random.between(0, 3000), random.between(10, 4000)]),
    killAt: maybe(0.15, () => random.between(0, 8000)),
    killGraceMs: random.pick([0, 50, 1000]),
  };
}

function steps(random: SeededRandom, reads: boolean): JobStep[] {
  const list: JobStep[] = Array.from({ length: random.between(0, 4) }, () => {
    if (random.chance(0.4)) return { kind: 'sleep', ms: random.between(0, random.pick([20, 500, 4000])) };
    const bytes = random.pick([1, 100, 5000, 40_000, 350_000]);
    const chunk = random.pick([bytes, 1000, 30_000]);
    const pieces = Math.ceil(bytes / chunk);
    const everyMs = random.pick([0, 1, 30, 800]);
    // none runs for longer than ten seconds or so
    return {
      kind: 'write',
      fd: random.chance(0.8) ? 1 : 2,
      bytes,
      chunk,
      everyMs: Math.min(everyMs, Math.floor(8000 / pieces)),
    };
  });
  if (random.chance(0.2)) list.push({ kind: 'forever' });
  if (reads) list.splice(random.between(0, list.length), 0, { kind: 'read' });
  return list;
}
