#!/usr/bin/env node
/** `bpstat`: shows nodes and processes. BProc 2.2 is its specification. */
import { hostname } from 'node:os';
import { createInterface } from 'node:readline';
import type { Client, NodeInfo, ProcessTable } from '../index.ts';
import type { BpstatRun } from './bpstat-request.ts';
import { BPSTAT, readRequest } from './bpstat-request.ts';
import { connectToMaster } from './master-connection.ts';
import { readGroups, readUsers } from './names.ts';
import { chooseNodes } from './node-choice.ts';
import { compactTable, longTable, sortNodes } from './node-table.ts';
import { printHelp, printVersion, runProgram } from './program.ts';
import { PsFilter } from './ps-filter.ts';

type NodesRun = Extract<BpstatRun, { readonly show: 'nodes' }>;

const CLEAR = '\x1b[H\x1b[2J';
const DEFAULT_COLUMNS = 80;

async function listNodes(client: Client, specs: readonly string[]): Promise<readonly NodeInfo[]> {
  if (specs.length === 0) return client.nodeList();
  const lists: NodeInfo[] = [];
  for (const spec of specs) lists.push(...(await chooseNodes(client, spec)));
  return lists;
}

async function nodesText(client: Client, run: NodesRun): Promise<string> {
  const nodes = sortNodes(await listNodes(client, run.nodes), run.order, run.reverse);
  const lines = (value: (info: NodeInfo) => string): string => nodes.map((info) => `${value(info)}\n`).join('');
  switch (run.view) {
    case 'compact':
      return compactTable(nodes, owners(), process.stdout.columns || DEFAULT_COLUMNS);
    case 'long':
      return longTable(nodes, owners());
    case 'address':
      return lines((info) => info.address);
    case 'status':
      return lines((info) => info.state);
    case 'number':
      return lines((info) => String(info.node));
    case 'total':
      return `${nodes.length}\n`;
  }
}

function owners() {
  return { users: readUsers(), groups: readGroups() };
}

async function showNodes(client: Client, run: NodesRun): Promise<void> {
  if (!run.update) {
    process.stdout.write(await nodesText(client, run));
    return;
  }
  // followed before the first look: no change can come between the two
  const changes = client.notifier();
  const clear = process.stdout.isTTY ? CLEAR : '';
  let shown = '';
  const show = async (): Promise<void> => {
    const text = await nodesText(client, run);
    if (text !== shown) process.stdout.write(clear + text);
    shown = text;
  };
  await show();
  for await (const _ of changes) await show();
}

/** The table; what cannot be in it is said. */
async function listProcesses(client: Client): Promise<ProcessTable> {
  const table = await client.procList();
  const nodes = table.missing.join(',');
  if (nodes !== '')
    process.stderr.write(`bpstat: no answer from ${nodes}: what processes have forked there is not known\n`);
  return table;
}

async function showProcesses(client: Client): Promise<void> {
  const processes = (await listProcesses(client)).filter((info) => info.node >= 0 && info.state !== 'exited');
  process.stdout.write(`PID\tNode\n${processes.map((info) => `${info.pid}\t${info.node}\n`).join('')}`);
}

/** Finds the node of a pid: of a ghost, of this machine where its node is on it, or of the cluster; in this order, since `ps` ran here. */
async function nodeFinder(client: Client): Promise<(pid: number) => number | undefined> {
  const [processes, nodes] = await Promise.all([listProcesses(client), client.nodeList()]);
  const here = new Set(nodes.filter((info) => info.address === hostname()).map((info) => info.node));
  const found = new Map<number, number>();
  for (const { node, pid } of processes) if (node >= 0) found.set(pid, node);
  for (const { node, localPid } of processes) if (here.has(node) && localPid !== 0) found.set(localPid, node);
  for (const { node, ghost } of processes) if (ghost !== 0) found.set(ghost, node);
  return (pid) => found.get(pid);
}

async function filterPs(client: Client): Promise<void> {
  const filter = new PsFilter(await nodeFinder(client));
  for await (const line of createInterface({ input: process.stdin })) process.stdout.write(`${filter.line(line)}\n`);
}

await runProgram(BPSTAT, async (args) => {
  const run = readRequest(args);
  if (run === 'help') return printHelp(BPSTAT);
  if (run === 'version') return printVersion(BPSTAT);
  const client = await connectToMaster();
  try {
    if (run.show === 'nodes') await showNodes(client, run);
    else if (run.show === 'processes') await showProcesses(client);
    else await filterPs(client);
    return 0;
  } finally {
    await client[Symbol.asyncDispose]();
  }
});
