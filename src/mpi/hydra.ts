/** MPICH's own `mpiexec`, whose proxies the library starts on nodes: Hydra's manual launcher. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { PassThrough, type Readable, type Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { BEO_NAMES, JobMap } from '../beomap/index.ts';
import type { Client, RemoteProcess } from '../bproc/index.ts';
import { BprocError } from '../errors.ts';
import { HydraLines, type HydraProxy } from './hydra-lines.ts';
import { withoutLaunchers } from './launch-options.ts';

/** What an `mpiexec` is to run. */
export interface HydraOptions {
  /** A rank for each slot; those of a node stand together. */
  readonly map: JobMap | string;
  /** The program and its arguments. */
  readonly argv: readonly string[];
  /** Options of mpiexec before the program, such as `['-iface', 'eth0']`: the network by which nodes find this machine. */
  readonly options?: readonly string[];
  /** @default 'mpiexec.hydra' */
  readonly mpiexec?: string;
  /** Environment, added to the caller's. */
  readonly env?: Readonly<Record<string, string>>;
  /** Working directory of mpiexec and, by its own ways, of the ranks. @default the caller's */
  readonly cwd?: string;
  /** Ends it. */
  readonly signal?: AbortSignal;
}

/** Time an mpiexec has to end by itself: where a node is not there it never does. */
const GRACE_MS = 2000;
/** Where a signal killed it. */
const EXIT_KILLED = 255;

/**
 * Runs an `mpiexec` of Hydra on nodes, with no remote shell at all.
 *
 * @throws BprocError EINVAL for a map that Hydra has no words for, ENOENT where there is no such mpiexec.
 */
export async function startHydra(client: Client, options: HydraOptions): Promise<HydraRun> {
  const map = typeof options.map === 'string' ? JobMap.parse(options.map) : options.map;
  const counts = map.counts();
  const nodes = [...counts.keys()];
  if (map.runs().length > nodes.length) {
    throw new BprocError('EINVAL', `the map ${map} goes back to a node: with Hydra the ranks of a node stand together`);
  }
  options.signal?.throwIfAborted();
  const hosts = [...counts].map(([node, slots]) => `${BEO_NAMES.nameOf(node)}:${slots}`).join(',');
  const where = ['-launcher', 'manual', '-hosts', hosts, '-n', String(map.size)];
  const child = spawn(options.mpiexec ?? 'mpiexec.hydra', [...(options.options ?? []), ...where, ...options.argv], {
    // HYDRA_LAUNCHER_AUTOFORK=0 above all would make a manual mpiexec of 4.0 crash
    env: { ...process.env, ...withoutLaunchers(process.env), ...options.env },
    stdio: 'pipe',
    ...(options.cwd !== undefined && { cwd: options.cwd }),
  });
  try {
    await once(child, 'spawn');
  } catch (cause) {
    throw BprocError.from(cause);
  }
  return new HydraRun(client, nodes, child, options.signal);
}

/** An `mpiexec` that runs. Disposing of it ends it, and what it has on nodes. */
export class HydraRun implements AsyncDisposable {
  /** Of mpiexec, which gives it to rank 0. */
  readonly stdin: Writable;
  readonly stdout: Readable;
  /** Of mpiexec and the ranks, and what goes wrong with its proxies. Both outputs are to be read. */
  readonly stderr: Readable;
  readonly #errors = new PassThrough().setMaxListeners(0);
  readonly #client: Client;
  readonly #nodes: readonly number[];
  readonly #child: ChildProcess;
  readonly #starting = new AbortController();
  readonly #proxies: RemoteProcess[] = [];
  readonly #ended: Promise<number>;
  #failure: BprocError | undefined;

  /** @internal */
  constructor(client: Client, nodes: readonly number[], child: ChildProcess, signal: AbortSignal | undefined) {
    const { stdin, stdout, stderr } = child;
    if (stdin === null || stdout === null || stderr === null) throw new Error('mpiexec has been started without pipes');
    const [out, err] = [new PassThrough(), this.#errors];
    this.#client = client;
    this.#nodes = nodes;
    this.#child = child;
    this.stdin = stdin.on('error', () => {});
    this.stdout = out;
    this.stderr = err;
    stderr.pipe(err, { end: false });
    this.#follow(stdout, out);
    const onAbort = (): void => this.#fail(new BprocError('ECANCELED', 'the run was cancelled'));
    signal?.addEventListener('abort', onAbort, { once: true });
    this.#ended = once(child, 'close').then(async () => {
      signal?.removeEventListener('abort', onAbort);
      this.#starting.abort();
      await Promise.all(this.#proxies.map((proxy) => proxy.terminate().catch(() => {})));
      out.end();
      err.end();
      return child.exitCode ?? EXIT_KILLED;
    });
  }

  /**
   * Waits for its end; gives mpiexec's exit code.
   *
   * @throws BprocError where a node was lost or could not be reached, for which mpiexec would have waited for ever; ECANCELED.
   */
  async wait(): Promise<number> {
    const code = await this.#ended;
    if (this.#failure !== undefined) throw this.#failure;
    return code;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#fail(new BprocError('ECANCELED', 'the run was disposed of'));
    this.stdout.resume();
    this.stderr.resume();
    await this.#ended;
  }

  #follow(source: Readable, sink: PassThrough): void {
    const lines = new HydraLines();
    source.on('data', (bytes: Buffer) => {
      const wasOver = lines.isOver;
      const rest = lines.push(bytes);
      if (!wasOver && lines.isOver) void this.#startAll(lines.proxies);
      if (rest.length > 0 && !sink.write(rest)) {
        source.pause();
        sink.once('drain', () => source.resume());
      }
    });
  }

  async #startAll(proxies: readonly HydraProxy[]): Promise<void> {
    await Promise.all(proxies.map((proxy) => this.#start(proxy))).catch((cause: unknown) => {
      this.#fail(BprocError.from(cause));
    });
  }

  async #start({ index, argv: [file = '', ...argv] }: HydraProxy): Promise<void> {
    const node = this.#nodes[index];
    if (node === undefined) throw new BprocError('EINVAL', `mpiexec wants host ${index} of ${this.#nodes.length}`);
    const { signal } = this.#starting;
    const proxy = await this.#client.rexec(node, file, argv, { stdin: 'ignore', signal });
    this.#proxies.push(proxy);
    // the ranks' output has another way: this is what is wrong with the proxy
    for (const stream of [proxy.stdout, proxy.stderr]) {
      stream.on('error', () => {}).pipe(this.#errors, { end: false });
    }
    void proxy.wait().then(
      (end) => {
        if (end.kind === 'lost') this.#fail(new BprocError('BE_NODEDOWN', `node ${node} is lost`));
      },
      (cause: unknown) => this.#fail(BprocError.from(cause)),
    );
  }

  /** Ends mpiexec: TERM, then KILL. */
  #fail(failure: BprocError): void {
    const child = this.#child;
    if (child.exitCode !== null || child.signalCode !== null) return;
    this.#failure ??= failure;
    child.kill('SIGTERM');
    void sleep(GRACE_MS, undefined, { ref: false }).then(() => child.kill('SIGKILL'));
  }
}
