#!/usr/bin/env node
/** `bpckpt`: writes running processes down, and makes processes of that. */
import { kept, store } from './bpckpt-kept.ts';
import { BPCKPT, readRequest } from './bpckpt-request.ts';
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
    switch (run.kind) {
      case 'take':
        return await take(run, client);
      case 'store':
        return await store(run, client);
      case 'restart':
        return await restart(run, client);
      default:
        return await kept(run, client);
    }
  } finally {
    await client[Symbol.asyncDispose]();
  }
});
