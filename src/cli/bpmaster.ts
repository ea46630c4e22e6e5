#!/usr/bin/env node
/** `bpmaster`: the master of a cluster, and a whole one on this machine. BProc 2.3 is its ancestor. */
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Master, MasterOptions } from '../index.ts';
import { BprocError, connect, NODE_MASTER, startGhosts, startMaster, startSlave } from '../index.ts';
import type { BpmasterRun } from './bpmaster-options.ts';
import { BPMASTER, readRequest } from './bpmaster-options.ts';
import { logChanges } from './change-log.ts';
import { printHelp, printVersion, runProgram } from './program.ts';
import { exitCodeOfSignal, onEndingSignals } from './signals.ts';
import { Supervisor } from './supervisor.ts';

const BPSLAVE = fileURLToPath(new URL('./bpslave.js', import.meta.url));

/** How long processes of a cluster that keeps nothing wait for a slave that is started again. */
const RESTART_MS = 5000;

/** Others may go through a directory, and not look around in it. */
const PASSABLE = 0o711;

function log(line: string): void {
  process.stderr.write(`bpmaster: ${line}\n`);
}

const SILENT = { debug: () => undefined, info: () => undefined };

/** Starts a master where it is told to listen. */
async function listen({ listen, nodes, stateDir, domain, users, cacheBytes }: BpmasterRun): Promise<Master> {
  const state = stateDir === undefined ? {} : { stateDir: join(stateDir, 'master') };
  for (const address of listen) await makeSocketDirectory(address, users);
  // other users run programs from below; what is in there is closed to them file by file
  if (stateDir !== undefined) await mkdir(stateDir, { recursive: true, mode: PASSABLE });
  try {
    return await startMaster({ listen, nodes, domain, users, ...state, ...cacheOf(cacheBytes) });
  } catch (cause) {
    const error = BprocError.from(cause);
    if (error.code !== 'EADDRINUSE') throw error;
    const remedy = 'stop it, or give --listen another address';
    throw new BprocError(error.code, `another master is there already: ${remedy} (${error.message})`, { cause });
  }
}

function cacheOf(imageCacheBytes: number | undefined): Pick<MasterOptions, 'imageCacheBytes'> {
  return imageCacheBytes === undefined ? {} : { imageCacheBytes };
}

async function makeSocketDirectory(address: string, users: BpmasterRun['users']): Promise<void> {
  if (!address.startsWith('unix:/')) return;
  const directory = dirname(address.slice('unix:'.length));
  try {
    await mkdir(directory, { recursive: true, mode: users === 'all' ? 0o755 : 0o700 });
  } catch (cause) {
    const error = BprocError.from(cause);
    const remedy = 'set XDG_RUNTIME_DIR or BPROC_MASTER, or give --listen unix:/path';
    throw new BprocError(error.code, `cannot make ${directory} for the master's socket: ${remedy} (${error.message})`, {
      cause,
    });
  }
}

/**
 * Where slaves keep what their successors need. Where nothing is to survive it goes with the cluster; beside the socket
 * it is found again by the next one that listens there, should this one be killed.
 */
async function stateDirectory(run: BpmasterRun, address: string, parts: AsyncDisposable[]): Promise<string> {
  if (run.stateDir !== undefined) return run.stateDir;
  const path = address.startsWith('unix:')
    ? `${address.slice('unix:'.length)}.bpmaster-state`
    : await mkdtemp(join(tmpdir(), 'bpmaster-'));
  await mkdir(path, { recursive: true, mode: PASSABLE });
  await chmod(path, PASSABLE);
  parts.push({ [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) });
  return path;
}

/** Starts everything; what is to be ended is in `parts`, last first. */
async function start(run: BpmasterRun, parts: AsyncDisposable[]): Promise<void> {
  const { domain, local, verbosity } = run;
  const master = await listen(run);
  parts.push(master);
  const address = master.addresses.find((each) => !each.startsWith('tls:')) ?? '';
  const stateDir = await stateDirectory(run, address, parts);
  const keepMs = run.stateDir === undefined ? RESTART_MS : Number.POSITIVE_INFINITY;
  const slave = await startSlave({
    master: () => master.connect(),
    node: NODE_MASTER,
    address: 'self',
    domain,
    stateDir: join(stateDir, 'node.master'),
    keepMs,
    ...cacheOf(run.cacheBytes),
  });
  parts.push(slave);
  await slave.attached;
  if (verbosity > 0) {
    const client = await connect({ master: () => master.connect(), domain });
    parts.push(client);
    await logChanges(client, verbosity > 1, log);
  }
  if (run.ghosts) {
    const client = await connect({ master: () => master.connect(), domain });
    parts.push(client);
    parts.push(await startGhosts(client, { logger: { ...SILENT, warn: (_, message) => log(message) } }));
  }
  const supervisor = new Supervisor({
    program: BPSLAVE,
    master: address,
    domain,
    stateDir,
    keepMs,
    cacheBytes: run.cacheBytes,
    verbose: verbosity > 0,
    log,
  });
  parts.push(supervisor);
  await supervisor.start(local);
  const others = master.addresses.filter((each) => each.startsWith('tls:')).map((each) => `, also at ${each}`);
  const nodes = `${local} ${local === 1 ? 'node' : 'nodes'} up`;
  process.stdout.write(`bpmaster: ${nodes}, BPROC_MASTER=${address}${others.join('')}\n`);
}

await runProgram(BPMASTER, async (args) => {
  const run = readRequest(args);
  if (run === 'help') return printHelp(BPMASTER);
  if (run === 'version') return printVersion(BPMASTER);
  const asked = new Promise<void>((resolve) => {
    onEndingSignals((signal, count) => {
      if (count > 1) process.exit(exitCodeOfSignal(signal));
      resolve();
    });
  });
  const parts: AsyncDisposable[] = [];
  try {
    // asked to end while it starts, it does not start the rest
    await Promise.race([start(run, parts), asked]);
    await asked;
  } finally {
    for (const part of parts.reverse()) await part[Symbol.asyncDispose]();
  }
  return 0;
});
