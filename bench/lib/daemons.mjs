/** A cluster of separate processes: one master, slaves, one client, over unix sockets or TLS. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agent } from './processes.mjs';

/** Agents that are started at once: each needs a tenth of a second of CPU to begin with. */
const AT_ONCE = 8;

/** Runs the daemons of one benchmark. */
export class Daemons {
  #directory;
  #isSecure;
  #env;
  #hasPeers;
  /** Where the master listens. */
  address;
  /** @type {Agent} */
  master;
  /** @type {Agent[]} */
  slaves = [];
  /** @type {Agent} */
  client;

  constructor(directory, master, { isSecure, env, hasPeers }) {
    this.#directory = directory;
    this.#isSecure = isSecure;
    this.#env = env;
    this.#hasPeers = hasPeers;
    this.master = master;
  }

  /**
   * Starts a master, so many slaves and a client, and waits until all nodes are up.
   *
   * @param {number} slaves
   * @param {{ readonly isSecure?: boolean, readonly env?: NodeJS.ProcessEnv, readonly hasPeers?: boolean }} [options]
   *   `isSecure`: over TLS on loopback; `hasPeers`: slaves have images from each other
   */
  static async start(slaves, { isSecure = false, env = process.env, hasPeers = true } = {}) {
    const directory = await mkdtemp(join(tmpdir(), 'bproc-bench-'));
    const listen = isSecure ? ['tls://127.0.0.1:0', directory] : [`unix:${join(directory, 'master')}`];
    const master = new Agent('master', listen, { env });
    const daemons = new Daemons(directory, master, { isSecure, env, hasPeers });
    try {
      await master.ready();
      daemons.address = await master.call('address');
      for (let first = 0; first < slaves; first += AT_ONCE) {
        const some = Array.from({ length: Math.min(AT_ONCE, slaves - first) }, (_, at) => daemons.addSlave(first + at));
        await Promise.all(some);
      }
      const login = isSecure ? [...(await daemons.#token({ role: 'client' })), join(directory, 'client.pem')] : [];
      daemons.client = await new Agent('client', [daemons.address, ...login], { env }).ready();
    } catch (error) {
      await daemons.stop();
      throw error;
    }
    return daemons;
  }

  /**
   * Starts one slave more, and waits until its node is up.
   *
   * @param {number} node
   * @returns {Promise<Agent>}
   */
  async addSlave(node) {
    const [token = ''] = await this.#token({ node });
    const args = [this.address, String(node), token, this.#hasPeers ? 'peers' : 'no-peers'];
    const slave = new Agent('slave', args, { env: this.#env });
    this.slaves.push(slave);
    await slave.call('attached');
    return slave;
  }

  async #token(options) {
    return this.#isSecure ? [await this.master.call('token', options)] : [];
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
