/** Processes move with their terminals: PROTOCOL.md 12.19, with real programs on nodes that are pid namespaces. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Client, type Cluster, type RemoteProcess, type StartOptions, startCluster } from '../../../src/index.ts';
import { Dialogue } from '../../support/dialogue.ts';

let cluster: Cluster;
let client: Client;

beforeAll(async () => {
  cluster = await startCluster({ nodes: 2 });
  client = cluster.client;
});

afterAll(() => cluster[Symbol.asyncDispose]());

const SHELL = { PS1: '<ready>', PROMPT_COMMAND: undefined, HISTFILE: undefined };

async function started(file: string, argv: readonly string[], options: StartOptions = {}) {
  const pty = { rows: 30, columns: 100, term: 'dumb' };
  const p = await client.rexec(0, file, argv, { pty, env: SHELL, ...options });
  return [p, new Dialogue(p)] as const;
}

/** To the other node, so many times. */
async function moved(p: RemoteProcess, times = 1): Promise<void> {
  for (let move = 0; move < times; move += 1) await client.move(p.pid, 1 - p.node);
}

describe('a process with a terminal that moves', () => {
  test('has it as its controlling terminal, with its size and settings, and hears of another size', async () => {
    const look =
      'tty >/dev/tty; stty size; stty -a | grep -o -e "-echo " -e "erase = @"; cut -d" " -f8 /proc/$$/stat; echo $$';
    const script = `stty -echo erase @; trap "stty size; exit 4" WINCH; echo ready; read line; ${look}; while :; do read line; done`;
    const [p, dialogue] = await started('sh', ['-c', script]);
    await dialogue.shows(/ready/);
    await moved(p);
    dialogue.type('\n');
    await dialogue.shows(new RegExp(`/dev/pts/\\d+\r\n30 100\r\nerase = @\r\n-echo \r\n${p.pid}\r\n${p.pid}\r\n`));
    await p.resize({ rows: 50, columns: 132 });
    await dialogue.shows(/50 132/);
    expect(await dialogue.end()).toEqual({ kind: 'exited', code: 4 });
  });

  test('is a shell with job control: ^C, ^Z, fg and bg go on, to and fro', async () => {
    const [p, dialogue] = await started('bash', ['--norc', '--noprofile', '-i']);
    await dialogue.shows(/<ready>/);
    await moved(p);
    dialogue.type('sleep 1000\n');
    await dialogue.shows(/sleep 1000\r\n/);
    await moved(p);
    dialogue.type('\x1a');
    await dialogue.shows(/Stopped[^\n]*sleep 1000/);
    await moved(p);
    dialogue.type('fg\n');
    await dialogue.shows(/\nsleep 1000\r\n/);
    await moved(p);
    dialogue.type('\x03');
    await dialogue.shows(/<ready>/);
    dialogue.type('echo still $((40 + 2))\n');
    await dialogue.shows(/still 42/);
    dialogue.type('exit 5\n');
    expect(await dialogue.end()).toEqual({ kind: 'exited', code: 5 });
  });

  test('is an editor, which goes on with what it had', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'bproc-terminal-test-'));
    const file = join(directory, 'text');
    const pty = { rows: 24, columns: 80, term: 'xterm' };
    const [p, dialogue] = await started('vim.tiny', ['-u', 'NONE', file], { pty });
    dialogue.type('iwritten here');
    await dialogue.shows(/written here/);
    await moved(p);
    dialogue.type(', there');
    await dialogue.shows(/there/);
    await p.resize({ rows: 10, columns: 40 });
    await moved(p);
    dialogue.type(' and here again\x1b:set lines? columns?\r');
    await dialogue.shows(/lines=10/);
    await dialogue.shows(/columns=40/);
    dialogue.type('\r:wq\r');
    expect(await dialogue.end()).toEqual({ kind: 'exited', code: 0 });
    expect(await readFile(file, 'utf8')).toBe('written here, there and here again\n');
    await rm(directory, { recursive: true });
  });

  test('loses and repeats nothing of what it shows at full speed', async () => {
    const [p] = await started('sh', ['-c', 'stty raw -echo; exec seq inf']);
    let seen = '';
    p.stdout.on('data', (chunk: Buffer) => {
      seen += chunk.toString('latin1');
    });
    for (let move = 0; move < 10; move += 1) {
      const before = seen.length;
      await moved(p);
      await expect.poll(() => seen.length, { timeout: 20_000 }).toBeGreaterThan(before);
    }
    await p.kill('SIGKILL');
    await p.wait();
    const lines = seen.split('\n').slice(0, -1);
    expect(lines.length).toBeGreaterThan(1000);
    expect(lines.findIndex((line, index) => line !== String(index + 1))).toBe(-1);
  });

  test('is neither copied nor written down', async () => {
    const [p, dialogue] = await started('sh', ['-c', 'echo ready; read line']);
    await dialogue.shows(/ready/);
    const refusal = (why: string) => ({
      code: 'ENOTSUP',
      message: `process ${p.pid} has a terminal, which cannot be ${why}`,
    });
    await expect(client.rfork(p.pid, 1)).rejects.toMatchObject(refusal('copied'));
    await expect(client.checkpoint(p.pid, join(tmpdir(), 'bproc-none'))).rejects.toMatchObject(refusal('captured'));
    dialogue.type('\n');
    expect(await dialogue.end()).toEqual({ kind: 'exited', code: 0 });
  });
});

