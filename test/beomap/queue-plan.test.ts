/** Which jobs start when, and what the queue remembers: without a cluster. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Backlog } from '../../src/beomap/queue/backlog.ts';
import type { Entry } from '../../src/beomap/queue/entry.ts';
import { type JobSpec, specOf, wireJob } from '../../src/beomap/queue/job-spec.ts';
import { QueueJournal } from '../../src/beomap/queue/journal.ts';
import { plan, type Room } from '../../src/beomap/queue/plan.ts';
import type { QueueJob } from '../../src/wire/index.ts';

const MINUTE = 60_000;

function spec(more: Partial<JobSpec> = {}): JobSpec {
  return { ...specOf(wireJob({ file: 'work', env: {}, cwd: '/' }) as QueueJob), ...more };
}

function backlogOf(...specs: readonly Partial<JobSpec>[]): Backlog {
  const backlog = new Backlog(new QueueJournal(undefined));
  for (const each of specs) backlog.submit(spec(each), { uid: 1, gids: [1], at: 0 });
  return backlog;
}

function rooms(...free: readonly number[]): Room[] {
  return free.map((cpus, node) => ({ node, cpus: 4, free: cpus }));
}

/** Starts what a plan says; gives the numbers of these jobs. */
function started(
  backlog: Backlog,
  at: readonly Room[],
  now = 0,
  nodes = at.map(({ node }) => node),
): readonly number[] {
  const { waiting, running } = backlog;
  const beginnings = plan({ waiting: [...waiting], rooms: at, running, now, usable: () => new Set(nodes) });
  for (const { entry, slots } of beginnings) backlog.start(entry, now, slots, []);
  return beginnings.map(({ entry }) => entry.id);
}

const DONE = { end: 'exited', code: 0, reason: '' } as const;

describe('the plan', () => {
  test('goes by priority, then by age, on as few nodes as possible', () => {
    const backlog = backlogOf({ np: 2 }, { np: 3, priority: 5 }, { np: 1, priority: -1 });
    expect(started(backlog, rooms(4, 4))).toEqual([2, 1, 3]);
    const slots = [1, 2, 3].map((job) => backlog.job(job)[0]?.slots);
    expect(slots).toEqual([[1, 1], [0, 0, 0], [0]]);
  });

  test('fills gaps with what does not hold up the first that waits', () => {
    const backlog = backlogOf({ np: 3, limitMs: 10 * MINUTE });
    started(backlog, rooms(4));
    for (const each of [
      { np: 4, limitMs: MINUTE },
      { np: 1, limitMs: 11 * MINUTE },
      { np: 1, limitMs: 10 * MINUTE },
    ]) {
      backlog.submit(spec(each), { uid: 1, gids: [], at: 0 });
    }
    expect(started(backlog, rooms(1))).toEqual([4]);
    expect(backlog.job(3)[0]?.reason).toBe('lets job 2 go first');
    expect(backlog.job(2)[0]?.reason).toBe('waits for slots');
  });

  test('lets longer ones have what the first that waits does not need', () => {
    const backlog = backlogOf({ np: 6, limitMs: MINUTE });
    started(backlog, rooms(4, 4));
    for (const np of [7, 1, 1]) backlog.submit(spec({ np, limitMs: 100 * MINUTE }), { uid: 1, gids: [], at: 0 });
    expect(started(backlog, rooms(0, 2))).toEqual([3]);
  });

  test('has nobody wait for what can never come', () => {
    const backlog = backlogOf({ np: 9 }, { np: 4 });
    expect(started(backlog, rooms(4, 4))).toEqual([2]);
    expect(backlog.job(1)[0]?.reason).toBe('takes 9 slots, and the nodes that it may use now have 8');
  });

  test('goes through no long line where there are no nodes, and tells the first why they wait', () => {
    const backlog = backlogOf(...Array.from({ length: 1500 }, () => ({ np: 2 })));
    expect(started(backlog, rooms())).toEqual([]);
    const reasons = [1, 1000, 1500].map((job) => backlog.job(job)[0]?.reason);
    const none = 'takes 2 slots, and the nodes that it may use now have 0';
    expect(reasons).toEqual([none, none, 'waits for its turn']);
    expect(started(backlog, rooms(4))).toEqual([1, 2]);
  });

  test('keeps to the nodes that a job may use', () => {
    const backlog = backlogOf({ np: 2 }, { np: 3 });
    expect(started(backlog, rooms(4, 4), 0, [1])).toEqual([1]);
    expect(backlog.job(1)[0]?.slots).toEqual([1, 1]);
  });

  test('never promises a slot twice, and never holds up the first', () => {
    const sizes = fc.record({ np: fc.integer({ min: 1, max: 9 }), limitMs: fc.integer({ min: 1, max: 50 }) });
    const property = (jobs: readonly { np: number; limitMs: number }[], cpus: readonly number[]): void => {
      const backlog = backlogOf(...jobs);
      const all = cpus.reduce((sum, count) => sum + count, 0);
      const starts = new Map<number, number>();
      /** When one starts at the latest that was the first to wait: what ran then has had its time, and there is enough. */
      const latest = new Map<number, number>();
      for (let now = 0; now < 2000 && backlog.waiting.length + backlog.running.size > 0; now += 1) {
        for (const entry of [...backlog.running]) {
          if (entry.startedAt + entry.spec.limitMs === now) backlog.end(entry, now, DONE);
        }
        const free = cpus.map((count, node) => {
          let taken = 0;
          for (const { slots } of backlog.running) taken += slots.filter((slot) => slot === node).length;
          expect(taken).toBeLessThanOrEqual(count);
          return { node, cpus: count, free: count - taken };
        });
        for (const id of started(backlog, free, now)) starts.set(id, now);
        const head = backlog.waiting.find(({ spec: { np } }) => np <= all);
        if (head === undefined || latest.has(head.id)) continue;
        const ends = [...backlog.running].map(
          ({ startedAt, spec, slots }) => [startedAt + spec.limitMs, slots.length] as const,
        );
        let have = all - ends.reduce((sum, [, slots]) => sum + slots, 0);
        for (const [at, slots] of ends.sort(([a], [b]) => a - b)) {
          have += slots;
          if (have < head.spec.np) continue;
          latest.set(head.id, at);
          break;
        }
      }
      for (const [id, at] of latest) expect(starts.get(id)).toBeLessThanOrEqual(at);
      expect(starts.size).toBe(jobs.filter(({ np }) => np <= all).length);
    };
    const nodes = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 });
    fc.assert(fc.property(fc.array(sizes, { minLength: 1, maxLength: 25 }), nodes, property), { numRuns: 40 });
  });
});

