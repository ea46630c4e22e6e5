/** A program that is a client of its slave's gateway moves itself: PROTOCOL.md 12. */
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Client, type Cluster, startCluster } from '../../../src/index.ts';

let cluster: Cluster;
let client: Client;

beforeAll(async () => {
  cluster = await startCluster({ nodes: 2 });
  client = cluster.client;
});

afterAll(() => cluster[Symbol.asyncDispose]());

const LIBRARY = new URL('../../../dist/index.js', import.meta.url).href;

test('a Node program moves itself, and its call resolves where it goes on', async () => {
  const program = `
    import { connect } from '${LIBRARY}';
    const bp = await connect();
    await bp.move(process.pid, 1);
    const own = (await bp.procList()).find(({ pid }) => pid === process.pid);
    console.log('on', own.node);
    process.exit(0);
  `;
  const mover = await client.rexec(0, process.execPath, ['--input-type=module', '-e', program]);
  expect(await text(mover.stdout)).toBe('on 1\n');
  expect(await mover.wait()).toEqual({ kind: 'exited', code: 0 });
  expect(mover.node).toBe(1);
});
