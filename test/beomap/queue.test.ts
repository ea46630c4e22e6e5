/** The queue of a real cluster. */
import { mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cancelJob, holdJob, map, queuedJobs, releaseJob, submit, waitForJob } from '../../src/beomap/index.ts';
import { type Client, type Cluster, connect, startCluster, startMaster, startSlave } from '../../src/index.ts';
import { NOBODY } from '../support/other-user.ts';

/** Two slots on each of two nodes. */
const NODES = [{ attributes: { cpus: '2' } }, { attributes: { cpus: '2' } }];

let directory: string;
let cluster: Cluster;
let bp: Client;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'bproc-queue-'));
  cluster = await startCluster({ nodes: NODES, spawner: 'child_process' });
  bp = cluster.client;
});
afterAll(async () => {
  await cluster[Symbol.asyncDispose]();
  await rm(directory, { recursive: true, force: true });
});

const sh = (script: string) => ({ file: '/bin/sh', argv: ['-c', script], cwd: directory });
const stateOf = async (job: number) => (await queuedJobs(bp, { jobs: [job] }))[0]?.state;

test('a job runs on its slots, with its environment and output, and tells how it ended', async () => {
  const stdout = join(directory, 'out-%j');
  const job = await submit(bp, {
    ...sh('echo $BEOWULF_JOB_MAP $NP $BPROC_JOB $A; exit 3'),
    np: 3,
    env: { A: 'b' },
    stdout,
  });
  const [over] = await waitForJob(bp, job);
  expect(over).toMatchObject({ job, name: 'sh', state: 'ended', end: 'exited', code: 3, np: 3 });
  expect(await readFile(join(directory, `out-${job}`), 'utf8')).toBe(`${over?.map} 3 ${job} b\n`);
  expect(over?.map?.slots).toHaveLength(3);
});

test('with each there is a process for each slot, and the worst of their ends counts', async () => {
  const job = await submit(bp, { ...sh('exit $BPROC_JOB_RANK'), np: 4, each: true });
  expect(await waitForJob(bp, job)).toMatchObject([{ end: 'exited', code: 3 }]);
});

test('an array has a job for each number', async () => {
  const stdout = join(directory, 'array-%t');
  const job = await submit(bp, { ...sh('echo $BPROC_TASK'), tasks: [4, 7, 9], stdout });
  expect((await waitForJob(bp, job)).map(({ task, end, code }) => [task, end, code])).toEqual([
    [4, 'exited', 0],
    [7, 'exited', 0],
    [9, 'exited', 0],
  ]);
  expect(await readFile(join(directory, 'array-7'), 'utf8')).toBe('7\n');
});

test('who does not fit waits, is held, released and cancelled; what runs is busy to who asks for a map', async () => {
  const all = await submit(bp, { ...sh('exec sleep 600'), np: 4 });
  await expect.poll(() => stateOf(all)).toBe('running');
  const next = await submit(bp, sh('true'));
  await expect.poll(async () => (await queuedJobs(bp, { jobs: [next] }))[0]?.reason).toBe('waits for slots');
  await expect(map(bp, { np: 1, noLocal: true, noOver: true })).rejects.toMatchObject({ code: 'EAGAIN' });
  await holdJob(bp, next);
  await cancelJob(bp, all);
  expect(await waitForJob(bp, all)).toMatchObject([{ end: 'cancelled', reason: 'cancelled' }]);
  const other = await submit(bp, sh('true'));
  await waitForJob(bp, other);
  expect(await stateOf(next)).toBe('held');
  await releaseJob(bp, next);
  expect(await waitForJob(bp, next)).toMatchObject([{ end: 'exited', code: 0 }]);
});

test('one that takes too long is ended', async () => {
  const job = await submit(bp, { ...sh('exec sleep 600'), limitMs: 100 });
  expect(await waitForJob(bp, job)).toMatchObject([{ end: 'timedOut', reason: 'it took longer than it may' }]);
});

test('one whose program is not there says so, and what depends on it is not run', async () => {
  const job = await submit(bp, { file: '/no/such/program', cwd: '/', held: true });
  const next = await submit(bp, { ...sh('true'), after: [{ job, on: 'ok' }] });
  await releaseJob(bp, job);
  const [over] = await waitForJob(bp, job);
  expect(over).toMatchObject({ end: 'failed', reason: expect.stringContaining('/no/such/program') });
  expect(await waitForJob(bp, next)).toMatchObject([
    { end: 'unmet', reason: `job ${job}, on which it depends, has not succeeded` },
  ]);
});

test('a node that takes no work has no jobs', async () => {
  await bp.setNodeStatus(0, 'unavailable');
  const job = await submit(bp, { ...sh('true'), np: 3 });
  await expect
    .poll(async () => (await queuedJobs(bp, { jobs: [job] }))[0]?.reason)
    .toBe('takes 3 slots, and the nodes that it may use now have 2');
  await bp.setNodeStatus(0, 'up');
  expect(await waitForJob(bp, job)).toMatchObject([{ end: 'exited', code: 0 }]);
});

