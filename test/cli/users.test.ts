/** A daemon that serves every user of the machine: `bpmaster --users all`, `bpslave --users`. Only root can be several. */
import { spawn } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { bundleProgram, NOBODY, openScratch } from '../support/other-user.ts';
import { Running, TestCluster } from './commands.ts';

test.each([
  ['bpmaster', ['--users', 'some'], '--users is some: give own or all'],
  ['bpslave', ['--users', 'root'], '--users is root: give numbers such as 1000-59999'],
  ['bpslave', ['--users', '9-1'], '--users is 9-1: give numbers such as 1000-59999'],
] as const)('%s %j is refused with what to do', async (command, args, message) => {
  await using cluster = await TestCluster.start(0);
  const { code, stderr } = await cluster.run(command, args);
  expect([code, stderr.split('\n')[0]]).toEqual([1, `${command}: ${message}`]);
});

describe.skipIf(process.geteuid?.() !== 0)('another user', () => {
  test('uses the cluster of root’s daemon as himself, and each node runs for whom it is to', async () => {
    using scratch = openScratch();
    const program = await bundleProgram('guest.mjs', scratch.path);
    const socket = join(scratch.path, 'run/master.sock');
    await using cluster = await TestCluster.start(1, '--users', 'all', '--listen', `unix:${socket}`);
    expect([statSync(socket).mode & 0o777, statSync(join(scratch.path, 'run')).mode & 0o777]).toEqual([0o666, 0o755]);
    const slave = cluster.start('bpslave', ['--master', `unix:${socket}`, '--node', '7', '--users', '1-1000']);
    await slave.until('stdout', (text) => text.includes('node 7 up'));
    cluster.env['BPROC_MASTER'] = `unix:${socket}`;
    const roots = cluster.start('bpsh', ['0', 'sh', '-c', 'echo $BPROC_PID; exec sleep 1000']);
    await roots.until('stdout', (text) => text.includes('\n'));
    const argv = ['--reuid', String(NOBODY), '--regid', String(NOBODY), '--clear-groups', process.execPath, program];
    const child = spawn('setpriv', [...argv, roots.stdout.trim()], { env: cluster.env, cwd: '/' });
    const { stdout } = await new Running(child, '').outcome;
    expect(JSON.parse(stdout)).toEqual({ nodes: [0, 7], ids: [`${NOBODY}`, `${NOBODY}`], kill: 'EPERM' });
    const { code, stderr } = await cluster.run('bpsh', ['7', 'true']);
    expect([code, stderr]).toEqual([expect.any(Number), expect.stringContaining('runs nothing as uid 0')]);
    for (const each of [roots, slave]) {
      each.child.kill('SIGTERM');
      await each.outcome;
    }
  });
});
