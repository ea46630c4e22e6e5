#!/usr/bin/env node
/**
 * Switches nodes off that nobody needs, and on again: a template for Slurm's SuspendProgram and ResumeProgram.
 *
 *     SuspendProgram=/etc/bproc/suspend   (a script: exec /etc/bproc/power.mjs suspend "$1")
 *     ResumeProgram=/etc/bproc/resume     (a script: exec /etc/bproc/power.mjs resume "$1")
 *
 * POWER_ON is what switches a machine on, with its name as $1: a line of shell such as `ipmitool -H "$1-bmc" power on`.
 */
import { execFileSync } from 'node:child_process';
import { connect, isUp } from 'bproc';
import { expandHostList, mapOfHosts, namesOf } from 'bproc/beomap';

const [order, list = ''] = process.argv.slice(2);
if (order !== 'suspend' && order !== 'resume') throw new Error('say suspend or resume, and a list of hosts');
const bp = await connect();
try {
  const hosts = expandHostList(list);
  const { nodes } = mapOfHosts(
    hosts.map((host) => ({ host, slots: 1 })),
    namesOf(await bp.nodeList()),
  );
  if (order === 'suspend') await Promise.all(nodes.map((node) => bp.powerOff(node)));
  else {
    // from before the machines are switched on, so that nothing of it is missed
    const changes = bp.notifier();
    for (const host of hosts)
      execFileSync('sh', ['-c', process.env.POWER_ON ?? 'true', 'sh', host], { stdio: 'inherit' });
    const waiting = new Set(nodes);
    for (const info of await bp.nodeList(nodes.join())) if (isUp(info)) waiting.delete(info.node);
    for await (const _ of waiting.size > 0 ? changes : []) {
      for (const info of await bp.nodeList([...waiting].join())) if (isUp(info)) waiting.delete(info.node);
      if (waiting.size === 0) break;
    }
  }
} finally {
  await bp[Symbol.asyncDispose]();
}
