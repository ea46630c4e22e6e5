/** The work of a simulation: the program that runs on nodes, and the clients that use it. */
import type { Client, RemoteProcess } from '../bproc/index.ts';
import { BprocError } from '../errors.ts';
import type { Program, ProgramIo, Wait } from './program.ts';
import type { Ledger, Told } from './simulation-ledger.ts';
import { FIRST_OWN_SIGNAL } from './simulation-ledger.ts';
import type { JobPlan } from './simulation-plan.ts';
import type { Trace } from './simulation-trace.ts';
import type { VirtualHost } from './virtual-network.ts';

/** The program of all jobs: does the steps of the plan it finds under its first argument. */
export function jobProgram(jobs: readonly JobPlan[], ledger: () => Ledger): Program {
  return function* job(self: ProgramIo): Generator<Wait, number, void> {
    const plan = jobs.find(({ name }) => name === self.argv[1]);
    if (plan === undefined) return 127;
    const token = `${plan.name}/${Number(self.env['BPROC_RANK'])}`;
    for (let signal = FIRST_OWN_SIGNAL; signal <= 64; signal += 1) self.on(signal, 'ignore');
    const offsets = [0, 0];
    for (const step of plan.steps) {
      if (step.kind === 'sleep') yield* self.sleep(step.ms);
      if (step.kind === 'forever') yield* self.forever();
      if (step.kind === 'read') yield* readAll(self, token, ledger());
      if (step.kind !== 'write') continue;
      for (let left = step.bytes; left > 0; ) {
        const size = Math.min(left, step.chunk);
        const at = offsets[step.fd - 1] ?? 0;
        if (!(yield* self.write(step.fd, ledger().patterns.bytes(`${token}>${step.fd}`, at, size)))) return 141;
        offsets[step.fd - 1] = at + size;
        left -= size;
        if (step.everyMs > 0) yield* self.sleep(step.everyMs);
      }
    }
    return plan.exitCode;
  };
}

function* readAll(self: ProgramIo, token: string, ledger: Ledger): Generator<Wait, void, void> {
  for (;;) {
    const bytes = yield* self.read();
    ledger.consumed(token, bytes);
    if (bytes === undefined) return;
  }
}

/** A client of the simulation and what it does. */
export class Actor {
  readonly #index: number;
  readonly #client: Client;
  readonly #host: VirtualHost;
  readonly #ledger: Ledger;
  readonly #trace: Trace;
  /** Calls that have no answer yet, with when they were made. */
  readonly #calls = new Map<string, number>();
  readonly #stoppedReaders = new Set<() => void>();
  readonly #processes = new Map<string, RemoteProcess>();
  #released = false;

  constructor(index: number, client: Client, host: VirtualHost, ledger: Ledger, trace: Trace) {
    this.#index = index;
    this.#client = client;
    this.#host = host;
    this.#ledger = ledger;
    this.#trace = trace;
    client.on('closed', (reason) => this.gone(`gave up: ${reason?.message}`));
  }

  get client(): Client {
    return this.#client;
  }

  get host(): VirtualHost {
    return this.#host;
  }

  get isGone(): boolean {
    return this.#ledger.goneClients.has(this.#index);
  }

  /** Its program has died, or nothing more is to be had from it. */
  gone(why: string): void {
    if (this.isGone) return;
    this.#trace.event(`client ${this.#index} gone: ${why}`);
    this.#ledger.goneClients.add(this.#index);
  }

