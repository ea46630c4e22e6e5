/** `bpmove` as a real program, PROTOCOL.md 12.1. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Client, connect } from '../../../src/index.ts';
import { TestCluster } from '../../cli/commands.ts';

let cluster: TestCluster;
let client: Client;

beforeAll(async () => {
  cluster = await TestCluster.start(2);
  client = await connect({ master: cluster.env['BPROC_MASTER'] ?? '' });
});

afterAll(async () => {
  await client[Symbol.asyncDispose]();
  await cluster[Symbol.asyncDispose]();
});

test('moves what can be moved, and says why the rest stays', async () => {
  const p = await client.rexec(0, 'cat');
  const { code, stderr } = await cluster.run('bpmove', ['1', String(p.pid), '999999']);
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: 'bpmove: process 999999 stays where it is: there is no process 999999 that was started\n',
  });
  expect(p.node).toBe(1);
  p.stdin.end();
  expect(await p.wait()).toEqual({ kind: 'exited', code: 0 });
});

test.each([
  [[], /give a node/],
  [['1'], /give a node/],
  [['x', '5'], /"x" is no number/],
  [['--address', '10.0.0.7', '1', '5', '6'], /--address takes an IPv4 address, which goes along with one process/],
  [['--address', '10.0.0.7/32', '1', '5'], /--address takes an IPv4 address/],
  [['--address', '10.0.0.7', '--close-connections', '1', '5'], /closes no connections/],
  [['--timeout', 'y', '1', '5'], /"y" is no number of seconds/],
])('%j is refused with the usage', async (args, message) => {
  const { code, stderr } = await cluster.run('bpmove', args);
  expect(code).toBe(1);
  expect(stderr).toMatch(message);
  expect(stderr).toMatch(/^usage: bpmove/m);
});
