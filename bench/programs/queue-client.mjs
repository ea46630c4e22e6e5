/** A client that submits jobs. Argument: the master's address. */
import { answer, library } from './answer.mjs';
import { submission } from './queue-jobs.mjs';

const IN_FLIGHT = 100;
const client = await library.connect({ master: process.argv[2] });

/** Milliseconds for so many jobs. */
async function submit({ count }) {
  const from = performance.now();
  let next = 0;
  const one = async () => {
    while (next < count) {
      next += 1;
      await client.askService('queue', submission(1 + (next % 8)), { order: true });
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, one));
  return performance.now() - from;
}

answer({ submit }, () => client[Symbol.asyncDispose]());
