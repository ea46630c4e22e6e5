/** Daemons that die at each step of a move: PROTOCOL.md 12.2. The process runs once afterwards, or is said to be lost. */
import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Client, connect, type RemoteProcess } from '../../../src/index.ts';
import { until } from '../../linux/recorder.ts';
import { CriuGates, type MoveStep } from '../../support/criu-gates.ts';
import { type Daemon, isAlive, Machines } from '../../support/daemons.ts';

let machines: Machines;
let gates: CriuGates;
let master: Daemon;
let slaves: Daemon[];
let bp: Client;

beforeEach(async () => {
  machines = await Machines.create();
  gates = await CriuGates.create(machines.directory);
  master = await machines.master();
  slaves = [await startSlave(0), await startSlave(1)];
  bp = await connect({ master: machines.address });
  for (const node of [0, 1]) await until(async () => (await bp.nodeStatus(node)) === 'up', `node ${node}`);
});

afterEach(async () => {
  await bp[Symbol.asyncDispose]();
  await machines[Symbol.asyncDispose]();
});

function startSlave(node: number): Promise<Daemon> {
  return machines.slave(node, { spawner: 'holder', criu: gates.executable });
}

type Part = 'source' | 'target' | 'master';

async function kill(part: Part): Promise<void> {
  const daemon = part === 'master' ? master : slaves[part === 'source' ? 0 : 1];
  await daemon?.kill();
}

async function restart(part: Part): Promise<void> {
  if (part === 'master') master = await machines.master();
  else slaves.push(await startSlave(part === 'source' ? 0 : 1));
}

/** How many of a process there are on this machine, by a word in its arguments. */
function copies(word: string): number {
  return readdirSync('/proc').filter((pid) => {
    try {
      return (
        /^\d+$/.test(pid) &&
        readFileSync(`/proc/${pid}/cmdline`, 'latin1').split('\0').includes(word) &&
        isAlive(Number(pid))
      );
    } catch {
      return false;
    }
  }).length;
}

interface Moving {
  readonly process: RemoteProcess;
  readonly word: string;
  readonly seen: { text: string };
  /** Settles with the call. */
  readonly call: Promise<PromiseSettledResult<void>>;
}

const ECHO = 'echo ready; while read x; do echo "$$ $x"; done; exit 7';

/** A process on node 0 that is on its way to node 1 and has come to a step. */
async function movingAt(step: MoveStep): Promise<Moving> {
  await gates.stopAt(step);
  const word = `word-${Math.random().toString(36).slice(2)}`;
  const process = await bp.rexec(0, '/bin/sh', ['-c', ECHO, word]);
  const seen = { text: '' };
  process.stdout.on('data', (chunk: Buffer) => {
    seen.text += chunk.toString();
  });
  await until(() => seen.text.includes('ready\n'), 'its first line');
  const call = Promise.allSettled([bp.move(process.pid, 1)]).then(([result]) => result);
  await gates.reached(step);
  return { process, word, seen, call };
}

/** It runs, once, and all that it is told and tells goes on as if nothing had happened. */
async function runsOnce({ process, word, seen }: Moving): Promise<void> {
  process.stdin.write('again\n');
  await until(() => seen.text.includes('again'), 'its answer');
  // what never runs is ended, and need not have been yet
  await until(() => copies(word) === 1, 'all copies but one to be gone');
  const listed = await until(async () => {
    const found = (await bp.procList()).find(({ pid }) => pid === process.pid);
    return found?.state === 'running' && found;
  }, 'it to be known');
  expect(listed.node).toBe(process.node);
  process.stdin.end('end\n');
  expect(await process.wait()).toEqual({ kind: 'exited', code: 7 });
  expect(seen.text).toBe(`ready\n${process.pid} again\n${process.pid} end\n`);
  await until(() => copies(word) === 0, 'its end');
}

async function isLost({ process, word }: Moving): Promise<void> {
  expect(await process.wait()).toMatchObject({ kind: 'lost' });
  await until(() => copies(word) === 0, 'its end');
}

const EARLY: readonly MoveStep[] = ['dump', 'captured', 'restore', 'restored'];

describe('before the original is gone, a daemon that dies and comes back calls the move off, or it goes on', () => {
  for (const part of ['source', 'target'] as const) {
    test.each(EARLY)(`${part}, at %s`, async (step) => {
      const moving = await movingAt(step);
      await kill(part);
      await gates.pass(step);
      await restart(part);
      await runsOnce(moving);
      await moving.call;
    });

    test.each(EARLY)(`${part}, at %s, which is still so when it is back`, async (step) => {
      const moving = await movingAt(step);
      await kill(part);
      await restart(part);
      await gates.pass(step);
      await runsOnce(moving);
      await moving.call;
    });
  }
});

describe('when the original is as good as gone', () => {
  const LATE: readonly MoveStep[] = ['committed', 'dumped'];

  test.each(LATE)('the source dies at %s: the copy goes on', async (step) => {
    const moving = await movingAt(step);
    await kill('source');
    await gates.pass(step);
    await restart('source');
    await runsOnce(moving);
    expect(moving.process.node).toBe(1);
    expect(await moving.call).toMatchObject({ status: 'fulfilled' });
  });

  test.each(LATE)('the source dies and comes back at %s: the copy goes on', async (step) => {
    const moving = await movingAt(step);
    await kill('source');
    await restart('source');
    await gates.pass(step);
    await runsOnce(moving);
    expect(moving.process.node).toBe(1);
    expect(await moving.call).toMatchObject({ status: 'fulfilled' });
  });

  test.each(LATE)('the target dies at %s: it is lost', async (step) => {
    const moving = await movingAt(step);
    await kill('target');
    await gates.pass(step);
    await restart('target');
    await isLost(moving);
    expect(await moving.call).toMatchObject({ reason: { code: 'BE_SLAVEDIED' } });
  });

  test.each(LATE)('the target dies and comes back at %s: it is lost', async (step) => {
    const moving = await movingAt(step);
    await kill('target');
    await restart('target');
    await gates.pass(step);
    await isLost(moving);
    expect(await moving.call).toMatchObject({ reason: { code: 'BE_SLAVEDIED' } });
  });

  test.each(['at once', 'first'])(
    'the target dies when it has let it run, which it does %s: it goes on',
    async (when) => {
      const moving = await movingAt('settled');
      await kill('target');
      if (when === 'first') await gates.pass('settled');
      await restart('target');
      await gates.pass('settled');
      await runsOnce(moving);
      expect(moving.process.node).toBe(1);
      expect(await moving.call).toMatchObject({ status: 'fulfilled' });
    },
  );
});
