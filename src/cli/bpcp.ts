#!/usr/bin/env node
/** `bpcp`: copies files between this machine and nodes. BProc 2.2 is its specification. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Client, CopyFailure, CopyOptions, CopyOutcome, CopySource } from '../index.ts';
import { BprocError } from '../index.ts';
import type { BpcpRun, Place } from './bpcp-request.ts';
import { BPCP, readRequest } from './bpcp-request.ts';
import { CopyLine } from './copy-line.ts';
import { connectToMaster } from './master-connection.ts';
import { chooseNodes } from './node-choice.ts';
import { printHelp, printVersion, runProgram } from './program.ts';
import { exitCodeOfSignal, onEndingSignals } from './signals.ts';

const DEFAULT_COLUMNS = 80;

/** One call of `bpcp` that has to do with nodes. */
class Run {
  readonly #run: BpcpRun;
  readonly #client: Client;
  readonly #line: CopyLine | undefined;
  readonly #abort = new AbortController();
  #failed = false;
  #ended: number | undefined;
  /** Nodes whose first failures were told already. */
  readonly #told = new Set<number | undefined>();

  constructor(run: BpcpRun, client: Client) {
    this.#run = run;
    this.#client = client;
    const { stderr } = process;
    const columns = () => stderr.columns || DEFAULT_COLUMNS;
    if (stderr.isTTY)
      this.#line = new CopyLine(
        (text) => stderr.write(text),
        columns,
        () => performance.now(),
      );
    onEndingSignals((signal) => {
      this.#ended = exitCodeOfSignal(signal);
      this.#abort.abort();
    });
  }

  async finish(): Promise<number> {
    try {
      const { target } = this.#run;
      const targets = target.nodes === undefined ? undefined : await this.#numbers(target.nodes);
      for (const source of groupsOf(this.#run.sources)) {
        await this.#copy(source, targets);
        this.#line?.next();
      }
    } catch (error) {
      // what fails because this program leaves is no failure
      if (this.#ended === undefined) throw error;
    } finally {
      this.#line?.erase();
    }
    return this.#ended ?? (this.#failed ? 1 : 0);
  }

  async #copy({ nodes, paths }: Group, targets: readonly number[] | undefined): Promise<void> {
    const from = nodes === undefined ? undefined : await this.#node(nodes);
    const { path } = this.#run.target;
    this.#told.clear();
    try {
      if (targets !== undefined) {
        const source: CopySource = from === undefined ? paths : { node: from, path: paths };
        const outcomes = await this.#client.push(source, targets, path, this.#options());
        outcomes.forEach((outcome, at) => void this.#conclude(outcome, targets[at]));
      } else if (from !== undefined) {
        this.#conclude(await this.#client.pull(from, paths, path, this.#options()), from);
      }
    } catch (cause) {
      const error = BprocError.from(cause);
      if (this.#abort.signal.aborted) throw error;
      this.#conclude(error, error.node ?? from);
    }
  }

  #options(): CopyOptions {
    const { sources, target, preserve, recursive, resume } = this.#run;
    const mustBe = sources.length > 1 || (target.path.endsWith('/') && !recursive);
    const line = this.#line;
    return {
      preserve,
      recursive,
      resume,
      into: mustBe || 'auto',
      signal: this.#abort.signal,
      onFailure: (failure) => this.#tell(failure),
      ...(line && { onProgress: (progress) => line.tell(progress) }),
    };
  }

  #tell({ node, error }: CopyFailure): void {
    this.#failed = true;
    this.#told.add(node);
    this.#say(error.message);
  }

  #conclude(outcome: CopyOutcome, node: number | undefined): void {
    if (!BprocError.is(outcome)) return;
    this.#failed = true;
    if (!this.#told.has(node)) this.#say(`node ${node}: ${outcome.message}`);
    else if (outcome.cause !== undefined) this.#say(`node ${node}: ${outcome.message.replace(/, the first: .*$/, '')}`);
  }

  #say(text: string): void {
    this.#line?.erase();
    process.stderr.write(`bpcp: ${text}\n`);
  }

  async #numbers(nodes: string): Promise<readonly number[]> {
    const numbers = (await chooseNodes(this.#client, nodes)).map(({ node }) => node);
    if (numbers.length === 0) throw new BprocError('BE_INVALIDNODE', `${nodes} names no node now`);
    return numbers;
  }

  async #node(nodes: string): Promise<number> {
    const [node, another] = await this.#numbers(nodes);
    if (node !== undefined && another === undefined) return node;
    throw new BprocError('EINVAL', `${nodes} names several nodes: a source is on one node`);
  }
}

/** Sources of one place that are copied together. */
interface Group {
  readonly nodes: string | undefined;
  readonly paths: readonly string[];
}

/** The sources, those beside each other on one machine together. */
function groupsOf(sources: readonly Place[]): readonly Group[] {
  const groups: { nodes: string | undefined; paths: string[] }[] = [];
  for (const { nodes, path } of sources) {
    const last = groups.at(-1);
    if (last !== undefined && last.nodes === nodes) last.paths.push(path);
    else groups.push({ nodes, paths: [path] });
  }
  return groups;
}

/** What has nothing to do with nodes is the business of `cp`. */
async function copyHere({ sources, target, preserve, recursive }: BpcpRun): Promise<number> {
  const options = [...(preserve ? ['-p'] : []), ...(recursive ? ['-r'] : []), '--'];
  const child = spawn('cp', [...options, ...sources.map(({ path }) => path), target.path], { stdio: 'inherit' });
  const [code]: (number | null)[] = await once(child, 'close');
  return code ?? 1;
}

await runProgram(BPCP, async (args) => {
  const run = readRequest(args);
  if (run === 'help') return printHelp(BPCP);
  if (run === 'version') return printVersion(BPCP);
  if (![...run.sources, run.target].some(({ nodes }) => nodes !== undefined)) return copyHere(run);
  const client = await connectToMaster();
  try {
    // of this machine to this machine, beside others: by way of none of them
    const here = run.sources.filter(({ nodes }) => nodes === undefined);
    const local = run.target.nodes === undefined && here.length > 0 ? await copyHere({ ...run, sources: here }) : 0;
    const code = await new Run(run, client).finish();
    return code || local;
  } finally {
    await client[Symbol.asyncDispose]();
  }
});
