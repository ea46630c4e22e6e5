/** Where one may listen and connect [PROTOCOL 8.1]. */
import { existsSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { afterAll, describe, expect, test } from 'vitest';
import { BprocError } from '../../src/errors.ts';
import { dial, failureOf, formatAddress, listen, parseAddress, reasonOf } from '../../src/transport/index.ts';
import { decodeFailure, encodeFailure } from '../../src/wire/index.ts';
import { scratchTree } from '../support/scratch.ts';
import { until } from './transport-suite.ts';

const scratch = scratchTree({});
afterAll(() => scratch[Symbol.dispose]());
const unix = (name: string) => ({ kind: 'unix', path: `${scratch.path}/${name}` }) as const;
const nobody = (): void => {};

describe('addresses', () => {
  test.each([
    'unix:/run/bproc/master.sock',
    'tcp://127.0.0.1:4000',
    'tcp://127.1.2.3:0',
    'tcp://[::1]:65535',
    'tls://host:1',
    'tls://[2001:db8::1]:7710',
  ])('%s comes back as it went', (text) => {
    expect(formatAddress(parseAddress(text))).toBe(text);
  });

  test('localhost is 127.0.0.1', () => {
    expect(parseAddress('tcp://localhost:1')).toEqual({ kind: 'tcp', host: '127.0.0.1', port: 1 });
  });

  test.each([
    ['unix:relative', 'EINVAL', 'absolute path'],
    ['unix:/with\0nul', 'EINVAL', 'absolute path'],
    ['unix:', 'EINVAL', 'absolute path'],
    [`unix:/${'x'.repeat(107)}`, 'ENAMETOOLONG', '107 bytes'],
    [`unix:/${'\u00e4'.repeat(54)}`, 'ENAMETOOLONG', '107 bytes'],
    ['tcp://127.0.0.1', 'EINVAL', 'neither'],
    ['tcp://127.0.0.1:65536', 'EINVAL', 'neither'],
    ['tcp://127.0.0.1:1/x', 'EINVAL', 'neither'],
    ['tls://host', 'EINVAL', 'neither'],
    ['tls://a b:1', 'EINVAL', 'neither'],
    ['http://host:1', 'EINVAL', 'neither'],
    ['', 'EINVAL', 'neither'],
    ['tcp://0.0.0.0:1', 'EPERM', 'this machine only'],
    ['tcp://192.168.0.1:1', 'EPERM', 'this machine only'],
    ['tcp://example.org:1', 'EPERM', 'this machine only'],
    ['tcp://127.0.0.1.example.org:1', 'EPERM', 'this machine only'],
    ['tcp://[::]:1', 'EPERM', 'this machine only'],
    ['tcp://[fe80::1]:1', 'EPERM', 'this machine only'],
  ])('%j is refused', (text, code, message) => {
    expect(() => parseAddress(text)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(message) }),
    );
  });

  test('a path of 107 bytes is the longest, and can be listened on', async () => {
    const path = `${scratch.path}/${'l'.repeat(107 - scratch.path.length - 1)}`;
    await using listener = await listen(parseAddress(`unix:${path}`), nobody);
    expect(listener.address).toEqual({ kind: 'unix', path });
  });
});

describe('a unix socket', () => {
  test('lets in its owner alone, whatever the umask', async () => {
    const before = process.umask(0);
    try {
      await using listener = await listen(unix('mode'), nobody);
      expect(statSync(`${scratch.path}/mode`).mode & 0o777).toBe(0o600);
      expect(process.umask()).toBe(0);
      expect(listener.address.kind).toBe('unix');
    } finally {
      process.umask(before);
    }
    expect(existsSync(`${scratch.path}/mode`)).toBe(false);
  });

  test('whose owner died is taken over', async () => {
    // what a process that was killed leaves behind: a socket nobody answers at
    const dead = createServer();
    await new Promise<void>((resolve) => dead.listen(`${scratch.path}/old`, resolve));
    renameSync(`${scratch.path}/old`, `${scratch.path}/stale`);
    await new Promise((resolve) => dead.close(resolve));
    expect(existsSync(`${scratch.path}/stale`)).toBe(true);
    const accepted: unknown[] = [];
    await using listener = await listen(unix('stale'), (socket) => accepted.push(socket));
    (await dial(listener.address)).destroy();
    await until('the connection', () => accepted.length === 1);
  });

  test('that somebody answers at stays theirs', async () => {
    const accepted: unknown[] = [];
    await using listener = await listen(unix('live'), (socket) => accepted.push(socket.destroy()));
    await expect(listen(unix('live'), nobody)).rejects.toMatchObject({
      code: 'EADDRINUSE',
      message: expect.stringContaining(`cannot listen on unix:${scratch.path}/live: `),
    });
    (await dial(listener.address)).destroy();
    await until('both connections', () => accepted.length === 2);
  });

  test('is not put in the place of a file', async () => {
    writeFileSync(`${scratch.path}/file`, 'precious');
    await expect(listen(unix('file'), nobody)).rejects.toMatchObject({ code: 'EADDRINUSE' });
    expect(statSync(`${scratch.path}/file`).size).toBe(8);
  });

  test('in a directory that is not there is refused: libuv turns ENOENT into EACCES', async () => {
    await expect(listen(unix('none/socket'), nobody)).rejects.toMatchObject({ code: 'EACCES' });
  });
});

describe('connecting', () => {
  test('to nobody says where and why', async () => {
    await expect(dial(unix('nobody'))).rejects.toMatchObject({ code: 'ENOENT' });
    const listener = await listen({ kind: 'tcp', host: '127.0.0.1', port: 0 }, nobody);
    await listener[Symbol.asyncDispose]();
    await expect(dial(listener.address)).rejects.toMatchObject({
      code: 'ECONNREFUSED',
      message: expect.stringContaining(`cannot reach ${formatAddress(listener.address)}: `),
    });
  });

  test('can be cancelled, before and while', async () => {
    await expect(dial(unix('x'), AbortSignal.abort())).rejects.toMatchObject({ code: 'ECANCELED' });
    await using listener = await listen(unix('slow'), (socket) => socket.destroy());
    const aborter = new AbortController();
    const dialling = dial(listener.address, aborter.signal);
    aborter.abort();
    await expect(dialling).rejects.toMatchObject({ code: 'ECANCELED' });
  });

  test('leaves the signal alone once it is connected', async () => {
    const aborter = new AbortController();
    await using listener = await listen(unix('late'), nobody);
    const socket = await dial(listener.address, aborter.signal);
    aborter.abort();
    expect(socket.destroyed).toBe(false);
    socket.destroy();
  });
});

describe('failures [PROTOCOL 7.5]', () => {
  test('come back as they went', () => {
    const error = new BprocError('BE_NODEDOWN', 'node 3 is down', { node: 3, pid: 5 });
    expect(reasonOf(decodeFailure(encodeFailure(failureOf(error))))).toMatchObject({
      code: 'BE_NODEDOWN',
      message: 'node 3 is down',
      node: 3,
      pid: 5,
    });
  });

  test('with a code that is not known are EIO, and without a reason say so', () => {
    expect(reasonOf(decodeFailure(encodeFailure({ code: 'ENEW' })))).toMatchObject({
      code: 'EIO',
      message: 'no reason given',
    });
  });

  test('that quote what is long are cut', () => {
    expect(failureOf(new BprocError('EINVAL', 'x'.repeat(100_000))).message?.length).toBeLessThan(5000);
  });
});
