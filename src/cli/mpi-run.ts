/** A job of `bprun` or `mpiexec`, on this command's own streams. */
import { mapOfHosts, namesOf } from '../beomap/index.ts';
import type { Client } from '../index.ts';
import { BprocError } from '../index.ts';
import { describeRank, type JobReport, type LaunchOptions, launch, type MpiRun } from '../mpi/index.ts';
import { Console } from './console.ts';
import { connectToMaster } from './master-connection.ts';
import type { MpiRequest } from './mpi-request.ts';
import { bprunProgram, readMpiRequest } from './mpi-request.ts';
import { serveSingleton } from './mpi-singleton.ts';
import { dieOfBrokenPipe, printHelp, printVersion, runProgram } from './program.ts';
import { type EndingSignal, exitCodeOfSignal, onEndingSignals } from './signals.ts';

/** Is one of these commands. */
export async function runMpiProgram(name: string): Promise<void> {
  const program = bprunProgram(name);
  await runProgram(program, async (args) => {
    const request = readMpiRequest(args);
    if (request === 'help') return printHelp(program);
    if (request === 'version') return printVersion(program);
    if ('port' in request) return serveSingleton(request.port);
    const client = await connectToMaster();
    try {
      return await new MpiCommand(name, client, request).finish();
    } finally {
      await client[Symbol.asyncDispose]();
    }
  });
}

class MpiCommand {
  readonly #name: string;
  readonly #client: Client;
  readonly #request: MpiRequest;
  readonly #console: Console;
  readonly #starting = new AbortController();
  #run: MpiRun | undefined;
  #isLeaving = false;

  constructor(name: string, client: Client, request: MpiRequest) {
    this.#name = name;
    this.#client = client;
    this.#request = request;
    this.#console = new Console(() => this.#leave(dieOfBrokenPipe));
    onEndingSignals((signal, count) => this.#signalled(signal, count));
  }

  async finish(): Promise<number> {
    try {
      const options = await this.#options();
      this.#run = await launch(this.#client, options);
      const report = await this.#follow(this.#run, options);
      for (const line of this.#linesOf(report)) await this.#console.stderr.write(`${this.#name}: ${line}\n`);
      await Promise.all([this.#console.stdout.flushed(), this.#console.stderr.flushed()]);
      return report.exitCode;
    } catch (error) {
      // what fails because this program leaves is no failure
      if (this.#isLeaving) return new Promise<never>(() => {});
      throw error;
    }
  }

  async #options(): Promise<LaunchOptions> {
    const { options, hosts } = this.#request;
    const { signal } = this.#starting;
    if (hosts === undefined) return { ...options, signal };
    const names = namesOf(await this.#client.nodeList('', { signal }));
    return { ...options, signal, map: mapOfHosts(hosts, names) };
  }

  async #follow(run: MpiRun, { stdin }: LaunchOptions): Promise<JobReport> {
    const { stdout, stderr } = this.#console;
    const pass = async (source: AsyncIterable<Buffer>, sink: typeof stdout): Promise<void> => {
      for await (const chunk of source) await sink.write(chunk);
    };
    if (stdin !== false && run.stdin !== undefined) {
      const reader = run.stdin;
      reader.once('close', () => process.stdin.destroy()).on('error', () => {});
      process.stdin.on('error', () => reader.end());
      process.stdin.pipe(reader);
    }
    const [report] = await Promise.all([run.wait(), pass(run.stdout, stdout), pass(run.stderr, stderr)]);
    process.stdin.destroy();
    return report;
  }

  #linesOf({ lines, ranks }: JobReport): readonly string[] {
    return this.#request.verbose ? [...lines, ...ranks.map(describeRank)] : lines;
  }

  /** The first signal is for the ranks, the second for this program. */
  #signalled(signal: EndingSignal, count: number): void {
    const run = this.#run;
    if (run === undefined) this.#starting.abort();
    if (run === undefined || count > 1) return this.#leave(() => process.exit(exitCodeOfSignal(signal)));
    void run.kill(signal).catch((error: unknown) => {
      if (!this.#isLeaving) void this.#console.stderr.write(`${this.#name}: ${BprocError.from(error).message}\n`);
    });
  }

  /** Leaves at once. The master ends what this program has started. */
  #leave(exit: () => void): void {
    this.#isLeaving = true;
    void this.#client[Symbol.asyncDispose]().then(() => setImmediate(exit));
  }
}
