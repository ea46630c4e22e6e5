import { configDefaults, defineConfig } from 'vitest/config';
import ClosingLine from './test/support/closing-line.ts';
import { testsWithoutTools } from './test/support/tools.ts';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: [...configDefaults.exclude, ...testsWithoutTools()],
    pool: 'forks',
    // Most tests wait for something: two at a time finish sooner also on two processors.
    maxWorkers: 2,
    // Far above what any test takes: they wait for events, and a limit reached is a defect.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 20_000 } },
    silent: 'passed-only',
    reporters: ['default', new ClosingLine()],
    coverage: { include: ['src/**'], exclude: ['src/wire/gen/**'] },
  },
});
