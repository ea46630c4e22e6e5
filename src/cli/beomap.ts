#!/usr/bin/env node
/** `beomap`: prints where a job would run if it ran now. Scyld's command of that name is its specification. */
import { map } from '../beomap/index.ts';
import { readArguments, UsageError } from './arguments.ts';
import { MAP_HELP, MAP_OPTIONS, wishesOf, withoutShortNp } from './map-options.ts';
import { withMaster } from './master-connection.ts';
import type { Program } from './program.ts';
import { COMMON_OPTIONS, printHelp, printVersion, runProgram } from './program.ts';

const BEOMAP: Program = {
  name: 'beomap',
  usage: ['[options]'],
  help: `Prints where a job would run if it ran now: the numbers of nodes with colons between, one for each process; -1 is
the master. Nothing is reserved.

${MAP_HELP}`,
};

await runProgram(BEOMAP, async (args) => {
  const given = readArguments(withoutShortNp(args), [...COMMON_OPTIONS, ...MAP_OPTIONS]);
  if (given.has('help')) return printHelp(BEOMAP);
  if (given.operands.length > 0) throw new UsageError(`${given.operands[0]} is too much`);
  // Scyld's goes on after its version
  if (given.has('version')) printVersion(BEOMAP);
  const wishes = wishesOf(given);
  process.stdout.write(`${await withMaster((client) => map(client, wishes))}\n`);
  return 0;
});
