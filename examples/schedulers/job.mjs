#!/usr/bin/env node
import { execFileSync } from 'node:child_process';
/**
 * Gives the nodes of a job to its user for as long as it runs, and ends what it leaves: a template for the hooks of batch systems.
 *
 * Slurm:  PrologSlurmctld=/etc/bproc/job.mjs and EpilogSlurmctld=/etc/bproc/job.mjs (which of them it is, Slurm says)
 * TORQUE: mom_priv/prologue:  exec /etc/bproc/job.mjs begin "$2" "$(sort -u "$PBS_NODEFILE" | paste -sd,)"
 *         mom_priv/epilogue:  exec /etc/bproc/job.mjs end "$2" "$(sort -u "$PBS_NODEFILE" | paste -sd,)"
 */
import { userInfo } from 'node:os';
import { connect } from 'bproc';
import { expandHostList, mapOfHosts, namesOf } from 'bproc/beomap';

const env = process.env;
const context = env.SLURM_SCRIPT_CONTEXT ?? '';
const [
  phase = context.startsWith('epilog') ? 'end' : 'begin',
  user = env.SLURM_JOB_USER ?? userInfo().username,
  hosts = env.SLURM_JOB_NODELIST ?? env.SLURM_NODELIST ?? '',
] = process.argv.slice(2);

const uid = Number(execFileSync('id', ['-u', user], { encoding: 'utf8' }));
const bp = await connect();
try {
  const slots = expandHostList(hosts).map((host) => ({ host, slots: 1 }));
  for (const node of mapOfHosts(slots, namesOf(await bp.nodeList())).nodes) {
    if (phase === 'begin') {
      await bp.chown(node, uid);
      await bp.chmod(node, 0o100);
    } else {
      await bp.chmod(node, 0);
      for (const { pid, uid: owner, node: where } of await bp.procList()) {
        if (where === node && owner === uid && pid > 0) await bp.kill(pid, 'SIGKILL');
      }
    }
  }
} finally {
  await bp[Symbol.asyncDispose]();
}
