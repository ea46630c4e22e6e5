/**
 * The truth of a simulation, as the virtual machines know it, beside what clients were told of it;
 * and the invariants that must hold between the two after every step.
 */
import type { ProcessEnd } from '../bproc/index.ts';
import type { SpawnRequest } from '../linux/index.ts';
import { signalName } from '../linux/index.ts';
import { Patterns } from './simulation-pattern.ts';
import type { JobPlan } from './simulation-plan.ts';
import type { Trace } from './simulation-trace.ts';
import type { WireListener } from './simulation-wiretap.ts';
import { Wiretap } from './simulation-wiretap.ts';
import type { VirtualProcess } from './virtual-process.ts';
import type { World } from './world.ts';

/** An invariant that did not hold. */
export class Violation extends Error {
  override readonly name = 'Violation';
}

/** One execution, as its machine has it. */
export interface Execution {
  readonly token: string;
  readonly puid: string;
  readonly node: number;
  readonly boot: string;
  /** Undefined until it runs. */
  process: VirtualProcess | undefined;
  /** Input it has read. */
  consumed: number;
  readonly signals: Map<number, number>;
}

/** What a client was told of one process, and what it did. */
export interface Told {
  readonly token: string;
  readonly job: JobPlan;
  readonly client: number;
  readonly node: number;
  state: 'asked' | 'refused' | 'running' | 'ended';
  code: string;
  askedAt: number;
  pid: number;
  puid: string;
  end: ProcessEnd | undefined;
  readonly received: [number, number];
  readonly finished: [boolean, boolean];
  /** Stream bytes that have arrived at the client's host without a gap. */
  readonly arrived: [number, number];
  closedOutput: boolean;
  wrote: number;
  endedInput: boolean;
}

/** Bytes between the arrival of output and its reader: Node's own buffer, and a chunk above it. */
const READ_AHEAD = 192 * 1024;

/** Keeps the truth, and compares. */
export class Ledger implements WireListener {
  readonly patterns = new Patterns();
  readonly executions = new Map<string, Execution>();
  readonly told = new Map<string, Told>();
  /** Clients whose program died, or which gave up or were given up. */
  readonly goneClients = new Set<number>();
  /** Clients that a master, perhaps one of several, gave up, by the nodes it said so to. */
  readonly givenUp = new Set<string>();
  /** Nodes that an administrator set down. */
  readonly setDown = new Set<number>();
  violation: Violation | undefined;
  readonly #world: World;
  readonly #trace: Trace;
  readonly #wire: Wiretap;
  readonly #byPuid = new Map<string, Execution>();
  readonly #byProcess = new Map<VirtualProcess, Execution>();
  /** Starts of which somebody was told that they never ran and never will. */
  readonly #never = new Map<string, string>();
  #onViolation: () => void = () => {};

  constructor(world: World, trace: Trace) {
    this.#world = world;
    this.#trace = trace;
    this.#wire = new Wiretap(world, trace, this);
  }

  /** Calls back on the first violation. */
  whenViolated(callback: () => void): void {
    this.#onViolation = callback;
  }

  knowClient(host: string, index: number): void {
    this.#wire.knowClient(host, index);
  }

  /** Notes a violation; the first one counts. */
  fail(what: string): void {
    this.#trace.event(`VIOLATION ${what}`);
    if (this.violation !== undefined) return;
    this.violation = new Violation(what);
    this.#onViolation();
  }

  check(holds: boolean, what: () => string): void {
    if (!holds) this.fail(what());
  }

  // what machines do

  /** A slave asks for a start; on its way to a holder that can still be lost. */
  asked(request: SpawnRequest): void {
    const token = tokenOf(request);
    const node = Number(request.env['BPROC_NODE']);
    this.#trace.event(`node ${node} asks for ${token}`);
    const stale = this.#wire.staleCommand(node);
    if (stale !== undefined) this.fail(`node ${node} started ${token} by ${stale}`);
  }

  spawned(request: SpawnRequest): void {
    const token = tokenOf(request);
    const puid = request.marker.slice(request.marker.lastIndexOf('.') + 1);
    const node = Number(request.env['BPROC_NODE']);
    const boot = this.bootOf(node) ?? '';
    this.#trace.event(`spawn ${token} on node ${node} as ${puid.slice(0, 6)}`);
    const earlier = this.executions.get(token);
    // one that cannot run fails as often as it is tried
    if (earlier !== undefined && request.file !== 'missing')
      this.fail(`${token} was executed twice: on node ${earlier.node} and on node ${node}`);
    const never = this.#never.get(token) ?? this.#never.get(puid);
    if (never !== undefined && request.file !== 'missing')
      this.fail(`${token} is executed after its client was told that it never would be (${never})`);
    const execution = { token, puid, node, boot, process: undefined, consumed: 0, signals: new Map() };
    this.executions.set(token, execution);
    this.#byPuid.set(puid, execution);
  }

