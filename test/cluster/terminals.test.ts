/** Processes at a pseudo terminal of their node, used through the API. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Duplex } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Cluster, connect, type RemoteProcess, type StartOptions, startCluster } from '../../src/index.ts';
import { Dialogue } from '../support/dialogue.ts';

let cluster: Cluster;

beforeAll(async () => {
  cluster = await startCluster({ nodes: 2, spawner: 'holder' });
});

afterAll(() => cluster[Symbol.asyncDispose]());

function sh(script: string, options: StartOptions = {}): Promise<RemoteProcess> {
  return cluster.client.rexec(0, 'sh', ['-c', script], { pty: true, ...options });
}

async function shown(script: string, options: StartOptions = {}): Promise<string> {
  return (await text((await sh(script, options)).stdout)).replaceAll('\r\n', '\n');
}

/** An interactive shell that says `$ ` when it is ready. */
async function shell(options: StartOptions = {}): Promise<readonly [RemoteProcess, Dialogue]> {
  const env = { PS1: '<ready>', PROMPT_COMMAND: undefined, HISTFILE: undefined };
  const p = await cluster.client.rexec(0, 'bash', ['--norc', '--noprofile', '-i'], {
    pty: { rows: 30, columns: 100, term: 'dumb' },
    env,
    ...options,
  });
  const dialogue = new Dialogue(p);
  await dialogue.shows(/<ready>/);
  return [p, dialogue];
}

const endsOf = (p: RemoteProcess) => p.wait({ timeoutMs: 20_000 });

describe('the terminal', () => {
  test('is stdin, stdout and stderr, and the process’s controlling terminal', async () => {
    const script =
      '[ -t 0 ] && [ -t 1 ] && [ -t 2 ] && echo out && echo err >&2 && echo tty >/dev/tty; echo $$ $(cut -d" " -f8 /proc/$$/stat)';
    const p = await sh(script, { pty: { rows: 11, columns: 222 } });
    const [out, err] = await Promise.all([text(p.stdout), text(p.stderr)]);
    // the last two are who it is, and whose the terminal is
    expect(out).toMatch(/^out\r\nerr\r\ntty\r\n(\d+) \1\r\n$/);
    expect(err).toBe('');
  });

  test('has the size and the kind that was asked for, by default 24 by 80 and the environment’s', async () => {
    expect(await shown('stty size; echo $TERM', { pty: { rows: 11, columns: 222, term: 'vt52' } })).toBe(
      '11 222\nvt52\n',
    );
    expect(await shown('stty size; echo $TERM', { env: { TERM: 'wyse60' } })).toBe('24 80\nwyse60\n');
    expect(await shown('stty size', { pty: { columns: 65_535 } })).toBe('24 65535\n');
  });

  test('takes another size, of which the foreground hears', async () => {
    const p = await sh('trap "stty size; exit 4" WINCH; echo ready; while :; do read line; done');
    const dialogue = new Dialogue(p);
    await dialogue.shows(/ready/);
    await p.resize({ rows: 50, columns: 132 });
    await dialogue.shows(/50 132/);
    expect(await dialogue.end()).toEqual({ kind: 'exited', code: 4 });
    await expect(p.resize({ rows: 1, columns: 1 })).rejects.toMatchObject({ code: 'BE_INVALIDPROC' });
  });

  test('takes no size that cannot be, and is not where none was asked for', async () => {
    const p = await cluster.client.rexec(0, 'cat');
    await expect(p.resize({ rows: 1, columns: 1 })).rejects.toMatchObject({ code: 'ENOTTY', pid: p.pid, node: 0 });
    for (const size of [
      { rows: 0, columns: 1 },
      { rows: 1, columns: 65_536 },
      { rows: 1.5, columns: 1 },
    ]) {
      await expect(p.resize(size)).rejects.toMatchObject({ code: 'EINVAL' });
      await expect(sh('true', { pty: size })).rejects.toMatchObject({ code: 'EINVAL' });
    }
    p.stdin.end();
    expect(await endsOf(p)).toEqual({ kind: 'exited', code: 0 });
  });

  test.each([[{ stderr: 'stream' }], [{ stdin: 'ignore' }], [{ stdout: { file: '/dev/null' } }]] as const)(
    'leaves no descriptor to be given otherwise: %o',
    async (options) => {
      await expect(sh('true', options)).rejects.toMatchObject({ code: 'EINVAL' });
    },
  );

  test('is each process’s own', async () => {
    const vector = await cluster.client.rexec([0, 1, 0], 'sh', ['-c', 'tty; read line; stty size'], { pty: true });
    const dialogues = vector.processes.map((p) => new Dialogue(p));
    const names = await Promise.all(dialogues.map(async (dialogue) => (await dialogue.shows(/\/dev\/pts\/\d+/))[0]));
    expect(new Set(names).size).toBe(3);
    await vector.resize({ rows: 7, columns: 70 });
    vector.stdin.write('go\n');
    await Promise.all(dialogues.map((dialogue) => dialogue.shows(/7 70/)));
    expect(await vector.wait({ timeoutMs: 20_000 })).toEqual(Array(3).fill({ kind: 'exited', code: 0 }));
  });

  test('is nothing that the engine child_process has', async () => {
    await using other = await startCluster({ nodes: 1, spawner: 'child_process' });
    await expect(other.client.rexec(0, 'true', [], { pty: true })).rejects.toMatchObject({
      code: 'ENOSYS',
      message: expect.stringContaining('there is no terminal'),
    });
  });
});

