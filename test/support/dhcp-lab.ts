/** Servers of DHCP in network namespaces, and clients of others' making that ask them. Needs root. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import type { DhcpEvent } from '../../src/boot/index.ts';
import type { NetworkMachine } from './network.ts';

const PROGRAM = join(import.meta.dirname, '../fixtures/dhcp-server.mjs');
const LIMIT_MS = 50_000;

/** What the program says. */
export type Line = Omit<DhcpEvent, 'kind'> & {
  readonly kind: string;
  readonly code?: string;
  readonly leases?: unknown;
};

/** One that runs. */
export class LabServer implements AsyncDisposable {
  readonly lines: Line[] = [];
  readonly #child: ChildProcess;
  #heard: () => void = () => {};

  constructor(options: unknown, enter: readonly string[]) {
    const [command = '', ...argv] = [...enter, process.execPath, PROGRAM, JSON.stringify(options)];
    this.#child = spawn(command, argv, { stdio: ['pipe', 'pipe', 'inherit'] });
    if (this.#child.stdout === null) throw new Error('it has no output');
    createInterface(this.#child.stdout).on('line', (line) => {
      this.lines.push(JSON.parse(line));
      this.#heard();
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  static async start(options: unknown, enter: readonly string[]): Promise<LabServer> {
    const server = new LabServer(options, enter);
    await server.says('ready');
    return server;
  }

  /** The first line of a kind, also one that came already. */
  async says(kind: string): Promise<Line> {
    for (;;) {
      const found = this.lines.find((line) => line.kind === kind);
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => {
        this.#heard = resolve;
      });
    }
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    if (this.#child.exitCode === null && this.#child.signalCode === null) await once(this.#child, 'exit');
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.kill();
  }
}

export async function run(
  machine: NetworkMachine,
  ...argv: readonly string[]
): Promise<{ stdout: string; stderr: string }> {
  const [command = '', ...rest] = [...machine.enter, ...argv];
  return await promisify(execFile)(command, rest, { timeout: LIMIT_MS, killSignal: 'SIGKILL', maxBuffer: 1 << 24 });
}

/** What busybox' client tells its script once it has an address. `args` are its own, as `-x 0x5d:0007`. */
export async function udhcpc(
  machine: NetworkMachine,
  script: string,
  ...args: readonly string[]
): Promise<Record<string, string>> {
  const usual = ['-i', 'eth0', '-f', '-q', '-n', '-t', '5', '-T', '1', '-s', script];
  const { stdout } = await run(machine, 'busybox', 'udhcpc', ...usual, ...args);
  const variables = stdout.split('\n').flatMap((line) => {
    const [, name, value] = /^(\w+)=(.*)$/.exec(line) ?? [];
    return name === undefined || value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(variables);
}
