/**
 * Many slaves in one process, whose processes are only entries: what a master has to do for them is
 * the same. Arguments: the master's address, the first node's number, how many, and `short` where processes end at once.
 */
import { answer, library } from './answer.mjs';
import { NoProcesses } from './no-processes.mjs';

const [, , master, first, count, life] = process.argv;
const slaves = [];
const spawner = new NoProcesses({ areShort: life === 'short' });
for (let node = Number(first); node < Number(first) + Number(count); node += 1) {
  slaves.push(await library.startSlave({ master, node, spawner }));
}

answer({ attached: async () => void (await Promise.all(slaves.map((slave) => slave.attached))) }, () =>
  Promise.all(slaves.map((slave) => slave[Symbol.asyncDispose]())),
);
