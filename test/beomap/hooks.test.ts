import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Hooks, JobMap, loadHooks, map, runJob, watchNodes } from '../../src/beomap/index.ts';
import { type Cluster, startCluster } from '../../src/index.ts';

const examples = resolve(import.meta.dirname, '../../examples/hooks');
/** So that maps go by processors alone, whatever this machine does. */
const figureless = { name: 'beostat', serve: () => ({}) };
const wishes = { np: 3, noLocal: true, env: {} } as const;
let cluster: Cluster;
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'bproc-hooks-'));
  const attributes = { cpus: '2' };
  cluster = await startCluster({
    nodes: [{ attributes }, { attributes }, { attributes }],
    master: { services: [figureless] },
  });
});
afterAll(async () => {
  await cluster[Symbol.asyncDispose]();
  await rm(directory, { recursive: true });
});

/** What a map comes to with hooks, and what is told of these. */
async function mapped(hooks: Hooks, timeoutMs = 20_000): Promise<{ map: string; told: readonly string[] }> {
  const told: string[] = [];
  const set = await loadHooks([hooks], {
    timeoutMs,
    onTrouble: (error) => void told.push(`${error.code} ${error.message}`),
  });
  return { map: String(await map(cluster.client, { ...wishes, hooks: set })), told };
}

