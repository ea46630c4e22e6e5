/** Images from node to node: PROTOCOL.md 10.3 and 10.4. */
import { execFileSync } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connect, type Slave, type SlaveOptions, startCluster, startMaster, startSlave } from '../../src/index.ts';
import { scratchTree } from '../support/scratch.ts';
import { TlsCluster } from '../support/tls-cluster.ts';

const MIB = 1024 * 1024;
const scratch = scratchTree({ 'program.c': 'int main(void) { return 7; }\n' });
const at = (name: string): string => join(scratch.path, name);

beforeAll(() => {
  execFileSync('cc', ['-static', '-o', 'program', 'program.c'], { cwd: scratch.path });
});

afterAll(() => scratch[Symbol.dispose]());

/** A program that no cache has, larger than so many bytes. */
function program(mib: number, seed: number): string {
  const path = at(`program-${seed}`);
  execFileSync('cp', [at('program'), path]);
  appendFileSync(path, Buffer.alloc(mib * MIB, seed));
  return path;
}

/** Slaves in this program that know of each other what their master tells them. */
class Slaves implements AsyncDisposable {
  readonly #slaves: Slave[] = [];

  async start(options: SlaveOptions): Promise<Slave> {
    const slave = await startSlave(options);
    this.#slaves.push(slave);
    await slave.attached;
    return slave;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#slaves.map((slave) => slave[Symbol.asyncDispose]()));
  }
}

test('twelve nodes of one program get an image that the master sends to few of them, and run it together', async () => {
  await using cluster = await startCluster({ nodes: 12 });
  const vector = await cluster.client.vexecmove('0-11', program(2, 1), [], { gang: true });
  expect(await vector.wait()).toEqual(Array(12).fill({ kind: 'exited', code: 7 }));
  expect(cluster.master.imageBytesSent).toBeGreaterThan(2 * MIB);
  expect(cluster.master.imageBytesSent).toBeLessThan(3 * 3 * MIB);
});

test('nodes that reach their master by TLS fetch from each other by TLS', async () => {
  await using cluster = await TlsCluster.start();
  await using slaves = new Slaves();
  for (let node = 0; node < 6; node += 1) {
    const own = { stateDir: at(`slave-${node}`), token: await cluster.token(node), node };
    await slaves.start({ master: cluster.address, ...own });
  }
  const vector = await cluster.client.vexecmove('0-5', program(2, 2));
  expect(await vector.wait()).toEqual(Array(6).fill({ kind: 'exited', code: 7 }));
  expect(cluster.master.imageBytesSent).toBeLessThan(3 * 3 * MIB);
});

test('nodes that reach their master by a socket of this machine fetch from each other by one', async () => {
  const address = `unix:${at('master')}`;
  await using master = await startMaster({ listen: address });
  await using client = await connect({ master: address });
  await using slaves = new Slaves();
  for (let node = 0; node < 6; node += 1) await slaves.start({ master: address, node });
  const vector = await client.vexecmove('0-5', program(2, 3));
  expect(await vector.wait()).toEqual(Array(6).fill({ kind: 'exited', code: 7 }));
  expect(master.imageBytesSent).toBeLessThan(3 * 3 * MIB);
});
