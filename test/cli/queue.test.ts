/** `bpsub`, `bpq` and `bpdel`. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { duration, jobName, taskNumbers } from '../../src/cli/queue-names.ts';
import { type Command, TestCluster } from './commands.ts';

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await TestCluster.start(2, '--state', 'state');
});
afterAll(() => cluster[Symbol.asyncDispose]());

const run = (command: Command, ...args: string[]) => cluster.run(command, args);

async function submitted(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await run('bpsub', ...args);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout.trim();
}

test('a job is submitted, waited for, and gives its code', async () => {
  const ran = await run('bpsub', '-w', '-o', 'out.%j', 'sh', '-c', 'echo "$BEOWULF_JOB_MAP"; exit 4');
  expect(ran).toMatchObject({ code: 4, stderr: '' });
  expect(await readFile(join(cluster.directory, `out.${ran.stdout.trim()}`), 'utf8')).toMatch(/^[01]\n$/);
});

test('the queue is shown, and jobs in it are held, released and deleted', async () => {
  const first = await submitted('-H', '-N', 'first', '-t', '90s', 'true');
  const second = await submitted('-a', first, '-A', '0-1', 'true');
  const { stdout } = await run('bpq');
  expect(stdout.split('\n').map((line) => line.trimEnd().replaceAll(/ {2,}/g, '|'))).toEqual(
    [
      'Job|Name|User|State|Slots|Time|Where, or why not',
      ...[0, 1].map((task) => `${second}[${task}]|true|root|waiting|1|-/1:00:00|waits for job ${first}`),
      `${first}|first|root|held|1|-/1:30|held`,
      '',
    ].map((line) => line.replace('root', process.getuid?.() === 0 ? 'root' : (process.env['USER'] ?? ''))),
  );
  expect(await run('bpdel', `${second}[1]`, '99999')).toMatchObject({
    code: 1,
    stderr: 'bpdel: there is no job 99999\n',
  });
  expect(await run('bpq', '--release', first)).toMatchObject({ code: 0 });
  const ends = async () =>
    (await run('bpq', '-j', second)).stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
      .map(({ task, end, code }) => [task, end, code]);
  await expect.poll(ends, { timeout: 20_000 }).toEqual([
    [0, 'exited', 0],
    [1, 'cancelled', 0],
  ]);
});

test('a master that is killed and started again has the queue, and the ends of what has run on', async () => {
  const running = await submitted('sh', '-c', 'while [ ! -e go ]; do sleep 0.1; done; exit 7');
  const waiting = await submitted('-a', `fail:${running}`, 'sh', '-c', 'exit 8');
  await expect.poll(async () => (await run('bpq', running)).stdout, { timeout: 20_000 }).toContain('running');
  cluster.master.child.kill('SIGKILL');
  await cluster.master.outcome;
  const next = cluster.start('bpmaster', ['--local', '2', '--state', 'state']);
  try {
    await next.until('stdout', (text) => text.includes('\n'));
    expect((await run('bpq', running)).stdout).toContain('running');
    await cluster.shell('touch go');
    const both = async () =>
      (await run('bpq', '-j', running, waiting)).stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).code);
    await expect.poll(both, { timeout: 20_000 }).toEqual([7, 8]);
  } finally {
    next.child.kill('SIGTERM');
    await next.outcome;
  }
});

describe('what cannot be is said', () => {
  test.each([
    ['bpsub', [], 'no command is given'],
    ['bpsub', ['-n', '0', 'true'], 'it must be a whole number from 1'],
    ['bpsub', ['-n', '1e9', 'true'], 'it must be a whole number from 1'],
    ['bpsub', ['-t', 'soon', 'true'], 'give 90s, 15m'],
    ['bpsub', ['-a', '1[2]', 'true'], 'waits for all tasks'],
    ['bpq', ['../etc'], 'is no job'],
    ['bpdel', [], 'which jobs?'],
  ] as const)('%s %j', async (command, args, message) => {
    const { code, stderr } = await run(command, ...args);
    expect(code).toBe(1);
    expect(stderr).toContain(message);
  });
});

test('numbers, times and jobs are read as they are written', () => {
  expect(taskNumbers('-A', '0-9:3,12', 10)).toEqual([0, 3, 6, 9, 12]);
  expect(() => taskNumbers('-A', '0-999999', 10)).toThrow('more than 10 tasks');
  expect(['90s', '15m', '2h', '1d', '01:02:03'].map((text) => duration('-t', text) / 1000)).toEqual([
    90, 900, 7200, 86_400, 3723,
  ]);
  expect(jobName('12[3]')).toEqual({ job: 12, task: 3 });
});