  started(process: VirtualProcess, request: SpawnRequest): void {
    const execution = this.executions.get(tokenOf(request));
    if (execution === undefined) return;
    execution.process = process;
    this.#byProcess.set(process, execution);
    this.#trace.event(`runs ${execution.token} as local pid ${process.pid}`);
  }

  signalled(process: VirtualProcess, signal: number): void {
    const execution = this.#byProcess.get(process);
    if (execution === undefined) return;
    const count = (execution.signals.get(signal) ?? 0) + 1;
    execution.signals.set(signal, count);
    this.#trace.event(`signal ${signal} reaches ${execution.token}`);
    if (count > 1 && signal >= FIRST_OWN_SIGNAL)
      this.fail(`signal ${signal} was delivered to ${execution.token} ${count} times`);
  }

  stopped(process: VirtualProcess): void {
    const execution = this.#byProcess.get(process);
    if (execution !== undefined) this.#trace.event(`gone ${execution.token}`);
  }

  /** The program has read input; `undefined` at its end. */
  consumed(token: string, bytes: Buffer | undefined): void {
    const execution = this.executions.get(token);
    const told = this.told.get(token);
    if (execution === undefined || told === undefined) return;
    if (bytes !== undefined) {
      const right = this.patterns.matches(`${token}<`, execution.consumed, bytes);
      this.check(right, () => `${token} read wrong input from offset ${execution.consumed} on`);
      execution.consumed += bytes.length;
      this.check(execution.consumed <= told.wrote, () => `${token} read more input than was written`);
    } else if (!this.goneClients.has(told.client)) {
      const all = told.endedInput && execution.consumed === told.wrote;
      const unwanted = told.state === 'refused' || told.end !== undefined || this.#isGivenUp(told);
      this.check(
        all || unwanted,
        () => `${token} found the end of its input after ${execution.consumed} of ${told.wrote} bytes`,
      );
    }
  }

  bootOf(node: number): string | undefined {
    return this.#world.nodes[node]?.boot;
  }

  // what clients are told

  refused(told: Told, code: string): void {
    told.state = 'refused';
    told.code = code;
    this.#trace.event(`${told.token} refused: ${code}`);
    if (MAY_HAVE_RUN.has(code)) return;
    const execution = this.executions.get(told.token);
    this.check(execution?.process === undefined, () => `${told.token} runs, and its client was told ${code}`);
    this.#never.set(told.token, code);
  }

  running(told: Told, pid: number, puid: string, node: number): void {
    told.state = 'running';
    told.pid = pid;
    told.puid = puid;
    this.#trace.event(`${told.token} told to run as pid ${pid}`);
    const execution = this.executions.get(told.token);
    this.check(execution?.process !== undefined, () => `${told.token} was told to run, and does not`);
    this.check(execution?.puid === puid && execution.node === node, () => `${told.token} was told to run elsewhere`);
  }

  received(told: Told, fd: 1 | 2, bytes: Buffer): void {
    const at = told.received[fd - 1] ?? 0;
    const right = this.patterns.matches(`${told.token}>${fd}`, at, bytes);
    this.check(right, () => `${told.token}: output ${fd} is wrong from offset ${at} on`);
    told.received[fd - 1] = at + bytes.length;
    const made = this.executions.get(told.token)?.process?.outputs[fd - 1]?.readBytes ?? 0;
    this.check(at + bytes.length <= made, () => `${told.token}: output ${fd} is longer than what was written`);
  }

  finished(told: Told, fd: 1 | 2): void {
    told.finished[fd - 1] = true;
    this.#complete(told);
  }

