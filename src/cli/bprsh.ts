#!/usr/bin/env node
/**
 * `bprsh`: a remote shell for launchers that want one, whose "hosts" are nodes. A link to it may have the name by which a
 * launcher calls the remote shell of its batch system: `qrsh`, `blaunch`.
 */
import { userInfo } from 'node:os';
import { basename } from 'node:path';
import { namesOf } from '../beomap/index.ts';
import type { Client, ProcessEnd, RemoteProcess } from '../index.ts';
import { BprocError, describeEnd, exitCodeOf } from '../index.ts';
import {
  type AgentLine,
  agentDialect,
  agentEnvironment,
  isHydraProxy,
  leavesDaemon,
  readAgentLine,
} from '../mpi/index.ts';
import { Console } from './console.ts';
import { endLauncher, findLauncher } from './launcher-end.ts';
import { connectToMaster } from './master-connection.ts';
import { dieOfBrokenPipe, type Program, printHelp, printVersion, runProgram } from './program.ts';
import { type EndingSignal, exitCodeOfSignal, onEndingSignals } from './signals.ts';

/** As the remote shells have it: nothing has run. */
const EXIT_NOT_RUN = 255;

const NAME = basename(process.argv[1] ?? 'bprsh').replace(/\.js$/, '');

const BPRSH: Program = {
  name: NAME,
  usage: [
    '[options] [USER@]NODE [options] command [argument...]',
    'mpiexec.hydra -launcher rsh -launcher-exec bprsh ...',
    'mpirun --mca plm_rsh_agent bprsh ...',
    'PVM_RSH=/path/of/bprsh pvm ...',
  ],
  help: `A remote shell as launchers call one. NODE is what its machine is called, its address, or its number as n3 or 3.
The words of the command are joined by spaces, and sh runs that on the node.

  -l USER         as that user, as does USER@NODE
  -n              stdin is /dev/null
  --env NAME      the command has this variable, too; also NAME=VALUE, also several times
  --job ID        the command has ID as BPROC_JOB
  --master ADDRESS
                  the master, which is otherwise that of BPROC_MASTER or this machine's
  --help, --version

Other options of rsh and ssh are accepted and mean nothing. The command has PATH, HOME, USER, LOGNAME, SHELL, LANG, TZ,
BPROC_MASTER, BPROC_JOB and every PVM_* of the environment, and nothing else of it. Called as qrsh (with -inherit) or as
blaunch it takes the options of these.

The exit code is the command's, 128 and the signal's number where one killed it, 255 where it could not be started or
its node was lost. In the latter two cases an mpiexec of Hydra that waits for the command is ended, since it would wait
for ever. ^C, SIGTERM and SIGHUP go to the command; the second one ends bprsh, and with it the command.
`,
};

/** One call. */
class Agent {
  readonly #line: AgentLine;
  readonly #client: Client;
  readonly #console: Console;
  readonly #starting = new AbortController();
  #process: RemoteProcess | undefined;
  #isLeaving = false;

  constructor(line: AgentLine, client: Client) {
    this.#line = line;
    this.#client = client;
    this.#console = new Console(() => this.#leave(dieOfBrokenPipe));
    onEndingSignals((signal, count) => this.#signalled(signal, count));
  }

  async finish(): Promise<ProcessEnd> {
    try {
      const { stdout, stderr } = this.#console;
      const started = await this.#start();
      this.#process = started;
      if (!this.#line.noInput) feed(started);
      await Promise.all([pass(started.stdout, stdout), pass(started.stderr, stderr)]);
      const end = await started.wait();
      // launchers give agents an input that does not end
      process.stdin.destroy();
      await Promise.all([stdout.flushed(), stderr.flushed()]);
      return end;
    } catch (error) {
      // what fails because this program leaves is no failure
      if (this.#isLeaving) return new Promise<never>(() => {});
      throw error;
    }
  }

  async #start(): Promise<RemoteProcess> {
    const { host, command, noInput } = this.#line;
    const { signal } = this.#starting;
    const node = namesOf(await this.#client.nodeList('', { signal })).nodeOf(host);
    if (node === undefined) throw new BprocError('BE_INVALIDNODE', 'no node is called so: bpstat lists the nodes');
    const user = this.#line.user === userInfo().username ? undefined : this.#line.user;
    return this.#client.rexec(node, '/bin/sh', ['-c', command], {
      argv0: 'sh',
      env: agentEnvironment({ ...this.#line, user }, process.env),
      inheritEnv: false,
      detached: leavesDaemon(command),
      stdin: noInput ? 'ignore' : 'stream',
      signal,
      ...(user === undefined ? {} : { user }),
    });
  }

  /** The first signal is for the command, the second for this program. */
  #signalled(signal: EndingSignal, count: number): void {
    if (this.#process === undefined || count > 1) return this.#leave(() => process.exit(exitCodeOfSignal(signal)));
    this.#process.kill(signal).catch((cause: unknown) => {
      const error = BprocError.from(cause);
      // it has ended meanwhile
      if (error.code === 'BE_INVALIDPROC' || this.#isLeaving) return;
      void this.#console.stderr.write(`${NAME}: ${signal} does not get to ${this.#line.host}: ${error.message}\n`);
    });
  }

  /** Leaves at once. The master ends what this program has started. */
  #leave(exit: () => void): void {
    this.#isLeaving = true;
    this.#starting.abort();
    void this.#client[Symbol.asyncDispose]().then(() => setImmediate(exit));
  }
}

function feed({ stdin }: RemoteProcess): void {
  stdin.once('close', () => process.stdin.destroy()).on('error', () => {});
  process.stdin.on('error', () => stdin.end());
  process.stdin.pipe(stdin);
}

async function pass(source: AsyncIterable<Buffer>, sink: Console['stdout']): Promise<void> {
  try {
    for await (const chunk of source) await sink.write(chunk);
  } catch (error) {
    // the master was given up: waiting for the process tells that
    if (!BprocError.is(error)) throw error;
  }
}

async function runLine(line: AgentLine): Promise<ProcessEnd> {
  const client = await connectToMaster(line.master);
  try {
    return await new Agent(line, client).finish();
  } finally {
    await client[Symbol.asyncDispose]();
  }
}

/** Says on stderr what is wrong; an mpiexec that would wait for the command is ended. */
async function fail(message: string, line: AgentLine | undefined): Promise<number> {
  const launcher = line !== undefined && isHydraProxy(line.command) ? findLauncher() : undefined;
  process.stderr.write(`${NAME}: ${message}\n`);
  if (launcher !== undefined) {
    const { command, pid } = launcher;
    process.stderr.write(`${NAME}: ending ${command} (pid ${pid}), which would wait for that node for ever\n`);
    await endLauncher(launcher);
  }
  return EXIT_NOT_RUN;
}

await runProgram(BPRSH, async (args) => {
  if (args[0] === '--help') return printHelp(BPRSH);
  if (args[0] === '--version') return printVersion(BPRSH);
  let line: AgentLine | undefined;
  try {
    line = readAgentLine(agentDialect(NAME), args);
    const end = await runLine(line);
    if (end.kind === 'lost') return await fail(`${line.host}: ${describeEnd(end)}`, line);
    return exitCodeOf(end);
  } catch (error) {
    if (!BprocError.is(error)) throw error;
    return await fail(line === undefined ? error.message : `${line.host}: ${error.message}`, line);
  }
});