  /** Calls that were made before `time` and have no answer. */
  waitingSince(time: number): string[] {
    return [...this.#calls].filter(([, at]) => at <= time).map(([name]) => name);
  }

  /** Readers that had stopped go on. */
  releaseReaders(): void {
    this.#released = true;
    for (const resume of this.#stoppedReaders) resume();
    this.#stoppedReaders.clear();
  }

  /** Ends what waits to be killed. */
  killForever(): void {
    for (const told of this.#ledger.told.values()) {
      const process = this.#processes.get(told.token);
      if (process !== undefined && told.state === 'running' && told.job.steps.some(({ kind }) => kind === 'forever')) {
        void this.#insist(told, process, 'SIGKILL');
      }
    }
  }

  #sleep(ms: number): Promise<void> {
    return new Promise((resolve) => void this.#host.clock.after(ms, resolve));
  }

  async #call<T>(name: string, make: () => Promise<T>): Promise<T | BprocError> {
    this.#calls.set(name, this.#host.clock.now());
    try {
      return await make();
    } catch (error) {
      return BprocError.from(error);
    } finally {
      this.#calls.delete(name);
    }
  }

  /** Does one job from its start to its end. */
  async run(job: JobPlan): Promise<void> {
    const told = job.nodes.map((node, rank) => this.#expect(job, node, rank));
    await this.#sleep(job.startAt);
    if (this.isGone) return;
    for (const each of told) {
      each.askedAt = this.#host.clock.now();
      this.#ledger.told.set(each.token, each);
    }
    const entries = await this.#start(job);
    await Promise.all(told.map((each, rank) => this.#follow(each, entries[rank])));
  }

  #expect(job: JobPlan, node: number, rank: number): Told {
    return {
      token: `${job.name}/${rank}`,
      job,
      client: this.#index,
      node,
      state: 'asked',
      code: '',
      askedAt: 0,
      pid: 0,
      puid: '',
      end: undefined,
      received: [0, 0],
      finished: [false, false],
      arrived: [0, 0],
      closedOutput: false,
      wrote: 0,
      endedInput: false,
    };
  }

  async #start(job: JobPlan): Promise<readonly (RemoteProcess | BprocError)[]> {
    const { windowBytes, detached, lifetimeMs, lostAfterMs, timeoutMs, killGraceMs, cancelAfterMs } = job;
    const aborter = new AbortController();
    if (cancelAfterMs !== undefined) this.#host.clock.after(cancelAfterMs, () => aborter.abort());
    const options = {
      cwd: '/',
      inheritEnv: false,
      windowBytes,
      detached,
      timeoutMs,
      killGraceMs,
      ...(lifetimeMs === undefined ? {} : { lifetimeMs }),
      ...(lostAfterMs === undefined ? {} : { lostAfterMs }),
      ...(cancelAfterMs === undefined ? {} : { signal: aborter.signal }),
    };
    const [node = 0] = job.nodes;
    const answer = await this.#call(`start ${job.name}`, async () => {
      if (job.nodes.length > 1) return (await this.#client.rexec(job.nodes, job.program, [job.name], options)).entries;
      const puid = job.ownPuid ? { puid: puidOf(job.name) } : {};
      return [await this.#client.rexec(node, job.program, [job.name], { ...options, ...puid })];
    });
    return BprocError.is(answer) ? job.nodes.map(() => answer) : answer;
  }

  async #follow(told: Told, entry: RemoteProcess | BprocError | undefined): Promise<void> {
    if (entry === undefined || BprocError.is(entry)) {
      if (!this.isGone) this.#ledger.refused(told, entry?.code ?? 'EIO');
      return;
    }
    this.#ledger.running(told, entry.pid, entry.puid, entry.node);
    this.#processes.set(told.token, entry);
    this.#read(told, entry, 1);
    this.#read(told, entry, 2);
    void this.#feed(told, entry);
    for (const [index, at] of told.job.signals.entries()) void this.#signal(told, entry, FIRST_OWN_SIGNAL + index, at);
    if (told.job.stop !== undefined) void this.#stop(told, entry, told.job.stop);
    if (told.job.killAt !== undefined) void this.#kill(told, entry, told.job.killAt);
    const end = await entry.wait().catch((error: unknown) => BprocError.from(error));
    if (!BprocError.is(end)) this.#ledger.ended(told, end);
    else if (!this.isGone) this.#ledger.fail(`waiting for ${told.token} failed: ${end.message}`);
  }

  #read(told: Told, process: RemoteProcess, fd: 1 | 2): void {
    const stream = fd === 1 ? process.stdout : process.stderr;
    const { reader, closesAfter } = told.job;
    stream.on('error', (error) => {
      if (!this.isGone && !told.closedOutput) this.#ledger.fail(`reading from ${told.token} failed: ${error.message}`);
    });
    stream.on('end', () => this.#ledger.finished(told, fd));
    stream.on('data', (bytes: Buffer) => {
      this.#ledger.received(told, fd, bytes);
      const total = told.received[fd - 1] ?? 0;
      if (fd === 1 && closesAfter !== undefined && total > closesAfter) {
        told.closedOutput = true;
        told.finished[0] = true;
        stream.destroy();
      } else if (reader === 'slow') {
        stream.pause();
        this.#host.clock.after(40, () => stream.resume());
      } else if (reader === 'stopped' && total > 1000 && !this.#released) {
        stream.pause();
        this.#stoppedReaders.add(() => stream.resume());
      }
    });
  }

  async #feed(told: Told, process: RemoteProcess): Promise<void> {
    const { inputBytes, steps } = told.job;
    process.stdin.on('error', () => {});
    while (told.wrote < inputBytes && process.stdin.writable) {
      const bytes = this.#ledger.patterns.bytes(`${told.token}<`, told.wrote, Math.min(7000, inputBytes - told.wrote));
      told.wrote += bytes.length;
      if (!process.stdin.write(bytes))
        await new Promise((resolve) => process.stdin.once('drain', resolve).once('close', resolve));
      await this.#sleep(3);
    }
    if (!steps.some(({ kind }) => kind === 'read') || !process.stdin.writable) return;
    told.endedInput = true;
    process.stdin.end();
  }

