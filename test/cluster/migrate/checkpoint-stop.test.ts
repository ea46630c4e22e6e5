/** Processes that end when they have become a checkpoint: PROTOCOL.md 12.8. */
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../../../src/clock.ts';
import type { Client, Clock, Master, RemoteProcess, Slave } from '../../../src/index.ts';
import { connect, startMaster, startSlave } from '../../../src/index.ts';
import { until } from '../../linux/recorder.ts';

/** How long a slave waits for the client of a room, in milliseconds. */
const QUIET_MS = 60_000;

/** Says every line again with the number of lines until then, and counts time in between. */
const ECHO = `
import sys, threading, time
ticks = 0
def tick():
  global ticks
  while True:
    time.sleep(0.01)
    ticks += 1
threading.Thread(target=tick, daemon=True).start()
for number, line in enumerate(sys.stdin):
  sys.stdout.write(f"{number} {line.strip()} {ticks}\\n")
  sys.stdout.flush()
`;

/** The machine's clock, but that what waits for clients of rooms does so until it is told that their time is over. */
class PatientClock implements Clock {
  readonly #clock = systemClock({ keepAlive: true });
  readonly #waiting = new Set<() => void>();
  now = () => this.#clock.now();
  wallTime = () => this.#clock.wallTime();

  after(delayMs: number, callback: () => void) {
    if (delayMs !== QUIET_MS) return this.#clock.after(delayMs, callback);
    this.#waiting.add(callback);
    return () => void this.#waiting.delete(callback);
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  pass(): void {
    for (const callback of [...this.#waiting]) {
      this.#waiting.delete(callback);
      callback();
    }
  }
}

let clock: PatientClock;
let master: Master;
let slave: Slave;
let client: Client;
let scratch: string;

beforeAll(async () => {
  clock = new PatientClock();
  master = await startMaster();
  slave = await startSlave({ master: () => master.connect(), spawner: 'holder', node: 0, clock });
  await slave.attached;
  client = await connect({ master: async () => master.connect() });
});

afterAll(async () => {
  await client[Symbol.asyncDispose]();
  await slave[Symbol.asyncDispose]();
  await master[Symbol.asyncDispose]();
});

let p: RemoteProcess;

beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'bproc-test-stop-'));
  p = await client.rexec(0, '/usr/bin/python3', ['-c', ECHO]);
  expect(await say(p, 'one')).toMatch(/^0 one \d+\n$/);
});

afterEach(async () => {
  await p.kill('SIGKILL').catch(() => {});
  await p.wait();
  await rm(scratch, { recursive: true, force: true });
  expect(await rooms()).toEqual([]);
});

async function say(to: RemoteProcess, line: string): Promise<string> {
  // which is written at once
  const answer = once(to.stdout, 'data');
  to.stdin.write(`${line}\n`);
  return String((await answer)[0]);
}

async function rooms(): Promise<string[]> {
  const found = await Promise.all(['/dev/shm', tmpdir()].map((directory) => readdir(directory)));
  return found
    .flat()
    .filter((name) => /^bproc-(?:checkpoint|archive)-/.test(name) && name.includes(`-${process.pid}-`));
}

/** How often each of its threads has run so far, by whose leave. */
async function switches(pid: number): Promise<string[]> {
  const threads = await readdir(`/proc/${pid}/task`);
  const told = await Promise.all(threads.map((thread) => readFile(`/proc/${pid}/task/${thread}/status`, 'utf8')));
  expect(told).toHaveLength(2);
  return told.flatMap((status) => status.match(/^(?:non)?voluntary_ctxt_switches:.*$/gm) ?? []);
}

/** Takes what it is given once it is told to. */
function gate() {
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  let reached = (): void => {};
  const isReached = new Promise<void>((resolve) => {
    reached = resolve;
  });
  const stream = new Writable({
    write: (_chunk, _encoding, done) => {
      reached();
      void opened.then(() => done());
    },
  });
  return { stream, isReached, open };
}

test('a process ends when its checkpoint is whole, as one that has become that', async () => {
  const directory = join(scratch, 'taken');
  await client.checkpoint(p.pid, directory, { stop: true });
  expect(await p.wait()).toEqual({ kind: 'signaled', signal: 'SIGKILL', core: false, checkpointed: true });
  const again = await client.restart(directory, 0);
  expect(await say(again, 'two')).toMatch(/^1 two \d+\n$/);
  again.stdin.end();
  expect(await again.wait()).toEqual({ kind: 'exited', code: 0 });
});

test('it stands still until then, and never runs again', async () => {
  const { stream, isReached, open } = gate();
  const taking = client.checkpoint(p.pid, stream, { stop: true });
  await isReached;
  const began = clock.now();
  expect(await rooms()).toHaveLength(2);
  const [listed] = await client.procList();
  const before = await switches(listed?.localPid ?? 0);
  p.stdin.write('two\n');
  await until(async () => clock.now() > began + 100, 'some time');
  expect(await switches(listed?.localPid ?? 0)).toEqual(before);
  expect(p.end).toBeUndefined();
  open();
  await taking;
  expect(await p.wait()).toMatchObject({ kind: 'signaled', checkpointed: true });
  expect(await text(p.stdout)).toBe('');
});

test('where the checkpoint cannot be written the process runs on', async () => {
  const full = new Writable({
    write: (_chunk, _encoding, done) => done(Object.assign(new Error('full'), { code: 'ENOSPC' })),
  });
  await expect(client.checkpoint(p.pid, full, { stop: true })).rejects.toMatchObject({
    code: 'ENOSPC',
    message: 'full',
  });
  expect(await say(p, 'two')).toMatch(/^1 two /);
});

test('and where its client says nothing any more', async () => {
  const { stream, isReached, open } = gate();
  const taking = client.checkpoint(p.pid, stream, { stop: true });
  await isReached;
  await until(() => clock.waiting === 1, 'its slave waits');
  clock.pass();
  expect(await say(p, 'two')).toMatch(/^1 two /);
  open();
  await expect(taking).rejects.toMatchObject({
    code: 'ENOENT',
    message: expect.stringMatching(
      /^the checkpoint is whole, but that process \d+ was ended is not certain: .*nobody has said for 60 s/,
    ),
  });
  expect(p.end).toBeUndefined();
});

test('and where its client is gone', async () => {
  const other = await connect({ master: async () => master.connect() });
  const { stream, isReached } = gate();
  const taking = other.checkpoint(p.pid, stream, { stop: true });
  await isReached;
  await other[Symbol.asyncDispose]();
  clock.pass();
  expect(await say(p, 'two')).toMatch(/^1 two /);
  stream.destroy();
  await expect(taking).rejects.toMatchObject({ code: expect.any(String) });
});