describe('hooks', () => {
  test('see what is wanted, choose, and see what came of it', async () => {
    const seen: unknown[] = [];
    const { map: text, told } = await mapped({
      name: 'site',
      beforeMap: (wanted) => ({ ...wanted, np: 4 }),
      map: ({ np, nodes, uid }) => {
        seen.push([np, nodes.map(({ node, cpus }) => [node, cpus]), uid]);
        return { slots: [2, 2, 1, 0] };
      },
      afterMap: (given) => {
        seen.push(String(given));
        return JobMap.parse('0:1:2:2');
      },
    });
    expect([text, told]).toEqual(['0:1:2:2', []]);
    expect(seen).toEqual([
      [
        4,
        [
          [0, 2],
          [1, 2],
          [2, 2],
        ],
        process.geteuid?.(),
      ],
      '2:2:1:0',
    ]);
  });

  const never = new Promise<never>(() => {});
  const wrong: readonly (readonly [string, Partial<Hooks>, RegExp])[] = [
    [
      'throws',
      {
        beforeMap: () => {
          throw new Error('oh');
        },
      },
      /^EIO hook bad\.beforeMap: oh$/,
    ],
    [
      'rejects',
      {
        map: async () => {
          throw new Error('oh');
        },
      },
      /^EIO hook bad\.map: oh$/,
    ],
    ['hangs', { map: () => never }, /^ETIMEDOUT hook bad\.map: it has not answered within 50 ms$/],
    ['hangs afterwards', { afterMap: () => never }, /^ETIMEDOUT hook bad\.afterMap/],
    ['wants what cannot be', { beforeMap: () => ({ np: -1 }) }, /^EINVAL hook bad\.beforeMap: np is -1/],
    ['wants nothing at all', { beforeMap: () => 7 as never }, /^EINVAL hook bad\.beforeMap/],
    [
      'names a node that is not there',
      { map: () => ({ slots: [0, 1, 9] }) },
      /^EINVAL hook bad\.map: policy bad names 9/,
    ],
    ['gives too few', { map: () => ({ slots: [0] }) }, /^EINVAL hook bad\.map: it gives 1 slots/],
    ['gives too many', { map: () => ({ slots: [0, 0, 0, 0] }) }, /^EINVAL hook bad\.map/],
    ['gives no placement', { map: () => 'everywhere' as never }, /^EINVAL hook bad\.map/],
    [
      'changes how many there are',
      { afterMap: () => JobMap.parse('0') },
      /^EINVAL hook bad\.afterMap: it gives 1 slots/,
    ],
    ['moves it to where nobody is', { afterMap: () => JobMap.parse('0:0:9') }, /^BE_INVALIDNODE hook bad\.afterMap/],
    ['gives no map', { afterMap: () => ({ size: 3 }) as never }, /^EINVAL hook bad\.afterMap: it gives no JobMap/],
    [
      'spoils what it is given',
      {
        map: (question) => {
          (question.nodes as unknown[]).length = 0;
          return undefined;
        },
      },
      /^$/,
    ],
  ];

  test.each(wrong)('one that %s is told of by name, and loses nothing', async (_, hooks, expected) => {
    const { map: text, told } = await mapped({ name: 'bad', ...hooks }, 50);
    expect(text).toBe('0:0:1');
    expect(told.join()).toMatch(expected);
  });

  test('are told of jobs, and cannot keep them from running', async () => {
    const seen: string[] = [];
    const good: Hooks = {
      name: 'good',
      onStart: ({ map: where, file }) => void seen.push(`start ${where} ${file}`),
      onEnd: (_, ends) => void seen.push(`end ${ends.map((end) => ('kind' in end ? end.kind : end.code))}`),
    };
    const bad: Hooks = {
      name: 'bad',
      onStart: () => {
        throw new Error('no');
      },
      onEnd: () => {
        throw new Error('no');
      },
    };
    const told: string[] = [];
    const hooks = await loadHooks([bad, good], { onTrouble: ({ message }) => void told.push(message) });
    const job = await runJob(cluster.client, 'sh', ['-c', 'exit 3'], { ...wishes, hooks });
    expect(await job.ended).toEqual([0, 0, 0].map(() => ({ kind: 'exited', code: 3 })));
    expect(seen).toEqual(['start 0:0:1 sh', 'end exited,exited,exited']);
    expect(told).toEqual(['hook bad.onStart: no', 'hook bad.onEnd: no']);
  });

  test('are told of nodes', async () => {
    const seen: string[] = [];
    const hooks = await loadHooks([
      { name: 'site', onNodeChange: ({ node, state }) => void seen.push(`${node} ${state}`) },
    ]);
    await using _ = await watchNodes(cluster.client, hooks);
    await cluster.client.setNodeStatus(2, 'error');
    await expect.poll(() => seen).toEqual(['2 error']);
    await cluster.client.setNodeStatus(2, 'up');
  });

  test('are loaded from modules, or it is said why not', async () => {
    const module = async (name: string, text: string): Promise<string> => {
      await writeFile(join(directory, name), text);
      return join(directory, name);
    };
    const good = await module('good.mjs', "export const hooks = { name: 'good', map: () => ({ slots: [2, 1, 2] }) };");
    expect(String(await map(cluster.client, { ...wishes, hooks: await loadHooks([good]) }))).toBe('2:1:2');
    for (const text of [
      'export default 7;',
      'syntax error',
      "export default { name: 'x', map: 7 };",
      'export default {};',
      "throw new Error('no')",
    ]) {
      const path = await module(`bad${text.length}.mjs`, text);
      await expect(loadHooks([path])).rejects.toMatchObject({ code: 'EINVAL' });
    }
    await expect(loadHooks([join(directory, 'nothing.mjs')])).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('the examples', () => {
  test('fair share leaves processors to users who have had less', async () => {
    const { fairShare } = await import(join(examples, 'fair-share.mjs'));
    const shares: Hooks = fairShare({ shares: { 1: 1, 2: 1 } });
    const nodes = [0, 1].map((node) => ({ node, cpus: 2, load: [0, 0], attributes: {}, state: 'up', mayPlace: true }));
    const question = { np: 4, over: true, idleBelow: 0.8, nodes };
    const slotsOf = async (uid: number) => (await shares.map?.({ ...question, uid }))?.slots.join(':');
    expect(await slotsOf(1)).toBe('0:0:1:1');
    const job = { id: 'a', uid: 1, map: JobMap.parse('0:0:1:1'), file: 'x' };
    await shares.onStart?.(job);
    await shares.onStart?.({ ...job, id: 'b', uid: 2, map: JobMap.parse('0') });
    // each has a half: two processors, which his ranks share
    expect(await slotsOf(1)).toBe('0:0:0:0');
    await shares.onEnd?.({ ...job, id: 'b', uid: 2 }, []);
    expect(await slotsOf(1)).toBe('0:0:1:1');
  });

  test('a program of another language chooses, by JSON', async () => {
    const { externalPlacer } = await import(join(examples, 'external.mjs'));
    const told: string[] = [];
    const by = async (script: string): Promise<string> => {
      const hooks: Hooks = externalPlacer({ command: 'sh', argv: ['-c', script], timeoutMs: 10_000 });
      const set = await loadHooks([hooks], { timeoutMs: 20_000, onTrouble: ({ message }) => void told.push(message) });
      return String(await map(cluster.client, { ...wishes, hooks: set }));
    };
    expect(await by(`grep -q '"np":3' && echo '{ "slots": [2, 2, 2] }'`)).toBe('2:2:2');
    expect(told).toEqual([]);
    expect(await by('cat >/dev/null; echo nonsense')).toBe('0:0:1');
    expect(await by('exit 3')).toBe('0:0:1');
    expect(told).toHaveLength(2);
    expect(told[1]).toContain('3');
  });
});
