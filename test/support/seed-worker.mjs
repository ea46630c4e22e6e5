// Runs seeds of a bundled simulation and reports what they came to.
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';

const { path, first, end, step, most } = workerData;
const { simulate } = await import(pathToFileURL(path).href);
const failures = [];
let seeds = 0;
let frames = 0;
for (let seed = first; seed < end && failures.length < most; seed += step) {
  const { violation, steps } = await simulate({ seed });
  seeds += 1;
  frames += steps;
  if (violation !== undefined) failures.push({ seed, violation });
}
parentPort.postMessage({ seeds, frames, failures });
