/** A real Slurm gives a job nodes, and the job has a cluster on them. Needs root and Debian's slurmctld, slurmd, slurm-client, munge and iproute2. */
import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');

test('a batch job has a slave on each of its nodes, and runs work for each of its tasks', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'bproc-slurm-'));
  try {
    await mkdir(join(directory, 'node_modules'));
    await symlink(root, join(directory, 'node_modules/bproc'));
    await copyFile(join(root, 'examples/schedulers/allocation.mjs'), join(directory, 'allocation.mjs'));
    const work = `sh -c 'echo "rank $((BPROC_RANK)) slurm \${SLURM_JOB_ID:-unseen}"'`;
    const job = `#!/bin/sh\nexport BPSLAVE="node ${root}/dist/cli/bpslave.js"\nexec node ${directory}/allocation.mjs ${work}\n`;
    await writeFile(join(directory, 'job.sh'), job);
    const apart = ['--net', '--pid', '--fork', '--mount-proc', '--kill-child'];
    const argv = [...apart, join(root, 'test/fixtures/slurm.sh'), directory, join(directory, 'job.sh')];
    const { stdout } = await promisify(execFile)('unshare', argv, { timeout: 100_000, killSignal: 'SIGKILL' });
    const ranks = stdout.split('\n').filter((line) => line.startsWith('rank'));
    expect(ranks.sort()).toEqual([0, 1, 2, 3, 4].map((rank) => `rank ${rank} slurm unseen`));
  } finally {
    await rm(directory, { recursive: true });
  }
}, 120_000);
