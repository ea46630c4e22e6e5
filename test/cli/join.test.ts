/** Joining by the commands: `bpctl token`, `node`, `revoke`, `certificates`, `login`, and `bpslave --master tls://...`. */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { durationMs } from '../../src/cli/bpctl-join.ts';
import { eventually, type Running, TestCluster } from './commands.ts';

let cluster: TestCluster;
let state: string;
let address: string;
const slaves: Running[] = [];

beforeAll(async () => {
  state = mkdtempSync(join(tmpdir(), 'bproc-join-'));
  cluster = await TestCluster.start(0, '--listen', 'tls://127.0.0.1:0', '--state', join(state, 'bpmaster'));
  address = /also at (tls:\S+)/.exec(cluster.master.stdout)?.[1] ?? '';
  expect(address).toMatch(/^tls:\/\/127\.0\.0\.1:\d+$/);
});
afterAll(async () => {
  for (const slave of slaves) {
    slave.child.kill('SIGTERM');
    await slave.outcome;
  }
  await cluster[Symbol.asyncDispose]();
  rmSync(state, { recursive: true, force: true });
});

async function bpctl(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await cluster.run('bpctl', args);
  expect([code, stderr.replace(/^bpctl: good once.*\n/, '')]).toEqual([0, '']);
  return stdout.trim();
}

function bpslave(name: string, ...args: string[]): Running {
  const slave = cluster.start('bpslave', ['--master', address, '--state', join(state, name), ...args]);
  slaves.push(slave);
  return slave;
}

async function end(slave: Running): Promise<void> {
  slave.child.kill('SIGTERM');
  await slave.outcome;
}

test('a slave joins by a token, and again without it; the token is not good for a second one', async () => {
  const token = await bpctl('token', '--ttl', '10m', '--node', '3');
  expect(token).toMatch(/^BP1\.[0-9a-f]{64}\.[0-9a-f]{16}\.[\w-]{32}$/);
  const first = bpslave('three', '--token', token);
  await first.until('stdout', (text) => text === 'bpslave: node 3 up\n');
  expect(statSync(join(state, 'three/identity.pem')).mode & 0o777).toBe(0o600);
  expect(await cluster.run('bpsh', ['3', 'echo', 'it', 'runs'])).toMatchObject({ code: 0, stdout: 'it runs\n' });
  await end(first);
  await bpslave('three').until('stdout', (text) => text === 'bpslave: node 3 up\n');
  const second = bpslave('thief', '--token', token);
  await second.until('stderr', (text) => text.includes('this token has been used'));
  expect(second.stderr + cluster.master.stderr).not.toContain(token.split('.').at(-1));
  await end(second);
});

test('a program on a joined node is a client of the master by itself', async () => {
  await eventually(() => cluster.master.stdout.includes('BPROC_MASTER'));
  const token = await bpctl('token', '--node', '4');
  writeFileSync(join(state, 'token'), `${token}\n`);
  await bpslave('four', '--token-file', join(state, 'token')).until('stdout', (text) => text.includes('node 4 up'));
  const program = join(import.meta.dirname, '../../dist/cli/bpstat.js');
  const inner = await cluster.run('bpsh', ['4', process.execPath, program, '-l', '4']);
  expect(inner).toMatchObject({ code: 0, stderr: '' });
  expect(inner.stdout).toContain('up');
});

test('a slave without a token waits until it is approved', async () => {
  const slave = bpslave('asker', '--node', '7');
  await slave.until('stderr', (text) => text.includes('bpctl node approve'));
  const id = /approve ([0-9a-f]{20})/.exec(slave.stderr)?.[1] ?? '';
  const [heading, row] = (await bpctl('node', 'pending')).split('\n');
  expect(heading).toMatch(/^ID +FROM +NAME +NODE +SINCE$/);
  expect(row).toMatch(new RegExp(`^${id} +127\\.0\\.0\\.1 +\\S+ +7 +\\d{4}-`));
  await bpctl('node', 'approve', id);
  await slave.until('stdout', (text) => text === 'bpslave: node 7 up\n');
  expect(await bpctl('node', 'pending')).not.toContain(id);
});

