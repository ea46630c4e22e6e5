/**
 * A cluster without processes, whose nodes serve PMI-1 to whoever comes: a master and its slaves in this program. Arguments: how many nodes, and ranks of each.
 */
import { randomBytes } from 'node:crypto';
import { masterJobs, pmi1, slaveJobs } from 'bproc/mpi';
import { MPI_MESSAGES } from 'bproc/wire';
import { answer, library } from './answer.mjs';

const [nodes, each] = process.argv.slice(2).map(Number);
const servers = [];
const caught = {
  name: pmi1.name,
  serve: (home) => {
    const server = pmi1.serve({ ...home, hasDescriptors: true });
    servers.push({ home, server });
    return server;
  },
};
const traffic = { messages: 0 };
const counted = {
  name: 'mpi',
  serve: (home) => {
    const part = masterJobs().serve({
      ...home,
      send: (node, body) => {
        traffic.messages += 1;
        return home.send(node, body);
      },
    });
    return {
      request: (...said) => part.request(...said),
      message: (...said) => {
        traffic.messages += 1;
        part.message(...said);
      },
    };
  },
};
const cluster = await library.startCluster({
  nodes: Array.from({ length: nodes }, () => ({ services: [slaveJobs([caught])] })),
  spawner: 'child_process',
  master: { services: [counted] },
});

/** Opens a job of a rank for each place; gives what each rank shows to be let in, by which socket. */
async function open() {
  servers.length = 0;
  const size = nodes * each;
  const job = {
    id: randomBytes(16).toString('hex'),
    size,
    universe: size,
    nodes: Array.from({ length: nodes }, (_, node) => ({ node, host: `n${node}`, stretches: [node * each, each] })),
    apps: [size],
    uid: process.getuid(),
  };
  await cluster.client.askService('mpi', MPI_MESSAGES.question.encode({ open: job }), { order: true });
  while (servers.length < nodes) await new Promise((resolve) => setTimeout(resolve, 1));
  const places = [];
  for (const { home, server } of servers) {
    for (let local = 0; local < each; local += 1) {
      const rank = home.node * each + local;
      const { descriptors } = await server.outfit(rank);
      places.push({ rank, socket: descriptors[0].socket, first: Buffer.from(descriptors[0].first).toString('hex') });
    }
  }
  traffic.messages = 0;
  return places;
}

answer({ open, messages: () => traffic.messages }, () => cluster[Symbol.asyncDispose]());