describe('what was typed and not read', () => {
  test('goes along: whole lines, and one that has begun, which may still be edited', async () => {
    const [p, dialogue] = await started('sh', ['-c', 'echo ready; kill -STOP $$; cat']);
    await dialogue.shows(/ready\r\n/);
    await expect.poll(() => p.state, { timeout: 20_000 }).toBe('stopped');
    dialogue.type('one\ntwo\nthreX');
    await dialogue.shows(/one\r\ntwo\r\nthreX/);
    await moved(p, 3);
    await p.kill('SIGCONT');
    await dialogue.shows(/one\r\ntwo\r\n/);
    dialogue.type('\x7fe\n\x04');
    await dialogue.shows(/three\r\n/);
    expect(await dialogue.end()).toEqual({ kind: 'exited', code: 0 });
    expect(dialogue.text).toBe('ready\none\ntwo\nthreXone\ntwo\n\b \be\nthree\n');
  });

  test('goes along to a program that reads by characters, however much that is', async () => {
    const bytes = randomBytes(100_000);
    const script = `stty raw -echo; echo ready; kill -STOP $$; head -c ${bytes.length} | sha256sum`;
    const [p, dialogue] = await started('sh', ['-c', script]);
    await dialogue.shows(/ready/);
    await expect.poll(() => p.state, { timeout: 20_000 }).toBe('stopped');
    p.stdin.write(bytes);
    await moved(p, 3);
    await p.kill('SIGCONT');
    const [, digest] = await dialogue.shows(/([0-9a-f]{64})/);
    expect(digest).toBe(createHash('sha256').update(bytes).digest('hex'));
    expect(await dialogue.end()).toEqual({ kind: 'exited', code: 0 });
  });

  test.each([
    ['the end of the input after a line', 'one\n\x04', 'one\n'],
    ['the end of the input in the middle of one', 'one\x04\x04', 'one'],
    ['a character that means something, but was quoted', 'o\x16\x04\x16\x16e\n\x04', 'o\x04\x16e\n'],
  ])('is %s', async (_, typed, expected) => {
    const [p, dialogue] = await started('sh', ['-c', 'stty -echo; echo ready; kill -STOP $$; echo "<$(cat)>"']);
    await dialogue.shows(/ready/);
    await expect.poll(() => p.state, { timeout: 20_000 }).toBe('stopped');
    p.stdin.write(typed);
    await moved(p, 2);
    await p.kill('SIGCONT');
    expect(await dialogue.end()).toEqual({ kind: 'exited', code: 0 });
    expect(dialogue.text).toBe(`ready\n<${expected.replace(/\n$/, '')}>\n`);
  });

  test('is there again where the move is called off, and is not shown twice', async () => {
    const [p, dialogue] = await started('sh', ['-c', 'echo ready; kill -STOP $$; cat']);
    await dialogue.shows(/ready\r\n/);
    await expect.poll(() => p.state, { timeout: 20_000 }).toBe('stopped');
    dialogue.type('one\ntwX');
    await dialogue.shows(/one\r\ntwX/);
    const { node } = p;
    const calling = new AbortController();
    // so slow that it has been captured long before it is there
    const move = client.move(p.pid, 1 - node, {
      bytesPerSecond: 65_536,
      signal: calling.signal,
      onProgress: ({ bytes }) => {
        if (bytes > 0) calling.abort();
      },
    });
    await expect(move).rejects.toMatchObject({ code: 'ECANCELED' });
    expect(p.node).toBe(node);
    await p.kill('SIGCONT');
    await dialogue.shows(/one\r\n/);
    dialogue.type('\x7fo\n\x04');
    expect(await dialogue.end()).toEqual({ kind: 'exited', code: 0 });
    expect(dialogue.text).toBe('ready\none\ntwXone\n\b \bo\ntwo\n');
  });
});
