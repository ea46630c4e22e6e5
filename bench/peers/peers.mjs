/** The peers: started when the first benchmark asks for one, in a network of their own. */
import { accessSync, constants } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Cleanup } from '../lib/cleanup.mjs';
import { Agent, run } from '../lib/processes.mjs';
import { createNetwork } from './network.mjs';
import { startSlurm } from './slurm.mjs';
import { startSsh } from './ssh.mjs';

const NEEDED = {
  ssh: ['ssh', 'sshd', 'ssh-keygen', 'ip', 'nsenter'],
  pdsh: ['ssh', 'sshd', 'ssh-keygen', 'ip', 'nsenter', 'pdsh'],
  scp: ['ssh', 'scp', 'sshd', 'ssh-keygen', 'ip', 'nsenter', 'pdsh'],
  clush: ['ssh', 'sshd', 'ssh-keygen', 'ip', 'nsenter', 'clush'],
  slurm: ['munged', 'slurmctld', 'slurmd', 'srun', 'salloc', 'sinfo', 'ip', 'nsenter'],
};

function isInstalled(tool) {
  const directories = `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`.split(':');
  return directories.some((directory) => {
    try {
      accessSync(join(directory, tool), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** Runs commands of the peers. */
export class Peers {
  #wanted;
  #cleanup = new Cleanup();
  #network;
  #driver;
  #started = new Map();

  /** @param {boolean} wanted */
  constructor(wanted) {
    this.#wanted = wanted;
  }

  /**
   * Why a peer cannot run here; undefined where it can.
   *
   * @param {keyof typeof NEEDED} name
   */
  missing(name) {
    if (!this.#wanted) return 'left out';
    const tool = NEEDED[name].find((each) => !isInstalled(each));
    if (tool !== undefined) return `${tool} is not installed`;
    return process.getuid() === 0 ? undefined : 'needs root for a network of its own';
  }

  /** Runs `command` on `host` by a fresh ssh so many times; milliseconds of each. */
  async ssh(host, command, count) {
    const { config } = await this.#server('ssh', startSsh);
    return this.#driver.call('time', { command: ['ssh', '-F', config, host, command], count });
  }

  /** Streams what `command` writes through ssh. */
  async sshStream(host, command) {
    const { config } = await this.#server('ssh', startSsh);
    return this.#driver.call('stream', { command: ['ssh', '-F', config, host, command] });
  }

  /** Runs `command` on so many addresses with pdsh. */
  async pdsh(hosts, command, count = 1) {
    const { config } = await this.#server('ssh', startSsh);
    const args = ['pdsh', '-R', 'ssh', '-S', '-f', '32', '-w', `127.0.1.[1-${hosts}]`, command];
    return this.#driver.call('time', { command: args, env: { PDSH_SSH_ARGS_APPEND: `-F ${config}` }, count });
  }

  /** Copies a program to so many addresses with scp (the server has no sftp), 32 at a time, and runs it there with pdsh; milliseconds. */
  async copyAndRun(hosts, file) {
    const { config } = await this.#server('ssh', startSsh);
    const copy = `seq ${hosts} | xargs -P 32 -I{} scp -O -q -F ${config} ${file} 127.0.1.{}:${file}.127.0.1.{}`;
    const start = `pdsh -R ssh -S -f 32 -w 127.0.1.[1-${hosts}] ${file}.%h`;
    const command = ['sh', '-c', `${copy} && ${start}`];
    const [ms] = await this.#driver.call('time', { command, env: { PDSH_SSH_ARGS_APPEND: `-F ${config}` }, count: 1 });
    await run('sh', ['-c', `rm -f ${file}.127.0.1.*`]);
    return ms;
  }

  /** Runs `command` on so many addresses with clush. */
  async clush(hosts, command, count = 1) {
    const { config } = await this.#server('ssh', startSsh);
    const args = ['clush', '-S', '-f', '64', '-o', `-F ${config}`, '-w', `127.0.1.[1-${hosts}]`, command];
    return this.#driver.call('time', { command: args, count });
  }

  /** Runs a step of so many nodes, one task each, inside an allocation that exists. */
  async srun(nodes, command, count) {
    const { env, job } = await this.#server('slurm', startSlurm);
    const args = ['srun', `--jobid=${job}`, '-N', String(nodes), '-n', String(nodes), '--overlap', command];
    return this.#driver.call('time', { command: args, env: { SLURM_CONF: env['SLURM_CONF'] }, count });
  }

  /** Stops whatever was started; later calls start it anew. */
  async stop() {
    this.#started.clear();
    this.#network = undefined;
    await this.#cleanup.run();
  }

  #server(name, start) {
    let server = this.#started.get(name);
    if (server === undefined) {
      server = this.#start(start);
      this.#started.set(name, server);
    }
    return server;
  }

  async #start(start) {
    this.#network ??= this.#connect();
    const { enter } = await this.#network;
    const directory = await mkdtemp(join(tmpdir(), 'bproc-bench-'));
    this.#cleanup.add(() => rm(directory, { recursive: true, force: true }));
    const server = await start(enter, directory);
    this.#cleanup.add(server.stop);
    return server;
  }

  async #connect() {
    const network = await createNetwork();
    this.#cleanup.add(network.remove);
    this.#driver = new Agent('command', [], { prefix: network.enter });
    this.#cleanup.add(() => this.#driver.stop());
    await this.#driver.ready();
    return network;
  }
}
