import { existsSync } from 'node:fs';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { transform } from 'esbuild';
import { defineConfig } from 'tsup';
import manifest from './package.json' with { type: 'json' };

const library = { index: 'src/index.ts', 'testing/index': 'src/testing/index.ts', 'wire/index': 'src/wire/index.ts' };
const commands = Object.keys(manifest.bin).filter((name) => existsSync(`src/cli/${name}.ts`));
const programs = Object.fromEntries(commands.map((name) => [`cli/${name}`, `src/cli/${name}.ts`]));
/** An entry that nobody enters by: what it shares with all others gets a file of its own. */
const CODEC = 'codec';

/** Nobody reads the generated codec, and half of it is white space. */
async function compactCodec(): Promise<void> {
  await rm(`dist/${CODEC}.js`);
  for (const name of await readdir('dist')) {
    const path = join('dist', name);
    if (!name.endsWith('.js')) continue;
    const code = await readFile(path, 'utf8');
    if (!code.includes('\n// src/wire/gen/codec.js\n')) continue;
    await writeFile(path, (await transform(code, { minifyWhitespace: true })).code);
    return;
  }
  throw new Error('the codec is in no file of its own');
}

export default defineConfig({
  // One build for all entries, so that what they share, above all BprocError, exists once.
  entry: { ...library, ...programs, [CODEC]: 'src/wire/gen/codec.js' },
  format: 'esm',
  target: 'node20',
  splitting: true,
  clean: true,
  silent: true,
  // tsup sets `baseUrl`, which TypeScript 6 calls deprecated.
  dts: { entry: library, compilerOptions: { ignoreDeprecations: '6.0' } },
  // What is shipped stays readable in stack traces; maps would be half of its weight.
  sourcemap: false,
  onSuccess: compactCodec,
});
