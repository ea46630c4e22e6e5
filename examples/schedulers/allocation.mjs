#!/usr/bin/env node
/**
 * A cluster of one's own in a job of Slurm: a master in the batch script, a slave on each of the job's nodes, and a command for each of its tasks.
 *
 *     sbatch -N 3 -n 5 --wrap 'exec node allocation.mjs hostname'
 *
 * Nodes that share no file system with the batch script's need LISTEN=tls://HOST:PORT and a token: see README.md.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect, isUp, startMaster } from 'bproc';
import { mapOfAllocation, readAllocation, withoutBatch } from 'bproc/beomap';

const [file, ...argv] = process.argv.slice(2);
const allocation = await readAllocation();
if (file === undefined || allocation === undefined) throw new Error('give a command, inside a batch job');
const hosts = new Set(allocation.hosts.map(({ host }) => host));
const directory = await mkdtemp(join(tmpdir(), 'bproc-job-'));
const address = process.env.LISTEN ?? `unix:${directory}/master.sock`;
const bpslave = process.env.BPSLAVE ?? 'bpslave';
const master = await startMaster({ listen: [address] });
const slave = `exec ${bpslave} "$0" --attribute hostname="$SLURMD_NODENAME"`;
const slaves = spawn('srun', ['-N', String(hosts.size), '-n', String(hosts.size), 'sh', '-c', slave, address], {
  stdio: ['ignore', 2, 2],
});
const bp = await connect({ master: () => master.connect() });
try {
  while ((await bp.nodeList()).filter(isUp).length < hosts.size) {
    if (slaves.exitCode !== null) throw new Error(`srun ended with ${slaves.exitCode}`);
    await sleep(100);
  }
  const { slots } = await mapOfAllocation(bp, allocation);
  const env = withoutBatch(process.env);
  const work = await bp.rexec(slots, file, argv, { env, inheritEnv: false, stdin: 'ignore' });
  for (const each of work.processes) each.stdout.pipe(process.stdout, { end: false });
  console.error('ends', JSON.stringify(await work.wait()));
} finally {
  await bp[Symbol.asyncDispose]();
  slaves.kill('SIGTERM');
  if (slaves.exitCode === null) await once(slaves, 'exit');
  await master[Symbol.asyncDispose]();
  await rm(directory, { recursive: true, force: true });
}
