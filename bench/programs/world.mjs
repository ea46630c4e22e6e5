/** A cluster on a virtual network, in a process of its own: nodes without a machine, whose time is counted and does not pass. */
import { answer, library } from './answer.mjs';

const { startVirtualCluster } = await import(import.meta.resolve('bproc/testing'));

/** The program that is sent is played by this one. */
const programs = {
  program: function* (self) {
    yield* self.sleep(1);
    return 0;
  },
};

/** How many nodes an image passed before it came to the last one: sources as the master names them, each to one node. */
function depths(network) {
  const sources = new Map();
  network.observer.sending = (_link, message) => {
    if (message.source !== undefined) sources.set(_link.remote, message.source);
  };
  const depthOf = (host, hosts) => {
    let depth = 0;
    for (let at = host; at !== undefined; depth += 1) {
      const node = sources.get(at)?.node ?? undefined;
      at = node === undefined ? undefined : hosts.get(node);
    }
    return depth;
  };
  return {
    clear: () => sources.clear(),
    most: (hosts) => Math.max(...[...sources.keys()].map((host) => depthOf(host, hosts))),
  };
}

/**
 * Sends a program to so many nodes; `dying` of them die meanwhile.
 *
 * @returns virtual milliseconds to the last start, nodes on the longest way, bytes from the master, and how many of the
 *   others did not end as they should
 */
async function send({ nodes, file, latencyMs, hostBytesPerMs, dying, dieAtMs }) {
  const world = await startVirtualCluster({
    nodes: nodes + 1,
    seed: nodes,
    images: true,
    latencyMs,
    hostBytesPerMs,
    programs,
  });
  try {
    // so that the master has it
    await world.run((await world.run(world.client.execmove(nodes, file))).wait());
    const way = depths(world.network);
    const hosts = new Map(world.nodes.map(({ node, host }) => [node, host.name]));
    const before = world.master.master.imageBytesSent;
    world.crashSlave(nodes);
    await world.run(10);
    way.clear();
    const from = world.clock.now();
    const started = world.client.vexecmove(`0-${nodes - 1}`, file);
    const dead = new Set(Array.from({ length: dying }, (_, at) => Math.floor(((at + 0.5) * nodes) / dying)));
    if (dying > 0) {
      await world.run(dieAtMs);
      for (const node of dead) world.crashSlave(node);
      await world.run(1000);
      for (const node of dead) await world.run(world.client.setNodeStatus(node, 'down'));
    }
    const vector = await world.run(started);
    const ms = world.clock.now() - from;
    const ends = await world.run(vector.wait());
    const others = ends.filter((_, node) => !dead.has(node));
    const changed = others.filter((end) => library.BprocError.is(end) || !library.isSuccess(end)).length;
    return { ms, depth: way.most(hosts), bytes: world.master.master.imageBytesSent - before, changed };
  } finally {
    await world[Symbol.asyncDispose]();
  }
}

answer({ send });
