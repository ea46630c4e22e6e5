/** Moves that are bounded and watched: PROTOCOL.md 12.12. Slaves are processes of their own. */
import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  BprocError,
  type Client,
  connect,
  type ForkProgress,
  type MoveProgress,
  type RemoteProcess,
} from '../../../src/index.ts';
import { until } from '../../linux/recorder.ts';
import { CriuGates, type MoveStep } from '../../support/criu-gates.ts';
import { type Daemon, Machines } from '../../support/daemons.ts';

const MIB = 1024 * 1024;
const MEMORY = '/dev/shm';

let machines: Machines;
let gates: CriuGates;
let bp: Client;
let slaves: Daemon[];

beforeEach(async () => {
  machines = await Machines.create();
  gates = await CriuGates.create(machines.directory);
  await machines.master();
  slaves = [await startSlave(0), await startSlave(1)];
  bp = await connect({ master: machines.address });
  for (const node of [0, 1]) await until(async () => (await bp.nodeStatus(node)) === 'up', `node ${node}`);
});

afterEach(async () => {
  await bp[Symbol.asyncDispose]();
  await machines[Symbol.asyncDispose]();
});

function startSlave(node: number): Promise<Daemon> {
  return machines.slave(node, { spawner: 'holder', criu: gates.executable });
}

interface Held {
  readonly process: RemoteProcess;
  readonly seen: { text: string };
  /** What it says of its memory, whatever is said to it. */
  readonly sum: string;
}

/** A process on node 0 with so many MiB in memory that nothing else has, whose hash it tells. */
async function holding(mebibytes: number): Promise<Held> {
  const bytes = randomBytes((mebibytes * MIB) / 2).toString('hex');
  const file = join(machines.directory, 'memory');
  await writeFile(file, bytes);
  const sum = createHash('sha256').update(bytes).digest('hex');
  const script = `x=$(cat ${file}); echo ready; while read y; do printf %s "$x" | sha256sum; done; exit 7`;
  const process = await bp.rexec(0, '/bin/sh', ['-c', script]);
  const seen = { text: '' };
  process.stdout.on('data', (chunk: Buffer) => {
    seen.text += chunk.toString();
  });
  await until(() => seen.text.includes('ready\n'), 'its first line');
  return { process, seen, sum };
}

/** It runs on a node with all that it had in memory, and ends when it is told to. */
async function runsOn(node: number, { process, seen, sum }: Held): Promise<void> {
  expect(process.node).toBe(node);
  expect((await bp.procList()).find(({ pid }) => pid === process.pid)).toMatchObject({ node, state: 'running' });
  process.stdin.end('well?\n');
  expect(await process.wait()).toEqual({ kind: 'exited', code: 7 });
  expect(seen.text).toBe(`ready\n${sum}  -\n`);
}

function hasCode(error: unknown, code: string): boolean {
  return BprocError.is(error) && error.code === code;
}

/** Directories of processes that a slave moves. */
function directoriesOf(slave: Daemon | undefined): readonly string[] {
  return readdirSync(MEMORY).filter((name) => name.startsWith(`bproc-move-${slave?.process.pid}-`));
}

describe('a move that is called off', () => {
  const EARLY: readonly MoveStep[] = ['dump', 'captured', 'restore', 'restored'];

  test.each(EARLY)('by its signal at %s lets the process run on, which can be moved again', async (step) => {
    const held = await holding(1);
    await gates.stopAt(step);
    const abort = new AbortController();
    const call = Promise.allSettled([bp.move(held.process.pid, 1, { signal: abort.signal })]);
    await gates.reached(step);
    abort.abort();
    // the master has been asked by then
    await bp.nodeStatus(0);
    await gates.pass(step);
    expect(await call).toMatchObject([
      {
        status: 'rejected',
        reason: { code: 'ECANCELED', message: expect.stringContaining('runs on where it was') },
      },
    ]);
    expect(held.process.node).toBe(0);
    // the other node may still be busy with what is not wanted any more
    await until(async () => {
      const [again] = await Promise.allSettled([bp.move(held.process.pid, 1)]);
      if (again?.status === 'rejected' && !hasCode(again.reason, 'EEXIST')) throw again.reason;
      return again?.status === 'fulfilled';
    }, 'it to be taken');
    await runsOn(1, held);
  });

  test('by its time lets the process run on', async () => {
    const held = await holding(1);
    await gates.stopAt('restored');
    const call = Promise.allSettled([bp.move(held.process.pid, 1, { timeoutMs: 500 })]);
    expect(await call).toMatchObject([{ reason: { code: 'ETIMEDOUT' } }]);
    await gates.pass('restored');
    await runsOn(0, held);
  });

  test.each(['committed', 'dumped', 'settled'] as const)('at %s is there as if it had not been', async (step) => {
    const held = await holding(1);
    await gates.stopAt(step);
    const abort = new AbortController();
    const call = bp.move(held.process.pid, 1, { signal: abort.signal });
    await gates.reached(step);
    abort.abort();
    await bp.nodeStatus(0);
    await gates.pass(step);
    await call;
    await runsOn(1, held);
  });

  test('before it has begun begins nothing', async () => {
    const held = await holding(1);
    const signal = AbortSignal.abort();
    await expect(bp.move(held.process.pid, 1, { signal })).rejects.toMatchObject({ code: 'ECANCELED' });
    await runsOn(0, held);
  });
});

