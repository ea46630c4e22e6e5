/** Jobs on machines that have nothing in common: each node has a network, a name and shared memory of its own, and nothing is set for that. */
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Client, connect } from '../../src/index.ts';
import { launch } from '../../src/mpi/index.ts';
import { Machines } from '../support/daemons.ts';
import { MpiPrograms } from '../support/mpi-programs.ts';
import { Network } from '../support/network.ts';

const NODES = 4;
/** What runs a command on a machine whose name and shared memory are its own too. */
const apart = (name: string): readonly string[] => {
  const script = `hostname ${name} && mount -t tmpfs none /dev/shm && exec "$@"`;
  return ['unshare', '--uts', '--mount', 'sh', '-c', script, 'sh'];
};

const isRoot = process.geteuid?.() === 0;
const opened: (AsyncDisposable | Disposable)[] = [];
const programs = keep(new MpiPrograms());
let client: Client;

beforeAll(async () => {
  if (!isRoot) return;
  chmodSync(programs.directory, 0o755);
  const network = keep(await Network.create());
  const master = await network.machine();
  const machines = keep(await Machines.create());
  const listen = [machines.address, `tls://${master.address}:0`];
  const options = JSON.stringify({ listen, stateDir: join(machines.directory, 'master') });
  const [, address = ''] = (await machines.run('master', [options], master.enter)).ready;
  client = keep(await connect({ master: machines.address }));
  for (let node = 0; node < NODES; node++) {
    const { enter } = await network.machine();
    const token = (await client.createToken({ node })).text;
    const stateDir = join(machines.directory, `slave${node}`);
    // MPICH's UCX goes by the id of the machine's boot, and looks for each other's pids where that is the same
    const slave = { master: address, node, stateDir, token, spawner: 'holder', pidNamespace: 'none' };
    await machines.run('slave', [JSON.stringify(slave)], [...enter, ...apart(`n${node}`)]);
  }
});

afterAll(async () => {
  for (const one of opened.reverse()) {
    if (Symbol.asyncDispose in one) await one[Symbol.asyncDispose]();
    else one[Symbol.dispose]();
  }
});

/** It is disposed of in the end, the last first. */
function keep<T extends AsyncDisposable | Disposable>(one: T): T {
  opened.push(one);
  return one;
}

/** How many ranks each rank's node has, and the names of their nodes. */
function expected(map: string): string {
  const slots = map.split(':');
  const shared = slots.map((node) => slots.filter((other) => other === node).length);
  return `shared ${shared.join(' ')} apps ${slots.map(() => 0).join(' ')} hosts ${slots.map((node) => `n${node}`).join(' ')}`;
}

describe.runIf(isRoot).each(['mpich', 'openmpi'] as const)('a job of %s', (mpi) => {
  let program = '';

  beforeAll(() => {
    program = programs.build('whole-job', `mpicc.${mpi}`);
  });

  const maps = ['2', '0:1', '3:3:1', '0:1:1:1:2:2:3:3', '0:1:2:3:0:1:2:3', '0:0:0:0:0:0:0:1:1:2:2:2:3:3:3:3'];
  it.each(maps)('on %s is whole', async (map) => {
    await using job = await launch(client, { argv: [program], map, stdio: 'merged' });
    const [stdout, stderr, { exitCode, lines }] = await Promise.all([
      job.stdout.setEncoding('utf8').toArray(),
      job.stderr.setEncoding('utf8').toArray(),
      job.wait(),
    ]);
    expect({ exitCode, lines, stderr: stderr.join('') }).toEqual({ exitCode: 0, lines: [], stderr: '' });
    expect(stdout.join('')).toContain(expected(map));
  });
});