describe('dependencies', () => {
  const on = (job: number, what: string) => ({ after: [{ job, on: what }] });

  test('are waited for, and end what they do not come true for', () => {
    const backlog = backlogOf({}, on(1, 'ok'), on(1, 'fail'), on(3, 'end'));
    expect(started(backlog, rooms(4))).toEqual([1]);
    for (const entry of backlog.job(1)) backlog.end(entry, 1, DONE);
    expect(backlog.job(3)[0]).toMatchObject({
      state: 'ended',
      outcome: { end: 'unmet', reason: 'job 1, on which it depends, has succeeded' },
    });
    expect(started(backlog, rooms(4))).toEqual([2, 4]);
  });

  test('on an array are on all of it', () => {
    const backlog = backlogOf({ tasks: [3, 5] }, on(1, 'ok'));
    expect(started(backlog, rooms(4))).toEqual([1, 1]);
    const [three, five] = backlog.job(1);
    expect([three?.task, five?.task]).toEqual([3, 5]);
    if (three !== undefined) backlog.end(three, 1, DONE);
    expect(started(backlog, rooms(4))).toEqual([]);
    if (five !== undefined) backlog.end(five, 1, { end: 'exited', code: 1, reason: '' });
    expect(backlog.job(2)[0]?.outcome?.end).toBe('unmet');
  });

  test('are of jobs that are there, so that they have no circles', () => {
    const backlog = backlogOf({});
    for (const job of [2, 3]) {
      expect(() => backlog.submit(spec(on(job, 'ok')), { uid: 1, gids: [], at: 0 })).toThrow(
        expect.objectContaining({ code: 'ESRCH', message: `there is no job ${job}` }),
      );
    }
  });
});

test.each([
  { np: 0 },
  { np: -1 },
  { np: 1e9 },
  { np: 1.5 },
  { limitMs: 0 },
  { priority: 1e9 },
  { tasks: [-1] },
  { after: [{ job: 0, on: 'ok' as const }] },
])('a job that cannot be is refused where it is made: %j', (more) => {
  expect(() => wireJob({ file: 'x', ...more })).toThrow(expect.objectContaining({ code: 'EINVAL' }));
});

test.each([
  [{ np: 0 }, 'EINVAL'],
  [{ file: '' }, 'EINVAL'],
  [{ file: 'a\0b' }, 'EINVAL'],
  [{ env: ['A=\0'] }, 'EINVAL'],
  [{ name: '\x1b[2J' }, 'EINVAL'],
  [{ name: 'x'.repeat(65) }, 'EINVAL'],
  [{ tasks: [1, 1] }, 'EINVAL'],
  [{ tasks: Array.from({ length: 10_001 }, (_, task) => task) }, 'E2BIG'],
  [{ after: [{ job: 1, on: 'whim' }] }, 'EINVAL'],
] as const)('and so it is by the master: %#', (more, code) => {
  const wire = { ...wireJob({ file: 'x', env: {}, cwd: '/' }), ...more };
  expect(() => specOf(wire as unknown as QueueJob)).toThrow(expect.objectContaining({ code }));
});

