/** Binaries for the other machine, as whoever publishes the package makes them: only compiled here, not run. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readElf } from '../../src/bproc/image/elf.ts';
import { scratchTree } from '../support/scratch.ts';

const AARCH64 = 183;

it('the holder compiles for arm64, without a warning and static', async () => {
  using tree = scratchTree({});
  const output = join(tree.path, 'bpspawn-arm64');
  const env = { ...process.env, CC: 'aarch64-linux-gnu-gcc' };
  execFileSync(process.execPath, ['native/build.mjs', '--required', '--output', output], { env, stdio: 'pipe' });
  expect(await readElf(output)).toMatchObject({ machine: AARCH64, bits: 64, interpreter: undefined, needed: [] });
});
