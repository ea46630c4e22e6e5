/** `nsswitch.conf`: what it says, and what follows from answers. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { BprocError } from '../../src/errors.ts';
import type { NssSource } from '../../src/nss/index.ts';
import { createNss, DEFAULT_SWITCH, formatSwitch, parseSwitch, STATUSES, type Status } from '../../src/nss/index.ts';
import { found, tryAgain, unavailable } from '../../src/nss/question.ts';
import { VirtualClock } from '../../src/testing/index.ts';
import { advance } from '../support/advance.ts';

function failureOf(text: string): unknown {
  try {
    return parseSwitch(text);
  } catch (error) {
    return error;
  }
}

describe('the text', () => {
  test('is read with its actions, its remarks, and databases that are none here', () => {
    const { databases, unknown } = parseSwitch(
      '# remark\npasswd:\tfiles [NOTFOUND=return] kickback # more\nhosts: files [!success=continue Unavail=RETURN] dns\nprotocols: db files\n\n',
    );
    const usual = { success: 'return', notfound: 'continue', unavail: 'continue', tryagain: 'continue' };
    expect(databases.passwd).toEqual([
      { source: 'files', actions: { ...usual, notfound: 'return' } },
      { source: 'kickback', actions: usual },
    ]);
    expect(databases.hosts[0]?.actions).toEqual({ ...usual, unavail: 'return' });
    expect(unknown).toEqual(['protocols']);
    expect(databases.group).toEqual(parseSwitch(DEFAULT_SWITCH).databases.group);
    expect(parseSwitch('shadow:').databases.shadow).toEqual([]);
  });

  test.each([
    ['passwd files', 1],
    ['\n: files', 2],
    ['passwd: [NOTFOUND=return] files', 1],
    ['passwd: files [NOTFOUND=return', 1],
    ['passwd: files NOTFOUND=return]', 1],
    ['passwd: files [NOTFOUND]', 1],
    ['passwd: files [PERHAPS=return]', 1],
    ['\n\npasswd: files [NOTFOUND=stop]', 3],
    [`passwd: ${'files '.repeat(33)}`, 1],
  ])('%j is refused, and the line is named', (text, line) => {
    expect(failureOf(text)).toMatchObject({ code: 'EINVAL', message: expect.stringContaining(`line ${line}:`) });
  });

  test('however it is broken is refused with a clear error or read, and reads the same when it is written', () => {
    const token = fc.constantFrom(
      'passwd',
      'hosts',
      ':',
      ' ',
      '\n',
      'files',
      '[',
      ']',
      '!',
      'NOTFOUND',
      '=',
      'return',
      'merge',
      '#',
      'SUCCESS=continue',
      '\t',
      '\0',
    );
    const any = fc.oneof(
      fc.array(token, { maxLength: 40 }).map((all) => all.join('')),
      fc.string({ unit: 'binary' }),
    );
    fc.assert(
      fc.property(any, (text) => {
        const read = failureOf(text);
        if (read instanceof BprocError) {
          expect(read.code).toBe('EINVAL');
          return;
        }
        expect(read).toHaveProperty('databases');
        const said = read as ReturnType<typeof parseSwitch>;
        expect(parseSwitch(formatSwitch(said)).databases).toEqual(said.databases);
      }),
      { numRuns: 1000 },
    );
  });

  test('that is far too long is not read', () => {
    expect(failureOf('#'.repeat(65_537))).toMatchObject({ code: 'E2BIG' });
  });
});

/** A source that says one thing, and counts how often it was asked. */
class Saying implements NssSource {
  asked = 0;
  readonly #say: () => unknown;

  constructor(say: () => unknown) {
    this.#say = say;
  }

  answer(): never {
    this.asked += 1;
    // every one of these is an answer about any database
    return this.#say() as never;
  }
}

