/** Masters, slaves and clients as real processes, for tests that kill them. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { MasterOptions, SlaveOptions } from '../../src/index.ts';
import { createHolderSpawner } from '../../src/linux/index.ts';

/** A program that said `ready ...`. */
export interface Daemon {
  readonly process: ChildProcess;
  /** The words after `ready`. */
  readonly ready: readonly string[];
  /** Kills it as if its power failed, and resolves when it is gone. */
  kill(signal?: NodeJS.Signals): Promise<void>;
}

/** A directory and the daemons in it; disposing kills them all. */
export class Machines implements AsyncDisposable {
  readonly directory: string;
  readonly address: string;
  readonly #daemons: Daemon[] = [];

  private constructor(directory: string) {
    this.directory = directory;
    this.address = `unix:${join(directory, 'master.sock')}`;
  }

  /** The daemon that was started last. */
  get last(): Daemon {
    const last = this.#daemons.at(-1);
    if (last === undefined) throw new Error('no daemon was started');
    return last;
  }

  static async create(): Promise<Machines> {
    return new Machines(await mkdtemp(join(tmpdir(), 'bproc-daemons-')));
  }

  master(options: MasterOptions = {}): Promise<Daemon> {
    return this.run('master', [JSON.stringify({ listen: this.address, ...options })]);
  }

  slave(node: number, options: Partial<SlaveOptions> = {}): Promise<Daemon> {
    const stateDir = join(this.directory, `slave-${node}`);
    return this.run('slave', [JSON.stringify({ master: this.address, node, stateDir, ...options })]);
  }

  client(node: number, script: string, mode = ''): Promise<Daemon> {
    return this.run('client', [this.address, String(node), script, mode]);
  }

  gangClient(nodes: string, script: string): Promise<Daemon> {
    return this.run('gang-client', [this.address, nodes, script]);
  }

  embedded(script: string, stateDir = ''): Promise<Daemon> {
    return this.run('embedded', [script, stateDir]);
  }

  /** A program of `test/fixtures`. @param enter what runs it on another machine. */
  async run(fixture: string, args: readonly string[], enter: readonly string[] = []): Promise<Daemon> {
    const program = fileURLToPath(new URL(`../fixtures/${fixture}.mjs`, import.meta.url));
    const dist = resolve(process.env['BPROC_DIST'] ?? 'dist', 'index.js');
    const env = { ...process.env, BPROC_DIST_URL: pathToFileURL(dist).href };
    const [command = process.execPath, ...rest] = [...enter, process.execPath, program, ...args];
    const child = spawn(command, rest, { env, stdio: ['ignore', 'pipe', 'inherit'] });
    const gone = new Promise<void>((done) => child.once('close', () => done()));
    for await (const line of createInterface({ input: child.stdout })) {
      const [first, ...ready] = line.split(' ');
      if (first !== 'ready') continue;
      child.stdout.resume();
      const kill = (signal: NodeJS.Signals = 'SIGKILL'): Promise<void> => {
        child.kill(signal);
        return gone;
      };
      const daemon = { process: child, ready, kill };
      this.#daemons.push(daemon);
      return daemon;
    }
    throw new Error(`${fixture} ended before it was ready`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#daemons.map((daemon) => daemon.kill()));
    // a holder outlives its slave: a successor ends it, and what it holds
    for (const entry of await readdir(this.directory, { recursive: true })) {
      if (!entry.endsWith('holder.sock')) continue;
      const spawner = await createHolderSpawner({ stateDir: dirname(join(this.directory, entry)) });
      await spawner[Symbol.asyncDispose]();
    }
    await rm(this.directory, { recursive: true });
  }
}

/** Whether a process of this machine is there and not a zombie. */
export function isAlive(pid: number): boolean {
  try {
    return !readFileSync(`/proc/${pid}/stat`, 'latin1').includes(') Z');
  } catch {
    return false;
  }
}
