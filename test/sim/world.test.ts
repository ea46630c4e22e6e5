import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { startVirtualCluster } from '../../src/testing/index.ts';

test('programs run on virtual nodes, with streams and ends', async () => {
  await using world = await startVirtualCluster({ nodes: 3 });
  const bp = world.client;
  const p = await world.run(bp.rexec(2, 'echo', ['hello', 'world']));
  expect(p.node).toBe(2);
  expect(await world.run(text(p.stdout))).toBe('hello world\n');
  expect(await world.run(p.wait())).toEqual({ kind: 'exited', code: 0 });
  const cat = await world.run(bp.rexec(0, 'cat'));
  cat.stdin.end('some input');
  expect(await world.run(text(cat.stdout))).toBe('some input');
  expect(await world.run(cat.wait())).toEqual({ kind: 'exited', code: 0 });
});

test('a thousand nodes start a vector', async () => {
  await using world = await startVirtualCluster({ nodes: 1000 });
  const vector = await world.run(world.client.rexec('up', 'echo', ['here']));
  expect(vector.errors).toEqual([]);
  const outs = await world.run(Promise.all(vector.processes.map((each) => text(each.stdout))));
  expect(outs).toHaveLength(1000);
  expect(new Set(outs)).toEqual(new Set(['here\n']));
  const ends = await world.run(vector.wait());
  expect(ends.every((end) => 'kind' in end && end.kind === 'exited')).toBe(true);
});
