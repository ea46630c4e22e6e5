/**
 * What publint and attw cannot say of the package: that it is small, that everything in it is meant
 * to be, and that in an empty project which installed the tarball each entry loads, its types hold
 * and its commands are there.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const BUDGET_BYTES = 3_000_000;

const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
const scratch = mkdtempSync(join(tmpdir(), 'bproc-package-'));
try {
  // Scripts of the package itself do not run: what is packed is the dist that the build made.
  const [packed] = JSON.parse(npm('pack', '--json', '--ignore-scripts', '--pack-destination', scratch));
  // binaries of the holder, one an architecture, come on top
  const binaries = packed.files.filter(({ path }) => path.startsWith('native/prebuilt/'));
  const size = packed.unpackedSize - binaries.reduce((sum, file) => sum + file.size, 0);
  if (size > BUDGET_BYTES) throw new Error(`the package is ${size} bytes unpacked; its budget is ${BUDGET_BYTES}`);
  const foreign = packed.files.filter(({ path }) => /\.map$|^(?:src|test|bench|scripts)\/(?!get-criu\.sh$)/.test(path));
  if (foreign.length > 0) throw new Error(`the package holds ${foreign.map(({ path }) => path).join(', ')}`);

  const project = mkdtempSync(join(scratch, 'project-'));
  writeFileSync(join(project, 'package.json'), '{ "private": true, "type": "module" }');
  const tarball = join(scratch, packed.filename);
  npm('install', '--prefix', project, '--prefer-offline', '--no-audit', '--no-fund', tarball);

  const entries = Object.keys(manifest.exports).filter((path) => !path.endsWith('.json'));
  const specifiers = entries.map((path) => manifest.name + path.slice(1));
  const imports = specifiers.map((specifier) => `await import('${specifier}')`).join(', ');
  // A class that exists twice, once per entry, would not be instanceof itself.
  const program = `
    const entries = [${imports}];
    const errors = new Set(entries.map((entry) => entry.BprocError).filter(Boolean));
    if (errors.size !== 1) throw new Error('there are ' + errors.size + ' BprocError classes');
  `;
  execFileSync(process.execPath, ['--input-type=module', '-e', program], { cwd: project, stdio: 'inherit' });

  // The declarations as a program that is stricter than most sees them.
  const uses = specifiers.map((specifier, n) => `export * as entry${n} from '${specifier}';`).join('\n');
  writeFileSync(join(project, 'consumer.ts'), uses);
  const strict = ['--noEmit', '--strict', '--exactOptionalPropertyTypes', '--module', 'nodenext', '--target', 'es2023'];
  const types = ['--lib', 'es2023,esnext.disposable', '--types', 'node', '--typeRoots', resolve('node_modules/@types')];
  const tsc = [resolve('node_modules/typescript/bin/tsc'), ...strict, ...types, 'consumer.ts'];
  execFileSync(process.execPath, tsc, { cwd: project, stdio: 'inherit' });

  for (const [name, path] of Object.entries(manifest.bin ?? {})) {
    const file = resolve(project, 'node_modules', manifest.name, path);
    const shebang = path.endsWith('.sh') ? '#!/bin/sh\n' : '#!/usr/bin/env node\n';
    if (!readFileSync(file, 'utf8').startsWith(shebang)) throw new Error(`${name} has no shebang`);
    if ((statSync(join(project, 'node_modules/.bin', name)).mode & 0o111) === 0) throw new Error(`${name} cannot run`);
  }
  const installed = npm('ls', '--prefix', project, '--all', '--parseable').trim().split('\n').length - 1;
  const kilobytes = Math.round(size / 1000);
  console.log(`package: ${kilobytes} kB unpacked, ${packed.entryCount} files, ${installed} packages installed`);
} finally {
  rmSync(scratch, { recursive: true });
}

function npm(...args) {
  return execFileSync('npm', ['--silent', ...args], { encoding: 'utf8' });
}
