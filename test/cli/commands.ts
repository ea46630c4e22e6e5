/** The built commands as real programs, and a real `bpmaster` for them. */
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Where the commands were built; `npm test` builds them. */
const DIST = resolve(process.env['BPROC_DIST'] ?? 'dist');

/** The commands. */
export type Command =
  | 'bpmaster'
  | 'bpslave'
  | 'bpsh'
  | 'bpstat'
  | 'bpctl'
  | 'bpcp'
  | 'bplib'
  | 'bpmove'
  | 'bpckpt'
  | 'bpsub'
  | 'bpq'
  | 'bpdel'
  | 'beomap'
  | 'beostat'
  | 'beostatus'
  | 'beorun'
  | 'mpprun'
  | 'bprun'
  | 'bprsh';

/** What came of a command. */
export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The file of a built command. */
export function program(command: Command): string {
  return join(DIST, 'cli', `${command}.js`);
}

/** A command that runs. */
export class Running {
  readonly child: ChildProcess;
  readonly outcome: Promise<Outcome>;
  stdout = '';
  stderr = '';

  constructor(child: ChildProcess, input: string | undefined) {
    this.child = child;
    child.stdout?.on('data', (bytes: Buffer) => {
      this.stdout += bytes.toString('latin1');
    });
    child.stderr?.on('data', (bytes: Buffer) => {
      this.stderr += bytes.toString('latin1');
    });
    child.stdin?.on('error', () => {});
    if (input !== undefined) child.stdin?.end(input);
    this.outcome = once(child, 'close').then(([code]) => ({ code, stdout: this.stdout, stderr: this.stderr }));
  }

  /** Waits until what it has written on stdout (or stderr) is as wanted. */
  async until(output: 'stdout' | 'stderr', isWanted: (text: string) => boolean): Promise<void> {
    await eventually(
      () => isWanted(this[output]),
      () => `${output}: ${this.stdout}\n${this.stderr}`,
    );
  }
}

/** A cluster of its own for one test file, in a directory of its own. */
export class TestCluster implements AsyncDisposable {
  readonly directory: string;
  readonly env: NodeJS.ProcessEnv;
  readonly master: Running;

  private constructor(nodes: number, options: readonly string[]) {
    this.directory = mkdtempSync(join(tmpdir(), 'bproc-cli-'));
    this.env = { ...process.env, BPROC_MASTER: `unix:${this.directory}/run/master.sock` };
    delete this.env['NODE_OPTIONS'];
    this.master = this.start('bpmaster', ['--local', String(nodes), ...options]);
  }

  /** Starts `bpmaster --local` with so many nodes and waits until it is ready. */
  static async start(nodes: number, ...options: string[]): Promise<TestCluster> {
    const cluster = new TestCluster(nodes, options);
    await cluster.master.until('stdout', (text) => text.includes('\n'));
    return cluster;
  }

  /** Starts a command. Without an input its stdin stays open. */
  start(command: Command, args: readonly string[], input?: string, env = this.env): Running {
    const argv = [program(command), ...args];
    return new Running(spawn(process.execPath, argv, { env, cwd: this.directory, stdio: 'pipe' }), input);
  }

  /** Runs a command to its end. */
  run(command: Command, args: readonly string[], input = ''): Promise<Outcome> {
    return this.start(command, args, input).outcome;
  }

  /** Runs a line of shell in which the commands have their names. */
  async shell(line: string): Promise<Outcome> {
    const names = (['bpsh', 'bpstat', 'bpctl', 'bpcp'] as const).map((name) => {
      return `${name}() { '${process.execPath}' '${program(name)}' "$@"; }`;
    });
    const script = `set -o pipefail; ${names.join('; ')}\n${line}`;
    const child = spawn('bash', ['-c', script], {
      env: this.env,
      cwd: this.directory,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return new Running(child, undefined).outcome;
  }

  /** Pids of the slaves, by their nodes. */
  slaves(): Map<number, number> {
    const found = new Map<number, number>();
    for (const [pid, args] of commandLines()) {
      if (!args.includes(program('bpslave')) || !args.includes(this.env['BPROC_MASTER'] ?? '')) continue;
      found.set(Number(args[args.indexOf('--node') + 1]), pid);
    }
    return found;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.master.child.kill('SIGTERM');
    await this.master.outcome;
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/** Every process of this machine with its arguments; those that are over have none. */
export function commandLines(): ReadonlyMap<number, readonly string[]> {
  const found = new Map<number, readonly string[]>();
  for (const name of readdirSync('/proc')) {
    if (!/^[0-9]+$/.test(name)) continue;
    try {
      found.set(Number(name), readFileSync(`/proc/${name}/cmdline`, 'utf8').split('\0').slice(0, -1));
    } catch {
      // gone since it was listed
    }
  }
  return found;
}

/** How many processes have this argument, the commands themselves not counted. */
export function countWith(argument: string): number {
  return [...commandLines().values()].filter((args) => args.includes(argument) && args[0] !== process.execPath).length;
}

/** Waits until something holds; far longer than it ever takes. */
export async function eventually(holds: () => boolean, describe: () => string = () => holds.toString()): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error(`not within 20 s: ${describe()}`);
    await sleep(20);
  }
}
