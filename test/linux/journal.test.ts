import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Journal } from '../../src/linux/journal.ts';
import { compactJournal, isMarker, parseJournal, SPOIL } from '../../src/linux/journal-text.ts';
import { scratchTree } from '../support/scratch.ts';

const first = { pid: 10, startTime: 100, marker: 'm/1' };
const second = { pid: 20, startTime: 200, marker: 'm/2' };

describe('the text of a journal', () => {
  it('tells what runs and which markers are about', () => {
    const text = 'life here\n? m/1\n+ 10 100 m/1\n? m/2\n+ 20 200 m/2\n- 10\n? m/3\n';
    expect(parseJournal(text)).toEqual({ life: 'here', running: [second], markers: new Set(['m/1', 'm/2', 'm/3']) });
  });

  it('forgets who was released', () => {
    expect(parseJournal('+ 10 100 m/1\n= 10 m/1\n')).toEqual({ life: undefined, running: [], markers: new Set() });
  });

  it('takes a pid that came round again for the later process', () => {
    expect(parseJournal('+ 10 100 m/1\n- 10\n+ 10 300 m/2\n').running).toEqual([
      { ...first, startTime: 300, marker: 'm/2' },
    ]);
  });

  it('survives garbage and torn lines', () => {
    const text =
      'life here\n+ 10 100 m/1\n+ 20 2\n\0\0\n+ x y z\n+ 0 1 m\n+ 1 1\n+ 1 2 3 4\n- \n+ 20 200 m/2\n+ 30 300 m/3';
    expect(parseJournal(text)).toEqual({ life: 'here', running: [first, second], markers: new Set(['m/1', 'm/2']) });
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (garbage) => void parseJournal(garbage)));
    fc.assert(
      fc.property(fc.nat(text.length), (cut) => {
        const { running, markers } = parseJournal(text.slice(0, cut));
        expect([first, second]).toEqual(expect.arrayContaining([...running]));
        expect(['m/1', 'm/2']).toEqual(expect.arrayContaining([...markers]));
      }),
    );
  });

  it('does not take the beginning of a line for a line', () => {
    for (const torn of ['+ 10 100 m', '? m/1', '= 10 m/', '- 1', '+ 1', '+', '']) {
      expect(parseJournal(`+ 1 100 m/10\n${torn}${SPOIL}? m/2\n`)).toMatchObject({
        running: [{ pid: 1 }],
        markers: new Set(['m/10', 'm/2']),
      });
    }
  });

  it('is shortened to what still matters', () => {
    const text = 'life here\n? m/1\n+ 10 100 m/1\n? m/2\n+ 20 200 m/2\n- 10\n? m/3\n? m/4\n';
    const short = compactJournal(text, (marker) => marker === 'm/3');
    expect(short).toBe('life here\n+ 20 200 m/2\n? m/3\n');
    expect(compactJournal(short, () => true)).toBe(short);
  });

  it('holds no marker that could not be read back', () => {
    expect(['a', 'a/b:c=d', '~!'].map(isMarker)).toEqual([true, true, true]);
    expect(['', 'a b', 'a\n', 'ä', '\0', 'x'.repeat(4097)].map(isMarker)).toEqual(Array(6).fill(false));
  });
});

describe('a journal', () => {
  let scratch: ReturnType<typeof scratchTree>;
  let journal: Journal;
  let path: string;

  beforeEach(() => {
    scratch = scratchTree({});
    path = join(scratch.path, 'journal');
    journal = new Journal(path, 'here');
  });

  afterEach(() => {
    journal.remove();
    expect(existsSync(path)).toBe(false);
    scratch[Symbol.dispose]();
  });

  const start = (origin: typeof first): void => {
    journal.intend(origin.marker);
    journal.started(origin);
  };

  it('is on the disk before a start is announced, for nobody else to read', () => {
    journal.intend('m/1');
    expect(readFileSync(path, 'utf8')).toBe('life here\n? m/1\n');
    journal.started(first);
    expect(readFileSync(path, 'utf8')).toBe('life here\n? m/1\n+ 10 100 m/1\n');
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('knows of ends at once and writes them with what comes next', () => {
    start(first);
    journal.ended(10);
    expect(journal.read().running).toEqual([]);
    journal.intend('m/2');
    expect(readFileSync(path, 'utf8')).toContain('- 10\n? m/2\n');
  });

  it('writes a release at once', () => {
    start(first);
    journal.released(first);
    expect(readFileSync(path, 'utf8')).toContain('= 10 m/1\n');
  });

  it('is shortened under way without losing what is written meanwhile', () => {
    for (let n = 0; !journal.isLong; n += 1) {
      start({ pid: 1000 + n, startTime: n, marker: `old/${n}` });
      if (n !== 5) journal.ended(1000 + n);
    }
    // An end is written with what comes next.
    journal.intend('m/0');
    const finish = journal.compact();
    start(first);
    finish((marker) => marker === 'old/7');
    start(second);
    expect(journal.isLong).toBe(false);
    expect(parseJournal(readFileSync(path, 'latin1'))).toEqual({
      life: 'here',
      running: [{ pid: 1005, startTime: 5, marker: 'old/5' }, first, second],
      markers: new Set(['old/5', 'old/7', 'm/1', 'm/2']),
    });
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('goes on after someone has tidied its file away', () => {
    start(first);
    writeFileSync(`${path}.other`, '');
    journal.remove();
    journal = new Journal(path, 'here');
    start(second);
    expect(journal.read().running).toEqual([second]);
  });

  it('says ENOSPC and names itself where the disk is full', () => {
    expect(() => new Journal('/dev/full', 'here')).toThrow(
      expect.objectContaining({ code: 'ENOSPC', message: expect.stringContaining('/dev/full') }),
    );
  });

  it('says why it cannot be opened', () => {
    expect(() => new Journal(join(scratch.path, 'none', 'journal'), 'here')).toThrow(
      expect.objectContaining({ code: 'ENOENT' }),
    );
  });
});
