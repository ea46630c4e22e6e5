#!/usr/bin/env node
import type { Client } from '../index.ts';
/** `bpmove`: lets running processes go on on another node. */
import { BPMOVE, type BpmoveRun, readRequest } from './bpmove-request.ts';
import { connectToMaster } from './master-connection.ts';
import { MoveLine } from './move-line.ts';
import { printHelp, printVersion, runProgram } from './program.ts';
import { exitCodeOfSignal, onEndingSignals } from './signals.ts';

const DEFAULT_COLUMNS = 80;

/** Moves them one after the other. @returns the exit code. */
async function moveAll(client: Client, { node, pids, options }: BpmoveRun): Promise<number> {
  const { stderr } = process;
  const line = new MoveLine(
    (text) => stderr.write(text),
    () => stderr.columns || DEFAULT_COLUMNS,
    () => performance.now(),
  );
  const abort = new AbortController();
  let code = 0;
  onEndingSignals((signal) => {
    code = exitCodeOfSignal(signal);
    abort.abort();
  });
  for (const pid of pids) {
    if (abort.signal.aborted) break;
    const watched = stderr.isTTY ? { onProgress: line.of(pid) } : {};
    try {
      await client.move(pid, node, { ...options, ...watched, signal: abort.signal });
    } catch (error) {
      code ||= 1;
      line.erase();
      const why = error instanceof Error ? error.message : String(error);
      stderr.write(`bpmove: process ${pid} stays where it is: ${why}\n`);
    }
    line.erase();
  }
  return code;
}

await runProgram(BPMOVE, async (args) => {
  const run = readRequest(args);
  if (run === 'help') return printHelp(BPMOVE);
  if (run === 'version') return printVersion(BPMOVE);
  const client = await connectToMaster();
  try {
    return await moveAll(client, run);
  } finally {
    await client[Symbol.asyncDispose]();
  }
});
