/** `bpmaster --ghosts` and `bpstat -P`, with the real `ps` and `kill`. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { countWith, eventually, type Running, TestCluster } from './commands.ts';

let state: string;
let cluster: TestCluster;
/** What a test starts, ended after it however it goes. */
let started: Running[];

beforeEach(async () => {
  started = [];
  state = mkdtempSync(join(tmpdir(), 'bproc-ghosts-'));
  cluster = await TestCluster.start(2, '--ghosts', '--state', state);
});

afterEach(async () => {
  for (const { child, outcome } of started) {
    child.kill('SIGTERM');
    await outcome;
  }
  await cluster[Symbol.asyncDispose]();
  rmSync(state, { recursive: true });
});

/** What `ps` shows of ghosts, with their nodes: their names are their only arguments. */
async function ghosts(name: string): Promise<readonly string[]> {
  const { stdout } = await cluster.shell(`ps ax -o stat,pid,comm,args | bpstat -P`);
  const pattern = new RegExp(`^ *(\\d+) (\\S+) +(\\d+) ${name} +${name}$`);
  return stdout.split('\n').flatMap((line) => {
    const [, node, stat, pid] = pattern.exec(line) ?? [];
    return pid === undefined ? [] : [`${node} ${stat?.[0]} ${pid}`];
  });
}

async function until(name: string, isWanted: (found: readonly string[]) => boolean): Promise<readonly string[]> {
  let found: readonly string[] = [];
  for (const deadline = Date.now() + 20_000; Date.now() < deadline; ) {
    found = await ghosts(name);
    if (isWanted(found)) return found;
  }
  throw new Error(`not within 20 s: ${found.join('; ')}`);
}

const pidOf = (line: string | undefined): number => Number(line?.split(' ')[2]);
const states = (found: readonly string[]): readonly string[] => found.map((line) => line.replace(/ \d+$/, '')).sort();

/** Starts a program on both nodes under a name that nothing else has. */
async function start(name: string): Promise<Running> {
  const link = join(cluster.directory, name);
  await cluster.shell(`ln -s "$(command -v sleep)" ${link}`);
  const running = cluster.start('bpsh', ['0-1', link, '1000'], '');
  started.push(running);
  return running;
}

test('ps finds what runs on nodes, kill reaches it, and bpsh hears of it', async () => {
  const running = await start('ghostly-one');
  const found = await until('ghostly-one', (lines) => lines.length === 2);
  expect(states(found)).toEqual(['0 S', '1 S']);
  const second = found.find((line) => line.startsWith('1 '));
  process.kill(pidOf(second), 'SIGSTOP');
  await until('ghostly-one', (lines) => states(lines).join() === '0 S,1 T');
  process.kill(pidOf(second), 'SIGCONT');
  await until('ghostly-one', (lines) => states(lines).join() === '0 S,1 S');
  for (const line of found) process.kill(pidOf(line), 'SIGTERM');
  expect((await running.outcome).code).toBe(255);
  expect(await ghosts('ghostly-one')).toEqual([]);
});

test('a master that is killed leaves no ghost, and the next one makes those of what still runs', async () => {
  const running = await start('ghostly-two');
  const found = await until('ghostly-two', (lines) => lines.length === 2);
  cluster.master.child.kill('SIGKILL');
  await cluster.master.outcome;
  await eventually(() => countWith('ghostly-two') === 0);
  const next = cluster.start('bpmaster', ['--local', '2', '--ghosts', '--state', state]);
  started.push(next);
  await next.until('stdout', (text) => text.includes('\n'));
  expect(states(await until('ghostly-two', (lines) => lines.length === 2))).toEqual(states(found));
  running.child.kill('SIGTERM');
  await running.outcome;
  await until('ghostly-two', (lines) => lines.length === 0);
  next.child.kill('SIGTERM');
  expect((await next.outcome).code).toBe(0);
});
