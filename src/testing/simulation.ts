/**
 * The simulation: a cluster, its work and its faults from one seed, with invariants that are checked
 * at every step. First a time with faults, then one without in which everything must come to an end.
 */
import { FaultInjector } from './simulation-faults.ts';
import { Actor, jobProgram } from './simulation-jobs.ts';
import type { Told } from './simulation-ledger.ts';
import { Ledger, tokenOf } from './simulation-ledger.ts';
import type { SimulationPlan } from './simulation-plan.ts';
import { planOf } from './simulation-plan.ts';
import { Trace } from './simulation-trace.ts';
import { World } from './world.ts';

/** How a simulation is run. */
export interface SimulationOptions {
  readonly seed: number;
  /** Takes the trace, a line at a time. Without it only its hash is made. */
  readonly print?: (line: string) => void;
}

/** What became of a simulation. */
export interface SimulationResult {
  readonly seed: number;
  /** What did not hold; undefined where all did. */
  readonly violation: string | undefined;
  /** Of everything that happened: the same for the same seed. */
  readonly hash: string;
  readonly steps: number;
  readonly virtualMs: number;
  readonly plan: SimulationPlan;
}

/** Virtual milliseconds after the faults within which calls are answered, and finite work is done. */
const ANSWERED_WITHIN_MS = 25_000;
const DONE_WITHIN_MS = 120_000;
const LOOK_EVERY_MS = 250;
/** What an end takes that was ordered: detection of a silent peer, the longest retry, the grace times. */
const ORDER_MS = 20_000;

/** Frames of one seed; it has some hundreds, and a few thousand where all goes wrong. */
const MOST_FRAMES = 60_000;

/** Runs one seed. Never rejects for what the cluster does wrong: that is in the result. */
export async function simulate(options: SimulationOptions): Promise<SimulationResult> {
  const run = new Run(planOf(options.seed), options.print);
  return run.run();
}

class Run {
  readonly #plan: SimulationPlan;
  readonly #world: World;
  readonly #ledger: Ledger;
  readonly #trace: Trace;
  readonly #actors: Actor[] = [];
  #steps = 0;

