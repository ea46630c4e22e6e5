import { existsSync } from 'node:fs';
import { defineConfig } from 'tsup';
import manifest from './package.json' with { type: 'json' };

const library = {
  index: 'src/index.ts',
  'beomap/index': 'src/beomap/index.ts',
  'beostat/index': 'src/beostat/index.ts',
  'beostat/web/index': 'src/beostat/web/index.ts',
  'boot/index': 'src/boot/index.ts',
  'mpi/index': 'src/mpi/index.ts',
  'nss/index': 'src/nss/index.ts',
  'testing/index': 'src/testing/index.ts',
  'wire/index': 'src/wire/index.ts',
};
const commands = Object.keys(manifest.bin).filter((name) => existsSync(`src/cli/${name}.ts`));
const programs = Object.fromEntries(commands.map((name) => [`cli/${name}`, `src/cli/${name}.ts`]));
/** What is shipped has no white space that nobody reads, but lines and names that a stack trace can show. */
const LONGEST_LINE = 120;

export default defineConfig({
  // One build for all entries, so that what they share, above all BprocError, exists once.
  entry: { ...library, ...programs },
  format: 'esm',
  target: 'node20',
  splitting: true,
  clean: true,
  silent: true,
  // tsup sets `baseUrl`, which TypeScript 6 calls deprecated.
  dts: { entry: library, compilerOptions: { ignoreDeprecations: '6.0' } },
  esbuildOptions: (options) => {
    options.minifyWhitespace = true;
    options.lineLimit = LONGEST_LINE;
  },
  // maps would be half of its weight
  sourcemap: false,
});
