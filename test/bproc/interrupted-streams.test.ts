/** Streams of processes whose connections are lost at the worst moment [PROTOCOL 5.3]. */
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Client, connect, type Master, type Slave, startMaster, startSlave } from '../../src/index.ts';
import { EndKind, ProcessState } from '../../src/wire/index.ts';
import { type Heard, idOf, rawSlave } from '../support/raw-peer.ts';
import { tapped } from '../support/tap.ts';

let master: Master;
let slave: Slave;
let directory: string;
const clients: Client[] = [];

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'bproc-cut-'));
  master = await startMaster({ clientGraceMs: 30_000, silentAfterMs: 30_000 });
  slave = await startSlave({ master: () => master.connect(), node: 0 });
  await slave.attached;
});

afterAll(async () => {
  for (const client of clients) await client[Symbol.asyncDispose]();
  await slave[Symbol.asyncDispose]();
  await master[Symbol.asyncDispose]();
  await rm(directory, { recursive: true });
});

/** A client whose connection can be cut, and kept away until it is let in again. */
async function cuttable() {
  let cut = (): void => {};
  let opened: Promise<unknown> = Promise.resolve();
  const client = await connect({
    master: async () => {
      await opened;
      const tap = tapped(master.connect());
      cut = tap.cut;
      return tap.near;
    },
  });
  clients.push(client);
  return {
    client,
    cut: (until: Promise<unknown> = Promise.resolve()) => {
      opened = until;
      cut();
    },
  };
}

/** Resolves once the only process there is has ended. */
async function whenExited(observer: Client): Promise<void> {
  while ((await observer.procList({ startedOnly: true }))[0]?.state !== 'exited') await sleep(10);
}

const LINES = 20_000;
const BURST = `i=0; while [ $i -lt ${LINES} ]; do echo "line $i of what it wrote"; i=$((i+1)); done`;
const EXPECTED = Array.from({ length: LINES }, (_, i) => `line ${i} of what it wrote\n`).join('');

test('a client away while its process writes and ends gets all of it, and then the end', async () => {
  const { client: observer } = await cuttable();
  const { client, cut } = await cuttable();
  const p = await client.rexec(0, 'sh', ['-c', `until test -e ${directory}/go; do sleep 0.01; done; ${BURST}; exit 7`]);
  cut(whenExited(observer));
  await writeFile(join(directory, 'go'), '');
  expect(await text(p.stdout)).toBe(EXPECTED);
  expect(await p.wait()).toEqual({ kind: 'exited', code: 7 });
});

test('a slave that lost its connection after it told an end is asked for the output before it', async () => {
  const { client } = await cuttable();
  const boot = idOf(7);
  const first = await rawSlave(master.connect(), 1, boot);
  const { pids } = (await first.control('welcome')).welcome;
  const pid = pids?.first ?? 0;
  const starting = client.rexec(1, 'a program');
  const { start } = await first.control('start');
  const puid = Buffer.from(start.targets[0]?.puid ?? []);
  first.send({ started: { puid, pid, node: 1, localPid: 1, startTime: 1, stdinWindow: 100 } });
  const p = await starting;
  // the end overtakes the output, and the connection is lost between the two
  const ended = { puid, pid, node: 1, end: { kind: EndKind.EXITED, code: 4 }, stdoutBytes: 5 };
  first.send({ ended });
  await whenExited(client);
  first.cut();
  const client16 = Buffer.from(start.client);
  const report = { puid, pid, localPid: 1, startTime: 1, state: ProcessState.EXITED, client: client16, ended };
  const second = await rawSlave(master.connect(), 1, boot, [report], { pids: [{ first: pid, count: 4096 }] });
  const isStdout = (heard: Heard) => (heard.kind === 'credit' && heard.stream === pid * 4 + 1 ? heard : undefined);
  expect(await second.until('CREDIT', isStdout)).toMatchObject({ acked: 0, rewind: true });
  second.channel.sendData(pid * 4 + 1, 0, Buffer.from('hello'), true);
  second.flush();
  expect(await text(p.stdout)).toBe('hello');
  expect(await p.wait()).toEqual({ kind: 'exited', code: 4 });
  await second.control('endAck');
  second.send({ goodbye: { reason: 'done' } });
});

test('a start whose answer is lost is repeated, and nothing of its streams is', async () => {
  const { client, cut } = await cuttable();
  for (let round = 0; round < 20; round += 1) {
    const starting = client.rexec(0, 'sh', ['-c', 'echo begun; cat; echo over']);
    for (let turns = 0; turns < round; turns += 1) await new Promise((resolve) => setImmediate(resolve));
    cut();
    const p = await starting;
    p.stdin.end(`input ${round}\n`);
    expect(await text(p.stdout)).toBe(`begun\ninput ${round}\nover\n`);
    expect(await p.wait()).toEqual({ kind: 'exited', code: 0 });
  }
});

test('input that is all there before the process runs arrives', async () => {
  const { client } = await cuttable();
  for (const content of ['', 'short\n', 'x'.repeat(300_000)]) {
    await writeFile(join(directory, 'input'), content);
    const file = await open(join(directory, 'input'));
    const p = await client.rexec(0, 'cat', [], { stdin: file.fd });
    expect(await text(p.stdout)).toBe(content);
    await p.wait();
    await file.close();
  }
});