  ended(told: Told, end: ProcessEnd): void {
    this.#trace.event(`${told.token} told to have ended: ${JSON.stringify(end)}`);
    this.check(told.end === undefined, () => `${told.token} was told to have ended twice`);
    told.end = end;
    told.state = 'ended';
    const execution = this.executions.get(told.token);
    const status = execution?.process?.status;
    if (execution?.process === undefined) {
      this.fail(`${told.token} was told to have ended, and never ran`);
    } else if (end.kind === 'lost') {
      const isGivenUp = this.#isGivenUp(told) || this.setDown.has(execution.node);
      const wasBound = told.job.lostAfterMs !== undefined || isGivenUp;
      const lives = this.bootOf(execution.node) === execution.boot;
      this.check(wasBound || !lives, () => `${told.token} was told to be lost while its boot goes on: ${end.reason}`);
    } else if (status === undefined) {
      this.fail(`${told.token} was told to have ended, and runs`);
    } else {
      const same =
        end.kind === 'timedOut' ||
        (end.kind === 'exited' && status.kind === 'exited' && status.code === end.code) ||
        (end.kind === 'signaled' && status.kind === 'signaled' && signalName(status.signal) === end.signal);
      this.check(
        same,
        () => `${told.token} ended as ${JSON.stringify(status)}, its client was told ${JSON.stringify(end)}`,
      );
      for (const fd of [1, 2] as const) {
        const made = execution.process.outputs[fd - 1]?.readBytes ?? 0;
        const here = told.arrived[fd - 1] ?? 0;
        const whole = here >= made || (fd === 1 && told.closedOutput) || this.#isGivenUp(told);
        this.check(whole, () => `${told.token}: the end was told before output ${fd} was there: ${here} of ${made}`);
      }
    }
    this.#complete(told);
  }

  #complete(told: Told): void {
    if (told.end === undefined || told.end.kind === 'lost' || this.#isGivenUp(told)) return;
    for (const fd of [1, 2] as const) {
      if (told.finished[fd - 1] !== true || (fd === 1 && told.closedOutput)) continue;
      const made = this.executions.get(told.token)?.process?.outputs[fd - 1]?.readBytes ?? 0;
      const got = told.received[fd - 1] ?? 0;
      this.check(got === made, () => `${told.token}: output ${fd} ended after ${got} of ${made} bytes`);
    }
  }

  /** Whether some master took its client for gone: its output goes nowhere from then on. */
  #isGivenUp(told: Told): boolean {
    return this.givenUp.has(`${told.client} ${told.node}`);
  }

  // what is heard on the wire

  /** A client was told that a start of it is cancelled. */
  cancelled(puid: string): void {
    const execution = this.#byPuid.get(puid);
    const told = execution === undefined ? undefined : this.told.get(execution.token);
    // a start that ended with its client's call may be over for long
    if (execution?.process !== undefined && told?.end === undefined)
      this.fail(`${execution.token} ran, and its start is said to be cancelled`);
    this.#never.set(puid, 'cancelled');
  }

  /** A master gave a client up, and said so to a node. */
  clientGone(client: number, node: number): void {
    this.givenUp.add(`${client} ${node}`);
  }

  /** Output has come to the host of a client. */
  arrived(client: number, pid: number, fd: 1 | 2, offset: number, bytes: number): void {
    const told = this.#toldOf(client, pid);
    if (told === undefined) return;
    const arrived = told.arrived[fd - 1] ?? 0;
    if (offset <= arrived) told.arrived[fd - 1] = Math.max(arrived, offset + bytes);
    const read = told.received[fd - 1] ?? 0;
    const within = offset + bytes <= read + told.job.windowBytes + READ_AHEAD;
    this.check(
      within || told.closedOutput,
      () => `${told.token}: output ${fd} came up to ${offset + bytes} while its reader is at ${read}`,
    );
  }

  #toldOf(client: number, pid: number): Told | undefined {
    const all = [...this.told.values()].filter((told) => told.client === client && this.#pidOf(told) === pid);
    // a slave that was started anew gives pids again
    return all.filter(({ end }) => end === undefined).at(-1) ?? all.at(-1);
  }

  /** Output may arrive before the program knows that its process runs. */
  #pidOf(told: Told): number {
    if (told.pid !== 0) return told.pid;
    return Number(this.executions.get(told.token)?.process?.env['BPROC_PID'] ?? 0);
  }
}

/** The first of the signal numbers that are used once for each process. */
export const FIRST_OWN_SIGNAL = 34;

/** Refusals that leave open whether it ran: it must not run any more, that is all. */
const MAY_HAVE_RUN: ReadonlySet<string> = new Set(['BE_SLAVEDIED', 'ECANCELED', 'ETIMEDOUT', 'ECONNRESET', 'EEXIST']);

/** What a request is known by. */
export function tokenOf(request: SpawnRequest): string {
  return `${request.argv[1]}/${Number(request.env['BPROC_RANK'])}`;
}
