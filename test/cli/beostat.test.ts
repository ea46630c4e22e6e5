import { afterAll, beforeAll, expect, test } from 'vitest';
import { bytes } from '../../src/cli/load-text.ts';
import { TestCluster } from './commands.ts';

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await TestCluster.start(2);
});
afterAll(() => cluster[Symbol.asyncDispose]());

const beostat = (...args: string[]) => cluster.run('beostat', args);

test('beostat says how busy nodes are', async () => {
  const { code, stdout, stderr } = await beostat('--fresh', '0-1');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/^node 0: \d+\.\d s ago\n {2}load {5}\d+\.\d\d \d+\.\d\d \d+\.\d\d\n {2}cpu {6}/);
  expect(stdout).toMatch(/\n {2}memory {3}[\d.]+ [GM]iB of [\d.]+ [GM]iB available\n/);
  expect(stdout).toContain('\n\nnode 1: ');
});

test('beostat says it to programs', async () => {
  const { stdout } = await beostat('-j', '-f', '1');
  const record = JSON.parse(stdout);
  expect(record).toMatchObject({ node: 1, stale: false });
  expect(record.memory.total).toBeGreaterThan(record.memory.available);
});

test('beostat fails where a node does not exist', async () => {
  expect(await beostat('9')).toEqual({
    code: 1,
    stdout: '',
    stderr: 'beostat: node 9 does not exist; the nodes are 0-1\n',
  });
});

test('sizes are short', () => {
  expect([0, 1023, 1024, 1536 * 1024, 200 * 1024 ** 3].map(bytes)).toEqual([
    '0 B',
    '1023 B',
    '1.0 KiB',
    '1.5 MiB',
    '200 GiB',
  ]);
});
