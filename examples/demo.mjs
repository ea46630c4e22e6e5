// A cluster of four nodes inside this program: real processes, their output, a signal, the table, their ends.
import { createInterface } from 'node:readline';
import { describeEnd, startCluster } from 'bproc';

const cluster = await startCluster({ nodes: 4 });
const bp = cluster.client;

console.log('Nodes:');
for (const { node, state, attributes } of await bp.nodeList()) {
  console.log(`  node ${node} is ${state}: ${attributes.cpus} cpus, Linux ${attributes.kernel}`);
}

console.log('\nA program on every node, its output as it comes:');
const program = 'for i in 1 2 3; do echo "step $i of rank $BPROC_RANK on node $BPROC_NODE"; sleep 0.1; done; sleep 60';
const vector = await bp.rexec('all', 'sh', ['-c', program]);
await Promise.all(
  vector.processes.map(async (process) => {
    let lines = 0;
    for await (const line of createInterface({ input: process.stdout })) {
      console.log(`  ${process.node}: ${line}`);
      lines += 1;
      if (lines === 3) break;
    }
  }),
);

console.log('\nEvery process of the cluster, also those that others forked:');
console.log('  PID     PARENT  NODE  STATE    COMMAND');
const cells = (info) => [info.pid, info.ppid || '-', info.node, info.state, info.command];
const widths = [7, 7, 5, 8, 0];
for (const info of await bp.procList()) {
  console.log(
    `  ${cells(info)
      .map((cell, i) => String(cell).padEnd(widths[i]))
      .join(' ')}`,
  );
}

console.log('\nTERM to the one on node 2, KILL to the others:');
await Promise.all(vector.processes.map((process) => process.kill(process.node === 2 ? 'TERM' : 'KILL')));
for (const process of vector.processes) {
  console.log(`  process ${process.pid} on node ${process.node} ${describeEnd(await process.wait())}`);
}

const missing = await bp.rexec(1, 'no-such-program').catch((error) => error);
console.log(`\nA start that cannot be: ${missing.code}: ${missing.message}`);

await cluster[Symbol.asyncDispose]();