test('another user’s jobs are his own, and are to run as him where he may place work', async () => {
  await using other = await connect({
    master: () => cluster.master.connect({ credentials: { uid: NOBODY, gids: [NOBODY] } }),
  });
  const own = await submit(bp, { ...sh('true'), held: true });
  for (const change of [cancelJob, holdJob, releaseJob]) {
    await expect(change(other, own)).rejects.toMatchObject({ code: 'EPERM' });
  }
  await cancelJob(bp, own);
  await expect(submit(other, { ...sh('true'), priority: 1 })).rejects.toMatchObject({ code: 'EPERM' });
  await bp.chmod(0, 0);
  const large = await submit(other, { ...sh('true'), np: 3, cwd: '/' });
  const small = await submit(other, { ...sh('true'), np: 2, cwd: '/' });
  const [over] = await waitForJob(bp, small);
  // this engine runs nothing as somebody else: that it was to is what it says
  const reason = expect.stringMatching(process.getuid?.() === 0 ? /user 65534 with group/ : /./);
  expect(over).toMatchObject({ uid: NOBODY, map: { slots: [1, 1] }, end: 'failed', reason });
  expect((await queuedJobs(other, { jobs: [large] }))[0]?.reason).toBe(
    'takes 3 slots, and the nodes that it may use now have 2',
  );
  await cancelJob(other, large);
  await bp.chmod(0, 0o111);
});

test('what nobody knows is said', async () => {
  await expect(cancelJob(bp, 99_999)).rejects.toMatchObject({ code: 'ESRCH', message: 'there is no job 99999' });
  await expect(submit(bp, { ...sh('true'), after: [{ job: 99_999, on: 'ok' }] })).rejects.toMatchObject({
    code: 'ESRCH',
  });
  await expect(waitForJob(bp, 99_999)).rejects.toMatchObject({ code: 'ESRCH' });
});

describe('a queue that is kept', () => {
  const listen = () => `unix:${join(directory, 'master')}`;
  const start = () => startMaster({ listen: listen(), stateDir: join(directory, 'state'), nodes: [0] });

  test('goes on with the next master, and so does what runs', async () => {
    let master = await start();
    const attributes = { cpus: '2' };
    await using slave = await startSlave({ master: listen(), node: 0, attributes, spawner: 'child_process' });
    await slave.attached;
    let client = await connect({ master: listen() });
    const running = await submit(client, { ...sh('exec sleep 600'), np: 2 });
    const waiting = await submit(client, { ...sh('exit 5'), np: 2 });
    const processes = async () => (await client.procList({ startedOnly: true })).map(({ pid, state }) => [pid, state]);
    await expect.poll(processes).toEqual([[expect.any(Number), 'running']]);
    const [process] = await processes();
    await client[Symbol.asyncDispose]();
    await master[Symbol.asyncDispose]();

    master = await start();
    client = await connect({ master: listen() });
    await expect.poll(processes).toEqual([process]);
    const jobs = await queuedJobs(client);
    expect(jobs.map(({ job, state }) => [job, state])).toEqual([
      [running, 'running'],
      [waiting, 'waiting'],
    ]);
    await cancelJob(client, running);
    expect(await waitForJob(client, running)).toMatchObject([{ end: 'cancelled' }]);
    expect(await waitForJob(client, waiting)).toMatchObject([{ end: 'exited', code: 5 }]);
    await client[Symbol.asyncDispose]();
    await master[Symbol.asyncDispose]();
  });

  test('starts nothing before the next master would know of it', async () => {
    const stateDir = join(directory, 'late');
    const journal = join(stateDir, 'queue', 'queue');
    const stdout = join(directory, 'late-out');
    {
      await using master = await startMaster({ stateDir, nodes: [0] });
      await using client = await connect({ master: () => master.connect() });
      await submit(client, { ...sh(`grep -c '"kind":"start"' ${journal}`), stdout });
    }
    await using master = await startMaster({ stateDir, nodes: [0] });
    await using client = await connect({ master: () => master.connect() });
    await rm(journal);
    await symlink('/dev/null', journal);
    await using slave = await startSlave({ master: () => master.connect(), node: 0, spawner: 'child_process' });
    await slave.attached;
    expect(await waitForJob(client, 1)).toMatchObject([{ end: 'exited', code: 0 }]);
    expect(await readFile(stdout, 'utf8')).toBe('1\n');
  });

  test('takes no job that the disk does not keep, and goes on once it does', async () => {
    const stateDir = join(directory, 'lost');
    await using master = await startMaster({ stateDir, nodes: [0] });
    await using slave = await startSlave({ master: () => master.connect(), node: 0, spawner: 'child_process' });
    await slave.attached;
    await using client = await connect({ master: () => master.connect() });
    // what takes every byte, and cannot be told to keep it
    const journal = join(stateDir, 'queue', 'queue');
    await rm(journal);
    await symlink('/dev/null', journal);
    const ran = join(directory, 'ran-%j');
    await expect(submit(client, { ...sh('true'), stdout: ran })).rejects.toMatchObject({
      code: 'EINVAL',
      message: expect.stringContaining('the job was not taken: it could not be kept'),
    });
    const next = await submit(client, { ...sh('true'), stdout: ran });
    expect(await waitForJob(client, next)).toMatchObject([{ end: 'exited', code: 0 }]);
    expect((await readdir(directory)).filter((name) => name.startsWith('ran-'))).toEqual([`ran-${next}`]);
    expect(await readFile(journal, 'utf8')).toContain(`"kind":"submit","id":${next},`);
  });
});
