/** Users of one machine: each is who the kernel says, runs as himself, and leaves others alone. Only root can be several. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createConnection, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type Client,
  connect,
  type Master,
  type RemoteProcess,
  type Slave,
  startMaster,
  startSlave,
} from '../../src/index.ts';

const NOBODY = 65_534;
const GROUP = 12_345;

/** Connects as another user: the kernel notes who it is at that moment. */
function connectAs(path: string): Socket {
  const groups = process.getgroups?.() ?? [];
  process.setgroups?.([GROUP]);
  process.setegid?.(NOBODY);
  process.seteuid?.(NOBODY);
  try {
    return createConnection(path);
  } finally {
    process.seteuid?.(0);
    process.setegid?.(0);
    process.setgroups?.(groups);
  }
}

async function textOf({ stdout }: RemoteProcess): Promise<string> {
  let text = '';
  for await (const chunk of stdout) text += chunk;
  return text;
}

describe.skipIf(process.geteuid?.() !== 0)('users of a master that is open to all', () => {
  let scratch: string;
  let master: Master;
  let slaves: Slave[];
  let root: Client;
  let nobody: Client;

  beforeAll(async () => {
    scratch = mkdtempSync(join(tmpdir(), 'bproc-users-'));
    const path = join(scratch, 'master.sock');
    // whoever connects has to reach the socket
    chmodSync(scratch, 0o755);
    master = await startMaster({ listen: `unix:${path}`, users: 'all' });
    const common = { master: () => master.connect(), spawner: 'holder' } as const;
    slaves = [await startSlave({ ...common, node: 0 }), await startSlave({ ...common, node: 1, users: [1, 1000] })];
    await Promise.all(slaves.map((slave) => slave.attached));
    root = await connect({ master: `unix:${path}` });
    nobody = await connect({ master: async () => connectAs(path) });
  });

  afterAll(async () => {
    for (const part of [nobody, root, ...slaves, master]) await part[Symbol.asyncDispose]();
    rmSync(scratch, { recursive: true });
  });

  test('processes run as who asked for them, with the groups of the one who connected', async () => {
    const options = { cwd: '/' };
    expect(await textOf(await nobody.rexec(0, 'sh', ['-c', 'id -u; id -g; id -G'], options))).toBe(
      `${NOBODY}\n${NOBODY}\n${NOBODY} ${GROUP}\n`,
    );
    expect(await textOf(await root.rexec(0, 'id', ['-u'], options))).toBe('0\n');
  });

  test('a user signals what is his and nothing else; root all', async () => {
    const his = await nobody.rexec(0, 'sleep', ['1000'], { cwd: '/' });
    const roots = await root.rexec(0, 'sleep', ['1000']);
    await expect(nobody.kill(roots.pid)).rejects.toMatchObject({ code: 'EPERM' });
    await root.kill(his.pid, 'SIGTERM');
    expect(await his.wait()).toMatchObject({ kind: 'signaled', signal: 'SIGTERM' });
    await roots.kill('SIGKILL');
    expect(await roots.wait()).toMatchObject({ kind: 'signaled', signal: 'SIGKILL' });
  });

  test('a slave runs nothing for users it is not to run anything for', async () => {
    await expect(nobody.rexec(1, 'true')).rejects.toMatchObject({ code: 'EPERM', node: 1 });
    expect((await root.procList({ node: 1 })).length).toBe(0);
  });

  test('a user may not administer nodes', async () => {
    await expect(nobody.setNodeStatus(0, 'error', { reason: 'mine' })).rejects.toMatchObject({ code: 'EPERM' });
  });
});
