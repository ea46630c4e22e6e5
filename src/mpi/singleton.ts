/** A program of MPICH's that nobody has launched: it is a world of one rank, and may want more of it later. */
import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import type { Client } from '../bproc/index.ts';
import { NODE_MASTER } from '../bproc/index.ts';
import { BprocError } from '../errors.ts';
import type { JobLayout } from './job.ts';
import { OpenJob } from './job-calls.ts';
import { startSpawned } from './launch.ts';
import { formatLine, LineReader, parseLine } from './pmi1/line.ts';
import { PMI1 } from './pmi1/protocol.ts';
import { type Pmi1Home, Pmi1Node, Pmi1Rank } from './pmi1/server.ts';
import type { MpiRun } from './run.ts';

/** A job of one rank, which its program is already. Disposing of it ends what it has spawned. */
export class Singleton implements AsyncDisposable {
  readonly #layout: JobLayout;
  readonly #job: OpenJob;
  readonly #client: Client;
  readonly #spawned: MpiRun[] = [];

  readonly #onSpawn: (run: MpiRun) => void;

  private constructor(client: Client, layout: JobLayout, job: OpenJob, onSpawn: (run: MpiRun) => void) {
    this.#onSpawn = onSpawn;
    this.#client = client;
    this.#layout = layout;
    this.#job = job;
  }

  /**
   * Opens its job.
   *
   * @param onSpawn gets each job that the program has spawned, whose output is merged.
   */
  static async open(client: Client, onSpawn: (run: MpiRun) => void): Promise<Singleton> {
    const id = randomBytes(16).toString('hex');
    const nodes = [{ node: NODE_MASTER, host: 'master', ranks: [0] }];
    const universe = await processorsOf(client);
    const layout = {
      id,
      size: 1,
      universe,
      nodes,
      apps: [{ first: 0, size: 1 }],
      parent: undefined,
      presets: new Map(),
    };
    const uid = process.geteuid?.() ?? 0;
    return new Singleton(client, layout, await OpenJob.open(client, { layout, uid, protocols: [PMI1] }), onSpawn);
  }

  /** Serves the program at the other end, until it closes the connection. */
  async serve(socket: Socket): Promise<void> {
    socket.write(formatLine({ cmd: 'singinit', pmi_version: 1, pmi_subversion: 1, stdio: 'no', authtype: 'none' }));
    const node = new Pmi1Node(this.#home());
    const rank = new Pmi1Rank(node, 0, (text) => void socket.write(text, 'latin1'));
    const reader = new LineReader();
    let isKnown = false;
    try {
      for await (const bytes of socket) {
        if (isKnown) {
          rank.hear(bytes);
          continue;
        }
        for (const line of reader.push(bytes)) {
          if (isKnown) rank.hear(`${line}\n`);
          else if (parseLine(line).get('cmd') !== 'singinit') throw new BprocError('EPROTO', 'no MPI program is there');
          else
            socket.write(
              formatLine({ cmd: 'singinit_info', rc: 0, versionok: 'yes', stdio: 'no', kvsname: node.kvsname }),
            );
          isKnown = true;
        }
      }
    } catch (error) {
      const { code } = BprocError.from(error);
      // how it ends is its own affair
      if (code !== 'ECONNRESET' && code !== 'EPIPE') throw error;
    }
    for (const run of this.#spawned) await run.wait();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const run of this.#spawned) await run[Symbol.asyncDispose]();
    await this.#job.close(() => {});
  }

  #home(): Pmi1Home {
    const job = this.#layout.id;
    return {
      job: this.#layout,
      node: NODE_MASTER,
      fence: async (_name, _members, data) => [data],
      publish: async ({ scope, name, value }) =>
        (await this.#job.call({ publish: { job, wide: scope === 'user', name, value } })).found,
      lookup: async (scope, name) => {
        const { found, value } = await this.#job.call({ lookup: { job, wide: scope === 'user', name } });
        return found ? value : undefined;
      },
      unpublish: async (scope, name) =>
        (await this.#job.call({ unpublish: { job, wide: scope === 'user', name } })).found,
      // it ends itself; what it has spawned goes with it
      abort: () => void this[Symbol.asyncDispose](),
      spawn: async ({ rank, apps, presets }) => {
        const wish = apps.map(({ argv, np, env = [], cwd = '', hosts = [] }) => {
          return { argv: [...argv], np, env: [...env], cwd, hosts: [...hosts] };
        });
        const options = { stdio: 'merged' } as const;
        const parent = { job, rank, apps: wish, presets: [...presets].map(([key, value]) => ({ key, value })) };
        const run = await startSpawned(this.#client, options, parent, [NODE_MASTER]);
        this.#spawned.push(run);
        this.#onSpawn(run);
        return run.job;
      },
    };
  }
}

async function processorsOf(client: Client): Promise<number> {
  const infos = await client.nodeList('');
  return Math.max(
    1,
    infos.reduce((sum, { attributes }) => sum + Number(attributes['cpus'] ?? 0), 0),
  );
}
