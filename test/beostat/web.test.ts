/** The page's server, as somebody meets it who is not a browser. */
import { createServer, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type WebAccess, webHandler } from '../../src/beostat/web/index.ts';
import { type Client, type Cluster, startCluster } from '../../src/index.ts';

let cluster: Cluster;
let bp: Client;
/** What the next request may do. */
let access: WebAccess | undefined;

beforeAll(async () => {
  cluster = await startCluster({ nodes: 2, spawner: 'child_process' });
  bp = cluster.client;
});
afterAll(() => cluster[Symbol.asyncDispose]());

interface Told {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
}

/** A server with the page for as long as something is done. */
async function withPage<T>(action: (ask: Ask) => Promise<T>, isClosed = false): Promise<T> {
  const options = isClosed ? {} : { authorize: () => access ?? 'none' };
  using handler = webHandler(bp, { ...options, intervalMs: 20 });
  const server = createServer(handler).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  const ask: Ask = (path, { method = 'GET', headers = {}, body, until } = {}) =>
    new Promise((resolve, reject) => {
      const sent = request({ port, path, method, headers: { host: `localhost:${port}`, ...headers } }, (response) => {
        let text = '';
        const done = (): void => resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
        response.setEncoding('utf8').on('data', (piece: string) => {
          text += piece;
          if (until?.test(text) !== true) return;
          done();
          response.destroy();
        });
        response.on('end', done).on('error', reject);
      });
      sent.on('error', reject).end(body);
    });
  try {
    return await action(ask);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

type Ask = (
  path: string,
  more?: {
    readonly method?: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string;
    /** What is waited for of an answer that has no end. */
    readonly until?: RegExp;
  },
) => Promise<Told>;

const JSON_TYPE = { 'content-type': 'application/json' };

test('without authorize everybody may look, and nobody may signal', async () => {
  await withPage(async (ask) => {
    const page = await ask('/');
    expect(page.status).toBe(200);
    expect(page.text).toContain('<meta name="bproc-token" content="">');
    expect(page.headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self';/);
    const body = JSON.stringify({ pid: 2, signal: 'SIGKILL' });
    expect(
      await ask('/signal', { method: 'POST', headers: { ...JSON_TYPE, 'x-bproc-token': '' }, body }),
    ).toMatchObject({ status: 403 });
  }, true);
});

test('it answers under the names it was given, to whoever may look', async () => {
  access = 'look';
  await withPage(async (ask) => {
    expect((await ask('/', { headers: { host: 'evil.example' } })).status).toBe(421);
    expect((await ask('/', { headers: { host: 'localhost.evil.example:80' } })).status).toBe(421);
    expect((await ask('/', { headers: { host: '[::1]:80' } })).status).toBe(200);
    expect((await ask('/beoweb/page.js')).headers['content-type']).toBe('text/javascript; charset=utf-8');
    expect((await ask('/..%2f..%2fpackage.json')).status).toBe(404);
    expect((await ask('/', { method: 'PUT' })).status).toBe(405);
    expect((await ask('/past?node=-1')).status).toBe(400);
    access = 'none';
    for (const path of ['/', '/nodes', '/processes', '/past?node=0', '/page.js'])
      expect((await ask(path)).status).toBe(403);
  });
});

test('nodes are told once, and then what changes of them', async () => {
  access = 'look';
  await withPage(async (ask) => {
    const hearing = ask('/nodes', { until: /"state":"error"/ });
    await ask('/nodes', { until: /event: nodes\n/ });
    await bp.setNodeStatus(1, 'error');
    const { headers, text } = await hearing;
    expect(headers['content-type']).toBe('text/event-stream');
    const told = text.split('\n\n').flatMap((event) => /^event: nodes\ndata: (.*)$/s.exec(event)?.[1] ?? []);
    expect(JSON.parse(told[0] ?? '')).toMatchObject({
      which: 'all',
      changed: [
        { node: 0, state: 'up' },
        { node: 1, state: 'up' },
      ],
      gone: [],
    });
    expect(JSON.parse(told.at(-1) ?? '').which).toBe('some');
    await bp.setNodeStatus(1, 'up');
  });
});

describe('a signal', () => {
  test('goes where it may, from the page alone', async () => {
    const sleeper = await bp.rexec(1, 'sleep', ['600']);
    access = 'signal';
    await withPage(async (ask) => {
      const [, token = ''] = /name="bproc-token" content="([0-9a-f]{64})"/.exec((await ask('/')).text) ?? [];
      const send = (body: unknown, headers: Readonly<Record<string, string>> = { 'x-bproc-token': token }) =>
        ask('/signal', { method: 'POST', headers: { ...JSON_TYPE, ...headers }, body: JSON.stringify(body) });
      const kill = { pid: sleeper.pid, signal: 'SIGKILL' };
      const refused = [
        await send(kill, {}),
        await send(kill, { 'x-bproc-token': token.replace(/./g, 'a') }),
        await send(kill, { 'x-bproc-token': token, origin: 'http://evil.example' }),
        await send(kill, { 'x-bproc-token': token, 'sec-fetch-site': 'cross-site' }),
      ];
      expect(refused.map(({ status }) => status)).toEqual([403, 403, 403, 403]);
      expect((await send(kill, { 'x-bproc-token': token, 'content-type': 'text/plain' })).status).toBe(415);
      const senseless = [
        { pid: -1, signal: 'SIGKILL' },
        { pid: 0, signal: 'SIGKILL' },
        { ...kill, signal: 'SIGUSR1' },
        null,
        7,
      ];
      for (const body of senseless) expect((await send(body)).status).toBe(400);
      expect((await send({ ...kill, more: 'x'.repeat(2000) })).status).toBe(413);
      expect((await send({ pid: 999_999, signal: 'SIGKILL' })).status).toBe(409);
      access = 'look';
      expect((await send(kill)).status).toBe(403);
      expect(sleeper.end).toBeUndefined();
      access = 'signal';
      expect((await send(kill)).status).toBe(204);
    });
    expect(await sleeper.wait()).toMatchObject({ kind: 'signaled', signal: 'SIGKILL' });
  });
});
