#!/usr/bin/env node
/**
 * Compiles the holder to `native/prebuilt/bpspawn-ARCH`, where the library looks for it.
 *
 *     node native/build.mjs [--required] [--output FILE] [-- FLAG...]
 *
 * Where there is no C compiler, or the holder does not know the machine, it says so and leaves things as they are, since the library then uses the engine
 * `child_process`; with `--required` that is an error. FLAGs go to the compiler, for sanitizers and the like.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const folder = dirname(fileURLToPath(import.meta.url));
const names = [
  'address',
  'bpspawn',
  'cgroups',
  'child',
  'files',
  'files-give',
  'files-take',
  'files-temporary',
  'forgotten',
  'kept-pids',
  'modes',
  'namespaces',
  'netlink',
  'pages',
  'proc',
  'terminal',
];
const sources = names.map((name) => join(folder, `${name}.c`));
const inputs = readdirSync(folder).filter((name) => /\.[ch]$/.test(name));
/** Whose system calls it knows. */
const MACHINES = ['x64', 'arm64'];

const { values: options, positionals: flags } = parseArgs({
  allowPositionals: true,
  options: { required: { type: 'boolean', default: false }, output: { type: 'string' } },
});
const output = options.output ?? join(folder, 'prebuilt', `bpspawn-${process.arch}`);

function compile(compiler, extra) {
  const draft = `${output}.new`;
  // bound at once: what is started beside the holder is not to meet the dynamic linker
  const common = ['-std=gnu11', '-O2', '-Wall', '-Wextra', '-Werror', '-Wl,-z,now', '-o', draft, ...sources];
  const { error, status, stderr } = spawnSync(compiler, [...extra, ...common], { encoding: 'utf8' });
  if (error !== undefined) return { missing: error.code === 'ENOENT', text: error.message };
  if (status !== 0) {
    rmSync(draft, { force: true });
    return { missing: false, text: stderr };
  }
  chmodSync(draft, 0o755);
  // in place at once: a holder that runs keeps its own
  renameSync(draft, output);
  return undefined;
}

function build() {
  if (!MACHINES.includes(process.arch)) return { missing: true, text: `there is none for ${process.arch}` };
  mkdirSync(dirname(output), { recursive: true });
  const compiler = process.env.CC || 'cc';
  if (flags.length > 0) return compile(compiler, flags);
  // static, so that it runs on nodes with another libc or none; not every compiler has the libraries for that
  const failed = compile(compiler, ['-static', '-s']);
  return failed === undefined || failed.missing ? failed : compile(compiler, ['-s']);
}

const isFresh =
  flags.length === 0 &&
  existsSync(output) &&
  statSync(output).mtimeMs > Math.max(...inputs.map((name) => statSync(join(folder, name)).mtimeMs));
const failed = isFresh ? undefined : build();
if (failed?.missing === true && !options.required) {
  process.stdout.write(
    'bproc: no C compiler for this machine, so no holder: processes will be started by child_process, more slowly\n',
  );
} else if (failed !== undefined) {
  process.stderr.write(`bproc: the holder could not be built: ${failed.text}\n`);
  process.exitCode = 1;
}
