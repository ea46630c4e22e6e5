/** A slave's driver where the machine under it says no. */
import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { BprocError } from '../../src/errors.ts';
import { type Client, connect, type Master, type Slave, startMaster, startSlave } from '../../src/index.ts';
import type { SpawnedProcess, SpawnRequest, SpawnSink } from '../../src/linux/index.ts';
import { encodeSpec } from '../../src/wire/index.ts';
import { PaperSpawner } from '../support/paper-spawner.ts';
import { idOf, type RawPeer, rawClient } from '../support/raw-peer.ts';

/** Notes what it was asked for, and starts nothing that is called `broken`. */
class NotingSpawner extends PaperSpawner {
  readonly requests: SpawnRequest[] = [];

  override spawn(request: SpawnRequest, sink: SpawnSink): SpawnedProcess {
    this.requests.push(request);
    if (request.file === 'broken') throw new BprocError('EMFILE', 'no descriptor is left');
    return super.spawn(request, sink);
  }
}

let directory: string;
let master: Master;
let slave: Slave;
let client: Client;
let spawner: NotingSpawner;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'bproc-driver-'));
  master = await startMaster();
  spawner = new NotingSpawner();
  slave = await startSlave({ master: () => master.connect(), node: 0, spawner });
  client = await connect({ master: () => master.connect() });
  await slave.attached;
});
afterEach(async () => {
  await client[Symbol.asyncDispose]();
  await slave[Symbol.asyncDispose]();
  await master[Symbol.asyncDispose]();
  await rm(directory, { recursive: true });
});

let starts = 0;

/** Where a program begins whose caller is in `cwd`, which need not be on its node. */
async function cwdOf(cwd: string): Promise<string | undefined> {
  starts += 1;
  const peer: RawPeer = await rawClient(master.connect(), idOf(100 + starts));
  const spec = encodeSpec({ file: 'cat', cwd, cwdByName: true });
  const boot = Buffer.from(slave.bootId, 'hex');
  peer.send({ start: { spec, command: 'cat', targets: [{ puid: idOf(starts), node: 0, boot }] } });
  await peer.control('started');
  peer.send({ goodbye: {} });
  return spawner.requests.at(-1)?.cwd;
}

test('a spawner that throws fails its start and nothing else', async () => {
  await expect(client.rexec(0, 'broken')).rejects.toMatchObject({ code: 'EMFILE' });
  const p = await client.rexec(0, 'cat', [], { stdin: 'stream' });
  p.stdin.end();
  expect(await p.wait()).toEqual({ kind: 'exited', code: 0 });
});

describe('the directory of the caller', () => {
  test('is / where the node cannot even look for it', async () => {
    await symlink('circle', join(directory, 'circle'));
    expect(await cwdOf(directory)).toBe(directory);
    expect(await cwdOf(join(directory, 'circle'))).toBe('/');
    expect(await cwdOf(`/${'n'.repeat(300)}`)).toBe('/');
  });

  test('is looked for in the root that the node was given', async () => {
    const root = join(directory, 'root');
    await mkdir(join(root, 'only', 'inside'), { recursive: true });
    await mkdir(join(directory, 'outside'));
    await symlink('/only', join(root, 'absolute'));
    await symlink(join(directory, 'outside'), join(root, 'leaving'));
    await client.chroot(0, root);
    expect(await cwdOf('/only/inside')).toBe('/only/inside');
    expect(await cwdOf('/absolute/inside')).toBe('/absolute/inside');
    expect(await cwdOf('/leaving')).toBe('/');
    expect(await cwdOf(directory)).toBe('/');
  });
});
