/** Programs that are clients of the cluster copy themselves: PROTOCOL.md 12.7. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Client, type Cluster, startCluster } from '../../../src/index.ts';
import { linesOf, startProgram } from '../../support/node-program.ts';

let cluster: Cluster;
let client: Client;

beforeAll(async () => {
  cluster = await startCluster({ nodes: 4 });
  client = cluster.client;
});

afterAll(() => cluster[Symbol.asyncDispose]());

const DONE = { kind: 'exited', code: 0 };

test('twenty of twenty times the original and its copy are told apart, and both go on', {
  timeout: 120_000,
}, async () => {
  const program = `
    import { readFileSync } from 'node:fs';
    const seen = { timers: 0 };
    setInterval(() => { seen.timers += 1; }, 1).unref();
    for (let round = 0; round < 20; round += 1) {
      const fork = await bp.rfork(1 + round % 3);
      if (fork.child) {
        const before = seen.timers;
        await new Promise((resolve) => setTimeout(resolve, 20));
        const echo = await bp.rexec((round + 1) % 3, 'cat', [], { stdout: 'stream' });
        echo.stdin.end('echo ' + round);
        let text = '';
        for await (const chunk of echo.stdout) text += chunk;
        await echo.wait();
        const own = (await bp.procList({ startedOnly: true })).find(({ pid }) => pid === fork.pid);
        console.log(JSON.stringify({ ...fork, node: own.node, text, timers: seen.timers > before, original: process.pid }));
        await bp[Symbol.asyncDispose]();
        process.exit(3);
      }
      const { process: copy } = fork;
      let text = '';
      for await (const chunk of copy.stdout) text += chunk;
      const { pid, original, ...said } = JSON.parse(text);
      const end = await copy.wait();
      console.log(JSON.stringify({ ...said, isItsPid: pid === copy.pid && pid !== original && copy.node === said.node, end: end.code }));
    }
  `;
  const p = await startProgram(client, 0, program);
  const lines = linesOf(p);
  expect(await p.wait()).toEqual(DONE);
  const told = Array.from({ length: 20 }, (_, round) => {
    const said = { child: true, rank: 0, node: 1 + (round % 3), text: `echo ${round}`, timers: true };
    return { ...said, isItsPid: true, end: 3 };
  });
  expect(lines.map((line) => JSON.parse(line))).toEqual(told);
});

test('a copy is a client of its own: what the original has under way stays the original’s', async () => {
  const program = `
    const job = await bp.rexec(2, 'cat');
    const waits = job.wait();
    const never = bp.wait(process.pid).then(() => 'ended', ({ code }) => code);
    const fork = await bp.vrfork([1, 2, 3]);
    if (fork.child) {
      const code = await waits.then(() => 'ended', (error) => error.code);
      const own = await bp.rexec(0, 'true');
      await own.wait();
      console.log(JSON.stringify({ rank: fork.rank, code, never: await never }));
      await bp[Symbol.asyncDispose]();
      process.exit(0);
    }
    const said = await Promise.all(fork.process.processes.map(async ({ stdout }) => {
      let text = '';
      for await (const chunk of stdout) text += chunk;
      return JSON.parse(text);
    }));
    await fork.process.wait();
    job.stdin.end('on');
    let text = '';
    for await (const chunk of job.stdout) text += chunk;
    console.log(JSON.stringify({ said, text, end: await waits }));
  `;
  const p = await startProgram(client, 0, program);
  const lines = linesOf(p);
  expect(await p.wait()).toEqual(DONE);
  const said = [0, 1, 2].map((rank) => ({ rank, code: 'ECANCELED', never: 'ECANCELED' }));
  expect(JSON.parse(lines.join())).toEqual({ said, text: 'on', end: DONE });
  expect(await client.procList()).toEqual([]);
});

test('one that moves first, and is copied by another client, knows itself as well', async () => {
  const program = `
    await bp.move(1);
    let isOver = false;
    process.stdin.once('data', () => { isOver = true; });
    console.log('up');
    while (!isOver) await new Promise((resolve) => setTimeout(resolve, 5));
    await bp.move(2);
    const list = await bp.procList({ startedOnly: true });
    console.log(bp.currNode(), list.filter(({ node }) => node === 2).length);
  `;
  const p = await startProgram(client, 0, program);
  const lines = linesOf(p);
  await expect.poll(() => lines, { timeout: 20_000 }).toEqual(['up']);
  const { process: copy } = await client.rfork(p.pid, 0);
  const copied = linesOf(copy);
  copy.stdin.end('x');
  expect(await copy.wait()).toEqual(DONE);
  expect(copied).toEqual(['2 1']);
  p.stdin.end('x');
  expect(await p.wait()).toEqual(DONE);
  expect(lines).toEqual(['up', '2 1']);
});

test('where it cannot be copied there is one, which has the reason', async () => {
  const program = `
    const codes = [await bp.rfork(77).catch(({ code }) => code)];
    const { spawn } = await import('node:child_process');
    const child = spawn('cat');
    codes.push(await bp.rfork(1).catch(({ code }) => code));
    child.stdin.end();
    await new Promise((resolve) => child.once('close', resolve));
    const list = await bp.procList({ startedOnly: true });
    console.log(codes.join(), list.length);
  `;
  const p = await startProgram(client, 0, program);
  const lines = linesOf(p);
  expect(await p.wait()).toEqual(DONE);
  expect(lines).toEqual(['BE_INVALIDNODE,ENOTSUP 1']);
});
