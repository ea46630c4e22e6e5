/** A slave's daemon that dies or is replaced, while a holder keeps what it runs. */
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Client, connect, type RemoteProcess, startCluster } from '../../src/index.ts';
import { EndKind, encodeSpec, StdioKind } from '../../src/wire/index.ts';
import { type Daemon, isAlive, Machines } from '../support/daemons.ts';
import { Dialogue } from '../support/dialogue.ts';
import { idOf, rawClient } from '../support/raw-peer.ts';

let machines: Machines;
let master: Daemon;
let bp: Client;

beforeEach(async () => {
  machines = await Machines.create();
  master = await machines.master();
  await machines.slave(0, { spawner: 'holder' });
  bp = await connect({ master: machines.address });
  // its master has yet to hear what it holds
  await expect.poll(() => bp.nodeStatus(0), { timeout: 20_000 }).toBe('up');
});

afterEach(async () => {
  await bp[Symbol.asyncDispose]();
  await machines[Symbol.asyncDispose]();
});

const COUNT = 'i=0; while [ $i -lt 200000 ]; do echo $i; i=$((i+1)); done; exit 6';

async function restart(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
  await machines.last.kill(signal);
  await machines.slave(0, { spawner: 'holder' });
}

/** Reads numbered lines to the end; calls `at` when it is at that many. */
async function readAll(p: RemoteProcess, marks: ReadonlyMap<number, () => void>): Promise<number> {
  let expected = 0;
  for await (const line of createInterface({ input: p.stdout })) {
    if (line !== String(expected)) throw new Error(`line ${expected} reads ${line}`);
    expected += 1;
    marks.get(expected)?.();
  }
  return expected;
}

test('killed -9 in mid-stream, twice: every line arrives, once and in order, and then the end', async () => {
  const p = await bp.rexec(0, 'sh', ['-c', COUNT]);
  const restarts: Promise<void>[] = [];
  const again = () => void restarts.push((restarts.at(-1) ?? Promise.resolve()).then(() => restart()));
  expect(
    await readAll(
      p,
      new Map([
        [1000, again],
        [60_000, again],
      ]),
    ),
  ).toBe(200_000);
  expect(await p.wait()).toEqual({ kind: 'exited', code: 6 });
  await Promise.all(restarts);
  expect(restarts).toHaveLength(2);
  expect((await bp.procList()).map(({ pid }) => pid)).not.toContain(p.pid);
});

test('input that was on the way arrives, once and in order', async () => {
  const p = await bp.rexec(0, 'sh', ['-c', 'sleep 0.5; md5sum']);
  const reference = await bp.rexec(0, 'md5sum');
  const sum = async ({ stdout }: RemoteProcess): Promise<string> => {
    let text = '';
    for await (const chunk of stdout) text += chunk;
    return text;
  };
  const sums = [sum(p), sum(reference)];
  const chunk = (at: number) => Buffer.alloc(65_536, `${at} and so on `);
  for (let at = 0; at < 100; at += 1) {
    for (const { stdin } of [p, reference]) {
      if (!stdin.write(chunk(at))) await new Promise((resolve) => stdin.once('drain', resolve));
    }
    if (at === 10 || at === 50) await restart();
  }
  p.stdin.end();
  reference.stdin.end();
  const [first, second] = await Promise.all(sums);
  expect(first).toBe(second);
  expect(await p.wait()).toEqual({ kind: 'exited', code: 0 });
});

test('what ended while no daemon was there is told when one is', async () => {
  const p = await bp.rexec(0, 'sh', ['-c', 'echo now; sleep 0.5; echo then; exit 9'], { stderr: 'ignore' });
  const { localPid } = (await bp.procList())[0] ?? { localPid: 0 };
  let text = '';
  p.stdout.on('data', (bytes: Buffer) => {
    text += bytes.toString();
  });
  await expect.poll(() => text, { timeout: 20_000 }).toBe('now\n');
  await machines.last.kill();
  await expect.poll(() => isAlive(localPid), { timeout: 20_000 }).toBe(false);
  await machines.slave(0, { spawner: 'holder' });
  expect(await p.wait()).toEqual({ kind: 'exited', code: 9 });
  expect(text).toBe('now\nthen\n');
});

/** A program that says so when it is sent TERM, and takes no other notice. */
const DEAF = ['-c', 'trap "echo term" TERM; echo ready; while :; do sleep 1000 & wait; done'];

/** Hears what a process writes from now on; waits until something is among it. */
function listener(p: RemoteProcess): (what: string) => Promise<void> {
  let text = '';
  p.stdout.on('data', (bytes: Buffer) => {
    text += bytes.toString();
  });
  return (what) => expect.poll(() => text, { timeout: 20_000 }).toContain(what);
}

