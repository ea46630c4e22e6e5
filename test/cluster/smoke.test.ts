import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { startCluster } from '../../src/index.ts';

test('a cluster inside a program runs real programs', async () => {
  await using cluster = await startCluster({ nodes: 4 });
  const bp = cluster.client;
  const p = await bp.rexec(2, 'sh', ['-c', 'echo hello from $BPROC_NODE; cat; exit 3']);
  p.stdin.end('and input\n');
  expect(await text(p.stdout)).toBe('hello from 2\nand input\n');
  expect(await p.wait()).toEqual({ kind: 'exited', code: 3 });
  const vector = await bp.rexec('0-3', 'sh', ['-c', 'echo $BPROC_NODE $BPROC_RANK']);
  const outs = await Promise.all(vector.processes.map((each) => text(each.stdout)));
  expect(outs).toEqual(['0 0000000\n', '1 0000001\n', '2 0000002\n', '3 0000003\n']);
  const s = await bp.rexec(1, 'sleep', ['100']);
  console.log(await bp.procList());
  await s.kill('SIGTERM');
  expect(await s.wait()).toEqual({ kind: 'signaled', signal: 'SIGTERM', core: false });
});