describe('the journal', () => {
  async function inDirectory(action: (directory: string) => Promise<void>): Promise<void> {
    const directory = mkdtempSync(join(tmpdir(), 'bproc-queue-'));
    try {
      await action(directory);
    } finally {
      rmSync(directory, { recursive: true });
    }
  }

  const view = (backlog: Backlog) =>
    [...backlog.entries(true)].map(({ id, task, state, slots, puids, priority }: Entry & { priority?: number }) => {
      return { id, task, state, slots, puids, priority };
    });

  test('has the whole queue again, in its order, and numbers go on', async () => {
    await inDirectory(async (directory) => {
      const before = new Backlog(new QueueJournal(directory));
      const who = { uid: 7, gids: [7], at: 1 };
      before.submit(spec(), who);
      before.submit(spec({ priority: 3, tasks: [0, 1] }), who);
      before.submit(spec({ after: [{ job: 1, on: 'ok' }] }), who);
      before.submit(spec({ held: true }), who);
      const [first] = before.job(1);
      const [task] = before.job(2);
      if (first === undefined || task === undefined) throw new Error('they are there');
      before.start(task, 2, [3], ['ab']);
      before.hold(first, true);
      await before.kept();
      const again = new Backlog(new QueueJournal(directory));
      expect(view(again)).toEqual(view(before));
      expect(again.waiting.map(({ id }) => id)).toEqual([2]);
      expect(again.submit(spec(), who)).toBe(5);
      // what is over is gone with the next start, and what depends on it goes on
      for (const entry of again.job(1)) again.end(entry, 3, DONE);
      expect(again.job(1)).toHaveLength(1);
      await again[Symbol.asyncDispose]();
      const third = new Backlog(new QueueJournal(directory));
      expect(third.waiting.map(({ id }) => id)).toEqual([2, 3, 5]);
      const fourth = new Backlog(new QueueJournal(directory));
      expect(() => fourth.job(1)).toThrow(
        expect.objectContaining({ code: 'ESRCH', message: 'there is no job 1 any more' }),
      );
      expect(JSON.parse(readFileSync(join(directory, 'accounting'), 'utf8'))).toMatchObject({
        job: 1,
        uid: 7,
        end: 'exited',
        code: 0,
      });
    });
  });

  test('has what was done of the queue wherever it was cut', async () => {
    await inDirectory(async (directory) => {
      const path = join(directory, 'queue');
      const before = new Backlog(new QueueJournal(directory));
      const who = { uid: 7, gids: [7], at: 1 };
      const taskOf = (job: number, index = 0): Entry => {
        const entry = before.job(job)[index];
        if (entry === undefined) throw new Error('it is there');
        return entry;
      };
      const steps: readonly (() => void)[] = [
        () => before.submit(spec(), who),
        () => before.submit(spec({ tasks: [4, 5] }), who),
        () => before.submit(spec({ after: [{ job: 1, on: 'ok' }] }), who),
        () => before.start(taskOf(1), 2, [3], ['ab']),
        () => before.hold(taskOf(2, 1), true),
        () => before.end(taskOf(1), 3, DONE),
        () => before.submit(spec({ held: true }), who),
        () => before.hold(taskOf(4), false),
        () => before.end(taskOf(2), 4, { end: 'cancelled', code: 0, reason: 'cancelled' }),
      ];
      const states: { bytes: number; view: ReturnType<typeof view> }[] = [];
      for (const step of steps) {
        step();
        await before.kept();
        states.push({ bytes: statSync(path).size, view: view(before) });
      }
      const whole = readFileSync(path);
      const cutDirectory = join(directory, 'cut');
      mkdirSync(cutDirectory);
      for (const [index, { bytes, view: expected }] of states.entries()) {
        const next = states[index + 1]?.bytes ?? bytes + 1;
        for (const cut of new Set([bytes, (bytes + next) >> 1, next - 1])) {
          writeFileSync(join(cutDirectory, 'queue'), whole.subarray(0, cut));
          expect(view(new Backlog(new QueueJournal(cutDirectory))), `cut at ${cut}`).toEqual(expected);
        }
      }
    });
  });

  test('tells what follows from the end of a job also where that was cut off', async () => {
    await inDirectory(async (directory) => {
      const before = new Backlog(new QueueJournal(directory));
      const who = { uid: 7, gids: [7], at: 1 };
      before.submit(spec(), who);
      before.submit(spec({ after: [{ job: 1, on: 'fail' }] }), who);
      await before.kept();
      const journal = new QueueJournal(directory);
      journal.add({ kind: 'end', key: '1', at: 2, outcome: DONE });
      await journal.kept();
      const again = new Backlog(new QueueJournal(directory));
      expect(again.job(2)[0]?.outcome?.end).toBe('unmet');
    });
  });
});

test('ten thousand are submitted at once, and an end among them is decided about at once', () => {
  const backlog = backlogOf();
  const submission = { uid: 1, gids: [1], at: 0 };
  for (let job = 0; job < 10_000; job += 1) backlog.submit(spec({ np: 1 + (job % 40), priority: job % 7 }), submission);
  expect(backlog.waiting).toHaveLength(10_000);
  const at = Array.from({ length: 1000 }, (_, node) => ({ node, cpus: 16, free: node === 500 ? 3 : 0 }));
  expect(started(backlog, at).length).toBeGreaterThan(0);
});
