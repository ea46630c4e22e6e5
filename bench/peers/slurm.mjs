/** Slurm on 127.0.0.1: munge, a controller, and a `slurmd` for each of 64 nodes. */
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { end, run, serve } from '../lib/processes.mjs';

/** How many nodes there are. */
export const SLURM_NODES = 64;
const CONTROLLER_PORT = 17_817;
const FIRST_NODE_PORT = 18_000;
const START_MS = 60_000;

function configuration(at) {
  const last = SLURM_NODES - 1;
  const options = {
    ClusterName: 'bench',
    SlurmctldHost: 'localhost(127.0.0.1)',
    SlurmctldPort: CONTROLLER_PORT,
    SlurmUser: 'root',
    SlurmdUser: 'root',
    AuthType: 'auth/munge',
    AuthInfo: `socket=${at('munge.socket')}`,
    CredType: 'cred/munge',
    StateSaveLocation: at('state'),
    SlurmdSpoolDir: at('spool.%n'),
    SlurmctldPidFile: at('slurmctld.pid'),
    SlurmdPidFile: at('slurmd.%n.pid'),
    SlurmctldLogFile: at('slurmctld.log'),
    SlurmdLogFile: at('slurmd.%n.log'),
    SlurmctldDebug: 'error',
    SlurmdDebug: 'error',
    ProctrackType: 'proctrack/linuxproc',
    TaskPlugin: 'task/none',
    SelectType: 'select/cons_tres',
    SelectTypeParameters: 'CR_CPU',
    SchedulerType: 'sched/builtin',
    SwitchType: 'switch/none',
    MpiDefault: 'none',
    JobAcctGatherType: 'jobacct_gather/none',
    SlurmdParameters: 'config_overrides',
    ReturnToService: 2,
    MaxNodeCount: SLURM_NODES,
  };
  const nodes = `NodeName=n[0-${last}] NodeHostname=localhost NodeAddr=127.0.0.1 CPUs=16 State=UNKNOWN`;
  return [
    ...Object.entries(options).map(([name, value]) => `${name}=${value}`),
    `${nodes} Port=[${FIRST_NODE_PORT}-${FIRST_NODE_PORT + last}]`,
    'PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP OverSubscribe=YES',
    '',
  ].join('\n');
}

/**
 * Starts all of it and takes an allocation of every node, in which steps can be run.
 *
 * @param {readonly string[]} enter the command that runs another one inside the network
 * @param {string} directory for its state
 * @returns {Promise<{ readonly env: NodeJS.ProcessEnv, readonly job: string, readonly stop: () => Promise<void> }>}
 */
export async function startSlurm(enter, directory) {
  const at = (name) => join(directory, name);
  const env = { ...process.env, SLURM_CONF: at('slurm.conf') };
  const servers = [];
  const start = (file, args) => {
    const [first, ...rest] = [...enter, file, ...args];
    servers.push(serve(first, rest, { env }));
  };
  const stop = async () => {
    const [munge, ...others] = servers.map(({ child }) => child);
    await Promise.all(others.map(end));
    if (munge !== undefined) await end(munge);
  };
  try {
    await mkdir(at('state'));
    await writeFile(at('slurm.conf'), configuration(at));
    await writeFile(at('munge.key'), randomBytes(128), { mode: 0o600 });
    const own = ['key-file', 'log-file', 'pid-file', 'seed-file'].map(
      (name) => `--${name}=${at(name.replace('-file', ''))}`,
    );
    await run('mv', [at('munge.key'), at('key')]);
    await chmod(at('key'), 0o600);
    start('munged', ['--foreground', '--force', `--socket=${at('munge.socket')}`, ...own]);
    await until(() => existsSync(at('munge.socket')), servers);
    start('slurmctld', ['-D', '-c']);
    for (let node = 0; node < SLURM_NODES; node += 1) start('slurmd', ['-D', '-N', `n${node}`]);
    await until(async () => (await idleNodes(enter, env)) === SLURM_NODES, servers);
    const job = await allocate(enter, env);
    return {
      env,
      job,
      stop: async () => {
        const [file, ...args] = [...enter, 'scancel', job];
        try {
          await run(file, args, { env });
        } finally {
          await stop();
        }
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function idleNodes(enter, env) {
  const [file, ...args] = [...enter, 'sinfo', '-h', '-t', 'idle', '-o', '%D'];
  const said = await run(file, args, { env }).catch(() => '0');
  return Number(said.trim());
}

async function allocate(enter, env) {
  const all = ['-N', String(SLURM_NODES), '-n', String(SLURM_NODES)];
  const [file, ...args] = [...enter, 'salloc', '--no-shell', ...all];
  const said = await run(file, args, { env });
  const job = /allocation (\d+)/.exec(said)?.[1];
  if (job === undefined) throw new Error(`salloc said ${said.trim()}`);
  return job;
}

async function until(isTrue, servers) {
  const deadline = performance.now() + START_MS;
  while (!(await isTrue())) {
    const dead = servers.find(({ child }) => child.exitCode !== null);
    if (dead !== undefined) throw new Error(`${dead.child.spawnargs.join(' ')} ended: ${dead.text()}`);
    if (performance.now() > deadline)
      throw new Error(
        `Slurm does not come up: ${servers
          .map(({ text }) => text())
          .join('')
          .slice(-1000)}`,
      );
    await sleep(200);
  }
}
