/** The launchers of MPICH and Open MPI, on nodes, with `bprsh` as their remote shell. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cluster, startCluster } from '../../src/index.ts';
import { type Outcome, program, Running } from '../cli/commands.ts';
import { MpiPrograms } from '../support/mpi-programs.ts';

const programs = new MpiPrograms();
const directory = mkdtempSync(join(tmpdir(), 'bproc-launchers-'));
let mpich = '';
let openMpi = '';
let cluster: Cluster;
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  mpich = programs.build('whole-job', 'mpicc.mpich');
  openMpi = programs.build('whole-job', 'mpicc.openmpi');
  // what shares a machine's memory has to see its pids: these nodes are one machine
  const node = { pidNamespace: 'none' as const };
  const address = `unix:${directory}/master.sock`;
  cluster = await startCluster({ nodes: [node, node, node, node], listen: address });
  env = {
    ...process.env,
    BPROC_MASTER: address,
    // hosts that have this machine's address are not to be forked without the agent
    HYDRA_LAUNCHER_AUTOFORK: '0',
    OMPI_ALLOW_RUN_AS_ROOT: '1',
    OMPI_ALLOW_RUN_AS_ROOT_CONFIRM: '1',
    // nodes that are one machine in truth have one name for their shared memory
    OMPI_MCA_btl: 'tcp,self',
    OMPI_MCA_rmaps_base_oversubscribe: '1',
    OMPI_MCA_hwloc_base_binding_policy: 'none',
  };
});

afterAll(async () => {
  await cluster[Symbol.asyncDispose]();
  programs[Symbol.dispose]();
  rmSync(directory, { recursive: true });
});

function run(command: string, args: readonly string[], input = ''): Promise<Outcome> {
  return new Running(spawn(command, args, { env, cwd: directory, stdio: 'pipe' }), input).outcome;
}

const hydra = (launcher: string, hosts: string, ...args: readonly string[]): Promise<Outcome> =>
  run('mpiexec.hydra', [
    '-iface',
    'lo',
    '-launcher',
    launcher,
    '-launcher-exec',
    program('bprsh'),
    '-hosts',
    hosts,
    ...args,
  ]);

const mpirun = (agent: string, hosts: string, ...args: readonly string[]): Promise<Outcome> =>
  run('mpirun.openmpi', ['--mca', 'plm_rsh_agent', agent, '-host', hosts, ...args]);

/** What rank 0 of the program says. */
const whole = (size: number, shared: readonly number[]): RegExp =>
  new RegExp(`^ok ${size} universe -?\\d+ shared ${shared.join(' ')} `);

describe('mpiexec of Hydra', () => {
  it.each(['rsh', 'ssh'])('as it calls %s', async (launcher) => {
    const done = await hydra(launcher, 'n0:1,n1:3,n2:2', '-n', '6', mpich);
    expect({ code: done.code, stderr: done.stderr }).toEqual({ code: 0, stderr: '' });
    expect(done.stdout).toMatch(whole(6, [1, 3, 3, 3, 2, 2]));
  });

  it('runs each rank on its node, gives rank 0 the input, and has the exit code', async () => {
    const line = 'echo $PMI_RANK on $BPROC_NODE; [ $PMI_RANK != 0 ] || cat; [ $PMI_RANK != 1 ] || exit 6';
    const args = ['-iface', 'lo', '-launcher', 'rsh', '-launcher-exec', program('bprsh'), '-hosts', 'n2:1,n3:1'];
    const done = await run('mpiexec.hydra', [...args, '-n', '2', 'sh', '-c', line], 'input\n');
    expect(done.code).toBe(6);
    expect(done.stdout.split('\n').sort()).toEqual(['', '0 on 2', '1 on 3', 'input']);
  });

  it('tells of MPI_Abort', async () => {
    expect((await hydra('rsh', 'n0:1,n1:1', '-n', '2', mpich, 'abort', '1')).code).toBe(7);
  });

  it('is ended where a node is not there, since it would wait for ever', async () => {
    const done = await hydra('rsh', 'n0:1,n9:1', '-n', '2', mpich);
    expect(done.code).not.toBe(0);
  });
});

describe('mpirun of Open MPI', () => {
  it('starts its daemons on nodes', async () => {
    const done = await mpirun(program('bprsh'), 'n0:1,n1:3,n2:2', '-np', '6', openMpi);
    expect(done.code).toBe(0);
    expect(done.stdout).toMatch(whole(6, [1, 3, 3, 3, 2, 2]));
  });

  it('has them start each other, with an agent that is given arguments', async () => {
    // each daemon starts at most one other by itself
    const tree = ['--mca', 'routed', 'radix', '--mca', 'routed_radix', '1'];
    const line = 'echo $OMPI_COMM_WORLD_RANK on $BPROC_NODE for $BPROC_JOB';
    const agent = `${program('bprsh')} --job=17`;
    const done = await mpirun(agent, 'n0:1,n1:1,n2:1,n3:1', ...tree, '-np', '4', 'sh', '-c', line);
    expect(done.code).toBe(0);
    expect(done.stdout.split('\n').sort()).toEqual(['', ...[0, 1, 2, 3].map((node) => `${node} on ${node} for 17`)]);
  });

  it('keeps its agents, with which what is on nodes would be ended, where that is asked for', async () => {
    const kept = ['--mca', 'plm_rsh_no_tree_spawn', '1', '--mca', 'orte_leave_session_attached', '1'];
    const done = await mpirun(program('bprsh'), 'n1:2,n3:1', ...kept, '-np', '3', openMpi);
    expect(done.code).toBe(0);
    expect(done.stdout).toMatch(whole(3, [2, 2, 1]));
  });

  it('ends where a node is not there', async () => {
    const done = await mpirun(program('bprsh'), 'n0:1,n9:1', '-np', '2', openMpi);
    expect(done.code).not.toBe(0);
    expect(done.stderr).toContain('bprsh: n9: there is no node 9');
  });
});
