/** What is kept of answers, for how long, and what is asked only once. */
import { describe, expect, test } from 'vitest';
import { BprocError } from '../../src/errors.ts';
import { AnswerCache } from '../../src/nss/answer-cache.ts';
import type { PasswdEntry } from '../../src/nss/entries.ts';
import { type Answer, found, type Question, unavailable } from '../../src/nss/question.ts';
import { VirtualClock } from '../../src/testing/index.ts';
import { advance } from '../support/advance.ts';

const user = (uid: number): PasswdEntry => ({
  name: 'alice',
  passwd: 'x',
  uid,
  gid: 7,
  gecos: '',
  dir: '/',
  shell: '',
});
const ask = (key: string): Question<'passwd'> => ({ database: 'passwd', by: 'name', key, detail: '' });

/** A source that answers when it is told to. */
class Held {
  readonly open: { readonly question: Question; readonly say: (answer: Answer) => void }[] = [];
  asked = 0;

  answer(question: Question): Promise<never> {
    this.asked += 1;
    return new Promise((resolve) => {
      this.open.push({ question, say: (answer) => resolve(answer as never) });
    });
  }

  say(answer: Answer): void {
    this.open.shift()?.say(answer);
  }
}

function setUp(limits = { ttlMs: 1000, negativeTtlMs: 100, maxEntries: 3 }) {
  const clock = new VirtualClock();
  const held = new Held();
  const cache = new AnswerCache(held, clock, limits);
  const told = async (key: string, answer: Answer) => {
    const late = cache.answer(ask(key));
    held.say(answer);
    return late;
  };
  return { clock, held, cache, told };
}

describe('answers', () => {
  test('are kept for their time, and those that there is nothing for a shorter one', async () => {
    const { clock, held, cache, told } = setUp();
    await told('alice', found([user(7)]));
    await told('bob', found([]));
    advance(clock, 99);
    expect(cache.answer(ask('alice'))).toMatchObject({ status: 'success' });
    expect(cache.answer(ask('bob'))).toMatchObject({ status: 'notfound' });
    advance(clock, 1);
    expect(cache.answer(ask('alice'))).toMatchObject({ status: 'success' });
    expect(cache.answer(ask('bob'))).toBeInstanceOf(Promise);
    advance(clock, 899);
    expect(cache.answer(ask('alice'))).toMatchObject({ status: 'success' });
    advance(clock, 1);
    expect(cache.answer(ask('alice'))).toBeInstanceOf(Promise);
    expect(held.asked).toBe(4);
  });

  test('are kept no longer than they say of themselves', async () => {
    const { clock, cache, told } = setUp();
    await told('alice', found([user(7)], 10));
    advance(clock, 9);
    expect(cache.answer(ask('alice'))).toMatchObject({ status: 'success' });
    advance(clock, 1);
    expect(cache.answer(ask('alice'))).toBeInstanceOf(Promise);
  });

  test('that are none are not kept; what was true before serves meanwhile', async () => {
    const { clock, held, cache, told } = setUp();
    const gone = unavailable<'passwd'>(new BprocError('ECONNRESET', 'no master'));
    expect(await told('alice', gone)).toBe(gone);
    expect((await told('alice', found([user(7)]))).status).toBe('success');
    advance(clock, 5000);
    expect(await told('alice', gone)).toMatchObject({ status: 'success', entries: [{ uid: 7 }] });
    expect(await told('alice', found([user(8)]))).toMatchObject({ entries: [{ uid: 8 }] });
    expect(cache.answer(ask('alice'))).toMatchObject({ entries: [{ uid: 8 }] });
    expect(held.asked).toBe(4);
  });

  test('that nobody asked for lately make room for others', async () => {
    const { cache, told } = setUp();
    for (const key of ['a', 'b', 'c']) await told(key, found([user(1)]));
    await cache.answer(ask('a'));
    await told('d', found([user(1)]));
    expect(cache.answer(ask('a'))).not.toBeInstanceOf(Promise);
    expect(cache.answer(ask('b'))).toBeInstanceOf(Promise);
  });
});

test('a question that many ask at once is asked once, and again once it is answered and over', async () => {
  const { held, cache } = setUp({ ttlMs: 0, negativeTtlMs: 0, maxEntries: 3 });
  const all = Array.from({ length: 1000 }, () => cache.answer(ask('alice')));
  expect(held.asked).toBe(1);
  held.say(found([user(7)]));
  for (const answer of await Promise.all(all)) expect(answer.entries).toEqual([user(7)]);
  void cache.answer(ask('alice'));
  expect(held.asked).toBe(2);
});

test('a database, a way and a detail each make another question', async () => {
  const { held, cache } = setUp();
  const base = { database: 'services', by: 'name', key: 'ssh', detail: 'tcp' } as const;
  for (const other of [{}, { detail: 'udp' }, { database: 'hosts' }, { by: 'number' }] as const)
    void cache.answer({ ...base, ...other });
  expect(held.asked).toBe(4);
});
