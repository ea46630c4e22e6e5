import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { errorsIn, errorsOf } from '../../../src/bproc/migrate/criu/log.ts';
import { scratchTree } from '../../support/scratch.ts';

const LOG = `(00.000000) Version: 4.2.1
(00.004207) Warn  (criu/kerndat.c:1153): Can't keep kdat cache on non-tempfs
(00.021338) Error (criu/cr-restore.c:1228): rlimit: Can't setup RLIMIT_NOFILE
(00.034201)   5000: Error (criu/files-reg.c:2318): Can't open file tmp/gone on restore: No such file or directory
(00.034222)   5000: Error (criu/files-reg.c:2258): Can't open file tmp/gone: No such file or directory
(00.040000) Error (criu/cr-restore.c:2506): Restoring FAILED.
(00.040001) Error (criu/cr-restore.c:2507): one more
`;

it('says the first errors that count', () => {
  expect(errorsOf(LOG)).toBe(
    `Can't open file tmp/gone on restore: No such file or directory; Can't open file tmp/gone: No such file or directory; Restoring FAILED.`,
  );
  expect(errorsOf('Error (a.c:2): no time\n  5001: Error (b.c:3): nor here\n')).toBe('no time; nor here');
});

it('reads no more of a log than counts, and nothing of one that is not there', async () => {
  using tree = scratchTree({ log: LOG.repeat(40_000), long: `Error (a.c:1): ${'x'.repeat(100_000)}\n` });
  expect(await errorsIn(join(tree.path, 'log'))).toBe(errorsOf(LOG + LOG));
  expect((await errorsIn(join(tree.path, 'long'))).length).toBe(500);
  expect(await errorsIn(join(tree.path, 'none'))).toBe('');
});

it('takes whatever a log holds', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 2000 }), (text) => {
      expect(errorsOf(text).length).toBeLessThanOrEqual(1504);
    }),
  );
});
