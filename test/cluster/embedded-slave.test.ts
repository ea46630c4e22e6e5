/** A slave inside a program whose listeners and hooks have bugs: the program hears of them, and nothing else breaks. */
import type { Duplex } from 'node:stream';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Client, connect, type Master, startMaster, startSlave } from '../../src/index.ts';

const uncaught: unknown[] = [];
const note = (error: unknown): void => {
  uncaught.push(error);
};
let before: NodeJS.UncaughtExceptionListener[] = [];

beforeAll(() => {
  before = process.listeners('uncaughtException');
  process.removeAllListeners('uncaughtException');
  process.on('uncaughtException', note).on('unhandledRejection', note);
});

afterAll(() => {
  process.off('uncaughtException', note).off('unhandledRejection', note);
  for (const listener of before) process.on('uncaughtException', listener);
});

let master: Master;
let client: Client;

beforeEach(async () => {
  uncaught.length = 0;
  master = await startMaster();
  client = await connect({ master: () => master.connect() });
});

afterEach(async () => {
  await client[Symbol.asyncDispose]();
  await master[Symbol.asyncDispose]();
});

test('listeners that throw keep it from no retry, and its processes from nothing', async () => {
  const bugs: Record<string, Error> = {};
  const connections: Duplex[] = [];
  await using slave = await startSlave({
    node: 0,
    master: () => {
      if (!uncaught.includes(bugs['unreachable'])) throw new Error('there is no way yet');
      const connection = master.connect();
      connections.push(connection);
      return connection;
    },
  });
  let timesAttached = 0;
  const throwing = (name: string) => (): void => {
    if (name === 'attached') timesAttached += 1;
    bugs[name] ??= new Error(`a bug in the listener of ${name}`);
    throw bugs[name];
  };
  const stops = (['unreachable', 'attached', 'detached'] as const).map((name) => slave.on(name, throwing(name)));
  await slave.attached;
  const p = await client.rexec(0, 'sh', ['-c', 'echo one; read x; echo "two $x"']);
  connections[0]?.destroy();
  await expect.poll(() => timesAttached, { timeout: 20_000 }).toBe(2);
  p.stdin.end('go\n');
  let text = '';
  for await (const chunk of p.stdout) text += chunk;
  expect(text).toBe('one\ntwo go\n');
  expect(await p.wait()).toEqual({ kind: 'exited', code: 0 });
  const { unreachable, attached, detached } = bugs;
  await expect.poll(() => [...new Set(uncaught)]).toEqual([unreachable, attached, detached]);
  for (const stop of stops) stop();
});

test.each([
  [
    'throws',
    () => {
      throw new Error('no hand on the switch');
    },
  ],
  ['rejects', () => Promise.reject(new Error('no hand on the switch'))],
])('a power hook that %s fails its order and nothing else', async (_, power) => {
  await using slave = await startSlave({ node: 0, master: () => master.connect(), power });
  await slave.attached;
  await expect(client.reboot(0, { timeoutMs: 20_000 })).rejects.toThrow('no hand on the switch');
  const p = await client.rexec(0, 'true');
  expect(await p.wait()).toEqual({ kind: 'exited', code: 0 });
  expect(uncaught).toEqual([]);
});
