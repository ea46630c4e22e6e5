/** Programs that resolve names by `lookup`: Node's sockets and HTTP, and undici. */
import { createServer, get, Agent as HttpAgent } from 'node:http';
import { type AddressInfo, connect, createServer as createNetServer } from 'node:net';
import { text } from 'node:stream/consumers';
import { Agent, request } from 'undici';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createNss, type Nss } from '../../src/nss/index.ts';
import { scratchTree } from '../support/scratch.ts';

let tree: ReturnType<typeof scratchTree>;
let nss: Nss;
const server = createServer((_, response) => response.end('hello'));
let port: number;

beforeAll(async () => {
  tree = scratchTree({ 'etc/hosts': '127.0.0.1 here.bproc\n::1 here.bproc six.bproc\n127.0.0.1 four.bproc\n' });
  nss = createNss(undefined, {
    root: tree.path,
    switch: 'hosts: files slow',
    sources: {
      slow: {
        answer: () => {
          throw new Error('no');
        },
      },
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});

afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  tree[Symbol.dispose]();
});

/** What a call of it says. */
function said(...args: readonly unknown[]): Promise<unknown[]> {
  return new Promise((resolve) => {
    const call = nss.lookup as (...args: readonly unknown[]) => void;
    call(...args, (...answer: unknown[]) => resolve(answer));
  });
}

describe('it answers like that of Node', () => {
  test.each([
    [['four.bproc'], [null, '127.0.0.1', 4]],
    [
      ['four.bproc', {}],
      [null, '127.0.0.1', 4],
    ],
    [
      ['here.bproc', 6],
      [null, '::1', 6],
    ],
    [
      ['here.bproc', { family: 'IPv4' }],
      [null, '127.0.0.1', 4],
    ],
    [
      ['here.bproc', { all: true, order: 'ipv6first' }],
      [
        null,
        [
          { address: '::1', family: 6 },
          { address: '127.0.0.1', family: 4 },
        ],
      ],
    ],
    [
      ['here.bproc', { all: true, family: 4 }],
      [null, [{ address: '127.0.0.1', family: 4 }]],
    ],
    [['192.0.2.7'], [null, '192.0.2.7', 4]],
    [
      ['localhost', { all: true }],
      [
        null,
        [
          { address: '127.0.0.1', family: 4 },
          { address: '::1', family: 6 },
        ],
      ],
    ],
  ])('%j: %j', async (args, answer) => expect(await said(...args)).toEqual(answer));

  test('with errors that programs know', async () => {
    // here a source fails, so that it cannot be said that there is none
    const [error] = await said('nowhere.bproc', {});
    expect(error).toMatchObject({ code: 'EAI_AGAIN', syscall: 'getaddrinfo', hostname: 'nowhere.bproc' });
    const sure = createNss(undefined, { root: tree.path, switch: 'hosts: files' });
    const code = new Promise((resolve) => sure.lookup('nowhere.bproc', (failure) => resolve(failure?.code)));
    expect(await code).toBe('ENOTFOUND');
    expect((await said('four.bproc', 6))[0]).toMatchObject({ code: 'EAI_AGAIN' });
    expect((await said('a\nb', {}))[0]).toMatchObject({ code: 'ENOTFOUND' });
  });
});

describe('programs connect by it', () => {
  test('net.connect', async () => {
    const plain = createNetServer((socket) => socket.end('bye'));
    await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve));
    const socket = connect({ host: 'four.bproc', port: (plain.address() as AddressInfo).port, lookup: nss.lookup });
    expect(await text(socket)).toBe('bye');
    plain.close();
  });

  test('net.connect to whichever of several addresses answers', async () => {
    const socket = connect({ host: 'here.bproc', port, lookup: nss.lookup, autoSelectFamily: true });
    socket.end('GET / HTTP/1.0\r\n\r\n');
    expect(await text(socket)).toMatch(/hello$/);
  });

  test('http.get by an agent', async () => {
    const agent = new HttpAgent({ lookup: nss.lookup } as ConstructorParameters<typeof HttpAgent>[0]);
    const body = new Promise<string>((resolve, reject) => {
      get({ host: 'four.bproc', port, agent }, (response) => void text(response).then(resolve)).on('error', reject);
    });
    expect(await body).toBe('hello');
    agent.destroy();
  });

  test('undici', async () => {
    const dispatcher = new Agent({ connect: { lookup: nss.lookup } });
    const { body } = await request(`http://four.bproc:${port}/`, { dispatcher });
    expect(await body.text()).toBe('hello');
    await expect(request('http://nowhere.bproc/', { dispatcher })).rejects.toMatchObject({ code: 'EAI_AGAIN' });
    await dispatcher.close();
  });
});
