import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { connect, startMaster, startSlave } from '../../src/index.ts';
import { program, Running } from './commands.ts';

/** A bpsh at this master whose process runs. */
async function running(master: string): Promise<Running> {
  const env = { ...process.env, BPROC_MASTER: master };
  const argv = [program('bpsh'), '0', 'sh', '-c', 'echo ready; read line; echo $line'];
  const bpsh = new Running(spawn(process.execPath, argv, { env, stdio: 'pipe' }), undefined);
  await bpsh.until('stdout', (text) => text === 'ready\n');
  return bpsh;
}

test('bpsh that is stopped keeps what it runs, however long', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'bproc-cli-'));
  const address = `unix:${directory}/master.sock`;
  // a client that is taken for dead is so after a fifth of a second here
  const master = await startMaster({ listen: address, heartbeatMs: 50, clientGraceMs: 50 });
  const slave = await startSlave({ master: address, node: 0 });
  await slave.attached;
  const here = await running(address);
  // one that may be anywhere: it is left for its silence, and says by its end that this one's was as long
  const elsewhere = await running(await master.listen('tcp://127.0.0.1:0'));
  const client = await connect({ master: address });
  expect(await client.procList()).toHaveLength(2);
  here.child.kill('SIGSTOP');
  elsewhere.child.kill('SIGSTOP');
  await expect.poll(() => client.procList(), { timeout: 20_000 }).toHaveLength(1);
  here.child.kill('SIGCONT');
  here.child.stdin?.end('still here\n');
  expect(await here.outcome).toEqual({ code: 0, stdout: 'ready\nstill here\n', stderr: '' });
  elsewhere.child.kill('SIGKILL');
  await elsewhere.outcome;
  await client[Symbol.asyncDispose]();
  await slave[Symbol.asyncDispose]();
  await master[Symbol.asyncDispose]();
  rmSync(directory, { recursive: true });
});
