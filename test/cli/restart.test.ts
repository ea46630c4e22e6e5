/** Daemons that are killed, or replaced as by an upgrade, and started again on the same directory: what runs goes on. */
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Running, TestCluster } from './commands.ts';

const LINES = 50_000;
const COUNT = `i=0; while [ $i -lt ${LINES} ]; do echo $i; i=$((i+1)); done; exit 6`;
const COUNTED = Array.from({ length: LINES }, (_, line) => `${line}\n`).join('');
const isReady = (text: string): boolean => text.includes('\n');

let cluster: TestCluster;
/** What a test has started beside its cluster, ended with it however the test goes. */
let others: Running[];

beforeEach(() => {
  others = [];
});

afterEach(async () => {
  for (const { child, outcome } of others) {
    child.kill('SIGTERM');
    await outcome;
  }
  await cluster[Symbol.asyncDispose]();
});

async function daemon(command: 'bpmaster' | 'bpslave', ...args: string[]): Promise<Running> {
  const running = cluster.start(command, args);
  others.push(running);
  await running.until('stdout', isReady);
  return running;
}

/** A process that writes numbered lines, which have begun to arrive. */
async function counting(node: number): Promise<Running> {
  const running = cluster.start('bpsh', [String(node), 'sh', '-c', COUNT], '');
  await running.until('stdout', (text) => text.includes('\n1000\n'));
  return running;
}

async function expectAll(running: Running): Promise<void> {
  const { code, stdout } = await running.outcome;
  expect(stdout === COUNTED, `${stdout.length} bytes`).toBe(true);
  expect(code).toBe(6);
}

test('bpmaster --local, killed -9 with all that it had started', async () => {
  cluster = await TestCluster.start(2, '--state', 'state');
  const running = await counting(1);
  cluster.master.child.kill('SIGKILL');
  await cluster.master.outcome;
  await daemon('bpmaster', '--local', '2', '--state', 'state');
  await expectAll(running);
});

test.each(['SIGKILL', 'SIGQUIT'] as const)('bpslave, ended by %s', async (signal) => {
  cluster = await TestCluster.start(0);
  const state = join(cluster.directory, 'slave');
  const first = await daemon('bpslave', '--node', '0', '--state', state);
  const running = await counting(0);
  first.child.kill(signal);
  await first.outcome;
  await daemon('bpslave', '--node', '0', '--state', state);
  await expectAll(running);
});

test('two bpslaves on one directory: the second one says who has it', async () => {
  cluster = await TestCluster.start(0);
  const state = join(cluster.directory, 'slave');
  const { child } = await daemon('bpslave', '--node', '0', '--state', state);
  const second = await cluster.run('bpslave', ['--node', '1', '--state', state]);
  expect(second).toMatchObject({ code: 1, stdout: '' });
  expect(second.stderr).toContain(state);
  expect(second.stderr).toContain(`in use by process ${child.pid}`);
});
