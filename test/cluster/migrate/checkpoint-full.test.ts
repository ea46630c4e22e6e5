/** A node whose memory for checkpoints is full: PROTOCOL.md 12.5. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { connect } from '../../../src/index.ts';
import { program } from '../../cli/commands.ts';

/** Has more in memory than there is room for, and answers each line. */
const LARGE = `
import os, sys
held = os.urandom(8 * 1024 * 1024)
for line in sys.stdin:
  sys.stdout.write(f"{len(held)}\\n")
  sys.stdout.flush()
`;
const SMALL = 'mount -t tmpfs -o size=4m none /dev/shm && mount -t tmpfs -o size=4m none /var/tmp && exec "$@"';

test.skipIf(process.geteuid?.() !== 0)('what has no room is not captured, with the reason, and runs on', async () => {
  const scratch = await mkdtemp(join(tmpdir(), 'bproc-test-full-'));
  const master = `unix:${scratch}/master.sock`;
  const bpmaster = ['sh', '-c', SMALL, 'sh', process.execPath, program('bpmaster'), '--local', '1'];
  const child = spawn('unshare', ['--mount', ...bpmaster], {
    env: { ...process.env, BPROC_MASTER: master },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    await once(child.stdout, 'data');
    await using client = await connect({ master });
    const p = await client.rexec(0, '/usr/bin/python3', ['-c', LARGE]);
    p.stdin.write('\n');
    await once(p.stdout, 'data');
    for (const stop of [false, true]) {
      const directory = join(scratch, 'taken');
      await expect(client.checkpoint(p.pid, directory, { stop })).rejects.toMatchObject({
        code: 'ENOTSUP',
        message: expect.stringMatching(/^process \d+ cannot be captured and runs on: .*No space left on device/),
      });
      await expect(stat(directory)).rejects.toMatchObject({ code: 'ENOENT' });
      p.stdin.write('\n');
      expect(String((await once(p.stdout, 'data'))[0])).toBe('8388608\n');
    }
    p.stdin.end();
    expect(await p.wait()).toEqual({ kind: 'exited', code: 0 });
  } finally {
    child.kill('SIGTERM');
    await once(child, 'close');
    await rm(scratch, { recursive: true });
  }
});
