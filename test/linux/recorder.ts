/** What the tests of spawners share: a sink that writes down what it is told, and patient waiting. */
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { BprocError } from '../../src/errors.ts';
import type { ExitStatus, ProcessIdentity, ResourceUsage, SpawnRequest, SpawnSink } from '../../src/linux/index.ts';
import { isAlive, readStat } from '../../src/linux/index.ts';

/** One thing a sink was told. */
export type Told =
  | { readonly what: 'started'; readonly identity: ProcessIdentity }
  | { readonly what: 'failed'; readonly error: BprocError }
  | { readonly what: 'output'; readonly fd: 1 | 2; readonly chunk: Buffer }
  | { readonly what: 'outputEnd'; readonly fd: 1 | 2 }
  | { readonly what: 'stdinWritten'; readonly bytes: number }
  | { readonly what: 'stdinClosed' }
  | { readonly what: 'stopped'; readonly signal: number }
  | { readonly what: 'continued' }
  | { readonly what: 'lost'; readonly error: BprocError }
  | { readonly what: 'exited'; readonly status: ExitStatus };

/** Far beyond what anything here takes: reached only by a defect. */
const DEADLINE_MS = 20_000;

/** Waits until a condition gives something true, and returns that. */
export async function until<T>(
  condition: () => T | undefined | false | Promise<T | undefined | false>,
  what: string,
): Promise<T> {
  const deadline = performance.now() + DEADLINE_MS;
  for (;;) {
    const value = await condition();
    if (value !== undefined && value !== false) return value;
    if (performance.now() > deadline) throw new Error(`waited in vain for ${what}`);
    await sleep(2);
  }
}

/** Whether a process is there and does something. */
export function runs(pid: number): boolean {
  const stat = readStat(pid);
  return stat !== undefined && isAlive(stat);
}

/** Waits until processes are gone, or zombies that somebody else has to reap. */
export async function gone(...pids: readonly number[]): Promise<void> {
  await until(() => pids.every((pid) => !runs(pid)), `the end of ${pids.join(', ')}`);
}

/** The path of a program in test/fixtures. */
export function fixture(name: string): string {
  return fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));
}

let markers = 0;

/** A request with everything that a test does not care about. */
export function request(file: string, args: readonly string[] = [], more: Partial<SpawnRequest> = {}): SpawnRequest {
  markers += 1;
  return {
    file,
    argv: [file, ...args],
    env: { PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin' },
    cwd: '/',
    stdio: ['pipe', 'pipe', 'pipe'],
    marker: `test/${process.pid}/${markers}`,
    ...more,
  };
}

/** A request for a shell script given as text. */
export function script(text: string, more: Partial<SpawnRequest> = {}): SpawnRequest {
  return request('/bin/sh', ['-c', text], more);
}

/** A sink that remembers. */
export class Recorder implements SpawnSink {
  readonly told: Told[] = [];
  /** Given, it hears up to where each output was received. */
  acknowledge: ((fd: 1 | 2, offset: number) => void) | undefined;
  /** What it has used, once it has ended and where the engine knows that. */
  usage: ResourceUsage | undefined;
  readonly #received: [number, number, number] = [0, 0, 0];

  started(identity: ProcessIdentity): void {
    this.told.push({ what: 'started', identity });
  }

  failed(error: BprocError): void {
    this.told.push({ what: 'failed', error });
  }

  output(fd: 1 | 2, chunk: Buffer): void {
    this.told.push({ what: 'output', fd, chunk });
    this.#received[fd] += chunk.length;
    this.acknowledge?.(fd, this.#received[fd]);
  }

  outputEnd(fd: 1 | 2): void {
    this.told.push({ what: 'outputEnd', fd });
  }

  stdinWritten(bytes: number): void {
    this.told.push({ what: 'stdinWritten', bytes });
  }

  stdinClosed(): void {
    this.told.push({ what: 'stdinClosed' });
  }

  stopped(signal: number): void {
    this.told.push({ what: 'stopped', signal });
  }

  continued(): void {
    this.told.push({ what: 'continued' });
  }

  exited(status: ExitStatus, usage?: () => ResourceUsage): void {
    this.usage = usage?.();
    this.told.push({ what: 'exited', status });
  }

  lost(error: BprocError): void {
    this.told.push({ what: 'lost', error });
  }

  /** How often something was told. */
  count(what: Told['what'], fd?: 1 | 2): number {
    return this.told.filter((each) => each.what === what && (fd === undefined || ('fd' in each && each.fd === fd)))
      .length;
  }

  /** All that was written to a descriptor so far. */
  bytes(fd: 1 | 2): Buffer {
    return Buffer.concat(this.told.flatMap((each) => (each.what === 'output' && each.fd === fd ? [each.chunk] : [])));
  }

  /** How many bytes of input have been acknowledged. */
  get written(): number {
    return this.told.reduce((sum, each) => sum + (each.what === 'stdinWritten' ? each.bytes : 0), 0);
  }

  /** Waits for the start and gives the process's identity; fails where it could not be started. */
  async start(): Promise<ProcessIdentity> {
    return until(() => {
      for (const each of this.told) {
        if (each.what === 'failed') throw each.error;
        if (each.what === 'started') return each.identity;
      }
      return undefined;
    }, 'a start');
  }

  /** Waits for the failure to start. */
  async failure(): Promise<BprocError> {
    return until(() => {
      for (const each of this.told) if (each.what === 'failed') return each.error;
      return undefined;
    }, 'a failure');
  }

  /** Waits for the end of the process. */
  async exit(): Promise<ExitStatus> {
    return until(() => {
      for (const each of this.told) {
        if (each.what === 'failed') throw each.error;
        if (each.what === 'exited') return each.status;
      }
      return undefined;
    }, 'an exit');
  }

  /** Waits for the end of the process and of its outputs. */
  async finish(...fds: readonly (1 | 2)[]): Promise<ExitStatus> {
    const status = await this.exit();
    await until(
      () => (fds.length > 0 ? fds : ([1, 2] as const)).every((fd) => this.count('outputEnd', fd) > 0),
      'ends',
    );
    return status;
  }

  /** Waits until stdout holds so many whole lines `NAME PID`, and gives the pids by name. */
  async pids(lines: number, fd: 1 | 2 = 1): Promise<ReadonlyMap<string, number>> {
    const text = await until(() => {
      const now = this.bytes(fd).toString();
      return now.split('\n').length > lines && now;
    }, `${lines} lines`);
    return parsePids(text);
  }
}

/** The pids by name of lines `NAME PID`. */
export function parsePids(text: string): ReadonlyMap<string, number> {
  return new Map([...text.matchAll(/^(\w+) (\d+)$/gm)].map((match) => [match[1] ?? '', Number(match[2])]));
}