test('a KILL that is to follow TERM follows', async () => {
  const p = await bp.rexec(0, 'sh', DEAF, { stderr: 'ignore' });
  const says = listener(p);
  await says('ready');
  await p.terminate({ graceMs: 2000 });
  await says('term');
  await restart();
  expect(await p.wait()).toEqual({ kind: 'signaled', signal: 'SIGKILL', core: false });
});

test('what a limit ends is said to have ended by it, though no daemon was there to see it', async () => {
  const p = await bp.rexec(0, 'sh', DEAF, { stderr: 'ignore', lifetimeMs: 2000, killGraceMs: 600_000 });
  await listener(p)('term');
  const { localPid } = (await bp.procList()).find(({ pid }) => pid === p.pid) ?? { localPid: 0 };
  await machines.last.kill();
  process.kill(localPid, 'SIGKILL');
  await expect.poll(() => isAlive(localPid), { timeout: 20_000 }).toBe(false);
  await machines.slave(0, { spawner: 'holder' });
  expect(await p.wait()).toEqual({ kind: 'timedOut', limit: 'lifetime' });
});

/** A client by hand, which acknowledges an end when the test says so, and has started a shell script. */
async function byHand(puid: Buffer, script: string) {
  const client = await rawClient(createConnection(machines.address.slice('unix:'.length)), idOf(9));
  client.send({ request: { id: 1, resolve: { nodes: [0] } } });
  const { response } = await client.control('response');
  const boot = response.body === 'resolved' ? response.resolved.entries[0]?.boot : undefined;
  const stdio = { kind: StdioKind.IGNORE };
  const env = [`PATH=${process.env['PATH']}`];
  const spec = encodeSpec({ file: 'sh', argv: ['sh', '-c', script], env, stdout: stdio, stderr: stdio });
  const start = { spec, targets: [{ puid, node: 0, boot }] };
  client.send({ start });
  /** Waits until all that was asked for before has got to the holder. */
  const settle = async (id: number): Promise<void> => {
    client.send({ request: { id, listProcesses: {} } });
    await client.until('a list', (heard) =>
      heard.kind === 'control' && heard.message.body === 'response' && heard.message.response.id === id
        ? true
        : undefined,
    );
  };
  return { client, start, settle };
}

test('a start that is repeated after its end was acknowledged does not happen again', async () => {
  const bystander = await bp.rexec(0, 'sleep', ['1000']);
  const log = join(machines.directory, 'log');
  const puid = idOf(77);
  const { client, start, settle } = await byHand(puid, `echo >> ${log}`);
  const { ended } = await client.control('ended');
  expect(ended.end).toMatchObject({ kind: EndKind.EXITED, code: 0 });
  client.send({ endAck: { puid } });
  await settle(2);
  await restart();
  await expect.poll(() => bystander.state, { timeout: 20_000 }).toBe('running');
  client.send({ start: { ...start, repeated: true } });
  const { startFailed } = await client.control('startFailed');
  expect(startFailed).toMatchObject({ puid, failure: { code: 'EEXIST' } });
  expect(readFileSync(log, 'utf8')).toBe('\n');
  client.cut();
});

test('what was let go runs on, and its end is told until it is acknowledged', async () => {
  const bystander = await bp.rexec(0, 'sleep', ['1000']);
  const puid = idOf(78);
  const { client, settle } = await byHand(puid, 'exec sleep 1000');
  const { started } = await client.control('started');
  client.send({ request: { id: 2, detach: { pid: started.pid, code: 5 } } });
  const { ended } = await client.control('ended');
  expect(ended.end).toMatchObject({ kind: EndKind.EXITED, code: 5 });
  await settle(3);
  for (const _ of ['once', 'twice']) {
    const since = client.heard.length;
    await restart();
    const again = await client.control('ended', since);
    expect(again.ended).toMatchObject({ puid, end: { kind: EndKind.EXITED, code: 5 } });
    expect(isAlive(started.localPid)).toBe(true);
  }
  client.send({ endAck: { puid } });
  await settle(4);
  await restart();
  await expect.poll(() => bystander.state, { timeout: 20_000 }).toBe('running');
  expect((await bp.procList()).map(({ pid }) => pid)).toEqual([bystander.pid]);
  process.kill(started.localPid, 'SIGKILL');
  client.cut();
});

test('signals reach what was taken up, and what it has forked is seen', async () => {
  const p = await bp.rexec(0, 'sh', ['-c', 'sleep 1000 & wait']);
  await expect.poll(async () => (await bp.procList()).length, { timeout: 20_000 }).toBe(2);
  await restart();
  await expect.poll(() => p.state, { timeout: 20_000 }).toBe('running');
  expect((await bp.procList()).map(({ command }) => command).sort()).toEqual(['sh', 'sleep']);
  await p.kill('SIGTERM');
  expect(await p.wait()).toEqual({ kind: 'signaled', signal: 'SIGTERM', core: false });
  await expect.poll(async () => (await bp.procList()).length, { timeout: 20_000 }).toBe(0);
});

