/** A command on every slot of a job map, for `beorun` and `mpprun`. */
import { map } from '../beomap/index.ts';
import type { Client, ProcessEnd, RemoteProcess } from '../index.ts';
import { BprocError } from '../index.ts';
import { Console } from './console.ts';
import { exitCodeOfAll } from './exit-rule.ts';
import type { MappedRun } from './mapped-request.ts';
import { connectToMaster } from './master-connection.ts';
import { dieOfBrokenPipe, type Program, printHelp, printVersion, usageOf } from './program.ts';
import { relayAll } from './relay.ts';
import type { EndingSignal } from './signals.ts';
import { exitCodeOfSignal, onEndingSignals } from './signals.ts';

const LINE_BYTES = 4096;

/** Does what a command line of these commands asks for; gives the exit code. */
export async function runMapped(
  program: Program,
  run: 'help' | 'usage' | 'version' | MappedRun,
  oneByOne: boolean,
): Promise<number> {
  if (run === 'help') return printHelp(program);
  if (run === 'version') return printVersion(program);
  if (run === 'usage') {
    process.stdout.write(usageOf(program));
    return 0;
  }
  const client = await connectToMaster();
  try {
    return await new Runner(program, client, run).finish(oneByOne);
  } finally {
    await client[Symbol.asyncDispose]();
  }
}

class Runner {
  readonly #program: Program;
  readonly #client: Client;
  readonly #run: MappedRun;
  readonly #console: Console;
  readonly #starting = new AbortController();
  readonly #ends: ProcessEnd[] = [];
  #failedStarts = 0;
  #running: readonly RemoteProcess[] = [];
  #isLeaving = false;

  constructor(program: Program, client: Client, run: MappedRun) {
    this.#program = program;
    this.#client = client;
    this.#run = run;
    this.#console = new Console(() => this.#leave(dieOfBrokenPipe));
    onEndingSignals((signal, count) => this.#signalled(signal, count));
  }

  async finish(oneByOne: boolean): Promise<number> {
    try {
      const { slots } = await map(this.#client, { ...this.#run.wishes, signal: this.#starting.signal });
      for (const part of oneByOne ? slots.map((node) => [node]) : [slots]) {
        if (this.#starting.signal.aborted) break;
        await this.#start(part);
      }
    } catch (error) {
      // what fails because this program leaves is no failure
      if (this.#isLeaving) return new Promise<never>(() => {});
      throw error;
    }
    await Promise.all([this.#console.stdout.flushed(), this.#console.stderr.flushed()]);
    return exitCodeOfAll(this.#ends, this.#failedStarts);
  }

  async #start(slots: readonly number[]): Promise<void> {
    const { file, argv, prefixed } = this.#run;
    const { signal } = this.#starting;
    const vector = await this.#client.rexec(slots, file, argv, { stdin: 'ignore', signal });
    this.#running = vector.processes;
    const style = { lineBytes: prefixed ? LINE_BYTES : undefined, prefixed, sequential: false, divided: false };
    this.#ends.push(...(await relayAll(vector.entries, style, this.#console)));
    this.#failedStarts += vector.errors.length;
    this.#running = [];
  }

  /** The first signal is for the processes, and nothing more is started; the second is for this program. */
  #signalled(signal: EndingSignal, count: number): void {
    const running = this.#running;
    if (count > 1 || running.length === 0) this.#leave(() => process.exit(exitCodeOfSignal(signal)));
    this.#starting.abort();
    for (const each of running) {
      if (each.end === undefined)
        void each.kill(signal).catch((cause: unknown) => this.#unheard(each.node, signal, cause));
    }
  }

  #unheard(node: number, signal: EndingSignal, cause: unknown): void {
    const error = BprocError.from(cause);
    // it has ended meanwhile
    if (error.code === 'BE_INVALIDPROC' || this.#isLeaving) return;
    const { name } = this.#program;
    void this.#console.stderr.write(`${name}: ${signal} does not get to node ${node}: ${error.message}\n`);
  }

  /** Leaves at once. The master ends what this program has started. */
  #leave(exit: () => void): void {
    this.#isLeaving = true;
    void this.#client[Symbol.asyncDispose]().then(() => setImmediate(exit));
  }
}
