/** A cluster of daemons in which a process moves, which a test stops at each step of that to kill some of them. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { type Client, connect, type RemoteProcess } from '../../src/index.ts';
import { until } from '../linux/recorder.ts';
import { CriuGates, type MoveStep } from './criu-gates.ts';
import { type Daemon, isAlive, Machines } from './daemons.ts';

/** A daemon: the slave where the process was, that where it goes, or the master. */
export type Part = 'source' | 'target' | 'master';

/** A process on its way. */
export interface Moving {
  readonly process: RemoteProcess;
  /** Among its arguments, and nobody else's. */
  readonly word: string;
  /** All that it has written. */
  readonly seen: { text: string };
  /** Settles with the call. */
  readonly call: Promise<PromiseSettledResult<void>>;
}

const ECHO = 'echo ready; while read x; do echo "$$ $x"; done; exit 7';

/** A master and two slaves. Disposing of it ends them, and what they run. */
export class MovingCluster implements AsyncDisposable {
  readonly machines: Machines;
  readonly gates: CriuGates;
  readonly bp: Client;
  readonly #daemons: Record<Part, Daemon>;

  private constructor(machines: Machines, gates: CriuGates, daemons: Record<Part, Daemon>, bp: Client) {
    this.machines = machines;
    this.gates = gates;
    this.#daemons = daemons;
    this.bp = bp;
  }

  static async create(): Promise<MovingCluster> {
    const machines = await Machines.create();
    const gates = await CriuGates.create(machines.directory);
    const start = (node: number): Promise<Daemon> => startSlave(machines, gates, node);
    const daemons = { master: await startMaster(machines), source: await start(0), target: await start(1) };
    const bp = await connect({ master: machines.address });
    for (const node of [0, 1]) await until(async () => (await bp.nodeStatus(node)) === 'up', `node ${node}`);
    return new MovingCluster(machines, gates, daemons, bp);
  }

  async kill(...parts: readonly Part[]): Promise<void> {
    await Promise.all(parts.map((part) => this.#daemons[part].kill()));
  }

  /** Starts daemons anew, one after the other. */
  async restart(...parts: readonly Part[]): Promise<void> {
    const { machines, gates } = this;
    for (const part of parts) {
      this.#daemons[part] =
        part === 'master' ? await startMaster(machines) : await startSlave(machines, gates, part === 'source' ? 0 : 1);
    }
  }

  /** A process on node 0 that is on its way to node 1 and has come to a step. */
  async movingAt(step: MoveStep, script = ECHO): Promise<Moving> {
    const { gates, bp } = this;
    await gates.stopAt(step);
    const word = `word-${Math.random().toString(36).slice(2)}`;
    const process = await bp.rexec(0, '/bin/sh', ['-c', script, word]);
    const seen = { text: '' };
    process.stdout.on('data', (chunk: Buffer) => {
      seen.text += chunk.toString();
    });
    await until(() => seen.text.includes('\n'), 'its first line');
    const call = Promise.allSettled([bp.move(process.pid, 1)]).then(([result]) => result);
    await gates.reached(step);
    return { process, word, seen, call };
  }

  /** It runs, once, and all that it is told and tells goes on as if nothing had happened. */
  async runsOnce({ process, word, seen }: Moving): Promise<void> {
    process.stdin.write('again\n');
    await until(() => seen.text.includes('again'), 'its answer');
    // what never runs is ended, and need not have been yet
    await until(() => copies(word) === 1, 'all copies but one to be gone');
    const listed = await until(async () => {
      const found = (await this.bp.procList()).find(({ pid }) => pid === process.pid);
      return found?.state === 'running' && found;
    }, 'it to be known');
    expect(listed.node).toBe(process.node);
    process.stdin.end('end\n');
    expect(await process.wait()).toEqual({ kind: 'exited', code: 7 });
    expect(seen.text).toBe(`ready\n${process.pid} again\n${process.pid} end\n`);
    await until(() => copies(word) === 0, 'its end');
  }

  /** It has been said to be lost, and nothing of it runs. */
  async isLost({ process, word }: Moving): Promise<void> {
    expect(await process.wait()).toMatchObject({ kind: 'lost' });
    await until(() => copies(word) === 0, 'its end');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.bp[Symbol.asyncDispose]();
    await this.machines[Symbol.asyncDispose]();
  }
}

function startMaster(machines: Machines): Promise<Daemon> {
  return machines.master({ stateDir: `${machines.directory}/master` });
}

function startSlave(machines: Machines, gates: CriuGates, node: number): Promise<Daemon> {
  return machines.slave(node, { spawner: 'holder', criu: gates.executable });
}

/** How many of a process there are on this machine, by a word in its arguments. */
function copies(word: string): number {
  return readdirSync('/proc').filter((pid) => {
    try {
      return (
        /^\d+$/.test(pid) &&
        readFileSync(`/proc/${pid}/cmdline`, 'latin1').split('\0').includes(word) &&
        isAlive(Number(pid))
      );
    } catch {
      return false;
    }
  }).length;
}
