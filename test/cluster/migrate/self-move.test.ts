/** Programs that are clients of the cluster move themselves, and are moved: PROTOCOL.md 12.7. */
import { rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { type Client, type Cluster, startCluster } from '../../../src/index.ts';
import { until } from '../../linux/recorder.ts';
import { linesOf, startProgram } from '../../support/node-program.ts';

let cluster: Cluster;
let client: Client;

beforeAll(async () => {
  cluster = await startCluster({ nodes: 3 });
  client = cluster.client;
});

afterAll(() => cluster[Symbol.asyncDispose]());

const DONE = { kind: 'exited', code: 0 };
/** The node where the program is, as the master has it. */
const AT = '(await bp.procList({ startedOnly: true })).find(({ pid }) => pid === process.pid).node';

test('to and fro twenty times, while what it has started goes on and all of its output comes', async () => {
  const script = 'i=0; while [ ! -e /dev/shm/stop-$1 ]; do i=$((i+1)); echo $i; sleep 0.002; done; read x; echo $x';
  const program = `
    import { writeFileSync, rmSync } from 'node:fs';
    const job = await bp.rexec(2, '/bin/sh', ['-c', ${JSON.stringify(script)}, 'job', String(process.pid)]);
    let text = '';
    job.stdout.setEncoding('utf8').on('data', (chunk) => { text += chunk; });
    const ended = job.wait();
    const places = [];
    for (let each = 1; each <= 20; each += 1) {
      // a second request is under way
      const [, list] = await Promise.all([bp.move(each % 2), bp.nodeList()]);
      if (list.length !== 3) throw new Error('a node is missing');
      places.push(${AT});
    }
    writeFileSync('/dev/shm/stop-' + process.pid, '');
    job.stdin.end('its end\\n');
    const end = await ended;
    rmSync('/dev/shm/stop-' + process.pid);
    const lines = text.trim().split('\\n');
    const last = lines.pop();
    const isWhole = lines.length > 50 && lines.every((line, index) => line === String(index + 1));
    console.log(JSON.stringify({ places, last, isWhole, end, pid: process.pid }));
  `;
  const p = await startProgram(client, 0, program);
  const lines = linesOf(p);
  expect(await p.wait()).toEqual(DONE);
  const places = Array.from({ length: 20 }, (_, index) => (index + 1) % 2);
  expect(JSON.parse(lines.join())).toEqual({ places, last: 'its end', isWhole: true, end: DONE, pid: p.pid });
  expect(p.node).toBe(0);
});

test('by its own pid, with every client that it has, and where it was started by a shell', async () => {
  const program = `
    const other = await connect();
    await other.move(Number(process.env.BPROC_PID), 1);
    await bp.move(2);
    const [one, two] = await Promise.all([bp.nodeList(), other.nodeList()]);
    console.log(one.length, two.length, bp.currNode(), process.pid === Number(process.env.BPROC_PID));
  `;
  const library = new URL('../../../dist/index.js', import.meta.url).href;
  const text = `import { connect } from '${library}'; const bp = await connect(); ${program} process.exit(0);`;
  const p = await client.rexec(0, '/bin/sh', [
    '-c',
    '"$0" --input-type=module -e "$1"; exit $?',
    process.execPath,
    text,
  ]);
  const lines = linesOf(p);
  expect(await p.wait()).toEqual(DONE);
  expect(lines).toEqual(['3 3 2 false']);
  expect(p.node).toBe(2);
});

test('moved by another client it goes on as a client too', async () => {
  const p = await startProgram(client, 0, `console.log('up'); for await (const _ of process.stdin) console.log(${AT})`);
  const lines = linesOf(p);
  await until(() => lines.length === 1, 'its first line');
  for (const node of [1, 2, 0]) {
    await client.move(p.pid, node);
    p.stdin.write('where\n');
    await until(() => lines.at(-1) === String(node), 'its place');
  }
  p.stdin.end();
  expect(await p.wait()).toEqual(DONE);
  expect(lines).toEqual(['up', '1', '2', '0']);
});

test('where it cannot it stays, connected, with the reason', async () => {
  const path = join(tmpdir(), `bproc-self-move-${process.pid}.sock`);
  const server = createServer((socket) => socket.on('error', () => {})).listen(path);
  onTestFinished(async () => {
    server.close();
    await rm(path, { force: true });
  });
  const program = `
    import { createConnection } from 'node:net';
    const codes = [];
    const attempt = async (node) => codes.push(await bp.move(node).then(() => 'moved', ({ code, message }) => [code, message]));
    await attempt(77);
    const socket = createConnection(${JSON.stringify(path)});
    await new Promise((resolve) => socket.once('connect', resolve));
    await attempt(1);
    socket.destroy();
    await new Promise((resolve) => socket.once('close', resolve));
    codes.push(${AT});
    await attempt(1);
    codes.push(${AT});
    console.log(JSON.stringify(codes));
  `;
  const p = await startProgram(client, 0, program);
  const lines = linesOf(p);
  expect(await p.wait()).toEqual(DONE);
  expect(JSON.parse(lines.join())).toEqual([
    ['BE_INVALIDNODE', 'there is no node 77'],
    ['ENOTSUP', expect.stringContaining(`it is connected to unix sockets of programs that stay: ${path}`)],
    0,
    'moved',
    1,
  ]);
});

test('a program that was not started by the cluster has no self to be moved', async () => {
  await expect(client.move(1)).rejects.toMatchObject({
    code: 'BE_INVALIDPROC',
    message: expect.stringContaining('the calling program was not started in this cluster'),
  });
  await expect(client.rfork([1, 2])).rejects.toMatchObject({ code: 'BE_INVALIDPROC' });
});
