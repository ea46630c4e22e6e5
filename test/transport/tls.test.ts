/** TLS below the roles: who gets as far as a handshake, and what becomes of those who do not [PROTOCOL 8.5]. */
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import type { Socket } from 'node:net';
import { connect as plain } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TLSSocket } from 'node:tls';
import { connect as tls } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { Authority } from '../../src/bproc/join/authority.ts';
import { notMaster } from '../../src/bproc/join/identity.ts';
import { systemClock } from '../../src/clock.ts';
import type { HandshakeLimits, TlsListener, TlsMaterial, TlsTrust } from '../../src/transport/index.ts';
import { dialTls, listen, listenTls, secureContext } from '../../src/transport/index.ts';
import { describeTransport, until } from './transport-suite.ts';

const LOCAL = { kind: 'tls', host: '127.0.0.1', port: 0 } as const;
let directory: string;
let material: TlsMaterial;
let trust: TlsTrust;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'bproc-tls-'));
  const authority = await Authority.open(directory, '', () => Date.now());
  ({ material } = await authority.masterMaterial('1'));
  trust = {
    context: secureContext({ authority: material.authority }),
    check: (facts) => notMaster('', facts),
  };
});
afterAll(() => rmSync(directory, { recursive: true }));

interface Server {
  readonly listener: TlsListener;
  readonly port: number;
  readonly accepted: TLSSocket[];
}

async function serve(limits: HandshakeLimits = {}): Promise<Server> {
  const accepted: TLSSocket[] = [];
  const clock = systemClock();
  const listener = await listenTls(LOCAL, { material, clock, limits }, (socket) => {
    socket.on('error', () => {});
    accepted.push(socket);
  });
  onTestFinished(async () => {
    for (const socket of accepted) socket.destroy();
    await listener[Symbol.asyncDispose]();
  });
  const { address } = listener;
  return { listener, accepted, port: address.kind === 'tls' ? address.port : 0 };
}

const opened: Socket[] = [];
afterEach(() => {
  for (const socket of opened.splice(0)) socket.destroy();
});

/** A connection that has no TLS yet; what it was told is in `heard`. */
async function raw(port: number): Promise<Socket> {
  const socket = plain({ port, host: '127.0.0.1' });
  opened.push(socket);
  socket.on('error', () => {});
  socket.resume();
  await once(socket, 'connect');
  return socket;
}

async function closing(socket: Socket): Promise<void> {
  if (!socket.destroyed) await once(socket, 'close');
}

/** The first flight of a TLS 1.3 client. */
function clientHello(): Promise<Buffer> {
  return new Promise((resolve) => {
    void listen({ kind: 'tcp', host: '127.0.0.1', port: 0 }, (socket) => {
      socket.once('data', (bytes: Buffer) => {
        resolve(bytes);
        socket.destroy();
      });
    }).then((listener) => {
      const port = listener.address.kind === 'tcp' ? listener.address.port : 0;
      const socket = tls({ socket: plain({ port, host: '127.0.0.1' }), rejectUnauthorized: false });
      socket.on('error', () => void listener[Symbol.asyncDispose]());
    });
  });
}

describe('the suite of every transport', () => {
  let listener: TlsListener;
  const waiting: ((socket: TLSSocket) => void)[] = [];
  beforeAll(async () => {
    listener = await listenTls(LOCAL, { material, clock: systemClock() }, (socket) => waiting.shift()?.(socket));
  });
  afterAll(() => listener[Symbol.asyncDispose]());
  describeTransport('TLS', async () => {
    const far = new Promise<TLSSocket>((resolve) => waiting.push(resolve));
    const { address } = listener;
    if (address.kind !== 'tls') throw new Error('it listens for TLS');
    return [await dialTls(address, trust), await far];
  });
});

