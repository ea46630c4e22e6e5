/** A program with a whole cluster of one node in it. Argument: bytes of Buffers that it holds besides. */
import { answer, library } from './answer.mjs';
import { inFlight } from './loads.mjs';

const BLOCK = 2 ** 20;

const held = Array.from({ length: Number(process.argv[2]) / BLOCK }, (_, at) => Buffer.alloc(BLOCK, 1 + (at % 255)));
const cluster = await library.startCluster({ nodes: 1 });

async function once() {
  const started = await cluster.client.rexec(0, '/bin/true');
  const end = await started.wait();
  if (!library.isSuccess(end)) throw new Error(`a start ended otherwise than it should: ${JSON.stringify(end)}`);
}

answer(
  {
    rate: ({ count, width }) => inFlight(count, width, once),
    // also so that they are held until now
    holds: () => held.length * BLOCK,
  },
  () => cluster[Symbol.asyncDispose](),
);