const user = (name: string) => ({ name, passwd: 'x', uid: 7, gid: 7, gecos: '', dir: '/', shell: '' });
const SAID: Readonly<Record<Status, (late: boolean) => () => unknown>> = {
  success: (late) => () => (late ? Promise.resolve(found([user('first')])) : found([user('first')])),
  notfound: (late) => () => (late ? Promise.resolve(found([])) : found([])),
  unavail: (late) => () => (late ? Promise.resolve(unavailable()) : unavailable()),
  tryagain: (late) => () => {
    const answer = tryAgain(new BprocError('ETIMEDOUT', 'not now'));
    return late ? Promise.resolve(answer) : answer;
  },
};

describe('what follows from an answer', () => {
  const cases = STATUSES.flatMap((status) =>
    ['return', 'continue'].flatMap((action) => [false, true].map((late) => [status, action, late] as const)),
  );

  test.each(cases)('%s with %s, late: %s', async (status, action, late) => {
    const one = new Saying(SAID[status](late));
    const two = new Saying(() => found([user('second')]));
    const nss = createNss(undefined, {
      switch: `passwd: one [${status}=${action}] two`,
      sources: { one, two },
    });
    const answer = nss.getpwnam('x');
    if (action === 'continue') {
      expect((await answer)?.name).toBe(status === 'success' ? 'first' : 'second');
    } else if (status === 'tryagain') {
      await expect(answer).rejects.toMatchObject({ code: 'EAGAIN', message: expect.stringContaining('not now') });
    } else {
      expect((await answer)?.name).toBe(status === 'success' ? 'first' : undefined);
    }
    expect(two.asked).toBe(action === 'continue' ? 1 : 0);
  });

  test('a group that is merged has the members of both', async () => {
    const group = (members: string[]) => () => found([{ name: 'g', passwd: 'x', gid: 5, members }]);
    const sources = { one: new Saying(group(['a', 'b'])), two: new Saying(group(['b', 'c'])) };
    const merged = createNss(undefined, { switch: 'group: one [SUCCESS=merge] two', sources });
    expect((await merged.getgrnam('g'))?.members).toEqual(['a', 'b', 'c']);
    const plain = createNss(undefined, { switch: 'group: one two', sources });
    expect((await plain.getgrnam('g'))?.members).toEqual(['a', 'b']);
  });

  test('a source that is not there, or throws, is passed over', async () => {
    const sources = {
      bad: new Saying(() => {
        throw new Error('broken');
      }),
      worse: new Saying(() => Promise.reject(new Error('broken'))),
      good: new Saying(() => found([user('good')])),
    };
    const nss = createNss(undefined, { switch: 'passwd: nowhere bad worse good', sources });
    expect((await nss.getpwnam('x'))?.name).toBe('good');
    const alone = createNss(undefined, { switch: 'passwd: worse', sources });
    await expect(alone.getpwnam('x')).rejects.toMatchObject({
      code: 'EAGAIN',
      message: expect.stringContaining('broken'),
    });
  });

  test('a source that does not answer in its time is passed over', async () => {
    const clock = new VirtualClock();
    const slow = new Saying(() => new Promise(() => {}));
    const good = new Saying(() => found([user('good')]));
    const options = { sources: { slow, good }, timeouts: { slow: 300 }, clock };
    const answer = createNss(undefined, { ...options, switch: 'passwd: slow good' }).getpwnam('x');
    advance(clock, 299);
    expect(good.asked).toBe(0);
    advance(clock, 1);
    expect((await answer)?.name).toBe('good');
    const alone = createNss(undefined, { ...options, switch: 'passwd: slow' }).getpwnam('x');
    advance(clock, 300);
    await expect(alone).rejects.toMatchObject({ code: 'EAGAIN', message: expect.stringContaining('slow') });
  });

  test('a call that is bounded or given up does not wait for it', async () => {
    const slow = new Saying(() => new Promise(() => {}));
    const nss = createNss(undefined, { switch: 'passwd: slow', sources: { slow }, clock: systemClock() });
    await expect(nss.getpwnam('x', { timeoutMs: 1 })).rejects.toMatchObject({ code: 'ETIMEDOUT' });
    await expect(nss.getpwnam('x', { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'ECANCELED' });
  });
});