describe('who does not speak TLS 1.3', () => {
  test('is not let in with an older version', async () => {
    const { port, accepted } = await serve();
    const socket = tls({ port, host: '127.0.0.1', rejectUnauthorized: false, maxVersion: 'TLSv1.2' });
    const [error] = await once(socket, 'error');
    expect(error.code).toMatch(/PROTOCOL_VERSION/);
    expect(accepted).toEqual([]);
  });

  test('is closed where it speaks something else', async () => {
    const { port, listener } = await serve();
    for (const text of ['GET / HTTP/1.0\r\n\r\n', '\0\0\0\x1c\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0']) {
      const socket = await raw(port);
      socket.write(text);
      await closing(socket);
    }
    await until('nobody is left', () => Object.values(listener.counts).every((count) => count === 0));
  });

  test('is told of as such by those who connect to it', async () => {
    const listener = await listen({ kind: 'tcp', host: '127.0.0.1', port: 0 }, (socket) => {
      socket.on('error', () => {}).resume();
      socket.end('this is no TLS at all');
    });
    onTestFinished(() => listener[Symbol.asyncDispose]());
    const port = listener.address.kind === 'tcp' ? listener.address.port : 0;
    await expect(dialTls({ ...LOCAL, port }, trust)).rejects.toMatchObject({
      code: 'EPROTO',
      message: expect.stringContaining('the other end does not speak TLS there'),
    });
  });

  test('and nobody at all is said to be nobody', async () => {
    await expect(dialTls({ ...LOCAL, port: 1 }, trust)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await expect(dialTls(LOCAL, trust, AbortSignal.abort())).rejects.toMatchObject({ code: 'ECANCELED' });
  });

  test('or does not answer, is waited for no longer than one wants to', async () => {
    const listener = await listen({ kind: 'tcp', host: '127.0.0.1', port: 0 }, (socket) => void opened.push(socket));
    onTestFinished(() => listener[Symbol.asyncDispose]());
    const port = listener.address.kind === 'tcp' ? listener.address.port : 0;
    await expect(dialTls({ ...LOCAL, port }, trust, AbortSignal.timeout(50))).rejects.toMatchObject({
      code: 'ETIMEDOUT',
    });
  });
});

describe('before a handshake', () => {
  test('more than a first flight is not waited for', async () => {
    const { port } = await serve();
    const socket = await raw(port);
    socket.write(Buffer.concat([Buffer.from([0x16, 3, 1, 0xff, 0xff]), Buffer.alloc(60_000)]));
    await closing(socket);
  });

  test('the silent ones are bounded, the oldest goes, and the next one gets through', async () => {
    const { port, listener, accepted } = await serve({ silent: 20 });
    const all = [];
    for (let n = 0; n < 30; n += 1) all.push(await raw(port));
    await Promise.all(all.slice(0, 10).map(closing));
    expect(listener.counts.silent).toBeLessThanOrEqual(20);
    opened.push(await dialTls({ ...LOCAL, port }, trust));
    await until('it is in', () => accepted.length === 1);
  });

  test('the silent ones are left after a while', async () => {
    const { port, listener } = await serve({ timeoutMs: 50 });
    await closing(await raw(port));
    await until('nobody is left', () => listener.counts.silent === 0);
  });

  test('those who begin and do not go on are bounded, and keep nobody out for long', async () => {
    const { port, listener, accepted } = await serve({ atOnce: 4, timeoutMs: 1500 });
    const hello = await clientHello();
    const stuck = await Promise.all(Array.from({ length: 12 }, () => raw(port)));
    let most = 0;
    for (const socket of stuck) {
      socket.write(hello);
      await sleep(1);
      most = Math.max(most, listener.counts.underWay);
    }
    expect(most).toBeLessThanOrEqual(4);
    opened.push(await dialTls({ ...LOCAL, port }, trust));
    await until('it is in', () => accepted.length === 1);
    await Promise.all(stuck.map(closing));
  });

  test('one that sends a byte at a time is left like one that stops', async () => {
    const { port, listener, accepted } = await serve({ timeoutMs: 300 });
    const hello = await clientHello();
    const socket = await raw(port);
    let sent = 0;
    const drip = setInterval(() => {
      // never to its end
      if (socket.writable) socket.write(hello.subarray(sent % 200, (sent % 200) + 1));
      sent = Math.min(sent + 1, 199);
    }, 5);
    onTestFinished(() => clearInterval(drip));
    await closing(socket);
    expect(accepted).toEqual([]);
    await until('nobody is left', () => Object.values(listener.counts).every((count) => count === 0));
  });

  test('those who wait are bounded: one more is closed', async () => {
    const { port, listener } = await serve({ atOnce: 1, waiting: 2 });
    const hello = await clientHello();
    const all = await Promise.all(Array.from({ length: 8 }, () => raw(port)));
    for (const socket of all) socket.write(hello);
    await until('some are closed', () => all.filter((socket) => socket.destroyed).length >= 5);
    expect(listener.counts.waiting).toBeLessThanOrEqual(2);
  });

  test('one that leaves while it waits takes nobody’s place', async () => {
    const { port, listener } = await serve({ atOnce: 1 });
    const hello = await clientHello();
    const all = await Promise.all(Array.from({ length: 5 }, () => raw(port)));
    for (const socket of all) socket.write(hello);
    await until('one is under way', () => listener.counts.underWay === 1);
    for (const socket of all) socket.resetAndDestroy();
    await until('nobody is left', () => Object.values(listener.counts).every((count) => count === 0));
  });
});

test('ten thousand half-open handshakes take no more than their bounds, and others are served meanwhile', async () => {
  const { port, listener, accepted } = await serve();
  const hello = await clientHello();
  let [mostSilent, mostUnderWay, made] = [0, 0, 0];
  const flood = async (): Promise<void> => {
    while (made < 10_000) {
      made += 1;
      const begins = made % 4 === 0;
      const socket = await raw(port);
      if (begins) socket.write(hello);
      mostSilent = Math.max(mostSilent, listener.counts.silent);
      mostUnderWay = Math.max(mostUnderWay, listener.counts.underWay);
      // our own half is gone: the descriptors of one process are bounded too
      if (opened.length > 2000) opened.shift()?.destroy();
    }
  };
  const floods = Promise.all(Array.from({ length: 8 }, flood));
  for (let n = 0; n < 5; n += 1) {
    opened.push(await dialTls({ ...LOCAL, port }, trust, AbortSignal.timeout(100_000)));
  }
  await floods;
  await until('five are in', () => accepted.length === 5);
  expect(mostSilent).toBeLessThanOrEqual(1024);
  expect(mostUnderWay).toBeLessThanOrEqual(64);
}, 240_000);
