/** Processes whose memory follows them: PROTOCOL.md 12.14. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { release } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Criu, findCriu } from '../../../src/bproc/migrate/index.ts';
import { connect, type MoveProgress, type RemoteProcess } from '../../../src/index.ts';
import { createHolderSpawner, findHolder, mayUse } from '../../../src/linux/index.ts';
import { laterMemorySuite } from '../../bproc/migrate/suite.ts';
import { until } from '../../linux/recorder.ts';
import { isAlive, Machines } from '../../support/daemons.ts';
import { MovingCluster } from '../../support/moving-cluster.ts';
import { following } from './answering.ts';

const PYTHON = '/usr/bin/python3';
const LIMIT = '/proc/sys/fs/pipe-max-size';
const ENOUGH = 4 * 1024 * 1024;
/** Says what is in its memory, at first and for each line; and where it was told that it is. */
const PROGRAM = `
import hashlib, os, sys
memory = [os.urandom(1 << 20) for each in range(int(sys.argv[2]))]
def say():
    digest = hashlib.sha256()
    for each in memory: digest.update(each)
    node = [each for each in open("/proc/self/environ").read().split("\\0") if each.startswith("BPROC_NODE=")]
    print(digest.hexdigest(), node[0], flush=True)
say()
for line in sys.stdin: say()
sys.exit(7)
`;

const limit = readFileSync(LIMIT, 'utf8').trim();
const isLimited = !mayUse('SYS_RESOURCE') && Number(limit) < ENOUGH;

/** Raises the machine's limit where that is needed and permitted. */
function raiseLimit(): boolean {
  try {
    if (isLimited) writeFileSync(LIMIT, String(ENOUGH));
    return true;
  } catch {
    return false;
  }
}

const isRoot = process.geteuid?.() === 0;
const canRun = isRoot && raiseLimit();

