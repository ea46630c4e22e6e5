/** The connection by which the files of a process that moves are fetched: PROTOCOL.md 12.20. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { MemoryPeers, type PeerNetwork } from '../../../src/bproc/slave/index.ts';
import { systemClock } from '../../../src/clock.ts';
import { BprocError } from '../../../src/errors.ts';
import { type Client, connect, type Master, type Slave, startMaster, startSlave } from '../../../src/index.ts';
import type { Link } from '../../../src/transport/index.ts';
import { until } from '../../linux/recorder.ts';

let master: Master;
let slaves: Slave[];
let bp: Client;
/** Who has connected to whom, with that connection. */
let made: { readonly from: number; readonly link: Link }[];
let refuses: (from: number) => boolean;

beforeEach(async () => {
  made = [];
  refuses = () => false;
  const peers = new MemoryPeers(systemClock());
  master = await startMaster();
  const connectTo = () => master.connect();
  const start = (node: number): Promise<Slave> =>
    startSlave({ master: connectTo, node, spawner: 'holder', peerNetwork: watched(peers.join(), node) });
  slaves = [await start(0), await start(1)];
  bp = await connect({ master: connectTo });
  for (const node of [0, 1]) await until(async () => (await bp.nodeStatus(node)) === 'up', `node ${node}`);
});

afterEach(async () => {
  await bp[Symbol.asyncDispose]();
  for (const slave of slaves) await slave[Symbol.asyncDispose]();
  await master[Symbol.asyncDispose]();
});

function watched(network: PeerNetwork, from: number): PeerNetwork {
  return {
    listen: (accept) => network.listen(accept),
    connect: (address, node, tell) =>
      network.connect(address, node, (outcome) => {
        if (BprocError.is(outcome)) return tell(outcome);
        if (refuses(from)) {
          outcome.destroy();
          return tell(new BprocError('ECONNREFUSED', 'nobody is let in here'));
        }
        made.push({ from, link: outcome });
        return tell(outcome);
      }),
    [Symbol.asyncDispose]: () => network[Symbol.asyncDispose](),
  };
}

/** A process on node 0 that says what it is told, and has a MiB in memory. */
async function speaker() {
  const process = await bp.rexec(0, '/bin/sh', [
    '-c',
    'x=$(head -c 1000000 /dev/zero | tr "\\0" x); echo ready; while read y; do echo "$y $(printf %s "$x" | wc -c)"; done',
  ]);
  const seen = { text: '' };
  process.stdout.on('data', (chunk: Buffer) => {
    seen.text += chunk.toString();
  });
  await until(() => seen.text === 'ready\n', 'its first line');
  return { process, seen };
}

async function goesOn({ process, seen }: Awaited<ReturnType<typeof speaker>>, node: number): Promise<void> {
  expect(process.node).toBe(node);
  process.stdin.end('still\n');
  expect(await process.wait()).toEqual({ kind: 'exited', code: 0 });
  expect(seen.text).toBe('ready\nstill 1000000\n');
}

test('the slave that is to have the process makes one for them', async () => {
  const one = await speaker();
  await bp.move(one.process.pid, 1);
  expect(made.map(({ from }) => from)).toEqual([0, 1]);
  await goesOn(one, 1);
});

test('where it cannot be made, they come by the one that is there', async () => {
  refuses = (from) => from === 1;
  const one = await speaker();
  await bp.move(one.process.pid, 1);
  expect(made.map(({ from }) => from)).toEqual([0]);
  await goesOn(one, 1);
});

test('where it breaks, the process runs on where it was', async () => {
  const one = await speaker();
  const call = Promise.allSettled([
    bp.move(one.process.pid, 1, {
      bytesPerSecond: 65_536,
      onProgress: ({ bytes }) => (bytes > 0 ? made[1]?.link.destroy() : undefined),
    }),
  ]);
  expect(await call).toMatchObject([{ status: 'rejected', reason: { code: 'ECONNRESET' } }]);
  expect(made.map(({ from }) => from)).toEqual([0, 1]);
  await goesOn(one, 0);
});
