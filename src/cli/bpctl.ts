#!/usr/bin/env node
/** `bpctl`: changes nodes, for which BProc 2.2 is its specification, and says who belongs to the cluster. */
import { runSubcommand, subcommandOf } from './bpctl-join.ts';
import { BPCTL, carryOut, readPlan } from './bpctl-plan.ts';
import { connectToMaster } from './master-connection.ts';
import { printHelp, printVersion, runProgram } from './program.ts';

const subcommand = subcommandOf(process.argv.slice(2));

await runProgram(subcommand?.program ?? BPCTL, async (args) => {
  if (subcommand !== undefined) return runSubcommand(subcommand, args);
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
