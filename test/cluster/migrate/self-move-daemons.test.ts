/** Programs that move themselves between slaves that are programs of their own, each with a gateway of its own: PROTOCOL.md 12.7. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Client, connect, type MasterOptions } from '../../../src/index.ts';
import { until } from '../../linux/recorder.ts';
import { CriuGates } from '../../support/criu-gates.ts';
import { type Daemon, Machines } from '../../support/daemons.ts';
import { linesOf, startProgram } from '../../support/node-program.ts';

let machines: Machines;
let gates: CriuGates;
let slaves: Daemon[];
let bp: Client;

beforeEach(async () => {
  machines = await Machines.create();
  gates = await CriuGates.create(machines.directory);
});

async function assemble(options: MasterOptions): Promise<void> {
  await machines.master(options);
  slaves = [await startSlave(0), await startSlave(1)];
  bp = await connect({ master: machines.address });
  for (const node of [0, 1]) await until(async () => (await bp.nodeStatus(node)) === 'up', `node ${node}`);
}

afterEach(async () => {
  await bp[Symbol.asyncDispose]();
  await machines[Symbol.asyncDispose]();
});

function startSlave(node: number): Promise<Daemon> {
  return machines.slave(node, { spawner: 'holder', criu: gates.executable });
}

const DONE = { kind: 'exited', code: 0 };
/** Moves to each node that it is told, and says where it is, and whether what it has started is there. */
const TRAVELLER = `
  const job = await bp.rexec(0, 'cat', [], { stdout: 'stream' });
  job.stdout.setEncoding('utf8').on('data', (text) => console.log(text.trim()));
  const said = (await import('node:readline')).createInterface({ input: process.stdin });
  console.log('up');
  for await (const line of said) {
    const where = await (line === 'look' ? Promise.resolve('here') : bp.move(Number(line)).then(() => 'moved', ({ code }) => code));
    const list = await bp.procList({ startedOnly: true });
    job.stdin.write(where + ' ' + list.find(({ pid }) => pid === process.pid).node + ' ' + list.length + '\\n');
  }
`;

async function traveller(node: number) {
  const process = await startProgram(bp, node, TRAVELLER);
  const lines = linesOf(process);
  await until(() => lines.at(-1) === 'up', 'its first line');
  const tell = (text: string): void => void process.stdin.write(`${text}\n`);
  const says = (text: string) => until(() => lines.at(-1) === text, `${text}, after ${lines.join(', ')}`);
  return { process, tell, says };
}

test('it is a client by the slave where it is, whatever becomes of the one where it was', async () => {
  await assemble({});
  const { process, tell, says } = await traveller(1);
  tell('0');
  await says('moved 0 2');
  await slaves[1]?.kill();
  tell('look');
  await says('here 0 2');
  slaves.push(await startSlave(1));
  await until(async () => (await bp.nodeStatus(1)) === 'up', 'node 1');
  // its gateway is away for a while, and there are requests meanwhile
  await slaves[0]?.kill();
  tell('look');
  slaves.push(await startSlave(0));
  await says('here 0 2');
  tell('1');
  await says('moved 1 2');
  process.stdin.end();
  expect(await process.wait()).toEqual(DONE);
});

test('what it has started is not ended while it stands still for longer than clients may be away', async () => {
  // whoever does not answer is taken for gone long before the gate opens
  await assemble({ clientGraceMs: 400, heartbeatMs: 50, silentAfterMs: 200 });
  const { process, tell, says } = await traveller(0);
  await gates.stopAt('captured');
  tell('1');
  await gates.reached('captured');
  await new Promise<void>((resolve) => setTimeout(resolve, 1500));
  expect((await bp.procList({ startedOnly: true })).length).toBe(2);
  await gates.pass('captured');
  await says('moved 1 2');
  process.stdin.end();
  expect(await process.wait()).toEqual(DONE);
});

test('it goes on where it was, connected and with the reason, where the other slave is away or dies', async () => {
  await assemble({ silentAfterMs: 1000 });
  const { process, tell, says } = await traveller(0);
  await gates.stopAt('restore');
  tell('1');
  await gates.reached('restore');
  await slaves[1]?.kill();
  await says('ECONNRESET 0 2');
  await gates.pass('restore');
  await until(async () => (await bp.nodeStatus(1)) !== 'up', 'its node to be down');
  tell('1');
  await says('BE_NODEDOWN 0 2');
  process.stdin.end();
  expect(await process.wait()).toEqual(DONE);
});