  constructor(plan: SimulationPlan, print: SimulationOptions['print']) {
    this.#plan = plan;
    const ledger = (): Ledger => this.#ledger;
    this.#world = new World({
      seed: plan.seed,
      nodes: plan.nodes,
      latencyMs: plan.latencyMs,
      bytesPerMs: plan.bytesPerMs,
      congestedAboveBytes: plan.congestedAboveBytes,
      keeps: plan.keeps,
      programs: { job: jobProgram(plan.jobs, ledger) },
      master: { clientGraceMs: plan.clientGraceMs, silentAfterMs: plan.silentAfterMs },
      spawner: {
        spawnMs: plan.spawnMs,
        signalMs: plan.signalMs,
        holderMs: plan.keeps ? plan.holderMs : 0,
        aheadBytes: plan.aheadBytes,
        onSpawn: (request) => this.#ledger.asked(request),
        onStarting: (request) => this.#ledger.spawned(request),
        onStarted: (process, request) => this.#ledger.started(process, request),
        onSignal: (process, signal) => this.#ledger.signalled(process, signal),
        onEnded: (process) => this.#ledger.stopped(process),
      },
    });
    this.#trace = new Trace(() => this.#world.clock.now(), print);
    this.#ledger = new Ledger(this.#world, this.#trace);
  }

  async run(): Promise<SimulationResult> {
    const world = this.#world;
    const violated = new Promise<void>((resolve) => this.#ledger.whenViolated(resolve));
    const work = this.#all().catch((error: unknown) => {
      const why = error instanceof Error ? (error.stack ?? error.message) : String(error);
      this.#ledger.fail(`the simulation itself failed: ${why}`);
    });
    await world.run(Promise.race([work, violated])).catch((error: unknown) => this.#ledger.fail(String(error)));
    if (this.#ledger.violation === undefined) {
      await world[Symbol.asyncDispose]().catch((error: unknown) => this.#ledger.fail(String(error)));
    }
    return {
      seed: this.#plan.seed,
      violation: this.#ledger.violation?.message,
      hash: this.#trace.hash,
      steps: this.#steps,
      virtualMs: world.clock.now(),
      plan: this.#plan,
    };
  }

  async #all(): Promise<void> {
    const world = this.#world;
    world.startMaster({ stateless: !this.#plan.keepsEpoch });
    const slaves = world.nodes.map(({ node }) => world.startSlave(node));
    await Promise.all(slaves.map((slave) => slave.attached));
    for (let index = 0; index < this.#plan.clients; index += 1) {
      const client = await world.connect({ startsPerNode: this.#plan.startsPerNode });
      const host = world.hostOf(client);
      if (host === undefined) throw new Error('unreachable: a client without a host');
      this.#ledger.knowClient(host.name, index);
      this.#actors.push(new Actor(index, client, host, this.#ledger, this.#trace));
    }
    const faults = new FaultInjector(world, this.#plan, this.#actors, this.#ledger, this.#trace);
    const before = world.network.fate;
    world.network.fate = (info, frame) => {
      this.#steps += 1;
      if (this.#steps > MOST_FRAMES) this.#ledger.fail(`does not come to an end: ${MOST_FRAMES} frames were sent`);
      this.#trace.numbers(info.type, info.stream, info.sequence, info.bytes);
      return before(info, frame);
    };
    for (const job of this.#plan.jobs) void this.#actors[job.client]?.run(job);
    await world.sleep(this.#plan.faultMs);
    faults.stop();
    await faults.pardon();
    await this.#mendedWithin(world.clock.now());
  }

  /** The time without faults: everything must come to its end, whoever does not read. */
  async #mendedWithin(since: number): Promise<void> {
    const { clock } = this.#world;
    await this.#until(since + ANSWERED_WITHIN_MS, () => this.#unanswered(clock.now()));
    await this.#until(clock.now() + DONE_WITHIN_MS, () => this.#unfinished((told) => !mayStay(told)));
    const settled = Math.max(since, ...this.#plan.jobs.map(({ startAt }) => startAt)) + this.#plan.clientGraceMs;
    await this.#until(settled + ORDER_MS, () => this.#unwanted());
    for (const actor of this.#actors) {
      actor.releaseReaders();
      if (!actor.isGone) actor.killForever();
    }
    await this.#until(clock.now() + DONE_WITHIN_MS, () => this.#unfinished(() => true));
    await this.#until(clock.now() + ORDER_MS, () => this.#unforgotten());
  }

  /** Waits until nothing is left of what `left` lists; a violation where something still is by `deadline`. */
  async #until(deadline: number, left: () => readonly string[]): Promise<void> {
    for (;;) {
      const names = left();
      if (names.length === 0) return;
      if (this.#world.clock.now() > deadline) return this.#ledger.fail(`does not come to an end: ${names.join(', ')}`);
      await this.#world.sleep(LOOK_EVERY_MS);
    }
  }

  #unanswered(now: number): string[] {
    return this.#actors.flatMap((actor) => (actor.isGone ? [] : actor.waitingSince(now)));
  }

  #unfinished(counts: (told: Told) => boolean): string[] {
    const all = [...this.#ledger.told.values()].filter(
      (told) => !this.#ledger.goneClients.has(told.client) && counts(told),
    );
    return all.filter((told) => !isOver(told)).map((told) => `${told.token} (${told.state})`);
  }

  /** Ends that holders still keep although their clients have had them. */
  #unforgotten(): string[] {
    return this.#world.nodes.flatMap(({ node, holder }) =>
      (holder?.kept ?? []).flatMap(({ process, request }) => {
        const token = tokenOf(request);
        const told = this.#ledger.told.get(token);
        const isWanted = told === undefined || this.#ledger.goneClients.has(told.client);
        return isWanted || process?.isAlive === true ? [] : [`node ${node} keeps ${token}, which has ended`];
      }),
    );
  }

  /** Processes that live, and that nobody may want. */
  #unwanted(): string[] {
    return [...this.#ledger.executions.values()].flatMap(({ token, process }) => {
      const told = this.#ledger.told.get(token);
      if (process?.isAlive !== true || told === undefined) return [];
      // whoever was told so is dead, and what is detached is ended for nobody else
      if (told.job.detached && this.#ledger.goneClients.has(told.client)) return [];
      if (told.state === 'refused') return [`${token} runs, its start was refused with ${told.code}`];
      if (told.end !== undefined) return [`${token} runs, its client was told ${told.end.kind}`];
      if (this.#ledger.goneClients.has(told.client)) return [`${token} runs, its client is gone`];
      return [];
    });
  }
}

/** Whether a process need not have ended before readers go on and the rest is killed. */
function mayStay({ job }: Told): boolean {
  return job.reader === 'stopped' || job.steps.some(({ kind }) => kind === 'forever');
}

function isOver(told: Told): boolean {
  return told.state === 'refused' || (told.state === 'ended' && told.finished.every(Boolean));
}