  async #signal(told: Told, process: RemoteProcess, signal: number, at: number): Promise<void> {
    await this.#sleep(at);
    if (told.state !== 'running' || this.isGone) return;
    const name = `signal ${signal} to ${told.token}`;
    const answer = await this.#call(name, () => process.kill(signal));
    this.#trace.event(`${name}: ${BprocError.is(answer) ? answer.code : 'sent'}`);
    if (this.isGone) return;
    const execution = this.#ledger.executions.get(told.token);
    if (BprocError.is(answer)) this.#checkRefusedSignal(told, answer, name);
    else this.#ledger.check(execution?.signals.get(signal) === 1, () => `${name} was said to be sent, and was not`);
  }

  #checkRefusedSignal(told: Told, error: BprocError, name: string): void {
    if (error.code !== 'BE_INVALIDPROC' || this.isGone || told.end?.kind === 'lost') return;
    const alive = this.#ledger.executions.get(told.token)?.process?.isAlive === true;
    this.#ledger.check(!alive, () => `${name} failed, as if it had ended: ${error.message}`);
  }

  async #stop(told: Told, process: RemoteProcess, [at, forMs]: readonly [number, number]): Promise<void> {
    await this.#sleep(at);
    await this.#insist(told, process, 'SIGSTOP');
    await this.#sleep(forMs);
    await this.#insist(told, process, 'SIGCONT');
  }

  async #kill(told: Told, process: RemoteProcess, at: number): Promise<void> {
    await this.#sleep(at);
    if (told.state !== 'running' || this.isGone) return;
    await this.#call(`terminate ${told.token}`, () => process.terminate({ graceMs: told.job.killGraceMs }));
  }

  /** Sends a signal until it arrives or nobody is left to get it. */
  async #insist(told: Told, process: RemoteProcess, signal: 'SIGSTOP' | 'SIGCONT' | 'SIGKILL'): Promise<void> {
    while (told.state === 'running' && !this.isGone) {
      const name = `${signal} to ${told.token}`;
      const answer = await this.#call(name, () => process.kill(signal));
      if (!BprocError.is(answer)) return;
      this.#checkRefusedSignal(told, answer, name);
      if (answer.code === 'BE_INVALIDPROC') return;
      await this.#sleep(300);
    }
  }
}

/** A puid that a job's name determines. */
function puidOf(name: string): Uint8Array {
  return Buffer.from(name.padEnd(16, '.'));
}
