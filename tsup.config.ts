import { readdirSync } from 'node:fs';
import { defineConfig, type Options } from 'tsup';

// The commands: every file of src/cli that lies directly in it, each a program of its own.
const commands = readdirSync('src/cli').filter((name) => name.endsWith('.ts'));
const library = { index: 'src/index.ts', 'testing/index': 'src/testing/index.ts', 'wire/index': 'src/wire/index.ts' };
const programs = Object.fromEntries(commands.map((name) => [`cli/${name.slice(0, -3)}`, `src/cli/${name}`]));

const options: Options = {
  // One build for all entries, so that what they share, above all BprocError, exists once.
  entry: { ...library, ...programs },
  format: 'esm',
  target: 'node20',
  splitting: true,
  clean: true,
  silent: true,
  // tsup sets `baseUrl`, which TypeScript 6 calls deprecated.
  dts: { entry: library, compilerOptions: { ignoreDeprecations: '6.0' } },
  // The package is read in stack traces as it is; maps would be half of its weight.
  sourcemap: false,
};

export default defineConfig(options);
