#!/usr/bin/env node
/** `bpslave`: serves a node of a cluster. BProc 2.3 is its ancestor. */
import type { Slave } from '../index.ts';
import { startSlave } from '../index.ts';
import type { BpslaveRun } from './bpslave-options.ts';
import { BPSLAVE, readRequest } from './bpslave-options.ts';
import { printHelp, printVersion, runProgram } from './program.ts';
import { exitCodeOfSignal, onEndingSignals } from './signals.ts';

/** How long a node may be without a master before that is worth a word. */
const PATIENCE_MS = 2000;

function say(text: string): void {
  process.stderr.write(`bpslave: ${text}\n`);
}

/**
 * Tells of trouble once, however often it is met, and of everything where `verbose`; returns a function that stops it.
 */
function watch(slave: Slave, { verbose, slave: { master } }: BpslaveRun): () => void {
  let told = '';
  const tell = (text: string): void => {
    if (text !== told) say(text);
    told = text;
  };
  let trouble = `no answer yet from ${master.join(', ')}`;
  const patience = setTimeout(() => tell(trouble), PATIENCE_MS).unref();
  const attached = slave.on('attached', () => {
    clearTimeout(patience);
    if (verbose || told !== '') say(`node ${slave.node} has a master`);
    told = '';
  });
  const detached = slave.on('detached', ({ message }) => tell(`no master has this node: ${message}; trying again`));
  const unreachable = slave.on('unreachable', ({ message }) => {
    trouble = `no master has this node: ${message}; trying again`;
    if (verbose) tell(trouble);
  });
  const lacking = slave.on('trouble', ({ message }) => say(message));
  return () => {
    clearTimeout(patience);
    for (const stop of [attached, detached, unreachable, lacking]) stop();
  };
}

/** Resolves when something asks this program to end: whether what runs here is to end too, or is left to a successor. */
function untilAskedToEnd({ lifeline, slave: { stateDir, keepMs } }: BpslaveRun): Promise<'end' | 'leave'> {
  return new Promise((resolve) => {
    onEndingSignals((signal, count) => {
      if (count > 1) process.exit(exitCodeOfSignal(signal));
      resolve('end');
    });
    process.on('SIGQUIT', () => resolve('leave'));
    if (!lifeline) return;
    const cut = (): void => resolve(stateDir !== undefined && keepMs === Number.POSITIVE_INFINITY ? 'leave' : 'end');
    process.stdin.on('error', cut);
    process.stdin.on('close', cut);
    process.stdin.on('data', () => resolve('end'));
  });
}

await runProgram(BPSLAVE, async (args) => {
  const run = readRequest(args);
  if (run === 'help') return printHelp(BPSLAVE);
  if (run === 'version') return printVersion(BPSLAVE);
  const asked = untilAskedToEnd(run);
  const slave = await startSlave(run.slave);
  const unwatch = watch(slave, run);
  void slave.attached.then(() => process.stdout.write(`bpslave: node ${slave.node} up\n`));
  const how = await asked;
  unwatch();
  if (run.verbose) say(how === 'end' ? 'ending what runs here' : 'leaving what runs here to the next one');
  await (how === 'end' ? slave[Symbol.asyncDispose]() : slave.leave());
  process.stdin.destroy();
  return 0;
});
