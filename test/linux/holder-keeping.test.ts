import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { errnoOf } from '../../src/errors.ts';
import { TOLD } from '../../src/linux/holder-frames.ts';
import { createHolderSpawner, type HeldProcess, readStat, type Spawner } from '../../src/linux/index.ts';
import { scratchTree } from '../support/scratch.ts';
import { fixture, gone, parsePids, Recorder, request, runs, script, until } from './recorder.ts';
import { HolderGround, holderOf } from './suite/ground.ts';
import { describeKeeping, type KeepingBench } from './suite/keeping.ts';

const isRoot = process.getuid?.() === 0;
const hooks = new URL('../fixtures/ts-hooks.mjs', import.meta.url).href;

/** Runs a program of test/fixtures until it says that it is ready, and kills it without warning. */
async function runAndKill(name: string, argv: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const program = spawn(process.execPath, ['--import', hooks, fixture(name), ...argv], {
    cwd: import.meta.dirname,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  program.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  await until(() => said.includes('ready\n'), 'the program');
  program.kill('SIGKILL');
  await once(program, 'close');
  return parsePids(said);
}

function keepingBench(pidNamespace: 'none' | 'root'): KeepingBench {
  const scratch = scratchTree({});
  const opened: Spawner[] = [];
  return {
    async open() {
      const spawner = await createHolderSpawner({ stateDir: scratch.path, pidNamespace });
      opened.push(spawner);
      return spawner;
    },
    async until(condition, what) {
      await until(condition, what);
    },
    killHolder: () => process.kill(holderOf(scratch.path), 'SIGKILL'),
    exits: (code, more) => script(`exit ${code}`, more),
    stays: (more) => request('sleep', ['600'], more),
    copies: (more) => request('cat', [], more),
    writes: (bytes, more) => request('head', ['-c', String(bytes), '/dev/zero'], more),
    async [Symbol.asyncDispose]() {
      for (const spawner of opened) await spawner[Symbol.asyncDispose]();
      await (await createHolderSpawner({ stateDir: scratch.path, pidNamespace }))[Symbol.asyncDispose]();
      scratch[Symbol.dispose]();
    },
  };
}

describeKeeping('a holder', async () => keepingBench('none'));
if (isRoot) describeKeeping('a holder in a pid namespace of its own', async () => keepingBench('root'));

describe('a holder whose program dies', () => {
  it('keeps every byte of output, the input and the ends for the next one', async () => {
    using scratch = scratchTree({});
    const stateDir = join(scratch.path, 'state');
    const received = join(scratch.path, 'received');
    const pids = await runAndKill('keeping-program.ts', [stateDir, received]);
    // Not only ended but reaped: only then the holder knows of it.
    const enderPid = pids.get('ender');
    if (enderPid === undefined) throw new Error('the program has not said which process it is that ends');
    await until(() => readStat(enderPid) === undefined, 'its end');

    await using spawner = await createHolderSpawner({ stateDir });
    const held = new Map(spawner.held().map((each) => [Buffer.from(each.tag).toString(), each]));
    expect([...held.keys()]).toEqual(['ender', 'writer', 'reader']);
    const of = (name: string): HeldProcess => {
      const process = held.get(name);
      if (process === undefined) throw new Error(`${name} is not held`);
      return process;
    };

    const ender = new Recorder();
    expect(of('ender')).toMatchObject({ phase: 'exited', exit: { status: { kind: 'exited', code: 9 } } });
    const ended = spawner.adopt(of('ender'), ender);
    expect(ender.told).toEqual([]);
    expect(await ender.finish()).toEqual({ kind: 'exited', code: 9 });
    expect(ender.bytes(1).toString()).toBe('last words\n');
    expect(ender.usage?.maxRssBytes).toBeGreaterThan(0);
    expect(await ended.signal(9, 'process')).toBe(false);

    const [acknowledged] = of('writer').acknowledged;
    expect(acknowledged).toBeGreaterThan(1_000_000);
    expect(acknowledged).toBeLessThanOrEqual(5_000_000);
    const rest = new Recorder();
    const writer = spawner.adopt(of('writer'), rest);
    rest.acknowledge = (fd, offset) => writer.acknowledge(fd, (fd === 1 ? acknowledged : 0) + offset);
    expect(await rest.finish()).toEqual({ kind: 'exited', code: 5 });
    const hash = createHash('sha256').update(readFileSync(received).subarray(0, acknowledged)).update(rest.bytes(1));
    const expected = createHash('sha256');
    const reference = new Recorder();
    const again = spawner.spawn(script('seq 1 7000000 | head -c 50000000'), reference);
    reference.acknowledge = (fd, offset) => again.acknowledge(fd, offset);
    await reference.finish();
    expect(reference.bytes(1).length).toBe(50_000_000);
    expect(hash.digest('hex')).toBe(expected.update(reference.bytes(1)).digest('hex'));

    const { inputOffset, inputTaken, isInputOver } = of('reader');
    expect(inputTaken).toBeGreaterThan(0);
    expect(inputTaken).toBeLessThanOrEqual(inputOffset);
    expect(isInputOver).toBe(false);
    const digest = new Recorder();
    const reader = spawner.adopt(of('reader'), digest);
    const input = Buffer.concat(Array.from({ length: 50 }, (_, n) => Buffer.alloc(100_000, n)));
    reader.write(input.subarray(inputOffset));
    reader.endStdin();
    expect(await digest.finish()).toEqual({ kind: 'exited', code: 7 });
    expect(digest.bytes(1).toString()).toBe(`${createHash('sha256').update(input).digest('hex')}  -\n`);
    expect(digest.written).toBe(input.length - inputTaken);

    expect(spawner.held()).toEqual([]);
    const twice = new Recorder();
    spawner.adopt(of('reader'), twice);
    expect(await twice.failure()).toMatchObject({ code: 'ESRCH' });
    for (const process of [ended, writer, reader, again]) process.forget();
  });

  it('has been told what was noted of a process before that gets a signal for it', async () => {
    using scratch = scratchTree({});
    for (const fate of ['killed', 'spared']) {
      const stateDir = join(scratch.path, fate);
      await runAndKill('noting-program.ts', [stateDir, fate]);
      await using spawner = await createHolderSpawner({ stateDir });
      const notes = spawner.held().map(({ note }) => Buffer.from(note).toString());
      expect(notes).toEqual(['it is to end']);
    }
  });

  it('kills everything of a program that wants nothing kept', async () => {
    const pids = await runAndKill('doomed-program.ts', ['', 'holder']);
    expect(pids.size).toBe(6);
    const { listProcesses, readMarker } = await import('../../src/linux/index.ts');
    await until(async () => {
      const markers = (await listProcesses()).map(({ pid }) => readMarker(pid));
      return !markers.some((marker) => marker?.startsWith('doomed/'));
    }, 'its processes to end');
  });

  it('kills what nobody comes back for in time', async () => {
    using scratch = scratchTree({});
    const spawner = await createHolderSpawner({ stateDir: scratch.path, pidNamespace: 'none', orphanedMs: 1 });
    const sink = new Recorder();
    spawner.spawn(request('sleep', ['600']), sink);
    const { pid } = await sink.start();
    await spawner.leave();
    await gone(pid);
    expect(sink.told).toHaveLength(1);
  });
});

describe('a holder that keeps', () => {
  it('forgets what was taken, and holds the rest until somebody adopts it', async () => {
    using scratch = scratchTree({});
    const first = await createHolderSpawner({ stateDir: scratch.path });
    const sinks = [new Recorder(), new Recorder(), new Recorder()] as const;
    const taken = first.spawn(request('true'), sinks[0]);
    first.spawn(request('true', [], { stdio: ['ignore', 'ignore', 'ignore'], tag: Buffer.from('kept') }), sinks[1]);
    const running = request('sleep', ['600'], { tag: Buffer.from('runs') });
    first.spawn(running, sinks[2]);
    await Promise.all([sinks[0].finish(), sinks[1].exit(), sinks[2].start()]);
    taken.forget();
    await first.leave();
    const late = new Recorder();
    first.spawn(request('true'), late);
    expect(await late.failure()).toMatchObject({ code: 'ECANCELED' });

    await using second = await createHolderSpawner({ stateDir: scratch.path });
    const [kept, runs, ...more] = second.held();
    expect(more).toEqual([]);
    expect(kept).toMatchObject({ phase: 'exited', isInputOver: true, exit: { status: { code: 0 } } });
    expect(runs).toMatchObject({ phase: 'running', marker: running.marker, identity: await sinks[2].start() });
    if (kept === undefined || runs === undefined) throw new Error('nothing is held');
    const again = [new Recorder(), new Recorder()] as const;
    second.adopt(kept, again[0]).forget();
    const adopted = second.adopt(runs, again[1]);
    await again[0].exit();
    expect(again[0].told.map(({ what }) => what)).toEqual(['exited']);
    expect((await second.list()).map(({ pid }) => pid)).toEqual([runs.identity?.pid]);
    expect(await adopted.signal(15, 'tree')).toBe(true);
    expect(await again[1].finish()).toMatchObject({ kind: 'signaled', signal: 15 });
  });

  it('goes on with a window as small as it was', async () => {
    using scratch = scratchTree({});
    const first = await createHolderSpawner({ stateDir: scratch.path });
    const sink = new Recorder();
    first.spawn(script('seq 1 30000', { windowBytes: 4096 }), sink);
    await until(() => sink.bytes(1).length === 4096, 'a window of output');
    await first.leave();
    await using second = await createHolderSpawner({ stateDir: scratch.path });
    const [held] = second.held();
    if (held === undefined) throw new Error('nothing is held');
    const rest = new Recorder();
    const process = second.adopt(held, rest);
    rest.acknowledge = (fd, offset) => process.acknowledge(fd, offset);
    expect(await rest.finish()).toEqual({ kind: 'exited', code: 0 });
    const numbers = Array.from({ length: 30_000 }, (_, index) => `${index + 1}\n`);
    expect(rest.bytes(1).toString()).toBe(numbers.join(''));
  });

  it('serves one program at a time, and says which directory is in use', async () => {
    using scratch = scratchTree({});
    await using _ = await createHolderSpawner({ stateDir: scratch.path });
    const other = createHolderSpawner({ stateDir: scratch.path });
    await expect(other).rejects.toMatchObject({ code: 'EBUSY', message: expect.stringContaining(scratch.path) });
    const socket = connect(join(scratch.path, 'holder.sock'));
    const chunks: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    await once(socket, 'close');
    const said = Buffer.concat(chunks);
    expect([said[4], said.readUInt32LE(12)]).toEqual([TOLD.refused, errnoOf('EBUSY')]);
  });

  it('can live in a directory whose path is too long for a socket', async () => {
    using scratch = scratchTree({});
    const stateDir = join(scratch.path, 'x'.repeat(120), 'y'.repeat(120));
    const first = await createHolderSpawner({ stateDir });
    const sink = new Recorder();
    first.spawn(request('sleep', ['600']), sink);
    await sink.start();
    await first.leave();
    await using second = await createHolderSpawner({ stateDir });
    expect(second.held()).toHaveLength(1);
  });

  it('leaves no socket, lock or process when it is disposed of, adopted or not', async () => {
    using scratch = scratchTree({});
    const first = await createHolderSpawner({ stateDir: scratch.path, pidNamespace: 'none' });
    const sink = new Recorder();
    first.spawn(script('sleep 600 & echo "child $!"; exec sleep 600'), sink);
    const pids = [...(await sink.pids(1)).values(), (await sink.start()).pid];
    await first.leave();
    expect(pids.map(runs)).toEqual([true, true]);
    const second = await createHolderSpawner({ stateDir: scratch.path, pidNamespace: 'none' });
    await second[Symbol.asyncDispose]();
    expect(pids.map(runs)).toEqual([false, false]);
    expect(['holder.sock', 'lock'].filter((name) => existsSync(join(scratch.path, name)))).toEqual([]);
  });
});

describe('a holder that dies', () => {
  it('loses its processes, and its engine kills what it left', async () => {
    using scratch = scratchTree({});
    await using spawner = await createHolderSpawner({ stateDir: scratch.path, pidNamespace: 'none' });
    const sink = new Recorder();
    const process = spawner.spawn(request(fixture('family.sh')), sink);
    const pids = await sink.pids(6);
    const asked = spawner.list().catch(() => []);
    globalThis.process.kill(holderOf(scratch.path), 'SIGKILL');
    await until(() => sink.count('lost') === 1, 'the news');
    expect(sink.told.at(-1)).toMatchObject({ error: { code: expect.stringMatching(/^ECONNRESET$|^EPIPE$/) } });
    await asked;
    await gone(...pids.values());
    expect(sink.count('exited')).toBe(0);
    expect(await process.signal(9, 'tree')).toBe(false);
    const next = new Recorder();
    spawner.spawn(request('true'), next);
    expect(await next.failure()).toMatchObject({
      message: expect.stringContaining('the holder that kept the processes has gone'),
    });
  });

  it.skipIf(!isRoot)(
    'takes everything in its namespace with it, and another one can be made in its place',
    async () => {
      using scratch = scratchTree({});
      const first = await createHolderSpawner({ stateDir: scratch.path, pidNamespace: 'root' });
      const sink = new Recorder();
      first.spawn(request(fixture('family.sh')), sink);
      const pids = await sink.pids(6);
      const ground = new HolderGround(scratch.path);
      expect([...pids.values()].every((pid) => ground.runs(pid))).toBe(true);
      process.kill(holderOf(scratch.path), 'SIGKILL');
      await until(() => sink.count('lost') === 1, 'the news');
      await ground.gone(...pids.values());
      await first[Symbol.asyncDispose]();
      await using second = await createHolderSpawner({ stateDir: scratch.path, pidNamespace: 'root' });
      const again = new Recorder();
      second.spawn(request('true'), again);
      expect(await again.exit()).toEqual({ kind: 'exited', code: 0 });
    },
  );
});
