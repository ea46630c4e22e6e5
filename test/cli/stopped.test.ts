import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { startMaster, startSlave } from '../../src/index.ts';
import { program, Running } from './commands.ts';

test('bpsh that is stopped keeps what it runs, however long', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'bproc-cli-'));
  const address = `unix:${directory}/master.sock`;
  // a client that is taken for dead is so after a fifth of a second here
  const master = await startMaster({ listen: address, heartbeatMs: 50, clientGraceMs: 50 });
  const slave = await startSlave({ master: address, node: 0 });
  await slave.attached;
  const env = { ...process.env, BPROC_MASTER: address };
  const argv = [program('bpsh'), '0', 'sh', '-c', 'echo ready; read line; echo $line'];
  const running = new Running(spawn(process.execPath, argv, { env, stdio: 'pipe' }), undefined);
  await running.until('stdout', (text) => text === 'ready\n');
  running.child.kill('SIGSTOP');
  await sleep(2000);
  running.child.kill('SIGCONT');
  running.child.stdin?.end('still here\n');
  expect(await running.outcome).toEqual({ code: 0, stdout: 'ready\nstill here\n', stderr: '' });
  await slave[Symbol.asyncDispose]();
  await master[Symbol.asyncDispose]();
  rmSync(directory, { recursive: true });
});