test('a revoked node is sent away and stays out', async () => {
  const token = await bpctl('token', '--node', '9');
  const slave = bpslave('nine', '--token', token);
  await slave.until('stdout', (text) => text === 'bpslave: node 9 up\n');
  expect(await bpctl('certificates')).toMatch(/^[0-9a-f]{32} +node\/9 +\S+Z +valid$/m);
  expect(await bpctl('revoke', 'node', '9')).toBe('1 certificate revoked');
  await slave.until('stderr', (text) => text.includes('the certificate of node/9 was revoked'));
  await slave.until('stderr', (text) => text.includes('does not count: it was revoked'));
  expect(await bpctl('certificates')).toMatch(/^[0-9a-f]{32} +node\/9 +\S+Z +revoked$/m);
  await end(slave);
});

describe('a user', () => {
  test('logs in, and reaches the master from elsewhere', async () => {
    const config = join(state, 'config');
    const env = { ...cluster.env, XDG_CONFIG_HOME: config };
    const elsewhere = { ...env, BPROC_MASTER: address };
    const run = (command: 'bpctl' | 'bpstat', args: readonly string[], environment: NodeJS.ProcessEnv) =>
      cluster.start(command, args, '', environment).outcome;
    const before = await run('bpstat', [], elsewhere);
    expect(before.code).toBe(1);
    expect(before.stderr).toContain('bpctl login');
    const { stdout } = await run('bpctl', ['login', '--ttl', '30m'], env);
    const file = stdout.split(': valid until')[0] ?? '';
    expect(file.startsWith(join(config, 'bproc/'))).toBe(true);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, 'utf8')).toContain('BEGIN PRIVATE KEY');
    expect(await run('bpstat', [], elsewhere)).toMatchObject({ code: 0, stderr: '' });
    const token = await bpctl('token', '--role', 'client');
    const args = ['login', '--master', address, '--token', token, '--file', join(state, 'other.pem')];
    expect(await run('bpctl', args, elsewhere)).toMatchObject({ code: 0, stderr: '' });
  });
});

test('every word has its help, and says what is wrong with its arguments', async () => {
  for (const word of ['token', 'node', 'revoke', 'certificates', 'login']) {
    const { code, stdout } = await cluster.run('bpctl', [word, '--help']);
    expect([code, stdout.startsWith(`usage: bpctl ${word}`)]).toEqual([0, true]);
  }
  for (const [args, message] of [
    [['token', '--ttl', '5x'], '--ttl is "5x"'],
    [['token', '--role', 'king'], '--role is king'],
    [['token', 'x'], '"x" is no option'],
    [['node'], 'say pending, or approve ID'],
    [['node', 'approve'], 'say pending, or approve ID'],
    [['revoke'], 'say what is to be revoked'],
    [['revoke', 'rack', '3'], '"rack" is neither node nor user'],
    [['login', '--token', 'x'], '--token needs --master'],
    [['login', '--token-file', '/nowhere'], '--token-file /nowhere cannot be read'],
  ] as const) {
    const { code, stderr } = await cluster.run('bpctl', args);
    expect([code, stderr.split('\n')[0]]).toEqual([1, expect.stringContaining(`bpctl: ${message}`)]);
  }
  const bad = await cluster.run('bpslave', ['--master', address, '--token', 'BP1.hush']);
  expect([bad.code, bad.stderr.includes('that is no token'), bad.stderr.includes('hush')]).toEqual([1, true, false]);
});

test('durations are numbers with a unit', () => {
  expect(['90s', '30m', '8h', '7d'].map((text) => durationMs('--ttl', text))).toEqual([9e4, 18e5, 288e5, 6048e5]);
  for (const text of ['', '0s', '5', '-1h', '1.5h', '9999999s'])
    expect(() => durationMs('--ttl', text)).toThrow('--ttl');
});
