/** Many slaves in one process, each of which tells of a machine with 16 processors. Arguments: the master's address, the first node's number, how many. */
import { slaveStats } from 'bproc/beostat';
import { busyMachine } from '../lib/samples.mjs';
import { answer, library } from './answer.mjs';
import { NoProcesses } from './no-processes.mjs';

const [, , master, first, count] = process.argv;
const slaves = [];
const spawner = new NoProcesses({ areShort: false });
const places = { proc: '/nonexistent', sys: '/nonexistent' };
for (let node = Number(first); node < Number(first) + Number(count); node += 1) {
  const services = [slaveStats({ places, sources: busyMachine(node) })];
  slaves.push(await library.startSlave({ master, node, spawner, services }));
}

answer({ attached: async () => void (await Promise.all(slaves.map((slave) => slave.attached))) }, () =>
  Promise.all(slaves.map((slave) => slave[Symbol.asyncDispose]())),
);
