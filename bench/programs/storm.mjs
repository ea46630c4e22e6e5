/**
 * Many slaves in one process, which lose their connections all at once. Argument: the master's address.
 */
import { answer, library } from './answer.mjs';
import { NoProcesses } from './no-processes.mjs';

const [, , master] = process.argv;
const spawner = new NoProcesses();
const slaves = [];

/** Slaves that join at a time. */
const AT_ONCE = 8;

async function start(node, token) {
  // no way back to the master for processes that there are none of
  const environment = { BPROC_MASTER: 'none' };
  const slave = await library.startSlave({ master, node, spawner, environment, ...(token ? { token } : {}) });
  slaves.push(slave);
  await slave.attached;
}

/** Starts so many more; with TLS each node has a token of its own. */
async function begin({ more, tokens = [] }) {
  let next = slaves.length;
  const end = next + more;
  const some = async () => {
    while (next < end) {
      const node = next;
      next += 1;
      await start(node, tokens[node]);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, some));
}

/** The connections to the master, as Node knows them. */
function connections() {
  const port = Number(master.split(':').at(-1));
  return process._getActiveHandles().filter((handle) => handle.remotePort === port);
}

/** Cuts every connection, and gives the time until every slave has a master again, in milliseconds. */
async function storm() {
  let [lost, returned] = [0, 0];
  const stops = [];
  const done = new Promise((resolve) => {
    for (const slave of slaves) {
      stops.push(
        slave.on('detached', () => {
          lost += 1;
        }),
      );
      stops.push(
        slave.on('attached', () => {
          returned += 1;
          if (returned === slaves.length) resolve();
        }),
      );
    }
  });
  const from = performance.now();
  for (const socket of connections()) socket.destroy();
  await done;
  const ms = performance.now() - from;
  for (const stop of stops) stop();
  if (lost < slaves.length) throw new Error(`only ${lost} of ${slaves.length} connections were cut`);
  return ms;
}

answer({ begin, storm }, () => Promise.all(slaves.map((slave) => slave[Symbol.asyncDispose]())));
