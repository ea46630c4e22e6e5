/** A client of its own process. Arguments: the master's address, and with TLS a token and a file for its certificate. */
import { setTimeout as sleep } from 'node:timers/promises';
import { answer, library } from './answer.mjs';
import { countBytes, inFlight, oneByOne } from './loads.mjs';
import { movers } from './movers.mjs';

const [, , master, token, identity] = process.argv;
if (token !== undefined) await library.loginByToken({ master, token, file: identity });
const client = await library.connect({ master, ...(identity === undefined ? {} : { identity }) });

async function once() {
  const started = await client.rexec(0, '/bin/true');
  check(await started.wait());
}

function check(end) {
  if (!library.isSuccess(end)) throw new Error(`a start ended otherwise than it should: ${JSON.stringify(end)}`);
}

/** One start of a program, of the node or sent to it: milliseconds to its end. */
async function start({ node, file, isSent }) {
  const from = performance.now();
  const started = isSent ? await client.execmove(node, file) : await client.rexec(node, file);
  check(await started.wait());
  return performance.now() - from;
}

/** Sends a program to the first so many nodes and runs it there: milliseconds to the last end. */
async function send({ nodes, file }) {
  const from = performance.now();
  const started = await client.vexecmove(`0-${nodes - 1}`, file);
  return timeToEnds(started, from);
}

/** Starts one process in each of the entries and waits for all ends. */
async function vector({ nodes, per }) {
  const entries = Array.from({ length: nodes * per }, (_, index) => index % nodes);
  const from = performance.now();
  const started = await client.rexec(entries, '/bin/true');
  return timeToEnds(started, from);
}

async function timeToEnds(started, from) {
  const ends = await started.wait();
  const ms = performance.now() - from;
  for (const end of ends) {
    if (library.BprocError.is(end)) throw end;
    check(end);
  }
  return ms;
}

/** The reader that stops: what a process writes meanwhile has to wait where it is. */
let unread;

async function stop({ command }) {
  const [file, ...args] = command;
  unread = await client.rexec(0, file, args, { stdin: 'ignore' });
}

async function goOn() {
  const counted = await countBytes(unread.stdout);
  check(await unread.wait());
  return counted;
}

/** Fills the table with processes that do not end. */
async function fill({ nodes, per }) {
  for (let from = 0; from < nodes; from += 100) {
    const numbers = Array.from({ length: Math.min(100, nodes - from) * per }, (_, at) => from + Math.floor(at / per));
    const { errors } = await client.rexec(numbers, '/bin/sleep', ['inf'], { detached: true });
    if (errors.length > 0) throw errors[0];
  }
}

async function waitForNodes({ nodes }) {
  for (;;) {
    const up = (await client.nodeList()).filter(library.isUp);
    if (up.length >= nodes) return;
    await sleep(50);
  }
}

/** A slave may know sooner than its master that it belongs to it. */
async function waitForNode({ node }) {
  while ((await client.nodeStatus(node)) !== 'up') await sleep(5);
}

answer(
  {
    latency: ({ count }) => oneByOne(count, once),
    rate: ({ count, width }) => inFlight(count, width, once),
    start,
    send,
    vector,
    stream: async ({ command }) => {
      const [file, ...args] = command;
      const started = await client.rexec(0, file, args, { stdin: 'ignore' });
      const counted = await countBytes(started.stdout);
      check(await started.wait());
      return counted;
    },
    stop,
    goOn,
    fill,
    waitForNodes,
    waitForNode,
    ...movers(client),
  },
  () => client[Symbol.asyncDispose](),
);