describe('what is typed', () => {
  test('arrives in lines, and ends where stdin does, also in the middle of a line [PROTOCOL 5.6]', async () => {
    const lines = await sh('stty -echo; echo ready; cat; echo over');
    const dialogue = new Dialogue(lines);
    await dialogue.shows(/ready/);
    dialogue.type('one\ntwo');
    lines.stdin.end();
    await dialogue.shows(/one\r\ntwoover/);
    expect(await dialogue.end()).toEqual({ kind: 'exited', code: 0 });
  });

  test('ends by the end-of-file character that the terminal has', async () => {
    const p = await sh('stty -echo eof @; echo ready; cat');
    const dialogue = new Dialogue(p);
    await dialogue.shows(/ready/);
    p.stdin.end('\x04\n');
    expect(await dialogue.end()).toEqual({ kind: 'exited', code: 0 });
    expect(dialogue.text).toContain('\x04');
  });

  test('interrupts: ^C reaches the foreground, and not the shell', async () => {
    const [p, dialogue] = await shell();
    dialogue.type('sleep 1000; echo "code $?"\n');
    await isForeground(p, 'sleep');
    dialogue.type('\x03');
    await dialogue.shows(/<ready>/);
    dialogue.type('echo still $((40 + 2))\n');
    await dialogue.shows(/still 42/);
    dialogue.type('exit 5\n');
    expect(await dialogue.end()).toEqual({ kind: 'exited', code: 5 });
  });

  test('stops and continues: ^Z, bg, fg, as the table shows too', async () => {
    const [p, dialogue] = await shell();
    dialogue.type('sleep 1000\n');
    await isForeground(p, 'sleep');
    dialogue.type('\x1a');
    await dialogue.shows(/Stopped[^\n]*sleep 1000/);
    const stateOfSleep = async () =>
      (await cluster.client.procList()).find(({ command }) => command === 'sleep')?.state;
    expect(await stateOfSleep()).toBe('stopped');
    dialogue.type('bg\n');
    await expect.poll(stateOfSleep, { timeout: 20_000 }).toBe('running');
    dialogue.type('fg\n');
    await isForeground(p, 'sleep');
    dialogue.type('\x03');
    await dialogue.shows(/<ready>$/);
    dialogue.type('exit\n');
    expect(await dialogue.end()).toMatchObject({ kind: 'exited' });
  });

  /** Waits until a program is what the terminal of this shell belongs to. */
  async function isForeground(p: RemoteProcess, command: string): Promise<void> {
    const read = (path: string) => readFile(path, 'latin1');
    const groupOf = async () => {
      const group = /\) (?:\S+ ){5}(\d+)/.exec(await read(`/proc/${p.localPid}/stat`))?.[1];
      return (await read(`/proc/${group}/comm`)).trim();
    };
    await expect.poll(groupOf, { timeout: 20_000 }).toBe(command);
  }

  test('is a megabyte to a raw terminal, unchanged', async () => {
    const bytes = Buffer.alloc(1024 * 1024, 'every byte counts \x00\x03\x04\x11\x13\x1a\xff\r\n', 'latin1');
    const p = await sh(`stty raw -echo; echo ready; head -c ${bytes.length} | sha256sum`);
    const dialogue = new Dialogue(p);
    await dialogue.shows(/ready/);
    p.stdin.write(bytes);
    const [, digest] = await dialogue.shows(/([0-9a-f]{64})/);
    expect(digest).toBe(createHash('sha256').update(bytes).digest('hex'));
  });
});

