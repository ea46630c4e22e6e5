/** Bytes from a process to its client. */

import { Daemons } from '../lib/daemons.mjs';
import { Agent } from '../lib/processes.mjs';
import { rounds } from '../lib/rounds.mjs';
import { short } from '../lib/stats.mjs';
import { line, unmeasured } from '../lib/verdict.mjs';

const BLOCK = 128 * 1024;
const LEAST_OF_RELAY = 0.5;

export const name = 'stream';
export const title = 'Standard output';
export const method =
  '`dd` writes zeros in blocks of 128 KiB, and somebody counts the bytes. Through one Node process they come from its ' +
  'child’s output and go into a unix socket, at whose other end they are counted. Through bproc they pass slave and ' +
  'master to the client, three processes on unix sockets. Read only, a Node process counts its own child’s output.';

export async function run(context, cleanup) {
  const blocks = context.count(4096, 64);
  const bytes = blocks * BLOCK;
  const command = ['dd', 'if=/dev/zero', `bs=${BLOCK}`, `count=${blocks}`, 'status=none'];
  const bare = await new Agent('bare', []).ready();
  cleanup.add(() => bare.stop());
  const daemons = await Daemons.start(1);
  cleanup.add(() => daemons.stop());
  const { peers } = context;
  const rate = async (counting) => {
    const counted = await counting;
    if (counted.bytes !== bytes) throw new Error(`${counted.bytes} bytes came, ${bytes} were written`);
    return bytes / 1000 / counted.ms;
  };
  const ssh = {
    name: 'ssh',
    missing: peers.missing('ssh'),
    run: () => rate(peers.sshStream('127.0.0.1', command.join(' '))),
  };
  const contenders = [
    { name: 'bproc', run: () => rate(daemons.client.call('stream', { command })) },
    { name: 'bare', run: () => rate(bare.call('stream', { command })) },
    { name: 'relay', run: () => rate(bare.call('relay', { command })) },
    ssh,
  ];
  for (const { run: warmUp, missing } of contenders) if (missing === undefined) await warmUp();
  const outcome = await rounds(context, contenders, { rounds: context.count(7, 2), limitMs: 120_000 });
  const { bproc, bare: plain, relay, ssh: shell } = outcome.medians;
  const what = `${bytes / 2 ** 20} MiB of stdout through slave and master`;
  const goal = '> 1× ssh';
  const lines = [
    line(
      what,
      `≥ ${LEAST_OF_RELAY}× through one Node process`,
      `${short(bproc / relay)}× (${short(bproc)} MB/s, one Node process ${short(relay)} MB/s; read only ${short(plain)} MB/s)`,
      bproc / relay >= LEAST_OF_RELAY,
    ),
    ssh.missing === undefined
      ? line('the same', goal, `${short(bproc / shell)}× (ssh ${short(shell)} MB/s)`, bproc > shell)
      : unmeasured('the same', goal, `not installed: ${ssh.missing}`),
  ];
  return { lines, outcome };
}
