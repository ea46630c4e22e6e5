/** The queue's part of a master alone, with a thousand nodes and jobs that only seem to run: how soon what waits is decided about. */
import { masterQueue, Reservations } from 'bproc/beomap';
import { answer } from './answer.mjs';
import { submission } from './queue-jobs.mjs';

const NODES = 1000;
const CPUS = 16;

/** Milliseconds from the end of a job to the start of the next, each time. */
async function decide({ waiting, ends }) {
  const infos = Array.from({ length: NODES }, (_, node) => ({
    node,
    state: 'up',
    flags: [],
    attributes: { cpus: String(CPUS) },
  }));
  const running = [];
  let begun = () => {};
  const runner = {
    idsFor: () => ['00'],
    run: () =>
      new Promise((resolve) => {
        running.push(resolve);
        begun();
      }),
    find: () => new Promise(() => {}),
    end: async () => {},
    [Symbol.asyncDispose]: async () => {},
  };
  const clock = {
    now: () => performance.now(),
    wallTime: () => Date.now(),
    after: (ms, action) => {
      const timer = setTimeout(action, ms);
      return () => clearTimeout(timer);
    },
  };
  const home = {
    clock,
    nodes: () => infos,
    nodeInfo: (node) => infos[node],
    mayPlace: () => true,
    attached: () => infos.map(({ node }) => node),
    send: () => true,
  };
  const part = masterQueue({
    connect: () => Promise.reject(new Error('nothing is to run')),
    reservations: new Reservations(),
    runner,
  }).serve(home);
  const caller = { uid: 1000, gids: [1000], isAdministrator: false };
  const never = new AbortController().signal;
  const submit = (np) => part.request(submission(np), caller, never);
  // all slots are taken, and what waits is of all sizes
  for (let node = 0; node < NODES; node += 1) await submit(CPUS);
  while (running.length < NODES) await new Promise((resolve) => setTimeout(resolve, 10));
  for (let job = 0; job < waiting; job += 1) await submit(1 + (job % 64));
  await new Promise((resolve) => setTimeout(resolve, 200));
  const times = [];
  for (let end = 0; end < ends; end += 1) {
    const started = new Promise((resolve) => {
      begun = resolve;
    });
    const from = performance.now();
    running.shift()({ end: 'exited', code: 0, reason: '' });
    const late = new Promise((resolve) => setTimeout(resolve, 100, 'nothing'));
    // where the first needs more than one end frees, there is nothing to decide
    if ((await Promise.race([started, late])) !== 'nothing') times.push(performance.now() - from);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await part[Symbol.asyncDispose]();
  return times;
}

answer({ decide });
