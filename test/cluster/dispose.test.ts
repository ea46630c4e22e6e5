/** After dispose no handle, child, file or timer is left. */
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { createConnection, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connect, startCluster, startMaster, startSlave } from '../../src/index.ts';

let scratch: string;

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'bproc-dispose-'));
});

afterAll(async () => {
  await rm(scratch, { recursive: true });
});

/** What this process holds: descriptors, children, and handles that keep its event loop alive. What passes by itself does not count. */
function held(): { fds: number; children: number[]; resources: string[] } {
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'latin1');
        const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        return Number(parent) === process.pid && state !== 'Z';
      } catch {
        return false;
      }
    })
    .map(Number);
  const resources = process
    .getActiveResourcesInfo()
    .filter((name) => !/^(Immediate|Timeout|FSReq)/.test(name))
    .sort();
  return { fds: readdirSync('/proc/self/fd').length, children, resources };
}

async function settled(check: () => Promise<void> | void): Promise<void> {
  await expect
    .poll(
      async () => {
        await check();
        return true;
      },
      { timeout: 20_000 },
    )
    .toBe(true);
}

test('of a cluster with work in it', async () => {
  const before = held();
  for (let round = 0; round < 3; round += 1) {
    const cluster = await startCluster({
      nodes: 3,
      listen: `unix:${join(scratch, 'master.sock')}`,
      stateDir: join(scratch, 'state'),
    });
    const client = await connect({ master: cluster.master.addresses[0] ?? '' });
    await client.rexec('0-2', 'sh', ['-c', 'sleep 1000 & yes']);
    const notifier = client.notifier({ processes: true });
    const wait = client
      .wait((await client.procList({ startedOnly: true }))[0]?.pid ?? 0)
      .catch((error: { code: string }) => error.code);
    await cluster[Symbol.asyncDispose]();
    await client[Symbol.asyncDispose]();
    // nobody has read what it wrote: its end is told if it comes before its node goes
    expect(['lost', 'signaled']).toContain(Object(await wait).kind);
    const follow = async (): Promise<void> => {
      for await (const change of notifier) expect(change.kind).not.toBe('gap');
    };
    await expect(follow()).rejects.toMatchObject({ name: 'BprocError' });
  }
  await settled(() => expect(held()).toEqual(before));
  expect(await readdir(scratch)).toEqual(['state']);
});

test('of roles that never met', async () => {
  const before = held();
  const slave = await startSlave({ master: `unix:${join(scratch, 'nobody.sock')}` });
  const master = await startMaster();
  await slave[Symbol.asyncDispose]();
  await master[Symbol.asyncDispose]();
  await settled(() => expect(held()).toEqual(before));
});

test('of a client whose master went away', async () => {
  const before = held();
  const master = await startMaster({ listen: `unix:${join(scratch, 'leaving.sock')}` });
  const client = await connect({ master: master.addresses[0] ?? '' });
  await master[Symbol.asyncDispose]();
  const asked = client.nodeList().catch((error: { code: string }) => error.code);
  await client[Symbol.asyncDispose]();
  expect(await asked).toBe('ECANCELED');
  await settled(() => expect(held()).toEqual(before));
});

test('of a client, at once: its socket is gone when it is', async () => {
  const path = join(scratch, 'at-once.sock');
  await using master = await startMaster({ listen: `unix:${path}` });
  expect(master.addresses).toEqual([`unix:${path}`]);
  const own: Socket[] = [];
  for (let round = 1; round <= 20; round += 1) {
    {
      await using client = await connect({ master: () => connecting(path, own) });
      await client.nodeList();
    }
    expect(own.map((socket) => socket.closed)).toEqual(Array.from({ length: round }, () => true));
  }
});

function connecting(path: string, noted: Socket[]): Socket {
  const socket = createConnection(path);
  noted.push(socket);
  return socket;
}

test('of a client whose master does not let go', async () => {
  await using master = await startMaster();
  const held: Duplex[] = [];
  // ends of connections are not passed on, in neither direction
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    const far = master.connect();
    socket.pipe(far, { end: false });
    far.pipe(socket, { end: false });
    held.push(socket, far);
  });
  const path = join(scratch, 'stubborn.sock');
  await once(server.listen(path), 'listening');
  const own: Socket[] = [];
  {
    await using client = await connect({ master: () => connecting(path, own) });
    await client.nodeList();
  }
  expect(own.map((socket) => socket.destroyed)).toEqual([true]);
  for (const each of held) each.destroy();
  server.close();
});

test('twice is as good as once', async () => {
  const cluster = await startCluster({ nodes: 1 });
  await Promise.all([cluster[Symbol.asyncDispose](), cluster[Symbol.asyncDispose]()]);
  await cluster[Symbol.asyncDispose]();
  await expect(cluster.client.rexec(0, 'true')).rejects.toMatchObject({ code: 'ECANCELED' });
});
