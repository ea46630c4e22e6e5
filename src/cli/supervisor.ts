/** The slaves of `bpmaster --local`: each a program of its own, so that one that dies takes only its node along. */
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { BprocError } from '../index.ts';

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 10_000;
/** A slave that lived so long has earned a quick restart. */
const STEADY_MS = 10_000;
/** How long a slave may take to end what it runs and itself. */
const END_MS = 15_000;

/** What tells a slave to end what it runs, as it would not where its lifeline is merely cut. */
const LAST_WORD = 'end\n';

/** How slaves are started. */
export interface SupervisorOptions {
  /** The program that serves a node. */
  readonly program: string;
  /** Where the master listens. */
  readonly master: string;
  readonly domain: string;
  /** Holds a directory for each node: a slave that is started again takes up what its predecessor left. */
  readonly stateDir: string;
  /** How long processes live on without their slave. */
  readonly keepMs: number;
  /** Bytes of images that each keeps; undefined: as many as it does by itself. */
  readonly cacheBytes: number | undefined;
  readonly verbose: boolean;
  readonly log: (line: string) => void;
}

/** Keeps one slave for each of its nodes running. */
export class Supervisor implements AsyncDisposable {
  readonly #options: SupervisorOptions;
  readonly #children = new Map<number, ChildProcess>();
  readonly #pauses = new Map<number, NodeJS.Timeout>();
  readonly #up = new Set<number>();
  #wanted = 0;
  #stopping = false;
  #settle: { readonly resolve: () => void; readonly reject: (error: BprocError) => void } | undefined;

  constructor(options: SupervisorOptions) {
    this.#options = options;
  }

  /**
   * Starts the slaves of nodes 0 to `count` - 1; resolves when all are up.
   *
   * @throws BprocError BE_NODEDOWN where one ends before that.
   */
  async start(count: number): Promise<void> {
    this.#wanted = count;
    if (count === 0) return;
    const up = new Promise<void>((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
    for (let node = 0; node < count; node += 1) this.#launch(node, 0);
    await up;
  }

  #launch(node: number, failures: number): void {
    const { program, master, domain, stateDir, keepMs, cacheBytes, verbose } = this.#options;
    const place = ['--node', String(node), '--state', join(stateDir, `node.${node}`), '--domain', domain];
    const keep = ['--keep-ms', Number.isFinite(keepMs) ? String(keepMs) : 'keep'];
    const cache = cacheBytes === undefined ? [] : ['--cache-bytes', String(cacheBytes)];
    const args = [program, ...place, ...keep, ...cache, '--lifeline', ...(verbose ? ['-v'] : []), master];
    // a session of its own, which a terminal's ^C does not reach; its lifeline is this program's end of its stdin
    const child = spawn(process.execPath, args, { detached: true, stdio: ['pipe', 'pipe', 'inherit'] });
    const startedAt = performance.now();
    this.#children.set(node, child);
    child.stdin.on('error', () => {});
    child.stdout.once('data', () => this.#isUp(node));
    child.once('error', (error) => this.#ended(node, failures, error.message));
    child.once('exit', (code, signal) => {
      const steady = performance.now() - startedAt > STEADY_MS;
      this.#ended(
        node,
        steady ? 0 : failures,
        signal === null ? `exited with code ${code}` : `was killed by ${signal}`,
      );
    });
  }

  #isUp(node: number): void {
    this.#up.add(node);
    if (this.#up.size < this.#wanted) return;
    this.#settle?.resolve();
    this.#settle = undefined;
  }

  #ended(node: number, failures: number, how: string): void {
    if (!this.#children.delete(node) || this.#stopping) return;
    if (!this.#up.has(node) && this.#settle !== undefined) {
      this.#settle.reject(new BprocError('BE_NODEDOWN', `the slave of node ${node} ${how} before it was up`, { node }));
      this.#settle = undefined;
      return;
    }
    const pauseMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** failures);
    this.#options.log(`the slave of node ${node} ${how}; starting it again in ${pauseMs} ms`);
    this.#pauses.set(
      node,
      setTimeout(() => this.#launch(node, failures + 1), pauseMs),
    );
  }

  /** Ends all slaves and what they run. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping = true;
    for (const pause of this.#pauses.values()) clearTimeout(pause);
    await Promise.all([...this.#children.values()].map(endChild));
  }
}

async function endChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const late = setTimeout(() => child.kill('SIGKILL'), END_MS);
  const gone = once(child, 'exit');
  // the lifeline says it even before the slave takes signals
  child.stdin?.end(LAST_WORD);
  await gone;
  clearTimeout(late);
}
