/** A cluster of separate processes: one master, slaves, one client, over unix sockets. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agent } from './processes.mjs';

/** Agents that are started at once: each needs a tenth of a second of CPU to begin with. */
const AT_ONCE = 8;

/** Runs the daemons of one benchmark. */
export class Daemons {
  #directory;
  /** @type {Agent} */
  master;
  /** @type {Agent[]} */
  slaves = [];
  /** @type {Agent} */
  client;

  constructor(directory, master) {
    this.#directory = directory;
    this.master = master;
  }

  /** Where the master listens. */
  get address() {
    return `unix:${join(this.#directory, 'master')}`;
  }

  /**
   * Starts a master, so many slaves and a client, and waits until all nodes are up.
   *
   * @param {number} slaves
   * @param {NodeJS.ProcessEnv} [env]
   */
  static async start(slaves, env = process.env) {
    const directory = await mkdtemp(join(tmpdir(), 'bproc-bench-'));
    const master = new Agent('master', [`unix:${join(directory, 'master')}`], { env });
    const daemons = new Daemons(directory, master);
    try {
      await master.ready();
      for (let first = 0; first < slaves; first += AT_ONCE) {
        const some = Array.from({ length: Math.min(AT_ONCE, slaves - first) }, (_, at) => {
          return new Agent('slave', [daemons.address, String(first + at)], { env });
        });
        daemons.slaves.push(...some);
        await Promise.all(some.map((slave) => slave.call('attached')));
      }
      daemons.client = await new Agent('client', [daemons.address], { env }).ready();
    } catch (error) {
      await daemons.stop();
      throw error;
    }
    return daemons;
  }

  /** CPU in microseconds and resident bytes of each role, all slaves together. */
  async usage() {
    const [master, client, ...slaves] = await Promise.all(
      [this.master, this.client, ...this.slaves].map((agent) => agent.call('usage')),
    );
    const slave = slaves.reduce((sum, each) => ({ cpu: sum.cpu + each.cpu, rss: sum.rss + each.rss }), {
      cpu: 0,
      rss: 0,
    });
    return { master, slave, client };
  }

  async stop() {
    await this.client?.stop();
    await Promise.all(this.slaves.map((slave) => slave.stop()));
    await this.master.stop();
    await rm(this.#directory, { recursive: true, force: true });
  }
}