describe.runIf(canRun)(`memory that follows${canRun ? '' : `, left out: ${LIMIT} is ${limit}`}`, () => {
  let cluster: MovingCluster;
  let word: string;

  beforeEach(async () => {
    cluster = await MovingCluster.create();
    word = `word-${Math.random().toString(36).slice(2)}`;
  });

  afterEach(() => cluster[Symbol.asyncDispose]());

  async function started(megabytes: number) {
    const p = await cluster.bp.rexec(0, PYTHON, ['-c', PROGRAM, word, String(megabytes)]);
    const said = { text: '' };
    for (const stream of [p.stdout, p.stderr]) {
      stream.on('data', (bytes: Buffer) => {
        said.text += bytes.toString();
      });
    }
    await until(() => said.text.includes('\n'), 'it to have its memory');
    return { p, said };
  }

  const goOn = (p: RemoteProcess, node = 1): Promise<void> => cluster.bp.move(p.pid, node, { mode: 'post-copy' });

  /** It has in its memory what it had, and ends as ever. */
  async function endsWhole(p: RemoteProcess, said: { readonly text: string }, lines: number): Promise<void> {
    p.stdin.end('\n');
    expect(await p.wait()).toEqual({ kind: 'exited', code: 7 });
    const digests = said.text
      .trim()
      .split('\n')
      .map((line) => line.split(' ')[0]);
    expect(digests).toHaveLength(lines);
    expect(new Set(digests).size).toBe(1);
    expect(said.text.trim().endsWith(` BPROC_NODE=${p.node}`)).toBe(true);
  }

  /** The runs of this cluster's CRIU with such an argument. */
  function criuRuns(wanted: string): number[] {
    const mark = `GATES=${cluster.machines.directory}/gates`;
    return programs(wanted).filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0').includes(mark);
      } catch {
        return false;
      }
    });
  }

  /** The programs of this machine with such a word among their arguments. */
  function programs(wanted: string): number[] {
    return readdirSync('/proc')
      .filter((pid) => /^\d+$/.test(pid) && isAlive(Number(pid)))
      .filter((pid) => {
        try {
          return readFileSync(`/proc/${pid}/cmdline`, 'latin1').split('\0').includes(wanted);
        } catch {
          return false;
        }
      })
      .map(Number);
  }

  /** It runs on node 1, and nothing of its memory comes any more. */
  async function withoutMemory() {
    const { gates } = cluster;
    const { p, said } = await started(64);
    await gates.stopAt('settled');
    const call = goOn(p);
    await gates.reached('settled');
    const givers = criuRuns('dump').filter((pid) => criuRuns('--lazy-pages').includes(pid));
    expect(givers).not.toEqual([]);
    for (const pid of givers) process.kill(pid, 'SIGSTOP');
    await gates.pass('settled');
    await call;
    expect(p.node).toBe(1);
    p.stdin.write('\n');
    return { p, said, givers };
  }

  test('is all there, there and back', async () => {
    const { p, said } = await started(64);
    await goOn(p);
    expect(p.node).toBe(1);
    p.stdin.write('\n');
    await until(() => said.text.trim().split('\n').length === 2, 'its memory');
    await until(() => criuRuns('--lazy-pages').length === 0 && criuRuns('lazy-pages').length === 0, 'all to be over');
    await goOn(p, 0);
    await endsWhole(p, said, 3);
  });

  test.runIf(isLimited)('is refused while it runs where it cannot be kept for later', async () => {
    writeFileSync(LIMIT, limit);
    try {
      const { p, said } = await started(1);
      await expect(goOn(p)).rejects.toMatchObject({
        code: 'ENOTSUP',
        message: expect.stringMatching(/the capability SYS_RESOURCE .* sysctl fs\.pipe-max-size=4194304$/),
      });
      await endsWhole(p, said, 2);
    } finally {
      raiseLimit();
    }
  });

  test('does not follow where an address goes along', async () => {
    const { p, said } = await started(1);
    await expect(cluster.bp.move(p.pid, 1, { mode: 'post-copy', address: '10.0.0.7' })).rejects.toMatchObject({
      code: 'ENOTSUP',
      message: expect.stringMatching(/cannot take 10\.0\.0\.7 along where its memory follows/),
    });
    await endsWhole(p, said, 2);
  });

  test('keeps the process where it is until all of it is there', async () => {
    const { p, givers } = await withoutMemory();
    await expect(cluster.bp.move(p.pid, 0)).rejects.toMatchObject({
      code: 'EBUSY',
      message: expect.stringMatching(/the memory of process \d+ is still on its way here/),
    });
    for (const pid of givers) process.kill(pid, 'SIGCONT');
    await until(async () => {
      const [result] = await Promise.allSettled([cluster.bp.move(p.pid, 0)]);
      return result?.status === 'fulfilled';
    }, 'it to move on');
    p.stdin.end();
    expect(await p.wait()).toEqual({ kind: 'exited', code: 7 });
  });

  test.each([
    ['a limit of time, wherever it is', false, 'ETIMEDOUT'],
    ['a signal when it is there and does not run', true, 'ECANCELED'],
  ] as const)('stays with the process where the move is called off by %s', async (_, isThere, code) => {
    const { gates } = cluster;
    const { p, said } = await started(16);
    await gates.stopAt('restored');
    const abort = new AbortController();
    const bounds = isThere ? { signal: abort.signal } : { timeoutMs: 1 };
    const call = Promise.allSettled([cluster.bp.move(p.pid, 1, { mode: 'post-copy', ...bounds })]);
    if (isThere) await gates.reached('restored');
    abort.abort();
    const message = expect.stringContaining(`process ${p.pid} runs on where it was`);
    expect(await call).toMatchObject([{ status: 'rejected', reason: { code, message } }]);
    await gates.pass('restored');
    expect(p.node).toBe(0);
    await endsWhole(p, said, 2);
    await until(() => programs(word).length === 0, 'its copy to be gone');
  });

  test('follows where the move is called off too late', async () => {
    const { gates } = cluster;
    const { p, said } = await started(16);
    await gates.stopAt('settled');
    const abort = new AbortController();
    const call = cluster.bp.move(p.pid, 1, { mode: 'post-copy', signal: abort.signal });
    await gates.reached('settled');
    abort.abort();
    await gates.pass('settled');
    await call;
    expect(p.node).toBe(1);
    await endsWhole(p, said, 2);
  });

  test('is not bounded by a rate, which what goes before it is, and its move is watched as any', async () => {
    const { p, said } = await started(64);
    const told: MoveProgress[] = [];
    const onProgress = (progress: MoveProgress): void => void told.push(progress);
    await cluster.bp.move(p.pid, 1, { mode: 'post-copy', bytesPerSecond: 4 * 1024 * 1024, onProgress });
    expect([...new Set(told.map(({ phase }) => phase))]).toEqual(['capturing', 'sending', 'making']);
    const last = told.at(-1);
    expect(last?.bytes).toBe(last?.totalBytes);
    expect(last?.bytes).toBeLessThan(32 * 1024 * 1024);
    await endsWhole(p, said, 2);
  });

  test('follows what has an image as its root', async () => {
    await using machines = await Machines.create();
    await machines.master();
    for (const node of [0, 1]) {
      const root = join(machines.directory, `root${node}`);
      mkdirSync(root, { mode: 0o755 });
      await machines.slave(node, { spawner: 'holder', root });
    }
    await using bp = await connect({ master: machines.address });
    for (const node of [0, 1]) await until(async () => (await bp.nodeStatus(node)) === 'up', `node ${node}`);
    const p = await bp.execmove(0, PYTHON, ['-c', PROGRAM, word, '64'], { cwd: '/' });
    const said = following(p);
    await until(() => said.text.includes('\n'), 'it to have its memory');
    await bp.move(p.pid, 1, { mode: 'post-copy' });
    expect(p.node).toBe(1);
    await endsWhole(p, said, 2);
  });

  test('stays with the process where it cannot be made', async () => {
    const { gates } = cluster;
    const { p, said } = await started(64);
    await gates.stopAt('restored');
    const call = Promise.allSettled([goOn(p)]);
    await gates.reached('restored');
    await cluster.kill('target');
    await gates.pass('restored');
    expect(await call).toMatchObject([{ status: 'rejected' }]);
    expect(p.node).toBe(0);
    await endsWhole(p, said, 2);
    await until(() => programs(word).length === 0, 'its copy to be gone');
  });

  test('is missed where its node fails: the process is lost', async () => {
    const { p, said } = await withoutMemory();
    await cluster.kill('source');
    expect(await p.wait()).toMatchObject({ kind: 'lost' });
    await until(() => programs(word).length === 0, 'it to be gone');
    // it has seen nothing else in its memory
    expect(said.text.trim().split('\n')).toHaveLength(1);
  });

  test('is missed where the daemon fails by which it comes: the process is ended', async () => {
    const { p, said } = await withoutMemory();
    await cluster.kill('target');
    await until(() => programs(word).length === 0, 'it to be gone');
    await cluster.restart('target');
    expect(await p.wait()).toMatchObject({ kind: 'signaled', signal: 'SIGKILL' });
    expect(said.text.trim().split('\n')).toHaveLength(1);
  });
});

describe.runIf(canRun)('of an engine', () => {
  laterMemorySuite('CRIU', {
    node: () => createHolderSpawner({ pidNamespace: 'root' }),
    engine: async (spawner) => {
      const found = await findCriu(process.env['BPROC_CRIU'] ?? 'criu', release());
      return new Criu({ ...found, spawner, hook: findHolder() });
    },
  });
});

afterAll(() => {
  if (isLimited) writeFileSync(LIMIT, limit);
});
