#!/usr/bin/env node
/** `bpsh`: runs a command on nodes. BProc 2.1 is its specification. */
import type { Client, ProcessEnd, ProcessVector } from '../index.ts';
import { BprocError } from '../index.ts';
import type { BpshRun } from './bpsh-request.ts';
import { BPSH, readRequest } from './bpsh-request.ts';
import { TerminalRun } from './bpsh-terminal.ts';
import { Console } from './console.ts';
import { exitCodeOfAll } from './exit-rule.ts';
import { connectToMaster } from './master-connection.ts';
import { chooseNodes } from './node-choice.ts';
import { dieOfBrokenPipe, printHelp, printVersion, runProgram } from './program.ts';
import { relayAll } from './relay.ts';
import type { EndingSignal } from './signals.ts';
import { exitCodeOfSignal, onEndingSignals } from './signals.ts';

/** A command whose streams are relayed. */
type StreamedRun = BpshRun & { readonly file: string };

function isStreamed(run: BpshRun): run is StreamedRun {
  return !run.terminal;
}

/** One call of `bpsh`, which can be left at any time. */
class Run {
  readonly #run: StreamedRun;
  readonly #client: Client;
  readonly #console: Console;
  /** Aborted where what is being started is not wanted any more. */
  readonly #starting = new AbortController();
  #vector: ProcessVector | undefined;
  #leaving = false;

  constructor(run: StreamedRun, client: Client) {
    this.#run = run;
    this.#client = client;
    this.#console = new Console(() => this.#leave(dieOfBrokenPipe));
    onEndingSignals((signal, count) => this.#signalled(signal, count));
    client.on('detached', (reason) => {
      const why = reason === undefined ? '' : `: ${reason.message}`;
      void this.#console.stderr.write(`bpsh: the connection to the master is lost${why}; looking for it\n`);
    });
  }

  async finish(): Promise<number> {
    const startedAt = performance.now();
    const code = await this.#start().catch((error: unknown) => {
      this.#console.unfollow();
      // what fails because this program leaves is no failure
      if (this.#leaving) return new Promise<never>(() => {});
      throw error;
    });
    const seconds = (performance.now() - startedAt) / 1000;
    if (this.#run.timed) await this.#console.stdout.write(`${seconds.toFixed(6)}\n`);
    await Promise.all([this.#console.stdout.flushed(), this.#console.stderr.flushed()]);
    return code;
  }

  async #start(): Promise<number> {
    const { nodes, file, argv, stdio } = this.#run;
    const chosen = (await chooseNodes(this.#client, nodes)).map((info) => info.node);
    if (chosen.length === 0) return 0;
    const { signal } = this.#starting;
    this.#vector = await this.#client.rexec(chosen, file, argv, { ...stdio, signal });
    signal.throwIfAborted();
    return this.#follow(this.#vector);
  }

  async #follow(vector: ProcessVector): Promise<number> {
    if (this.#run.stdio.stdin === 'stream') feed(vector);
    const progress = this.#console.follow(vector.processes.map((process) => process.node));
    for (const process of progress === undefined ? [] : vector.processes) {
      // what is wrong here is told by whoever relays this process
      void process.wait().then(
        () => progress?.done(process.node),
        () => {},
      );
    }
    const ends: readonly ProcessEnd[] = await relayAll(vector.entries, this.#run.style, this.#console);
    this.#console.unfollow();
    if (this.#run.stdio.stdin === 'stream') process.stdin.destroy();
    return exitCodeOfAll(ends, vector.errors.length);
  }

  /** The first signal is for the processes, the second for this program. */
  #signalled(signal: EndingSignal, count: number): void {
    // with the line goes the ^C that the terminal put behind it
    this.#console.erase();
    if (this.#vector === undefined) this.#starting.abort();
    if (this.#vector === undefined || count > 1) this.#leave(() => process.exit(exitCodeOfSignal(signal)));
    else this.#forward(this.#vector, signal);
  }

  #forward(vector: ProcessVector, signal: EndingSignal): void {
    for (const process of vector.processes) {
      if (process.end !== undefined) continue;
      process.kill(signal).catch((cause: unknown) => {
        const error = BprocError.from(cause);
        // it has ended meanwhile; or all have, and this program leaves without waiting for the answer
        if (error.code === 'BE_INVALIDPROC' || error.code === 'ECANCELED' || this.#leaving) return;
        void this.#console.stderr.write(`${process.node}: ${signal} does not get there: ${error.message}\n`);
      });
    }
  }

  /** Leaves at once. The master ends what this program has started. */
  #leave(exit: () => void): void {
    this.#console.unfollow();
    this.#leaving = true;
    void this.#client[Symbol.asyncDispose]().then(() => setImmediate(exit));
  }
}

/** Gives stdin to all, as long as there is one that reads. */
function feed(vector: ProcessVector): void {
  let readers = vector.processes.length;
  for (const { stdin } of vector.processes) {
    stdin.once('close', () => {
      readers -= 1;
      if (readers === 0) process.stdin.destroy();
    });
  }
  process.stdin.on('error', () => vector.stdin.end());
  process.stdin.pipe(vector.stdin);
}

await runProgram(BPSH, async (args) => {
  const run = readRequest(args);
  if (run === 'help') return printHelp(BPSH);
  if (run === 'version') return printVersion(BPSH);
  const client = await connectToMaster();
  try {
    return await (isStreamed(run) ? new Run(run, client) : new TerminalRun(run, client)).finish();
  } finally {
    await client[Symbol.asyncDispose]();
  }
});
