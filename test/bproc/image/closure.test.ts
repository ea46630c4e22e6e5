import { execFile, execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { isDeepStrictEqual, promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { readElf } from '../../../src/bproc/image/elf.ts';
import { closureOf } from '../../../src/bproc/image/index.ts';
import { BprocError } from '../../../src/errors.ts';
import { scratchTree } from '../../support/scratch.ts';
import { Dice } from '../../wire/mutations.ts';

const run = promisify(execFile);

/** What the loader itself says, without links: what it finds and what it does not. */
async function ldd(program: string, env = process.env): Promise<{ found: string[]; missing: string[] }> {
  const text = await run('ldd', [program], { env }).then(
    ({ stdout }) => stdout,
    (error: { stdout: string }) => error.stdout,
  );
  const found = [...text.matchAll(/(?:=> )?(\/\S+) \(0x/g)].map((match) => realpathSync(match[1] ?? ''));
  return {
    found: [...new Set(found)].sort(),
    missing: [...text.matchAll(/(\S+) => not found/g)].map((m) => m[1] ?? '').sort(),
  };
}

/** Every file in /usr/bin, whatever it is. */
function installed(): readonly string[] {
  const paths = readdirSync('/usr/bin').map((name) => join('/usr/bin', name));
  return paths.filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile() === true);
}

/** Files of one call of readelf. */
const PER_READELF = 200;

interface Read {
  readonly interpreter: string | undefined;
  readonly needed: readonly string[];
  readonly rpath: string | undefined;
  readonly runpath: string | undefined;
}

/** What readelf says of each of at least two files; undefined of what is no program or library. */
async function readelf(paths: readonly string[]): Promise<ReadonlyMap<string, Read | undefined>> {
  // it fails where one of them is none
  const text = await run('readelf', ['-dlW', ...paths], { maxBuffer: 1 << 26 }).then(
    ({ stdout }) => stdout,
    (error: { stdout: string }) => error.stdout,
  );
  const read = text
    .split(/^File: /m)
    .slice(1)
    .map((section): [string, Read | undefined] => {
      const all = (pattern: RegExp): string[] => [...section.matchAll(pattern)].map((match) => match[1] ?? '');
      const [path = ''] = section.split('\n', 1);
      if (!/^Elf file type is (?:DYN|EXEC) /m.test(section)) return [path, undefined];
      const [interpreter] = all(/interpreter: (.*)\]/g);
      const [rpath] = all(/\(RPATH\).*\[(.*)\]/g);
      const [runpath] = all(/\(RUNPATH\).*\[(.*)\]/g);
      return [path, { interpreter, needed: all(/\(NEEDED\).*\[(.*)\]/g), rpath, runpath }];
    });
  // of what is shorter than any ELF file it says nothing here
  return new Map([...paths.map((path): [string, undefined] => [path, undefined]), ...read]);
}

async function found(program: string, env = process.env): Promise<{ found: string[]; missing: string[] }> {
  const closure = await closureOf(program, { env });
  const files = closure.entries.filter(({ kind, path }) => kind === 'file' && path !== realpathSync(program));
  return { found: files.map(({ path }) => path).sort(), missing: closure.missing.map(({ name }) => name).sort() };
}

/** Compiles a library or program whose only content is what it needs. */
function link(output: string, needs: readonly string[], ...flags: string[]): void {
  mkdirSync(dirname(output), { recursive: true });
  const isLibrary = basename(output).includes('.so');
  const source = isLibrary
    ? `int ${basename(output).replace(/\W/g, '_')}(void) { return 0; }`
    : 'int main(void) { return 0; }';
  const kind = isLibrary ? ['-shared', '-fPIC', `-Wl,-soname,${basename(output)}`] : [];
  const arguments_ = [
    '-x',
    'c',
    '-',
    '-o',
    output,
    ...kind,
    '-Wl,--no-as-needed',
    '-Wl,--unresolved-symbols=ignore-all',
  ];
  execFileSync('cc', [...arguments_, '-x', 'none', ...needs, ...flags], { input: source });
}

describe('the closure of what is installed', () => {
  it('is for every program in /usr/bin what its loader finds', { timeout: 300_000 }, async () => {
    const different: unknown[] = [];
    let dynamic = 0;
    for (const program of installed()) {
      if ((await readElf(program))?.interpreter === undefined) continue;
      dynamic += 1;
      const [ours, theirs] = await Promise.all([found(program), ldd(realpathSync(program))]);
      if (JSON.stringify(ours) !== JSON.stringify(theirs)) different.push({ program, ours, theirs });
    }
    expect(different).toEqual([]);
    expect(dynamic).toBeGreaterThan(100);
  });

  it('reads of every file in /usr/bin what readelf reads', { timeout: 120_000 }, async () => {
    const different: unknown[] = [];
    let programs = 0;
    const paths = installed();
    for (let at = 0; at < paths.length; at += PER_READELF) {
      for (const [path, theirs] of await readelf(paths.slice(at, at + PER_READELF))) {
        const needs = await readElf(path);
        const { interpreter, needed, rpath, runpath } = needs ?? {};
        const ours = needs && { interpreter, needed, rpath: rpath?.join(':'), runpath: runpath?.join(':') };
        if (ours !== undefined) programs += 1;
        if (!isDeepStrictEqual(ours, theirs)) different.push({ path, ours, theirs });
      }
    }
    expect(different).toEqual([]);
    expect(programs).toBeGreaterThan(100);
  });

  it('keeps every link on the way to a file', async () => {
    using tree = scratchTree({ 'real/program': '#!/bin/sh\n' });
    chmodSync(join(tree.path, 'real/program'), 0o755);
    symlinkSync('real', join(tree.path, 'linked'));
    symlinkSync('../linked/program', join(tree.path, 'real/again'));
    const { entries } = await closureOf(join(tree.path, 'linked/again'));
    expect(entries.filter(({ path }) => path.startsWith(tree.path))).toEqual([
      { kind: 'link', path: join(tree.path, 'linked'), target: 'real' },
      { kind: 'link', path: join(tree.path, 'real/again'), target: '../linked/program' },
      { kind: 'file', path: join(tree.path, 'real/program'), size: 10, mode: 0o755 },
    ]);
  });
});

describe('the search for libraries', () => {
  it('knows RPATH, RUNPATH, $ORIGIN and LD_LIBRARY_PATH in their order', async () => {
    using tree = scratchTree({});
    const at = (path: string): string => join(tree.path, path);
    for (const place of ['one', 'two', 'three']) link(at(`${place}/libdeep.so`), []);
    for (const place of ['one', 'two']) link(at(`${place}/libtop.so`), [at('one/libdeep.so')]);
    const wants = [at('one/libtop.so'), `-Wl,-rpath-link,${at('one')}`];
    link(at('old'), wants, '-Wl,--disable-new-dtags', `-Wl,-rpath,${at('one')}:${at('nowhere')}`);
    link(at('new'), wants, '-Wl,--enable-new-dtags', '-Wl,-rpath,$ORIGIN/two');
    link(at('plain'), wants);
    for (const program of ['old', 'new', 'plain']) {
      for (const path of [undefined, at('two'), `${at('three')}:${at('two')}`]) {
        const env = { ...process.env, LD_LIBRARY_PATH: path };
        expect(await found(at(program), env), `${program} with ${path}`).toEqual(await ldd(at(program), env));
      }
    }
    symlinkSync(at('new'), at('elsewhere'));
    // $ORIGIN of a program is where it really is; of ldd's it is where it was named
    expect((await found(at('elsewhere'))).found).toContain(at('two/libtop.so'));
  });

  it('gives dependencies of libraries the paths of the program, but not its RUNPATH', async () => {
    using tree = scratchTree({});
    const at = (path: string): string => join(tree.path, path);
    link(at('lib/libb.so'), []);
    link(at('lib/liba.so'), [at('lib/libb.so')]);
    link(
      at('by-rpath'),
      [at('lib/liba.so'), `-Wl,-rpath-link,${at('lib')}`],
      '-Wl,--disable-new-dtags',
      '-Wl,-rpath,$ORIGIN/lib',
    );
    link(
      at('by-runpath'),
      [at('lib/liba.so'), `-Wl,-rpath-link,${at('lib')}`],
      '-Wl,--enable-new-dtags',
      '-Wl,-rpath,$' + '{ORIGIN}/lib',
    );
    expect((await found(at('by-rpath'))).missing).toEqual([]);
    expect((await found(at('by-runpath'))).missing).toEqual(['libb.so']);
    for (const program of ['by-rpath', 'by-runpath']) expect(await found(at(program))).toEqual(await ldd(at(program)));
  });

  it('knows $LIB and $PLATFORM, preloads, and libraries named by a path', async () => {
    using tree = scratchTree({});
    const at = (path: string): string => join(tree.path, path);
    link(at('lib/x86_64-linux-gnu/libp.so'), []);
    link(at('libq.so'), []);
    link(at('program'), [at('lib/x86_64-linux-gnu/libp.so')], '-Wl,-rpath,$ORIGIN/$LIB');
    const env = { ...process.env, LD_PRELOAD: `${at('libq.so')} libnowhere.so` };
    expect(await found(at('program'), env)).toEqual({
      found: expect.arrayContaining([at('lib/x86_64-linux-gnu/libp.so'), at('libq.so')]),
      missing: [],
    });
  });

  it('takes what is for better processors too', async () => {
    using tree = scratchTree({});
    const at = (path: string): string => join(tree.path, path);
    for (const place of ['', 'glibc-hwcaps/x86-64-v2/', 'glibc-hwcaps/x86-64-v4/']) link(at(`lib/${place}libv.so`), []);
    link(at('program'), [at('lib/libv.so')], `-Wl,-rpath,${at('lib')}`);
    const ours = (await found(at('program'))).found.filter((path) => path.startsWith(tree.path));
    expect(ours).toEqual(
      ['glibc-hwcaps/x86-64-v2/', 'glibc-hwcaps/x86-64-v4/', ''].map((place) => at(`lib/${place}libv.so`)),
    );
  });

  it('passes libraries of other machines over', async () => {
    using tree = scratchTree({});
    const at = (path: string): string => join(tree.path, path);
    link(at('good/libm1.so'), []);
    link(at('bad/libm1.so'), []);
    const bytes = readFileSync(at('bad/libm1.so'));
    bytes.writeUInt16LE(183, 18);
    writeFileSync(at('bad/libm1.so'), bytes);
    link(at('program'), [at('good/libm1.so')], `-Wl,-rpath,${at('bad')}:${at('good')}`);
    expect((await found(at('program'))).found).toContain(at('good/libm1.so'));
  });
});

describe('programs of other kinds', () => {
  it('static ones need nothing', async () => {
    using tree = scratchTree({});
    for (const flag of ['-static', '-static-pie']) {
      link(join(tree.path, flag), [], flag);
      expect(await found(join(tree.path, flag))).toEqual({ found: [], missing: [] });
    }
  });

  it('scripts need their interpreter, and what env is asked for', async () => {
    using tree = scratchTree({
      'by-env': '#!/usr/bin/env -S python3 -u\nprint(1)\n',
      'by-script': '#!TREE/by-env x\n',
      circle: '#!TREE/circle\n',
      lost: '#! /no/such/interpreter\n',
      asks: '#!/usr/bin/env no-such-program\n',
      text: 'echo no line at all\n',
    });
    for (const name of readdirSync(tree.path)) {
      const path = join(tree.path, name);
      writeFileSync(path, readFileSync(path, 'utf8').replace('TREE', tree.path), { mode: 0o755 });
    }
    const at = (name: string): string => join(tree.path, name);
    const python = realpathSync((await run('sh', ['-c', 'command -v python3'])).stdout.trim());
    const both = (await found(at('by-script'))).found;
    expect(both).toEqual(expect.arrayContaining([at('by-env'), '/usr/bin/env', python]));
    expect((await found(at('asks'))).missing).toEqual(['no-such-program']);
    expect(await found(at('text'))).toEqual({ found: [], missing: [] });
    await expect(closureOf(at('circle'))).rejects.toMatchObject({ code: 'ELOOP' });
    await expect(closureOf(at('lost'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('says what is no program', async () => {
    using tree = scratchTree({ 'directory/file': '' });
    symlinkSync('round', join(tree.path, 'round'));
    for (const name of ['nothing', 'round']) {
      await expect(closureOf(join(tree.path, name))).rejects.toMatchObject({ code: 'ENOENT' });
    }
    await expect(closureOf(join(tree.path, 'directory'))).rejects.toMatchObject({ code: 'EACCES' });
    await expect(closureOf('bash')).rejects.toMatchObject({ code: 'EINVAL' });
  });

  it('survives damage: a damaged file is a program, none, or ENOEXEC', async () => {
    using tree = scratchTree({});
    const path = join(tree.path, 'damaged');
    const whole = readFileSync('/usr/bin/env');
    const dice = new Dice(7);
    const head = whole.readUInt16LE(56) * 56 + 64;
    for (let round = 0; round < 2000; round += 1) {
      const bytes = Buffer.from(dice.roll(8) === 0 ? whole.subarray(0, dice.roll(whole.length)) : whole);
      for (let change = 0; change <= dice.roll(4) && bytes.length > 0; change += 1) {
        // most of it in the headers, since elsewhere it changes nothing
        bytes[dice.roll(dice.roll(3) === 0 ? bytes.length : Math.min(head, bytes.length))] = dice.roll(256);
      }
      writeFileSync(path, bytes);
      const outcome = await readElf(path).catch((error: unknown) => error);
      if (outcome instanceof Error) expect(BprocError.is(outcome) && outcome.code, outcome.stack).toBe('ENOEXEC');
    }
  });
});
