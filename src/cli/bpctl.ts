#!/usr/bin/env node
/** `bpctl`: changes nodes. BProc 2.2 is its specification. */
import { BPCTL, carryOut, readPlan } from './bpctl-plan.ts';
import { connectToMaster } from './master-connection.ts';
import { printHelp, printVersion, runProgram } from './program.ts';

await runProgram(BPCTL, async (args) => {
  const plan = readPlan(args);
  if (plan === 'help') return printHelp(BPCTL);
  if (plan === 'version') return printVersion(BPCTL);
  const client = await connectToMaster();
  try {
    return (await carryOut(client, plan, (line) => process.stderr.write(`${line}\n`))) ? 0 : 1;
  } finally {
    await client[Symbol.asyncDispose]();
  }
});
