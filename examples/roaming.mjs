// A long computation that moves around four nodes while it goes on: all that it says comes, once and in order.
import { createInterface } from 'node:readline';
import { startCluster } from 'bproc';

const ROUNDS = 3;
const cluster = await startCluster({ nodes: 4 });
const bp = cluster.client;

// Primes by trial division, one a line, for ever; it knows of nothing.
const script = `n=1
while n=$((n + 1)); do
  d=2
  while [ $((d * d)) -le $n ] && [ $((n % d)) -ne 0 ]; do d=$((d + 1)); done
  [ $((d * d)) -le $n ] || echo $n
done`;
const computation = await bp.rexec(0, 'sh', ['-c', script]);
const primes = [];
const reading = createInterface({ input: computation.stdout }).on('line', (line) => primes.push(Number(line)));
const read = new Promise((resolve) => reading.once('close', resolve));

console.log(`process ${computation.pid} begins on node ${computation.node}`);
for (let move = 1; move <= 4 * ROUNDS; move += 1) {
  const from = performance.now();
  await bp.move(computation.pid, move % 4);
  const ms = Math.round(performance.now() - from);
  console.log(
    `moved to node ${computation.node} within ${ms} ms; ${primes.length} primes so far, ${primes.at(-1)} the last`,
  );
}
await computation.kill('SIGKILL');
await computation.wait();
await read;

const isPrime = (n) => {
  for (let d = 2; d * d <= n; d += 1) if (n % d === 0) return false;
  return true;
};
let expected = 1;
for (const prime of primes) {
  do expected += 1;
  while (!isPrime(expected));
  if (prime !== expected) throw new Error(`${prime} came where ${expected} should have`);
}
console.log(`${primes.length} primes up to ${expected}, none missing and none twice`);
await cluster[Symbol.asyncDispose]();
