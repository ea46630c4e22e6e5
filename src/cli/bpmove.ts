#!/usr/bin/env node
/** `bpmove`: lets running processes go on on another node. */
import { BPMOVE, readRequest } from './bpmove-request.ts';
import { connectToMaster } from './master-connection.ts';
import { printHelp, printVersion, runProgram } from './program.ts';

await runProgram(BPMOVE, async (args) => {
  const run = readRequest(args);
  if (run === 'help') return printHelp(BPMOVE);
  if (run === 'version') return printVersion(BPMOVE);
  const client = await connectToMaster();
  try {
    let failed = 0;
    for (const pid of run.pids) {
      try {
        await client.move(pid, run.node, run.options);
      } catch (error) {
        failed += 1;
        const why = error instanceof Error ? error.message : String(error);
        process.stderr.write(`bpmove: process ${pid} stays where it is: ${why}\n`);
      }
    }
    return failed === 0 ? 0 : 1;
  } finally {
    await client[Symbol.asyncDispose]();
  }
});
