/** A slave that is no root, and has a handful of capabilities: it runs and ends other users' processes. Only root can make one. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, copyFileSync, mkdirSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Client, connect, type Master, startMaster } from '../../src/index.ts';
import { findHolder } from '../../src/linux/index.ts';
import { bundleProgram, NOBODY, openScratch, textOf } from '../support/other-user.ts';

const USER = 4711;
const NEEDED = '+setuid,+setgid,+kill,+setpcap';
/** Says who runs, and which rights of root's it has. */
const SHOW = 'id -u; id -G; sed -n "s/^Cap\\(Inh\\|Prm\\|Eff\\|Amb\\):\\t0*//p" /proc/self/status | sort -u';

describe.skipIf(process.geteuid?.() !== 0)('a slave with the capabilities alone', () => {
  let scratch: ReturnType<typeof openScratch>;
  let master: Master;
  let server: Server;
  let slave: ChildProcess;

  beforeAll(async () => {
    scratch = openScratch();
    const program = await bundleProgram('capable-slave.mjs', scratch.path);
    const holder = join(scratch.path, 'native/prebuilt', `bpspawn-${process.arch}`);
    mkdirSync(dirname(holder), { recursive: true });
    copyFileSync(findHolder(), holder);
    const stateDir = join(scratch.path, 'state');
    mkdirSync(stateDir);
    chownSync(stateDir, NOBODY, NOBODY);
    master = await startMaster();
    // its certificate is not the point here: who comes by this way is trusted
    const path = join(scratch.path, 'way.sock');
    server = createServer((socket) => master.handle(socket)).listen(path);
    await once(server, 'listening');
    chownSync(path, NOBODY, NOBODY);
    const ids = ['--reuid', String(NOBODY), '--regid', String(NOBODY), '--clear-groups'];
    const argv = [
      ...ids,
      '--inh-caps',
      NEEDED,
      '--ambient-caps',
      NEEDED,
      process.execPath,
      program,
      `unix:${path}`,
      stateDir,
    ];
    slave = spawn('setpriv', argv, { stdio: ['pipe', 'pipe', 'inherit'] });
    expect(String((await once(slave.stdout ?? slave, 'data'))[0])).toBe('up\n');
  });

  afterAll(async () => {
    if (slave !== undefined) {
      slave.stdin?.end();
      if (slave.exitCode === null) await once(slave, 'close');
    }
    server?.close();
    await master?.[Symbol.asyncDispose]();
    scratch?.[Symbol.dispose]();
  });

  function as(uid: number): Promise<Client> {
    return connect({ master: () => master.connect({ credentials: { uid, gids: [uid, 12_345] } }) });
  }

  test('runs a process as its user with his groups, and with none of its own rights', async () => {
    await using user = await as(USER);
    expect(await textOf(await user.rexec(5, 'sh', ['-c', SHOW], { cwd: '/' }))).toBe(`${USER}\n${USER} 12345\n\n`);
    await using own = await as(NOBODY);
    expect(await textOf(await own.rexec(5, 'sh', ['-c', SHOW], { cwd: '/' }))).toBe(`${NOBODY}\n${NOBODY}\n\n`);
  });

  test('ends it, with all that came of it', async () => {
    await using user = await as(USER);
    const p = await user.rexec(5, 'sh', ['-c', 'setsid sleep 1000 & echo $!; exec sleep 1000'], { cwd: '/' });
    const [first] = await once(p.stdout, 'data');
    const left = Number(String(first));
    expect(() => process.kill(left, 0)).not.toThrow();
    await user.kill(p.pid, 'SIGTERM', { scope: 'tree' });
    expect(await p.wait()).toMatchObject({ kind: 'signaled', signal: 'SIGTERM' });
    await expect.poll(() => isGone(left)).toBe(true);
  });

  test('does not become root, unless it is told to', async () => {
    await using root = await as(0);
    await expect(root.rexec(5, 'true', [], { cwd: '/' })).rejects.toMatchObject({ code: 'EPERM', node: 5 });
  });
});

function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
}
