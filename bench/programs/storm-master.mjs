/** A master that is reconnected to. Arguments: the address it listens on, its state directory. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { answer, library } from './answer.mjs';

const [, , listen, stateDir] = process.argv;
const master = await library.startMaster({ listen, stateDir });

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');

let lost = 0;
const client = await library.connect({ master: () => master.connect() });
client.on('detached', () => {
  lost += 1;
});

async function tokens({ count }) {
  const made = [];
  for (let node = 0; node < count; node += 1) made.push((await client.createToken({ node })).text);
  return made;
}

/** Resident memory in bytes, of V8's heap only what is in use: how much more it holds in reserve is chance. */
function memory() {
  for (let pass = 0; pass < 3; pass += 1) collect();
  const { rss, heapTotal, heapUsed } = process.memoryUsage();
  return rss - heapTotal + heapUsed;
}

answer(
  {
    address: () => master.addresses[0],
    tokens,
    memory,
    up: async () => (await client.nodeList('allup')).length,
    lost: () => lost,
  },
  () => master[Symbol.asyncDispose](),
);
