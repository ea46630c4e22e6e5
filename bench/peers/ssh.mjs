/** An ssh server on 127.0.0.0/8, and the commands that go through it. */
import { existsSync } from 'node:fs';
import { mkdir, rmdir, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { end, run, serve } from '../lib/processes.mjs';

const PORT = 2299;
const PRIVILEGE_SEPARATION = '/run/sshd';
const START_MS = 10_000;

/**
 * Starts the server in the network.
 *
 * @param {readonly string[]} enter the command that runs another one inside the network
 * @param {string} directory for its keys and configuration
 * @returns {Promise<{ readonly config: string, readonly stop: () => Promise<void> }>} `config`: of the clients
 */
export async function startSsh(enter, directory) {
  const at = (name) => join(directory, name);
  for (const name of ['host-key', 'user-key']) {
    await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'bench', '-f', at(name)]);
  }
  await run('cp', [at('user-key.pub'), at('authorized')]);
  // What costs time and is not ssh itself is off: names, PAM, messages of the day.
  const server = {
    Port: PORT,
    ListenAddress: '0.0.0.0',
    HostKey: at('host-key'),
    AuthorizedKeysFile: at('authorized'),
    PidFile: 'none',
    PermitRootLogin: 'prohibit-password',
    PasswordAuthentication: 'no',
    KbdInteractiveAuthentication: 'no',
    StrictModes: 'no',
    UsePAM: 'no',
    UseDNS: 'no',
    PrintMotd: 'no',
    PrintLastLog: 'no',
    LogLevel: 'ERROR',
    MaxStartups: '1000',
  };
  const client = {
    Port: PORT,
    User: userInfo().username,
    IdentityFile: at('user-key'),
    IdentitiesOnly: 'yes',
    UserKnownHostsFile: '/dev/null',
    GlobalKnownHostsFile: '/dev/null',
    StrictHostKeyChecking: 'no',
    PreferredAuthentications: 'publickey',
    BatchMode: 'yes',
    LogLevel: 'ERROR',
  };
  await writeFile(at('sshd_config'), lines(server));
  await writeFile(at('ssh_config'), lines(client));
  const made = !existsSync(PRIVILEGE_SEPARATION);
  if (made) await mkdir(PRIVILEGE_SEPARATION, { mode: 0o755 });
  const [file, ...args] = [...enter, '/usr/sbin/sshd', '-D', '-e', '-f', at('sshd_config')];
  const { child, text } = serve(file, args);
  const stop = async () => {
    await end(child);
    if (made) await rmdir(PRIVILEGE_SEPARATION);
  };
  const config = at('ssh_config');
  try {
    await answers(enter, config, text);
  } catch (error) {
    await stop();
    throw error;
  }
  return { config, stop };
}

async function answers(enter, config, text) {
  const until = performance.now() + START_MS;
  for (;;) {
    const [file, ...args] = [...enter, 'ssh', '-F', config, '127.0.0.1', '/bin/true'];
    try {
      await run(file, args);
      return;
    } catch (error) {
      if (performance.now() > until) throw new Error(`the ssh server does not answer: ${error.message}; ${text()}`);
    }
    await sleep(100);
  }
}

function lines(options) {
  return Object.entries(options)
    .map(([name, value]) => `${name} ${value}\n`)
    .join('');
}
