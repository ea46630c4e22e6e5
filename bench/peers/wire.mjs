/** Machines on one wire: namespaces at a bridge, which are gone with the programs that keep them. Needs root. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { end, run } from '../lib/processes.mjs';

/**
 * Makes it.
 *
 * @param {import('../lib/cleanup.mjs').Cleanup} cleanup
 * @param {readonly string[]} addresses of the machines, with the bits of the network's: 10.0.0.1/24
 * @returns {Promise<readonly (readonly string[])[]>} of each machine, the command that runs another one there
 */
export async function createWire(cleanup, addresses) {
  const bridge = await namespace(cleanup);
  const ip = (pid, ...args) => run('nsenter', ['--net', '--target', String(pid), 'ip', ...args]);
  await ip(bridge, 'link', 'add', 'bridge', 'type', 'bridge');
  await ip(bridge, 'link', 'set', 'bridge', 'up');
  const machines = [];
  for (const [at, address] of addresses.entries()) {
    const pid = await namespace(cleanup);
    await ip(bridge, 'link', 'add', `port${at}`, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', String(pid));
    await ip(bridge, 'link', 'set', `port${at}`, 'master', 'bridge', 'up');
    await ip(pid, 'address', 'add', address, 'brd', '+', 'dev', 'eth0');
    for (const device of ['eth0', 'lo']) await ip(pid, 'link', 'set', device, 'up');
    machines.push(['nsenter', '--net', '--target', String(pid)]);
  }
  return machines;
}

async function namespace(cleanup) {
  const keeper = spawn('unshare', ['--net', 'sh', '-c', 'echo made; exec cat'], { stdio: ['pipe', 'pipe', 'inherit'] });
  cleanup.add(() => end(keeper));
  await once(keeper.stdout, 'data');
  return keeper.pid;
}
