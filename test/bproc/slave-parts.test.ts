/** A slave that cannot be made leaves nothing behind. */
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Gateway } from '../../src/bproc/slave/gateway.ts';
import { openPlace } from '../../src/bproc/slave/gateway-place.ts';
import { systemClock } from '../../src/clock.ts';
import { startSlave } from '../../src/index.ts';
import { listen, parseAddress } from '../../src/transport/index.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'bproc-parts-'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(directory, { recursive: true });
});

const nowhere = () => Promise.reject(new Error('there is no master'));

test('a socket is not made where its path would be cut short', async () => {
  const path = join(directory, 'n'.repeat(110));
  await expect(listen({ kind: 'unix', path }, () => {})).rejects.toMatchObject({ code: 'ENAMETOOLONG' });
  expect(await readdir(directory)).toEqual([]);
});

test('the gateway goes where its path fits, however long the temporary directory is called', async () => {
  const long = join(directory, 'n'.repeat(100));
  await mkdir(long);
  vi.stubEnv('TMPDIR', long);
  const gateway = await Gateway.create({
    connect: nowhere,
    rules: { own: { uid: 1, gids: [1] }, untold: async () => {} },
    clock: systemClock(),
    stateDir: undefined,
  });
  const address = parseAddress(gateway.address);
  const made = address.kind === 'unix' ? dirname(address.path) : '';
  expect(dirname(made)).toBe('/tmp');
  await gateway[Symbol.asyncDispose]();
  await expect(readdir(made)).rejects.toMatchObject({ code: 'ENOENT' });
});

test.skipIf(process.geteuid?.() !== 0)(
  'what a killed slave left for the users of its node goes with its state directory',
  async () => {
    const state = join(directory, 'state');
    await mkdir(state);
    const killed = await openPlace(state);
    await writeFile(killed.path, '');
    const live = await openPlace(directory);
    expect(dirname((await openPlace(state)).path)).toBe(dirname(killed.path));
    await rm(state, { recursive: true });
    expect((await openPlace(directory)).path).toBe(live.path);
    await expect(readdir(dirname(killed.path))).rejects.toMatchObject({ code: 'ENOENT' });
    await rm(dirname(live.path), { recursive: true });
  },
);

test('where the gateway cannot be, the state directory is free again', async () => {
  // a directory of that name is in the way of the socket
  const socket = join(directory, 'processes.sock');
  await mkdir(socket);
  const options = { master: nowhere, stateDir: directory, spawner: 'child_process' } as const;
  await expect(startSlave(options)).rejects.toMatchObject({ code: 'EADDRINUSE' });
  await rm(socket, { recursive: true });
  const slave = await startSlave(options);
  await slave[Symbol.asyncDispose]();
});