describe('what is shown', () => {
  test('is 16 MiB, written no faster than they are read', async () => {
    const line = '0123456789\n';
    const bytes = Buffer.alloc(16 * 1024 * 1024, line);
    const p = await sh(`stty raw; yes ${line.trim()} | head -c ${bytes.length}; exit 3`, { windowBytes: 65_536 });
    const written = async () => {
      const head = (await cluster.client.procList()).find(({ command }) => command === 'head');
      return Number(/wchar: (\d+)/.exec(await readFile(`/proc/${head?.localPid}/io`, 'latin1'))?.[1]);
    };
    // as much as there is room for on the way
    await expect.poll(written, { timeout: 20_000 }).toBeGreaterThan(65_536);
    for (let look = 0; look < 20; look += 1) expect(await written()).toBeLessThan(1024 * 1024);
    const hash = createHash('sha256');
    for await (const chunk of p.stdout) hash.update(chunk);
    expect(hash.digest('hex')).toBe(createHash('sha256').update(bytes).digest('hex'));
    expect(await endsOf(p)).toEqual({ kind: 'exited', code: 3 });
  });

  test('survives a connection that breaks again and again', async () => {
    let line: Duplex | undefined;
    await using bp = await connect({
      master: async () => {
        line = cluster.master.connect();
        return line;
      },
    });
    const script = 'stty -echo; echo ready; while read number; do echo "<$number>"; done';
    const p = await bp.rexec(1, 'sh', ['-c', script], { pty: true });
    const dialogue = new Dialogue(p);
    await dialogue.shows(/ready/);
    for (let number = 0; number < 200; number += 1) {
      dialogue.type(`${number}\n`);
      if (number % 20 === 10) line?.destroy();
    }
    p.stdin.end();
    expect(await dialogue.end()).toEqual({ kind: 'exited', code: 0 });
    expect(dialogue.text).toBe(`ready\n${Array.from({ length: 200 }, (_, number) => `<${number}>\n`).join('')}`);
  });
});

describe('the end', () => {
  test('a shell is ended by a hang-up, long before its grace time is over', async () => {
    const [p, dialogue] = await shell({ killGraceMs: 600_000 });
    await p.terminate({ graceMs: 600_000 });
    expect(await dialogue.end()).toMatchObject({ kind: 'signaled', signal: 'SIGHUP' });
  });

  test('a shell goes with its client', async () => {
    const bp = await connect({ master: async () => cluster.master.connect() });
    const p = await bp.rexec(0, 'bash', ['--norc', '-i'], { pty: true, killGraceMs: 600_000 });
    const end = cluster.client.wait(p.pid, { timeoutMs: 20_000 });
    await new Dialogue(p).shows(/\$|#/);
    await bp[Symbol.asyncDispose]();
    // acknowledged by the master for a client that is gone: nobody is told how
    await end.catch(() => {});
    await expect
      .poll(async () => (await cluster.client.procList()).some(({ pid }) => pid === p.pid), { timeout: 20_000 })
      .toBe(false);
  });

  test('nobody reads any more: it is hung up', async () => {
    const p = await sh('echo ready; cat');
    await new Promise((resolve) => p.stdout.once('data', resolve));
    p.stdout.destroy();
    expect(await endsOf(p)).toMatchObject({ kind: 'signaled', signal: 'SIGHUP' });
  });

  test('a program may close all of it and open it again', async () => {
    const p = await sh('exec <&- >&- 2>&-; exec >/dev/tty; echo again; exit 5');
    expect(await text(p.stdout)).toBe('again\r\n');
    expect(await endsOf(p)).toEqual({ kind: 'exited', code: 5 });
  });

  test('is not kept up by a descendant that holds the terminal, and comes after all that was written', async () => {
    const script = 'stty raw; (trap "" HUP; exec sleep 1000) & head -c 200000 /dev/zero; exit 6';
    const p = await sh(script);
    let bytes = 0;
    for await (const chunk of p.stdout) bytes += chunk.length;
    expect(bytes).toBe(200_000);
    expect(await endsOf(p)).toEqual({ kind: 'exited', code: 6 });
  });
});
