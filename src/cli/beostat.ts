#!/usr/bin/env node
/** `beostat`: says how busy nodes are. Scyld's command of that name is its model. */
import { createStats } from '../beostat/index.ts';
import { type OptionSpec, readArguments } from './arguments.ts';
import { loadRecord, loadText } from './load-text.ts';
import { withMaster } from './master-connection.ts';
import { chooseNodes } from './node-choice.ts';
import type { Program } from './program.ts';
import { COMMON_OPTIONS, printHelp, printVersion, runProgram } from './program.ts';

const BEOSTAT: Program = {
  name: 'beostat',
  usage: ['[options] [NODES...]'],
  help: `Says how busy nodes are: all of which the master knows it, or those of node sets such as 0-3,7 or allup.

  -f, --fresh     let nodes take a sample now; otherwise the newest that the master has is shown, with its age
  -j, --json      one JSON object a line for each node; sizes in bytes, times in milliseconds, shares from 0 to 1
  -h, --help      this text
  -V, --version
`,
};

const OPTIONS: readonly OptionSpec[] = [
  ...COMMON_OPTIONS,
  { name: 'fresh', letter: 'f' },
  { name: 'json', letter: 'j' },
];

await runProgram(BEOSTAT, async (args) => {
  const given = readArguments(args, OPTIONS);
  if (given.has('help')) return printHelp(BEOSTAT);
  if (given.has('version')) return printVersion(BEOSTAT);
  return withMaster(async (client) => {
    const nodes: number[] = [];
    for (const spec of given.operands) for (const { node } of await chooseNodes(client, spec)) nodes.push(node);
    const loads = await createStats(client).loads(nodes, { fresh: given.has('fresh') });
    const show = given.has('json')
      ? (load: (typeof loads)[number]) => `${JSON.stringify(loadRecord(load))}\n`
      : loadText;
    process.stdout.write(loads.map(show).join(given.has('json') ? '' : '\n'));
    const silent = nodes.filter((node) => !loads.some((load) => load.node === node));
    for (const node of silent) process.stderr.write(`beostat: node ${node} has never said how busy it is\n`);
    return silent.length > 0 ? 1 : 0;
  });
});