test('a shell at a terminal goes on, and its terminal takes another size', async () => {
  const shell = ['--norc', '--noprofile', '-i'];
  const p = await bp.rexec(0, 'bash', shell, { pty: { rows: 20, columns: 60, term: 'dumb' }, env: { PS1: '<ready>' } });
  const dialogue = new Dialogue(p);
  await dialogue.shows(/<ready>/);
  dialogue.type('kept=yes; stty size\n');
  await dialogue.shows(/20 60\r\n<ready>/);
  await machines.last.kill('SIGKILL');
  dialogue.type('echo "kept: $kept"; sleep 1000\n');
  await machines.slave(0, { spawner: 'holder' });
  await dialogue.shows(/kept: yes/);
  await expect.poll(async () => (await bp.procList()).map(({ command }) => command)).toContain('sleep');
  dialogue.type('\x03');
  await dialogue.shows(/<ready>/);
  await p.resize({ rows: 33, columns: 99 });
  dialogue.type('stty size\n');
  await dialogue.shows(/33 99\r\n<ready>/);
  dialogue.type('exit 7\n');
  expect(await dialogue.end()).toEqual({ kind: 'exited', code: 7 });
});

test('in pid namespaces of their own processes have the pids that everybody knows them by', async () => {
  const isRoot = process.geteuid?.() === 0;
  const pidNamespace = isRoot ? 'root' : 'user';
  await using cluster = await startCluster({ nodes: [{ pidNamespace }, { pidNamespace }], spawner: 'holder' });
  const vector = await cluster.client.rexec([0, 1], 'sh', ['-c', 'echo $$ $PPID $BPROC_PID']);
  for (const p of vector.processes) {
    let text = '';
    for await (const chunk of p.stdout) text += chunk;
    expect(text).toBe(`${p.pid} 1 ${p.pid}\n`);
  }
});

test('what runs from an image keeps it: it is pinned again, and what nothing runs from goes', async () => {
  const p = await bp.execmove(0, '/bin/bash', ['-c', 'read x; echo "over $x"'], { cwd: '/' });
  const other = await bp.execmove(0, '/bin/cat', [], { cwd: '/' });
  const both = await bp.cacheInfo(0);
  other.stdin.end();
  await expect
    .poll(async () => (await bp.cacheInfo(0)).pinnedBytes, { timeout: 20_000 })
    .toBeLessThan(both.pinnedBytes);
  const before = await bp.cacheInfo(0);
  await restart();
  await expect.poll(() => bp.nodeStatus(0), { timeout: 20_000 }).toBe('up');
  await expect.poll(async () => (await bp.cacheInfo(0)).pinnedBytes, { timeout: 20_000 }).toBe(before.pinnedBytes);
  const roots = join(machines.directory, 'slave-0/images/roots');
  await expect.poll(() => readdirSync(roots).length, { timeout: 20_000 }).toBe(1);
  const after = await bp.purgeCache(0);
  expect(after.bytes).toBe(before.pinnedBytes);
  p.stdin.end('now\n');
  let text = '';
  for await (const chunk of p.stdout) text += chunk;
  expect([text, await p.wait()]).toEqual(['over now\n', { kind: 'exited', code: 0 }]);
  await expect.poll(async () => (await bp.purgeCache(0)).bytes, { timeout: 20_000 }).toBe(0);
});

test('an image that cannot be had again is said to be lacking, and what runs from it goes on', async () => {
  const maker = await connect({ master: machines.address });
  const script = ['-c', 'trap "exit 5" TERM; while :; do sleep 0.1; done'];
  const p = await maker.execmove(0, '/bin/bash', script, { cwd: '/', detached: true, stdout: 'ignore' });
  await maker[Symbol.asyncDispose]();
  const trouble = async () => (await bp.nodeInfo(0)).attributes['trouble'];
  expect((await trouble()) ?? '').toBe('');
  await Promise.all([machines.last.kill(), master.kill()]);
  rmSync(join(machines.directory, 'slave-0/images/blobs'), { recursive: true });
  // whose own cache has gone with it
  await machines.master();
  await machines.slave(0, { spawner: 'holder' });
  await expect.poll(trouble, { timeout: 20_000 }).toMatch(/may lack files of it: image .* cannot be had/);
  expect((await bp.procList()).map(({ pid }) => pid)).toContain(p.pid);
  await bp.kill(p.pid, 'TERM');
  await expect.poll(() => isAlive(p.localPid), { timeout: 20_000 }).toBe(false);
});
