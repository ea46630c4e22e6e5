/** The file agent by itself: what it does with records of all kinds, honest and not. As shipped, and under the sanitizers. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { FileRecord } from '../../src/bproc/client/copy-records.ts';
import {
  encodeRecord,
  endRecord,
  GIVE,
  giveOrder,
  numbersOf,
  RECORD,
  RecordReader,
  TAKE,
  takeOrder,
} from '../../src/bproc/client/copy-records.ts';

const DIR = 17;
const LINK = 19;
const HOLE = 21;
const KEEP = 22;
const UP = 24;
const SKIPPED = 25;
const TEMPORARY = /^\.bproc-[0-9a-f]{16}$/;
const SIZE = 200_000;
const WHEN = 1_700_000_000;

const done = encodeRecord(RECORD.done);
const up = encodeRecord(UP);
const data = (text: string | Uint8Array): Buffer => encodeRecord(RECORD.data, 0, Buffer.from(text));
const u64 = (type: number, value: number): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return encodeRecord(type, 0, bytes);
};

function attributes(mode: number): Buffer {
  const bytes = Buffer.alloc(24);
  bytes.writeUInt32BE(mode);
  bytes.writeUInt32BE(process.getuid?.() ?? 0, 4);
  bytes.writeUInt32BE(process.getgid?.() ?? 0, 8);
  bytes.writeBigInt64BE(BigInt(WHEN), 12);
  return bytes;
}

const directory = (name: string | Uint8Array): Buffer =>
  encodeRecord(DIR, 0, Buffer.concat([attributes(0o755), Buffer.from(name)]));

function file(name: string | Uint8Array, size: number, asks = false): Buffer {
  const numbers = Buffer.alloc(16);
  numbers.writeBigUInt64BE(BigInt(size));
  return encodeRecord(RECORD.file, asks ? 1 : 0, Buffer.concat([attributes(0o644), numbers, Buffer.from(name)]));
}

function link(name: string, target: string): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(target.length);
  return encodeRecord(LINK, 0, Buffer.concat([attributes(0o777), length, Buffer.from(target + name)]));
}

/** One whole file. */
const whole = (name: string | Uint8Array, text: string): Buffer =>
  Buffer.concat([file(name, text.length), data(text), endRecord(text.length, 0)]);

interface Answer {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly records: readonly FileRecord[];
  readonly stderr: string;
}

interface Build {
  readonly name: string;
  readonly flags: readonly string[];
  /** What it is run by, which reports what is wrong by the exit code, and on stderr. */
  readonly runner?: readonly string[];
  /** Fewer of the runs that only differ by chance, where each takes long. */
  readonly runs: number;
}

const VALGRIND = [
  'valgrind',
  '--quiet',
  '--error-exitcode=99',
  '--leak-check=full',
  '--errors-for-leak-kinds=definite',
];
const BUILDS: readonly Build[] = [
  { name: 'as it is shipped', flags: ['-static'], runs: 150 },
  {
    name: 'under the sanitizers',
    flags: ['-g', '-fsanitize=address,undefined', '-fno-sanitize-recover=all'],
    runs: 150,
  },
  { name: 'under valgrind', flags: ['-g'], runner: VALGRIND, runs: 12 },
];

