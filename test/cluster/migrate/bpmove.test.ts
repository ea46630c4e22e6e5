/** `bpmove` as a real program, PROTOCOL.md 12.1. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { moveText } from '../../../src/cli/move-line.ts';
import { type Client, connect, type RemoteProcess } from '../../../src/index.ts';
import { program, TestCluster } from '../../cli/commands.ts';
import { Dialogue } from '../../support/dialogue.ts';

let cluster: TestCluster;
let client: Client;

beforeAll(async () => {
  cluster = await TestCluster.start(2);
  client = await connect({ master: cluster.env['BPROC_MASTER'] ?? '' });
});

afterAll(async () => {
  await client[Symbol.asyncDispose]();
  await cluster[Symbol.asyncDispose]();
});

test('moves what can be moved, and says why the rest stays', async () => {
  const p = await client.rexec(0, 'cat');
  const { code, stderr } = await cluster.run('bpmove', ['1', String(p.pid), '999999']);
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: 'bpmove: process 999999 stays where it is: there is no process 999999 that was started\n',
  });
  expect(p.node).toBe(1);
  p.stdin.end();
  expect(await p.wait()).toEqual({ kind: 'exited', code: 0 });
});

/** `bpmove` at a terminal. */
async function atTerminal(args: readonly string[]): Promise<{ process: RemoteProcess; dialogue: Dialogue }> {
  const process = await client.rexec(0, globalThis.process.execPath, [program('bpmove'), ...args], { pty: true });
  return { process, dialogue: new Dialogue(process) };
}

test('says on a terminal how far it is, and no more than that', async () => {
  const p = await client.rexec(0, 'cat');
  const { process, dialogue } = await atTerminal(['--limit', '1M', '1', String(p.pid)]);
  await dialogue.shows(/process \d+ is captured/);
  await dialogue.shows(/process \d+ is sent +\d+% /);
  await dialogue.shows(/process \d+ is made there/);
  expect(await process.wait()).toEqual({ kind: 'exited', code: 0 });
  expect(dialogue.text.endsWith('\r\x1b[K')).toBe(true);
  expect(p.node).toBe(1);
  p.stdin.end();
  await p.wait();
});

test('calls off what is on its way where it is interrupted', async () => {
  const p = await client.rexec(0, 'cat');
  const { process, dialogue } = await atTerminal(['--limit', '64k', '1', String(p.pid), '999999']);
  await dialogue.shows(/is sent/);
  dialogue.type('\x03');
  await dialogue.shows(/process \d+ stays where it is: .*runs on where it was/);
  expect(await process.wait()).toEqual({ kind: 'exited', code: 130 });
  expect(dialogue.text).not.toContain('999999');
  expect(p.node).toBe(0);
  p.stdin.end();
  expect(await p.wait()).toEqual({ kind: 'exited', code: 0 });
});

test('the line has room for what matters', () => {
  const MIB = 1024 * 1024;
  const progress = { phase: 'sending', bytes: 25 * MIB, totalBytes: 100 * MIB } as const;
  const text = 'process 7 is sent  25% [=====>              ] 25.0 MiB of 100 MiB  5.0 MiB/s  0:15 left';
  expect(moveText(7, progress, 5 * MIB, 88)).toBe(text);
  expect(moveText(7, progress, 5 * MIB, 30)).toHaveLength(29);
  expect(moveText(7, { ...progress, phase: 'capturing', totalBytes: undefined }, 0, 80)).toBe(
    'process 7 is captured  25.0 MiB sent',
  );
});

test.each([
  [[], /give a node/],
  [['1'], /give a node/],
  [['x', '5'], /"x" is no number/],
  [['--address', '10.0.0.7', '1', '5', '6'], /--address takes an IPv4 address, which goes along with one process/],
  [['--address', '10.0.0.7/32', '1', '5'], /--address takes an IPv4 address/],
  [['--address', '10.0.0.7', '--close-connections', '1', '5'], /closes no connections/],
  [['--limit', '10', '1', '5'], /"10" is no rate of 64K or more/],
  [['--limit', 'fast', '1', '5'], /"fast" is no rate/],
  [['--timeout', 'y', '1', '5'], /"y" is no number of seconds/],
])('%j is refused with the usage', async (args, message) => {
  const { code, stderr } = await cluster.run('bpmove', args);
  expect(code).toBe(1);
  expect(stderr).toMatch(message);
  expect(stderr).toMatch(/^usage: bpmove/m);
});
