import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startMaster } from '../../src/index.ts';
import { EndKind } from '../../src/wire/index.ts';
import { idOf, rawSlave } from '../support/raw-peer.ts';
import { program, Running } from './commands.ts';

test('bpsh says nothing of a signal whose answer it did not wait for', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'bproc-cli-'));
  const address = `unix:${directory}/master.sock`;
  const master = await startMaster({ listen: address });
  const slave = await rawSlave(master.connect(), 0, idOf(50));
  const env = { ...process.env, BPROC_MASTER: address };
  const running = new Running(spawn(process.execPath, [program('bpsh'), '0', 'x'], { env, stdio: 'pipe' }), '');
  const { start } = await slave.control('start');
  const puid = start.targets[0]?.puid ?? Buffer.alloc(0);
  slave.send({ started: { puid, pid: 5000, node: 0, localPid: 10, startTime: 20 } });
  // the first output tells that bpsh has the process, and so a signal for it is one for the process
  slave.channel.sendData(5000 * 4 + 1, 0, Buffer.from('ready\n'), false);
  slave.flush();
  await running.until('stdout', (text) => text === 'ready\n');
  running.child.kill('SIGINT');
  await slave.control('request');
  slave.channel.sendData(5000 * 4 + 1, 6, Buffer.alloc(0), true);
  slave.channel.sendData(5000 * 4 + 2, 0, Buffer.alloc(0), true);
  slave.flush();
  const end = { kind: EndKind.SIGNALED, signal: 2 };
  slave.send({ ended: { puid, pid: 5000, node: 0, end, stdoutBytes: 6, stderrBytes: 0 } });
  expect(await running.outcome).toEqual({ code: 255, stdout: 'ready\n', stderr: '0: killed by SIGINT\n' });
  slave.cut();
  await master[Symbol.asyncDispose]();
  rmSync(directory, { recursive: true });
});
