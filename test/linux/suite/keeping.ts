/**
 * What every engine that keeps processes promises to the next life of its program: the real holder and the test kit's
 * are held to the same words.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HeldProcess, SpawnedProcess, Spawner, SpawnRequest } from '../../../src/linux/index.ts';
import { Recorder } from '../recorder.ts';

/** A place with one holder after another, and what can be started there. */
export interface KeepingBench extends AsyncDisposable {
  /** Another life of the program, on the holder that is there. */
  open(): Promise<Spawner>;
  /** Lets time pass until something is so. */
  until(condition: () => boolean, what: string): Promise<void>;
  /** Kills the holder that is there. */
  killHolder(): void;
  /** Programs: one that ends with a code, one that stays, one that writes what it reads, one that writes zero bytes. */
  exits(code: number, more?: Partial<SpawnRequest>): SpawnRequest;
  stays(more?: Partial<SpawnRequest>): SpawnRequest;
  copies(more?: Partial<SpawnRequest>): SpawnRequest;
  writes(bytes: number, more?: Partial<SpawnRequest>): SpawnRequest;
}

const WINDOW = 4096;
const NO_STREAMS = { stdio: ['ignore', 'ignore', 'ignore'] } as const;

/** Holds an engine to it. */
export function describeKeeping(name: string, create: () => Promise<KeepingBench>): void {
  describe(`what ${name} keeps`, () => {
    let bench: KeepingBench;
    beforeEach(async () => {
      bench = await create();
    });
    afterEach(() => bench[Symbol.asyncDispose]());

    const told = (sink: Recorder, what: Parameters<Recorder['count']>[0]): Promise<void> =>
      bench.until(() => sink.count(what) > 0, what);
    const finished = (sink: Recorder): Promise<void> =>
      bench.until(() => sink.count('exited') > 0 && sink.count('outputEnd') === 2, 'its end');
    const only = (spawner: Spawner): HeldProcess => {
      const [held, ...more] = spawner.held();
      if (held === undefined || more.length > 0) throw new Error(`${more.length} more than one are held`);
      return held;
    };
    const adopt = (spawner: Spawner): [HeldProcess, Recorder, SpawnedProcess] => {
      const held = only(spawner);
      const sink = new Recorder();
      return [held, sink, spawner.adopt(held, sink)];
    };

    it('an end until it is forgotten, and says it once to each life that has not heard it', async () => {
      const first = await bench.open();
      const sink = new Recorder();
      first.spawn(bench.exits(3, { ...NO_STREAMS, tag: Buffer.from('the end') }), sink);
      await told(sink, 'exited');
      await first.leave();
      const second = await bench.open();
      const [held, again] = adopt(second);
      expect(held).toMatchObject({ phase: 'exited', isInputOver: true, exit: { status: { kind: 'exited', code: 3 } } });
      expect(Buffer.from(held.tag).toString()).toBe('the end');
      expect(again.told).toEqual([]);
      await told(again, 'exited');
      await second.leave();
      const third = await bench.open();
      const [, last, process] = adopt(third);
      await told(last, 'exited');
      expect(last.told).toEqual([{ what: 'exited', status: { kind: 'exited', code: 3 } }]);
      process.forget();
      await third.leave();
      expect((await bench.open()).held()).toEqual([]);
    });

    it('what was noted last', async () => {
      const first = await bench.open();
      const sink = new Recorder();
      const process = first.spawn(bench.stays({ tag: Buffer.from('tag') }), sink);
      process.note(Buffer.from('before it runs'));
      await told(sink, 'started');
      process.note(Buffer.from('while it runs'));
      await first.leave();
      const second = await bench.open();
      const [held] = adopt(second);
      expect([held.tag, held.note].map((each) => Buffer.from(each).toString())).toEqual(['tag', 'while it runs']);
      await second.leave();
      const third = await bench.open();
      expect(Buffer.from(only(third).note).toString()).toBe('while it runs');
      const [, sinkAgain, last] = adopt(third);
      last.note(new Uint8Array(0));
      await last.signal(9, 'tree');
      await finished(sinkAgain);
      await third.leave();
      expect(only(await bench.open()).note).toHaveLength(0);
    });

    it('that a process was released, and what was noted of it, until that is forgotten', async () => {
      const first = await bench.open();
      const sink = new Recorder();
      const marker = `released/${process.pid}`;
      const released = first.spawn(bench.stays({ marker, tag: Buffer.from('tag') }), sink);
      await told(sink, 'started');
      released.note(Buffer.from('free'));
      released.release();
      await first.leave();
      const second = await bench.open();
      const [held, again] = adopt(second);
      expect(held).toMatchObject({ phase: 'released', identity: await sink.start(), isInputOver: true });
      expect([held.tag, held.note].map((each) => Buffer.from(each).toString())).toEqual(['tag', 'free']);
      expect(await second.list()).toEqual([]);
      // also once it has ended, of which nobody is told
      expect(await second.sweep(marker)).toBe(1);
      await second.leave();
      const third = await bench.open();
      const [, , last] = adopt(third);
      expect(await last.signal(0, 'tree')).toBe(false);
      last.forget(Buffer.alloc(16, 7));
      await third.leave();
      const fourth = await bench.open();
      expect([fourth.held(), fourth.remembered?.().length]).toEqual([[], 1]);
      expect(again.told).toEqual([]);
    });

    it('a process that runs, for one life at a time and one owner', async () => {
      const first = await bench.open();
      const sink = new Recorder();
      first.spawn(bench.stays(), sink);
      await told(sink, 'started');
      await expect(bench.open()).rejects.toMatchObject({ code: 'EBUSY' });
      await first.leave();
      const late = new Recorder();
      first.spawn(bench.stays(), late);
      await told(late, 'failed');
      expect(late.told).toMatchObject([{ error: { code: 'ECANCELED' } }]);
      const second = await bench.open();
      const [held, again, process] = adopt(second);
      expect(held).toMatchObject({ phase: 'running', identity: await sink.start(), exit: undefined });
      const twice = new Recorder();
      second.adopt(held, twice);
      await told(twice, 'failed');
      expect(twice.told).toMatchObject([{ error: { code: 'ESRCH' } }]);
      expect((await second.list()).map(({ pid }) => pid)).toEqual([held.identity?.pid]);
      expect(await process.signal(15, 'tree')).toBe(true);
      await finished(again);
      expect(again.told.filter(({ what }) => what !== 'outputEnd')).toMatchObject([
        { what: 'stdinClosed' },
        { what: 'exited', status: { kind: 'signaled', signal: 15 } },
      ]);
      process.forget();
    });

    it('output from what was acknowledged on, a window of it, for which the process waits', async () => {
      const first = await bench.open();
      const sink = new Recorder();
      const started = first.spawn(bench.writes(5 * WINDOW, { windowBytes: WINDOW }), sink);
      await bench.until(() => sink.bytes(1).length === WINDOW, 'a window');
      started.acknowledge(1, WINDOW / 2);
      await bench.until(() => sink.bytes(1).length === WINDOW + WINDOW / 2, 'half a window more');
      await first.leave();
      const second = await bench.open();
      const [held, rest, process] = adopt(second);
      expect(held.acknowledged).toEqual([WINDOW / 2, 0]);
      rest.acknowledge = (fd, offset) => process.acknowledge(fd, (held.acknowledged[fd - 1] ?? 0) + offset);
      await finished(rest);
      expect(rest.bytes(1)).toHaveLength(5 * WINDOW - WINDOW / 2);
      expect(rest.told.at(-1)?.what).not.toBe('output');
      process.forget();
    });

    it('input, which goes on where it was given', async () => {
      const first = await bench.open();
      const sink = new Recorder();
      const text = Buffer.from('the quick brown fox jumps over the lazy dog');
      first.spawn(bench.copies(), sink).write(text.subarray(0, 20));
      await bench.until(() => sink.bytes(1).length === 20, 'a copy');
      await first.leave();
      const second = await bench.open();
      const [held, rest, process] = adopt(second);
      expect(held).toMatchObject({ inputOffset: 20, inputTaken: 20, isInputOver: false });
      process.write(text.subarray(20));
      process.endStdin();
      await finished(rest);
      expect(rest.bytes(1).toString()).toBe(text.toString());
      expect(rest.written).toBe(text.length - 20);
      await second.leave();
      const [over] = adopt(await bench.open());
      expect(over).toMatchObject({ inputOffset: text.length, inputTaken: text.length, isInputOver: true });
    });

    it('the names of what was forgotten, and of nothing else', async () => {
      const first = await bench.open();
      const sinks = [new Recorder(), new Recorder(), new Recorder()] as const;
      const name = (byte: number): Buffer => Buffer.alloc(16, byte);
      const ended = first.spawn(bench.exits(0, NO_STREAMS), sinks[0]);
      const nameless = first.spawn(bench.exits(0, NO_STREAMS), sinks[1]);
      const marker = `released/${process.pid}`;
      const released = first.spawn(bench.stays({ marker }), sinks[2]);
      await Promise.all([told(sinks[0], 'exited'), told(sinks[1], 'exited'), told(sinks[2], 'started')]);
      ended.forget(name(1));
      nameless.forget();
      released.release();
      released.forget(name(2));
      expect(first.remembered?.()).toEqual([]);
      await first.leave();
      const second = await bench.open();
      const names = (spawner: Spawner): Buffer[] => (spawner.remembered?.() ?? []).map((each) => Buffer.from(each));
      expect(names(second)).toEqual([name(1), name(2)]);
      expect(second.held()).toEqual([]);
      await second.leave();
      const third = await bench.open();
      expect(names(third)).toEqual([name(1), name(2)]);
      expect(await third.sweep(marker)).toBe(1);
    });

    it('nothing that was disposed of', async () => {
      const first = await bench.open();
      const sink = new Recorder();
      first.spawn(bench.stays(), sink);
      await told(sink, 'started');
      await first.leave();
      const second = await bench.open();
      const { instance } = second;
      await second[Symbol.asyncDispose]();
      const third = await bench.open();
      expect(third.held()).toEqual([]);
      expect(await third.list()).toEqual([]);
      expect(third.instance).not.toEqual(instance);
    });

    it('nothing once the holder has died, of which each process is told once', async () => {
      const first = await bench.open();
      const sink = new Recorder();
      const process = first.spawn(bench.stays(), sink);
      await told(sink, 'started');
      bench.killHolder();
      await told(sink, 'lost');
      expect(sink.told.map(({ what }) => what)).toEqual(['started', 'lost']);
      expect(await process.signal(9, 'tree')).toBe(false);
      const next = new Recorder();
      first.spawn(bench.stays(), next);
      await told(next, 'failed');
    });
  });
}