describe.each(BUILDS)('the file agent $name', ({ flags, runner = [], runs }) => {
  let home: string;
  let program: string;
  let target: string;
  let count = 0;

  beforeAll(() => {
    home = mkdtempSync(join(tmpdir(), 'bproc-files-'));
    program = join(home, 'bpspawn');
    execFileSync(process.execPath, ['native/build.mjs', '--required', '--output', program, '--', ...flags]);
    writeFileSync(join(home, 'secret'), 'safe');
  });
  afterAll(() => rmSync(home, { recursive: true }));
  beforeEach(() => {
    count += 1;
    target = join(home, `to-${count}`);
    mkdirSync(target);
  });

  function start(): ChildProcess {
    const [first = program, ...rest] = [...runner, program, '--files'];
    const child = spawn(first, rest, { stdio: 'pipe', cwd: home });
    child.stdin?.on('error', () => {});
    return child;
  }

  async function finish(child: ChildProcess, ...input: readonly Uint8Array[]): Promise<Answer> {
    const reader = new RecordReader();
    const records: FileRecord[] = [];
    let stderr = '';
    child.stdout?.on('data', (chunk: Buffer) => void records.push(...reader.read(chunk)));
    child.stderr?.on('data', (chunk: Buffer) => {
      stderr += chunk;
    });
    child.stdin?.end(Buffer.concat(input));
    const [code, signal] = await once(child, 'close');
    return { code, signal, records, stderr };
  }

  const take = (flagBits: number, ...input: readonly Uint8Array[]): Promise<Answer> =>
    finish(start(), takeOrder(target, flagBits, undefined), ...input);

  /** What ended it, and how many things failed. */
  function resultOf({ records }: Answer): readonly [errno: number, files: number, failures: number] {
    const last = records.at(-1);
    if (last?.type !== RECORD.result) throw new Error('there is no result');
    const [, files = 0, , , failures = 0] = numbersOf(last, 4, 5);
    return [last.payload.readUInt32BE(), files, failures];
  }

  test('gives what it takes', async () => {
    mkdirSync(join(target, 'from/sub'), { recursive: true });
    writeFileSync(join(target, 'from/sub/a'), 'a');
    symlinkSync('a', join(target, 'from/sub/l'));
    const given = await finish(start(), giveOrder([join(target, 'from')], GIVE.recursive | GIVE.total));
    expect(given.records.map(({ type }) => type)).toEqual([
      16,
      DIR,
      DIR,
      ...middle(given.records),
      UP,
      UP,
      RECORD.done,
    ]);
    const archive = given.records.map(({ type, flags: bits, payload }) => encodeRecord(type, bits, payload));
    expect(resultOf(await take(TAKE.into, ...archive))).toEqual([0, 1, 0]);
    expect(readFileSync(join(target, 'from/sub/l'), 'utf8')).toBe('a');
  });

  /** A file and a link, in whichever order the directory has them. */
  const middle = (records: readonly FileRecord[]): number[] => {
    const types = records.slice(3, -3).map(({ type }) => type);
    expect([...types].sort()).toEqual([RECORD.file, LINK, RECORD.data, RECORD.end].sort());
    return types;
  };

  test.each<[string, number, readonly Buffer[]]>([
    ['a name with a slash', 71, [whole('../x', 'evil')]],
    ['an absolute name', 71, [whole('/x', 'evil')]],
    ['a directory ..', 71, [directory('..'), whole('x', 'evil')]],
    ['a directory .', 71, [directory('.')]],
    ['no name', 71, [whole('', 'evil')]],
    ['a NUL in a name', 71, [whole('x\0y', 'evil')]],
    ['a name that is too long', 71, [whole('x'.repeat(256), 'evil')]],
    ['data of no file', 71, [data('evil')]],
    ['a file in a file', 71, [file('x', 3), file('y', 3)]],
    ['more leaving than entering', 71, [directory('d'), up, up]],
    ['another length than it said', 71, [file('x', 3), data('abc'), endRecord(4, 0)]],
    [
      'a hole without an end',
      71,
      [file('x', 3), u64(HOLE, 2 ** 53 - 1), u64(HOLE, 2 ** 53 - 1), ...Array(1024).fill(u64(HOLE, 2 ** 53 - 1))],
    ],
    ['something kept of nothing', 71, [file('x', 3), u64(KEEP, 4)]],
    ['attributes that are cut short', 71, [encodeRecord(DIR, 0, Buffer.alloc(23))]],
    ['a link to nothing', 71, [link('x', '')]],
    ['an end before the end', 104, [directory('d'), whole('x', 'ok')]],
    ['an end in a file', 104, [file('x', 5), data('abc')]],
  ])('%s ends the copy [PROTOCOL 11.2, 11.3]', async (_name, errno, input) => {
    const answer = await take(TAKE.into, ...input);
    expect([resultOf(answer)[0], answer.code, answer.stderr]).toEqual([errno, 1, '']);
    expect(readFileSync(join(home, 'secret'), 'utf8')).toBe('safe');
    expect(readdirSync(target).filter((name) => name !== 'd')).toEqual([]);
    expect(existsSync(join(home, 'x'))).toBe(false);
  });

  test('a record that is too long, and an order that is none, end it at once', async () => {
    const long = Buffer.alloc(8);
    long.writeUInt32BE(262_145);
    expect((await finish(start(), long)).code).toBe(1);
    expect((await finish(start(), done)).code).toBe(1);
    expect((await finish(start(), encodeRecord(RECORD.take, 0, Buffer.from('abc')))).code).toBe(1);
    expect((await finish(start(), encodeRecord(RECORD.give, 0, Buffer.from('no end')))).code).toBe(1);
    expect((await finish(start())).code).toBe(0);
  });

  test('a link that the copy itself brings is not followed', async () => {
    const input = [link('out', home), directory('out'), whole('secret', 'evil'), up, whole('after', 'x'), done];
    expect(resultOf(await take(TAKE.into, ...input))).toEqual([0, 1, 1]);
    expect(readFileSync(join(home, 'secret'), 'utf8')).toBe('safe');
    expect(readdirSync(target).sort()).toEqual(['after', 'out']);
  });

  test('a file that becomes a link while it is written stays outside of it', async () => {
    const child = start();
    child.stdin?.write(Buffer.concat([takeOrder(target, TAKE.into, undefined), file('x', 4), data('ev')]));
    for (const deadline = Date.now() + 10_000; readdirSync(target).length === 0; await turn()) {
      if (Date.now() > deadline) throw new Error('nothing is written');
    }
    symlinkSync(join(home, 'secret'), join(target, 'x'));
    expect(resultOf(await finish(child, data('il'), endRecord(4, 0), done))).toEqual([0, 1, 0]);
    expect(readFileSync(join(home, 'secret'), 'utf8')).toBe('safe');
    expect(readFileSync(join(target, 'x'), 'utf8')).toBe('evil');
  });

  test('the umask and the owner decide over modes', async () => {
    const setuid = encodeRecord(
      RECORD.file,
      0,
      Buffer.concat([attributes(0o4755).fill(0xff, 4, 8), Buffer.alloc(16), Buffer.from('s')]),
    );
    const other = attributes(0o4755);
    other.writeUInt32BE(12_345, 4);
    const foreign = encodeRecord(RECORD.file, 0, Buffer.concat([other, Buffer.alloc(16), Buffer.from('s')]));
    await take(TAKE.into, setuid, endRecord(0, 0), done);
    expect(statSync(join(target, 's')).mode & 0o7000).toBe(0);
    await take(TAKE.into | TAKE.preserve, foreign, endRecord(0, 0), done);
    const { mode, uid } = statSync(join(target, 's'));
    // who may not give files away does not make them set-user-ID either
    expect([mode & 0o4000, uid]).toEqual(process.getuid?.() === 0 ? [0o4000, 12_345] : [0, process.getuid?.()]);
  });

  test('a directory that nobody may write to is filled first', async () => {
    const locked = encodeRecord(DIR, 0, Buffer.concat([attributes(0o555), Buffer.from('d')]));
    expect(resultOf(await take(TAKE.into, locked, whole('x', 'y'), up, done))).toEqual([0, 1, 0]);
    expect(statSync(join(target, 'd')).mode & 0o777).toBe(0o555);
    chmodSync(join(target, 'd'), 0o755);
  });

  test('what the giver could not read is told, and the rest taken', async () => {
    const path = Buffer.concat([Buffer.from([0, 0, 0, 13]), Buffer.from('/there')]);
    const cut = Buffer.concat([file('cut', 9), data('half'), endRecord(4, 116)]);
    const answer = await take(TAKE.into, encodeRecord(SKIPPED, 0, path), cut, whole('x', 'y'), done);
    expect(resultOf(answer)).toEqual([0, 1, 2]);
    expect(readdirSync(target)).toEqual(['x']);
    const [first] = answer.records;
    expect([first?.type, first?.flags, first?.payload.subarray(4).toString()]).toEqual([RECORD.failure, 1, '/there']);
  });

  describe('what a killed copy has left [PROTOCOL 11.3]', () => {
    /** Kills a copy in the middle of a file; returns what is there then. */
    async function kill(name: string): Promise<readonly string[]> {
      const child = start();
      const before = readdirSync(target).length;
      child.stdin?.write(Buffer.concat([takeOrder(target, TAKE.into, undefined), file(name, 4), data('ev')]));
      for (const deadline = Date.now() + 20_000; readdirSync(target).length === before; await turn()) {
        if (Date.now() > deadline) throw new Error('nothing is written');
      }
      child.kill('SIGKILL');
      await once(child, 'close');
      return readdirSync(target);
    }

    test('has no other’s name, and is gone after the next copy to the same one', async () => {
      expect(await kill('x')).toEqual([expect.stringMatching(TEMPORARY)]);
      const [left = ''] = readdirSync(target);
      const { ino } = statSync(join(target, left));
      expect(resultOf(await take(TAKE.into, whole('x', 'good'), done))).toEqual([0, 1, 0]);
      expect(readdirSync(target)).toEqual(['x']);
      // who has it open does not see what comes now
      expect(statSync(join(target, 'x')).ino).not.toBe(ino);
    });

    test('is one of a name, however often', async () => {
      const [first] = await kill('x');
      await expect(killAgain('x')).resolves.toEqual([first]);
      expect(await kill('y')).toHaveLength(2);
    });

    /** The same where the name is there already: it is another file. */
    async function killAgain(name: string): Promise<readonly string[]> {
      const [left = ''] = readdirSync(target);
      const { ino } = statSync(join(target, left));
      const child = start();
      child.stdin?.write(Buffer.concat([takeOrder(target, TAKE.into, undefined), file(name, 4), data('ev')]));
      for (const deadline = Date.now() + 20_000; [ino, undefined].includes(inodeOf(left)); await turn()) {
        if (Date.now() > deadline) throw new Error('what was left stays');
      }
      child.kill('SIGKILL');
      await once(child, 'close');
      return readdirSync(target);
    }

    const inodeOf = (name: string) => statSync(join(target, name), { throwIfNoEntry: false })?.ino;

    test('is not taken from a copy that is still under way', async () => {
      const child = start();
      child.stdin?.write(Buffer.concat([takeOrder(target, TAKE.into, undefined), file('x', 4), data('sl')]));
      for (const deadline = Date.now() + 20_000; readdirSync(target).length === 0; await turn()) {
        if (Date.now() > deadline) throw new Error('nothing is written');
      }
      expect(resultOf(await take(TAKE.into, whole('x', 'quick'), done))).toEqual([0, 1, 0]);
      expect(readFileSync(join(target, 'x'), 'utf8')).toBe('quick');
      expect(resultOf(await finish(child, data('ow'), endRecord(4, 0), done))).toEqual([0, 1, 0]);
      expect(readFileSync(join(target, 'x'), 'utf8')).toBe('slow');
      expect(readdirSync(target)).toEqual(['x']);
    });

    test('is no link, and of nobody else’s', async () => {
      const [left = ''] = await kill('x');
      rmSync(join(target, left));
      symlinkSync(join(home, 'secret'), join(target, left));
      expect(resultOf(await take(TAKE.into, whole('x', 'good'), done))).toEqual([0, 1, 0]);
      expect(readFileSync(join(home, 'secret'), 'utf8')).toBe('safe');
      rmSync(join(target, left));
      execFileSync('ln', [join(home, 'secret'), join(target, left)]);
      expect(resultOf(await take(TAKE.into, whole('x', 'good'), done))).toEqual([0, 1, 0]);
      expect(readdirSync(target).sort()).toEqual([left, 'x']);
      expect(readFileSync(join(home, 'secret'), 'utf8')).toBe('safe');
    });
  });

  test('a directory that is copied into itself is copied once, without what is made of it', async () => {
    // more than is under way at a time, so that what is made is there before all was read
    for (const name of 'abcdwxyz') {
      mkdirSync(join(target, 'tree', name), { recursive: true });
      writeFileSync(join(target, 'tree', name, 'file'), Buffer.alloc(1024 * 1024, name));
    }
    mkdirSync(join(target, 'tree/m'));
    for (const [place, bits] of [
      ['tree/m', TAKE.into],
      ['tree/new', 0],
    ] as const) {
      const [giver, taker] = [start(), start()];
      giver.stdin?.end(giveOrder([join(target, 'tree')], GIVE.recursive | GIVE.total));
      taker.stdin?.write(takeOrder(join(target, place), bits, undefined));
      if (taker.stdin !== null) giver.stdout?.pipe(taker.stdin);
      const reader = new RecordReader();
      const records: FileRecord[] = [];
      taker.stdout?.on('data', (chunk: Buffer) => void records.push(...reader.read(chunk)));
      const [code, signal] = await once(taker, 'close');
      expect(resultOf({ code, signal, records, stderr: '' })[0]).toBe(0);
      // whether it meets what is new in a directory that it reads, the kernel decides
      const failures = records.filter(({ type }) => type === RECORD.failure);
      const codes = failures.map(({ payload }) => payload.readUInt32BE());
      expect(codes).toEqual(bits === TAKE.into || codes.length > 0 ? [16] : []);
    }
    const names = execFileSync('find', ['tree', '-type', 'd'], { cwd: target, encoding: 'utf8' }).trim().split('\n');
    const [into, beside] = ['tree/m/tree', 'tree/new'];
    expect(names).toContain(`${into}/a`);
    expect(names).toContain(`${beside}/a`);
    expect(names).not.toContain(`${into}/m/tree`);
    expect(names.filter((name) => name.includes('new/new'))).toEqual([]);
  });

  describe('going on [PROTOCOL 11.4]', () => {
    const content = Buffer.alloc(SIZE, 'some content that is no multiple of four');

    /** Sends the first half, and breaks off. */
    async function half(): Promise<void> {
      const answer = await take(
        TAKE.into | TAKE.resumable,
        file('x', SIZE, true),
        u64(KEEP, 0),
        data(content.subarray(0, 100_001)),
      );
      expect(resultOf(answer)[0]).toBe(104);
      expect(readdirSync(target)).toEqual([expect.stringMatching(TEMPORARY)]);
    }

    /** A giver and a taker that talk to each other. */
    async function resume(source: string): Promise<{ sent: number; taken: Answer }> {
      const [giver, taker] = [start(), start()];
      giver.stdin?.write(giveOrder([source], GIVE.resumable));
      taker.stdin?.write(takeOrder(target, TAKE.into | TAKE.resumable | TAKE.preserve, undefined));
      let sent = 0;
      giver.stdout?.on('data', (chunk: Buffer) => {
        sent += chunk.length;
        taker.stdin?.write(chunk);
      });
      giver.once('close', () => taker.stdin?.end());
      const reader = new RecordReader();
      const records: FileRecord[] = [];
      taker.stdout?.on('data', (chunk: Buffer) => {
        for (const record of reader.read(chunk)) {
          if (record.type === RECORD.have) giver.stdin?.write(encodeRecord(record.type, 0, record.payload));
          else records.push(record);
        }
      });
      const [code, signal] = await once(taker, 'close');
      return { sent, taken: { code, signal, records, stderr: '' } };
    }

    function source(bytes: Buffer): string {
      mkdirSync(join(home, `from-${count}`), { recursive: true });
      const path = join(home, `from-${count}`, 'x');
      writeFileSync(path, bytes);
      utimesSync(path, WHEN, WHEN);
      return path;
    }

    test('sends the rest of what was broken off', async () => {
      await half();
      const { sent, taken } = await resume(source(content));
      expect(resultOf(taken)).toEqual([0, 1, 0]);
      expect(sent).toBeLessThan(SIZE - 100_001 + 500);
      expect(readdirSync(target)).toEqual(['x']);
      expect(readFileSync(join(target, 'x')).equals(content)).toBe(true);
    });

    test('sends all where the beginning is another one', async () => {
      await half();
      const [part = ''] = readdirSync(target);
      writeFileSync(join(target, part), Buffer.alloc(100_001, 'x'));
      const { sent, taken } = await resume(source(content));
      expect([resultOf(taken)[1], sent > SIZE]).toEqual([1, true]);
      expect(readFileSync(join(target, 'x')).equals(content)).toBe(true);
    });

    test('sends nothing of a file that is there', async () => {
      await resume(source(content));
      const { ino } = statSync(join(target, 'x'));
      const { sent, taken } = await resume(source(content));
      expect([resultOf(taken)[1], sent < 500, statSync(join(target, 'x')).ino]).toEqual([1, true, ino]);
      // nor trusts its size and time alone
      const other = Buffer.alloc(SIZE, 'other');
      await resume(source(other));
      expect(readFileSync(join(target, 'x')).equals(other)).toBe(true);
    });

    test('takes no part that somebody else has put there', async () => {
      await half();
      const [part = ''] = readdirSync(target);
      rmSync(join(target, part));
      execFileSync('ln', [join(home, 'secret'), join(target, part)]);
      await resume(source(content));
      expect(readFileSync(join(home, 'secret'), 'utf8')).toBe('safe');
      expect(readFileSync(join(target, 'x')).equals(content)).toBe(true);
    });
  });

  describe('a source', () => {
    /** What is given of a file to which something happens once its beginning is given. */
    async function during(change: (path: string) => void): Promise<readonly FileRecord[]> {
      const path = join(target, 'source');
      writeFileSync(path, Buffer.alloc(8 * 1024 * 1024, 'x'));
      const child = start();
      child.stdin?.write(giveOrder([path], 0));
      await once(child.stdout ?? child, 'readable');
      change(path);
      return (await finish(child)).records;
    }

    const bytesOf = (records: readonly FileRecord[]): number =>
      records.reduce((sum, { type, payload }) => sum + (type === RECORD.data ? payload.length : 0), 0);

    test('that grows is given as it was; one that shrinks is said not to be whole', async () => {
      const grown = await during((path) => appendFileSync(path, 'more'));
      expect([bytesOf(grown), grown.at(-2)?.payload.readUInt32BE()]).toEqual([8 * 1024 * 1024, 0]);
      const cut = await during((path) => truncateSync(path, 1024));
      expect([cut.at(-2)?.type, cut.at(-2)?.payload.readUInt32BE()]).toEqual([RECORD.end, 116]);
      expect(
        resultOf(await take(TAKE.into, ...cut.map((each) => encodeRecord(each.type, each.flags, each.payload)))),
      ).toEqual([0, 0, 1]);
      expect(readdirSync(target)).toEqual(['source']);
    });

    test('that is a pipe, or lies too deep is skipped, and the rest given', async () => {
      execFileSync(
        'sh',
        ['-c', 'mkfifo pipe; echo x >file; i=0; while [ $i -lt 600 ]; do mkdir d; cd d; i=$((i+1)); done'],
        {
          cwd: target,
        },
      );
      const { records, code, stderr } = await finish(start(), giveOrder([target], GIVE.recursive));
      const skipped = records.filter(({ type }) => type === SKIPPED).map(({ payload }) => payload.readUInt32BE());
      expect([stderr, code, skipped.sort(), bytesOf(records)]).toEqual(['', 0, [22, 36], 2]);
      expect(records.filter(({ type }) => type === DIR)).toHaveLength(512);
      expect(records.filter(({ type }) => type === UP)).toHaveLength(512);
    });
  });

  test('a file that may not be so large is not made, and the rest is', async () => {
    const child = spawn('bash', ['-c', `ulimit -f 64; exec ${[...runner, program].join(' ')} --files`], {
      stdio: 'pipe',
    });
    child.stdin?.on('error', () => {});
    const large = Buffer.alloc(100_000, 'x');
    const input = [file('large', large.length), data(large), endRecord(large.length, 0), whole('small', 'x'), done];
    const answer = await finish(child, takeOrder(target, TAKE.into, undefined), ...input);
    expect(resultOf(answer)).toEqual([0, 1, 1]);
    expect(answer.records[0]?.payload.readUInt32BE()).toBe(27);
    expect(readdirSync(target)).toEqual(['small']);
  });

  test('records in any order, cut and changed, stay in the directory and crash nothing', async () => {
    const parts = [
      directory('d'),
      directory('e'),
      up,
      done,
      data('abc'),
      file('f', 3),
      file('g', 200_000, true),
      whole('h', 'abc'),
      endRecord(3, 0),
      endRecord(0, 5),
      u64(HOLE, 5),
      u64(HOLE, 2 ** 40),
      u64(KEEP, 0),
      u64(KEEP, 3),
      link('l', '..'),
      link('m', '/etc'),
      directory('l'),
      directory('m'),
      encodeRecord(SKIPPED, 0, Buffer.from('1234x')),
      encodeRecord(99),
    ]; // prettier-ignore
    const change = fc.option(fc.tuple(fc.nat(), fc.nat(255)), { freq: 4 });
    const input = fc.array(fc.tuple(fc.constantFrom(...parts), change), { maxLength: 30 }).map((chosen) =>
      chosen.map(([bytes, changed]) => {
        if (changed === null) return bytes;
        const copy = Buffer.from(bytes);
        copy[changed[0] % copy.length] = changed[1];
        return copy;
      }),
    );
    const before = execFileSync('find', [home, '-not', '-path', `${target}*`, '-printf', '%p %s %T@\n'], {
      encoding: 'utf8',
    });
    await fc.assert(
      fc.asyncProperty(input, fc.integer({ min: 0, max: 15 }), async (records, bits) => {
        const answer = await take(TAKE.into | (bits & ~TAKE.auto), ...records);
        expect([answer.signal, answer.stderr, answer.code === 0 || answer.code === 1]).toEqual([null, '', true]);
      }),
      { numRuns: runs },
    );
    const after = execFileSync('find', [home, '-not', '-path', `${target}*`, '-printf', '%p %s %T@\n'], {
      encoding: 'utf8',
    });
    expect(after).toBe(before);
  });

  test('anything at all is answered or refused', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 4096 }), async (bytes) => {
        const answer = await finish(start(), bytes);
        expect([answer.signal, answer.stderr]).toEqual([null, '']);
      }),
      { numRuns: Math.ceil(runs / 3) },
    );
  });
});
