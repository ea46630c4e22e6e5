#!/usr/bin/env node
/** `bplib`: keeps the list of files that every image has. BProc 2.2 is its specification. */
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Client, LibraryEntry } from '../index.ts';
import { BPLIB, type BplibRun, readRequest } from './bplib-request.ts';
import { connectToMaster } from './master-connection.ts';
import { printHelp, printVersion, runProgram } from './program.ts';

/** The files that were named, on the input too. */
async function entriesOf({ files, program }: Extract<BplibRun, { readonly files: unknown }>): Promise<LibraryEntry[]> {
  const input = files.includes('-') ? (await text(process.stdin)).split('\n').filter((line) => line !== '') : [];
  const all = files.flatMap((each) => (each === '-' ? input.map((line) => resolve(line)) : [each]));
  return all.map((path) => (program === undefined ? { path } : { path, program }));
}

async function carryOut(client: Client, run: BplibRun): Promise<number> {
  switch (run.action) {
    case 'list':
      for (const { path, program } of await client.libList())
        process.stdout.write(program === undefined ? `${path}\n` : `${path}\t${program}\n`);
      return 0;
    case 'clear':
      await client.libClear();
      return 0;
    case 'add':
      await client.libAdd(await entriesOf(run));
      return 0;
    case 'delete':
      await client.libDel(await entriesOf(run));
      return 0;
    case 'learn': {
      // as long as the program takes
      const timeoutMs = Number.POSITIVE_INFINITY;
      const { code, files, program } = await client.learn(run.file, run.argv, { isShown: true, keep: true, timeoutMs });
      process.stderr.write(`bplib: ${files.length} more files go along with ${program}\n`);
      return code;
    }
  }
}

await runProgram(BPLIB, async (args) => {
  const run = readRequest(args);
  if (run === 'help') return printHelp(BPLIB);
  if (run === 'version') return printVersion(BPLIB);
  const client = await connectToMaster();
  try {
    return await carryOut(client, run);
  } finally {
    await client[Symbol.asyncDispose]();
  }
});
