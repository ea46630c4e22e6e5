/** The bytes in PROTOCOL.md are what this library sends, and what it understands [PROTOCOL 2.8]. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Control } from '../../src/wire/index.ts';
import { Channel, HEADER_BYTES, PROTOCOL, Role, readHeader } from '../../src/wire/index.ts';

const TEXT = readFileSync('PROTOCOL.md', 'utf8');
const TAG = 0x1a2b3c4d;
const CLIENT = Buffer.from('000102030405060708090a0b0c0d0e0f', 'hex');
const MASTER = Buffer.from('f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff', 'hex');
const STREAM = 16_385;

/** The bytes of an example: what is before the `;` of each line. */
function example(name: string): Buffer {
  const block = new RegExp(`^\`\`\`hex ${name}\\n([^\`]*)\`\`\`$`, 'm').exec(TEXT)?.[1] ?? '';
  return Buffer.from(block.replace(/;.*$/gm, '').replace(/\s+/g, ''), 'hex');
}

const NAMES = ['hello', 'welcome', 'ping', 'pong', 'data', 'credit'] as const;

/** The two ends of the example's connection, and what each heard. */
function ends() {
  const heard: unknown[] = [];
  const sink = {
    control: (message: Control) => heard.push(message),
    data: (stream: number, offset: number, bytes: Buffer, fin: boolean) =>
      heard.push({ stream, offset, text: bytes.toString(), fin }),
    credit: (stream: number, credit: object) => heard.push({ stream, ...credit }),
    stop: () => heard.push('stop'),
    ping: (intervalMs: number) => heard.push({ intervalMs }),
    close: () => heard.push('close'),
  };
  return { client: new Channel(sink), master: new Channel(sink), heard };
}

/** Each example as the library sends it, in the order of the text. */
function sent(): Record<string, Buffer> {
  const { client, master } = ends();
  const bytes: Record<string, Buffer> = {};
  const take = (name: string, channel: Channel) => {
    bytes[name] = Buffer.concat(channel.take(Number.POSITIVE_INFINITY));
  };
  const { majorMin, majorMax } = PROTOCOL;
  const epoch = { generation: 0, revision: 7 };
  const seen = { generation: 0, revision: 0 };
  client.sendControl({ hello: { majorMin, majorMax, role: Role.CLIENT, identity: CLIENT, seen } });
  take('hello', client);
  const welcome = { major: PROTOCOL.majorMax, session: TAG, epoch, master: MASTER, heartbeatMs: 1000 };
  master.sendControl({ epoch, welcome });
  take('welcome', master);
  for (const channel of [client, master]) channel.establish(TAG);
  master.sendPing(1000);
  take('ping', master);
  client.sendPong();
  take('pong', client);
  master.sendData(STREAM, 0, Buffer.from('hello\n'), true);
  take('data', master);
  client.sendCredit(STREAM, { acked: 7, limit: 1024 * 1024 + 6, rewind: false });
  take('credit', client);
  return bytes;
}

describe('the examples', () => {
  test.each(NAMES)('%s is what the library sends', (name) => {
    expect(example(name).toString('hex')).toBe(sent()[name]?.toString('hex'));
  });

  test.each(NAMES)('%s is one whole frame', (name) => {
    const bytes = example(name);
    expect(bytes.length).toBe(HEADER_BYTES + readHeader(bytes, 0).length);
  });

  test('are understood in the order of the text', () => {
    const { client, master, heard } = ends();
    const receive = (channel: Channel, name: string) => channel.receive(example(name), 0, Number.POSITIVE_INFINITY);
    receive(master, 'hello');
    receive(client, 'welcome');
    for (const channel of [client, master]) channel.establish(TAG);
    receive(client, 'ping');
    receive(master, 'pong');
    receive(client, 'data');
    receive(master, 'credit');
    expect(heard).toMatchObject([
      { body: 'hello', hello: { majorMin: 1, majorMax: 1, role: Role.CLIENT, identity: CLIENT, node: null } },
      {
        body: 'welcome',
        welcome: { major: 1, session: TAG, epoch: { revision: 7 }, master: MASTER, heartbeatMs: 1000 },
      },
      { intervalMs: 1000 },
      { stream: STREAM, offset: 0, text: 'hello\n', fin: true },
      { stream: STREAM, acked: 7, limit: 1_048_582, rewind: false },
    ]);
  });
});