describe('a move', () => {
  test('sends memory while it is captured, and has all of it on the other node', async () => {
    const held = await holding(48);
    await gates.stopAt('captured');
    const call = bp.move(held.process.pid, 1);
    await gates.reached('captured');
    // CRIU has written all, and nobody has been told that it is complete
    await until(() => {
      const [directory = ''] = directoriesOf(slaves[1]);
      const names = readdirSync(join(MEMORY, directory)).filter((name) => /^pages-/.test(name));
      return names.some((name) => statSync(join(MEMORY, directory, name)).size > 40 * MIB);
    }, 'most of its memory to be on the other node');
    await gates.pass('captured');
    await call;
    await runsOn(1, held);
  });

  test('tells how far it is, until all of it is there', async () => {
    const held = await holding(48);
    const told: MoveProgress[] = [];
    await bp.move(held.process.pid, 1, { onProgress: (progress) => told.push(progress) });
    const phases = [...new Set(told.map(({ phase }) => phase))];
    expect(phases).toEqual(['capturing', 'sending', 'making']);
    const bytes = told.map((each) => each.bytes);
    expect(bytes).toEqual([...bytes].sort((a, b) => a - b));
    const last = told.at(-1);
    expect(last?.bytes).toBe(last?.totalBytes);
    expect(last?.totalBytes).toBeGreaterThan(48 * MIB);
    await runsOn(1, held);
  });

  test('takes as long as its bound makes it', async () => {
    const held = await holding(1);
    let total = 0;
    const bytesPerSecond = MIB;
    const from = performance.now();
    await bp.move(held.process.pid, 1, {
      bytesPerSecond,
      onProgress: ({ totalBytes = 0 }) => {
        total = totalBytes;
      },
    });
    const seconds = (performance.now() - from) / 1000;
    expect(total).toBeGreaterThan(MIB);
    // what may go at once is that of a tenth of a second
    expect(seconds).toBeGreaterThanOrEqual(total / bytesPerSecond - 0.1);
    await runsOn(1, held);
  });

  test('refuses a bound at which nothing would seem to come', async () => {
    await expect(bp.move(1, 1, { bytesPerSecond: 100 })).rejects.toMatchObject({ code: 'EINVAL' });
  });

  test('is over where its slaves lose each other in the middle, and the process runs on', async () => {
    const held = await holding(8);
    let begun = (): void => {};
    const sending = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const call = Promise.allSettled([
      bp.move(held.process.pid, 1, { bytesPerSecond: MIB, onProgress: ({ bytes }) => bytes > 0 && begun() }),
    ]);
    await sending;
    await slaves[1]?.kill();
    expect(await call).toMatchObject([
      { status: 'rejected', reason: { code: expect.stringMatching(/^(?:ECONNRESET|EPIPE)$/) } },
    ]);
    await until(() => directoriesOf(slaves[0]).length === 0, 'what was captured to be gone');
    await runsOn(0, held);
  });

  test.skipIf(process.getuid?.() !== 0)(
    'is refused where the other node has no room, and the process runs on',
    async () => {
      const held = await holding(24);
      const script = `mount -t tmpfs -o size=8m tmpfs ${MEMORY} && exec "$@"`;
      const options = {
        master: machines.address,
        node: 2,
        stateDir: join(machines.directory, 'slave-2'),
        spawner: 'holder',
        criu: gates.executable,
      };
      await machines.run('slave', [JSON.stringify(options)], ['unshare', '-m', 'sh', '-c', script, 'sh']);
      await until(async () => (await bp.nodeStatus(2)) === 'up', 'node 2');
      // it is up a moment before it says where others reach it
      const reason = await until(async () => {
        const [outcome] = await Promise.allSettled([bp.move(held.process.pid, 2)]);
        return outcome?.status === 'rejected' && !hasCode(outcome.reason, 'ENOSYS') && outcome.reason;
      }, 'it to be refused');
      expect(reason).toMatchObject({ code: 'ENOSPC', message: expect.stringContaining('no space left') });
      expect(await readFile(`/proc/${machines.last.process.pid}/mountinfo`, 'utf8')).toContain(MEMORY);
      await runsOn(0, held);
    },
  );
});

describe('a copy', () => {
  test('takes as long as its bound makes it, and tells how far it is', async () => {
    const held = await holding(1);
    const told: ForkProgress[] = [];
    const bytesPerSecond = MIB;
    const from = performance.now();
    const { process: copy } = await bp.rfork(held.process.pid, 1, {
      bytesPerSecond,
      onProgress: (progress) => told.push(progress),
    });
    const seconds = (performance.now() - from) / 1000;
    const total = told.at(-1)?.totalBytes ?? 0;
    expect(total).toBeGreaterThan(MIB);
    expect(seconds).toBeGreaterThanOrEqual(total / bytesPerSecond - 0.1);
    expect([...new Set(told.map(({ phase }) => phase))]).toEqual(['capturing', 'sending']);
    expect(told.every(({ node, rank }) => node === 1 && rank === 0)).toBe(true);
    copy.stdin.end();
    expect(await copy.wait()).toEqual({ kind: 'exited', code: 7 });
    await runsOn(0, held);
  });

  test('that is not wanted any more is not sent any further', async () => {
    const held = await holding(8);
    const abort = new AbortController();
    const onProgress = ({ bytes }: ForkProgress): void => {
      if (bytes > 0) abort.abort();
    };
    // all of it would take two minutes
    const options = { bytesPerSecond: 64 * 1024, onProgress, signal: abort.signal };
    await expect(bp.rfork(held.process.pid, 1, options)).rejects.toMatchObject({ code: 'ECANCELED' });
    for (const slave of slaves) {
      await until(() => directoriesOf(slave).length === 0, 'what was captured to be gone');
    }
    await runsOn(0, held);
  });
});
