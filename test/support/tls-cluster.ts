/** A master that listens for TLS in this process, and what it takes to reach it. */
import { join } from 'node:path';
import type { Client, Master, MasterOptions, Slave, SlaveOptions } from '../../src/index.ts';
import { connect, startMaster, startSlave } from '../../src/index.ts';
import { PaperSpawner } from './paper-spawner.ts';
import { scratchTree } from './scratch.ts';

/** A master with a CA, its directory, and its own user's client. Disposing it ends all that was started by it. */
export class TlsCluster implements AsyncDisposable {
  readonly directory: string;
  readonly master: Master;
  /** Of the master's own machine. */
  readonly client: Client;
  readonly #parts: AsyncDisposable[] = [];
  readonly #scratch: Disposable;
  #slaves = 0;

  private constructor(scratch: Disposable & { readonly path: string }, master: Master, client: Client) {
    this.directory = scratch.path;
    this.master = master;
    this.client = client;
    this.#scratch = scratch;
  }

  static async start(options: MasterOptions = {}): Promise<TlsCluster> {
    const scratch = scratchTree({});
    const stateDir = join(scratch.path, 'master');
    const master = await startMaster({ stateDir, listen: 'tls://127.0.0.1:0', ...options });
    const client = await connect({ master: () => master.connect(), domain: options.domain ?? '' });
    return new TlsCluster(scratch, master, client);
  }

  /** Where it listens. */
  get address(): string {
    return this.master.addresses.find((address) => address.startsWith('tls:')) ?? '';
  }

  get port(): number {
    return Number(this.address.split(':').at(-1));
  }

  async token(node?: number): Promise<string> {
    return (await this.client.createToken(node === undefined ? {} : { node })).text;
  }

  /** A slave that starts nothing, with a directory of its own unless it is given one. */
  async slave(options: Partial<SlaveOptions> = {}): Promise<Slave> {
    this.#slaves += 1;
    const stateDir = join(this.directory, `slave-${this.#slaves}`);
    const spawner = new PaperSpawner();
    const slave = await startSlave({ master: this.address, stateDir, spawner, environment: NO_GATEWAY, ...options });
    this.#parts.push(slave);
    return slave;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const part of this.#parts.reverse()) await part[Symbol.asyncDispose]();
    await this.client[Symbol.asyncDispose]();
    await this.master[Symbol.asyncDispose]();
    this.#scratch[Symbol.dispose]();
  }
}

const NO_GATEWAY = { BPROC_MASTER: 'none' };

/** Resolves with the reason of the slave's next failure to reach its master or to stay there. */
export function nextTrouble(slave: Slave): Promise<Error> {
  return new Promise((resolve) => {
    slave.on('unreachable', resolve);
    slave.on('detached', resolve);
  });
}
