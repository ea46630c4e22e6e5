#!/usr/bin/env node
import { BPCKPT, readRequest } from './bpckpt-request.ts';
/** `bpckpt`: writes running processes down, and makes processes of that. */
import { restart } from './bpckpt-restart.ts';
import { take } from './bpckpt-take.ts';
import { connectToMaster } from './master-connection.ts';
import { printHelp, printVersion, runProgram } from './program.ts';

await runProgram(BPCKPT, async (args) => {
  const run = readRequest(args);
  if (run === 'help') return printHelp(BPCKPT);
  if (run === 'version') return printVersion(BPCKPT);
  const client = await connectToMaster();
  try {
    return await (run.kind === 'take' ? take(run, client) : restart(run, client));
  } finally {
    await client[Symbol.asyncDispose]();
  }
});
