import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type WholeClosureOptions, wholeClosureOf } from '../../../src/bproc/image/index.ts';
import { scratchTree } from '../../support/scratch.ts';

let scratch: ReturnType<typeof scratchTree>;

beforeEach(() => {
  scratch = scratchTree({ 'data/a.txt': 'a', 'data/deep/b.txt': 'b', 'data/c.dat': 'c' });
});

afterEach(() => scratch[Symbol.dispose]());

const at = (...names: string[]): string => join(scratch.path, ...names);

async function paths(program: string, options: WholeClosureOptions = {}): Promise<ReadonlySet<string>> {
  const { entries } = await wholeClosureOf(program, options);
  const all = entries.map(({ path }) => path);
  expect(new Set(all).size).toBe(all.length);
  return new Set(all);
}

function compile(output: string, ...flags: string[]): void {
  execFileSync('cc', ['-o', output, '-x', 'c', '-', ...flags], { input: 'int main(void) { return 0; }' });
}

describe('files that a program is to have', () => {
  it('are those that patterns match, from the working directory on', async () => {
    symlinkSync('data/a.txt', at('link.txt'));
    const files = ['data/**/*.txt', at('*.txt')];
    const found = await paths('/bin/true', { files, cwd: scratch.path });
    const itself = await paths('/bin/true');
    const extra = ['data/a.txt', 'data/deep/b.txt', 'link.txt'].map((name) => at(name));
    expect([...found].filter((path) => !itself.has(path)).sort()).toEqual(extra);
  });

  it('come with what they need: plugins as their program would load them, programs, scripts', async () => {
    const shared = ['-shared', '-fPIC', '-Wl,--no-as-needed'];
    mkdirSync(at('lib'));
    compile(at('lib/libdeep.so'), ...shared, '-Wl,-soname,libdeep.so');
    compile(at('plugin.so'), ...shared, '-x', 'none', at('lib/libdeep.so'), '-Wl,-rpath,$ORIGIN/lib', '-lm');
    compile(at('main'));
    writeFileSync(at('script'), '#!/usr/bin/env perl\n');
    writeFileSync(at('damaged.so'), '\x7fELF damaged');
    writeFileSync(at('orphan.so'), '#!/none/such\n');
    for (const name of ['script', 'damaged.so', 'orphan.so']) chmodSync(at(name), 0o755);
    const files = [at('*.so'), at('script')];
    const found = await paths(at('main'), { files, presets: [] });
    const perl = realpathSync('/usr/bin/perl');
    for (const path of [at('plugin.so'), at('lib/libdeep.so'), at('damaged.so'), at('orphan.so'), at('script'), perl]) {
      expect(found).toContain(path);
    }
    expect([...found].filter((path) => /\/libm\.so\.6$/.test(path))).toHaveLength(1);
  });

  it('have to be there', async () => {
    const error = { code: 'ENOENT', message: expect.stringContaining('none-*') };
    await expect(wholeClosureOf('/bin/true', { files: [at('none-*')] })).rejects.toMatchObject(error);
  });
});

describe('presets', () => {
  it('are taken by what a program consists of, or by name', { timeout: 60_000 }, async () => {
    const python = await paths('/usr/bin/python3');
    const [stdlib = ''] = execFileSync('/usr/bin/python3', ['-c', 'import json; print(json.__path__[0])'])
      .toString()
      .split('\n');
    expect(python).toContain(join(stdlib, '__init__.py'));
    const ssl = [...python].filter((path) => /\/_ssl\.[^/]*\.so$|\/libssl\.so/.test(path));
    // the module, and what it needs
    expect(ssl.length).toBeGreaterThanOrEqual(2);
    expect([...python].filter((path) => path.includes('__pycache__'))).toEqual([]);
    expect([...python].some((path) => /libnss_files\.so\.2$/.test(path))).toBe(true);
    expect((await paths('/usr/bin/python3', { presets: [] })).size).toBeLessThan(20);
  });

  it('are none where nothing wants them, and only those that there are', async () => {
    expect(await paths('/bin/true', { presets: ['python', 'perl'] })).toEqual(
      await paths('/bin/true', { presets: [] }),
    );
    const wrong = { presets: ['cobol'] } as unknown as WholeClosureOptions;
    await expect(wholeClosureOf('/bin/true', wrong)).rejects.toMatchObject({ code: 'EINVAL' });
  });
});

describe('the preset node', () => {
  it('is the package of a script, and the packages that one depends on, wherever Node finds them', async () => {
    const manifest = (name: string, dependencies: Record<string, string> = {}) =>
      JSON.stringify({ name, dependencies });
    const tree: Record<string, string> = {
      'app/package.json': manifest('app', { near: '*', up: '*', absent: '*' }),
      'app/bin/main.js': 'require("near")',
      'app/node_modules/near/package.json': manifest('near'),
      'app/.git/config': '',
      'node_modules/up/package.json': manifest('up', { deep: '*' }),
      'node_modules/deep/package.json': manifest('deep'),
      'node_modules/deep/index.js': '',
      'node_modules/other/package.json': manifest('other'),
    };
    using packages = scratchTree(tree);
    const found = await paths(realpathSync(process.execPath), {
      argv: ['--no-warnings', 'app/bin/main.js'],
      cwd: packages.path,
    });
    const own = [...found]
      .filter((path) => path.startsWith(packages.path))
      .map((path) => path.slice(packages.path.length + 1));
    const left = ['app/.git/config', 'node_modules/other/package.json'];
    expect(own.sort()).toEqual(
      Object.keys(tree)
        .filter((path) => !left.includes(path))
        .sort(),
    );
  });

  it('is the script alone where that is of no package', async () => {
    using files = scratchTree({ 'one.js': '', 'two.js': '' });
    const found = await paths(realpathSync(process.execPath), { argv: ['one.js', 'two.js'], cwd: files.path });
    expect([...found].filter((path) => path.startsWith(files.path))).toEqual([join(files.path, 'one.js')]);
  });
});
