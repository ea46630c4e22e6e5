/** What a disk has left of a list of records. */
import { appendFileSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { fileGroupLog } from '../../src/state/index.ts';
import { scratchTree } from '../support/scratch.ts';

const records = fc.array(fc.record({ text: fc.string({ unit: 'binary', maxLength: 12 }), number: fc.nat() }), {
  minLength: 1,
  maxLength: 6,
});

const scratch = scratchTree({});
afterAll(() => scratch[Symbol.dispose]());

const pathOf = (name: string) => join(scratch.path, name);
const loaded = (name: string) => fileGroupLog(scratch.path, name).load();
async function write(name: string, groups: readonly (readonly object[])[]): Promise<void> {
  rmSync(pathOf(name), { force: true });
  await using log = fileGroupLog(scratch.path, name);
  for (const group of groups) {
    for (const record of group) log.append(record);
    await log.kept();
  }
}

test('what was added is there again, in its order, and goes on', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(records, { maxLength: 4 }), async (groups) => {
      await write('goes-on', groups);
      expect(loaded('goes-on')).toEqual(groups.flat());
      await using log = fileGroupLog(scratch.path, 'goes-on');
      log.append({ last: true });
      await log.kept();
      expect(loaded('goes-on')).toEqual([...groups.flat(), { last: true }]);
    }),
    { numRuns: 50 },
  );
});

/** What has to be there of records whose file was cut. */
function leftOf(all: readonly object[], bytes: Uint8Array): readonly object[] {
  const lines = Buffer.from(bytes).toString('latin1').split('\n').slice(0, -1);
  return all.slice(0, lines.filter((line) => !line.startsWith('=')).length);
}

test('wherever it was cut, all before that is there, and nothing else', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(records, { minLength: 1, maxLength: 3 }), async (groups) => {
      await write('whole', groups);
      const bytes = readFileSync(pathOf('whole'));
      for (let cut = 0; cut <= bytes.length; cut += 1) {
        writeFileSync(pathOf('cut'), bytes.subarray(0, cut));
        expect(loaded('cut')).toEqual(leftOf(groups.flat(), bytes.subarray(0, cut)));
      }
    }),
    { numRuns: 6 },
  );
});

test('what is added after it was cut is a record of its own', async () => {
  const all = [{ one: 'ä' }, { two: [] }, { three: null }];
  await write('whole', [all.slice(0, 2), all.slice(2)]);
  const bytes = readFileSync(pathOf('whole'));
  for (let cut = 0; cut <= bytes.length; cut += 1) {
    writeFileSync(pathOf('cut'), bytes.subarray(0, cut));
    await using log = fileGroupLog(scratch.path, 'cut');
    log.load();
    log.append({ added: cut });
    await log.kept();
    expect(loaded('cut')).toEqual([...leftOf(all, bytes.subarray(0, cut)), { added: cut }]);
  }
});

describe('what the disk had not kept yet', () => {
  test('may be gone before what is there of it', async () => {
    await write('hole', [[{ one: 1 }], [{ two: 2 }, { three: 3 }, { four: 4 }]]);
    const bytes = readFileSync(pathOf('hole'));
    const two = bytes.indexOf('{"two"');
    for (let end = two + 1; end <= bytes.indexOf('{"four"'); end += 1) {
      const spoiled = Buffer.from(bytes);
      spoiled.fill(0, two, end);
      writeFileSync(pathOf('hole'), spoiled);
      expect(loaded('hole')).toEqual([{ one: 1 }]);
    }
  });

  test('is told from what it had, which nobody goes on without', async () => {
    await write('spoiled', [[{ one: 1 }, { two: 2 }], [{ three: 3 }]]);
    const bytes = readFileSync(pathOf('spoiled'));
    for (let at = 0; at < bytes.indexOf('\n='); at += 1) {
      const spoiled = Buffer.from(bytes);
      spoiled[at] = 0;
      writeFileSync(pathOf('spoiled'), spoiled);
      expect(() => loaded('spoiled'), `at ${at}`).toThrowError(expect.objectContaining({ code: 'EIO' }));
    }
  });
});

test('where the disk keeps nothing, nobody is told that it does, until it is written anew', async () => {
  // this takes every byte, and cannot be told to keep it
  symlinkSync('/dev/null', pathOf('nothing'));
  await using log = fileGroupLog(scratch.path, 'nothing');
  log.append({ one: 1 });
  await expect(Promise.all([log.kept(), log.kept()])).rejects.toMatchObject({ code: 'EINVAL' });
  expect(log.isBroken).toBe(true);
  log.append({ two: 2 });
  await expect(log.kept()).rejects.toMatchObject({ code: 'EINVAL' });
  log.rewrite([{ one: 1 }, { two: 2 }]);
  log.append({ three: 3 });
  await log.kept();
  expect(loaded('nothing')).toEqual([{ one: 1 }, { two: 2 }, { three: 3 }]);
});

test('a full disk says so', async () => {
  symlinkSync('/dev/full', pathOf('full'));
  await using log = fileGroupLog(scratch.path, 'full');
  log.append({ one: 1 });
  await expect(log.kept()).rejects.toMatchObject({ code: 'ENOSPC' });
});

test('one that is not loaded goes on after what is left of a record', async () => {
  await write('accounts', [[{ one: 1 }]]);
  appendFileSync(pathOf('accounts'), '{"tw');
  await using log = fileGroupLog(scratch.path, 'accounts', { marks: false });
  for (const record of [{ three: 3 }, { four: 4 }]) {
    log.append(record);
    await log.kept();
  }
  expect(readFileSync(pathOf('accounts'), 'utf8')).toBe('{"one":1}\n{"tw\n{"three":3}\n{"four":4}\n');
});

test('it is worth to write it anew when most of it is over', async () => {
  await using log = fileGroupLog(scratch.path, 'grown');
  const record = { text: 'x'.repeat(1024 * 1024) };
  let added = 0;
  for (; !log.isOvergrown; added += 1) {
    log.append(record);
    await log.kept();
  }
  expect(added).toBe(16);
  log.rewrite([record]);
  expect(log.isOvergrown).toBe(false);
});
