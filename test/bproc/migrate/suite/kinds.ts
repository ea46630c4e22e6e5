/** What kinds of processes move, and what of them is kept. */
import { readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { request, script, until } from '../../../linux/recorder.ts';
import type { Mover, Traveller } from '../mover.ts';
import type { Programs } from '../programs.ts';

export function describeKinds(mover: () => Mover, programs: () => Programs): void {
  describe('it moves', () => {
    it('a shell that goes on where it was, under the same pid', async () => {
      const text =
        'i=0; while [ $i -lt 50 ]; do i=$((i+1)); echo $i; sleep 0.02; [ $i = 25 ] && read x && echo got $x; done; exit 7';
      const shell = await mover().start(script(text));
      await shell.says(/^5$/m);
      shell.write('one\ntwo\n');
      await mover().move(shell);
      expect(shell.identity?.pid).toBe(shell.pid);
      expect(await shell.finish()).toEqual({ kind: 'exited', code: 7 });
      const lines = Array.from({ length: 50 }, (_, index) => String(index + 1));
      lines.splice(25, 0, 'got one');
      expect(shell.text().trim().split('\n')).toEqual(lines);
    });

    it('threads that wait and threads that compute', async () => {
      const threads = await mover().start(request(programs().compile('threads')));
      for (const [round, to] of [1, 0, 1].entries()) {
        threads.write('\n');
        await threads.says(new RegExp(`^round ${round + 1} good\n`, 'm'));
        await mover().move(threads, to);
      }
      threads.write('\n');
      threads.end();
      expect(await threads.finish()).toEqual({ kind: 'exited', code: 0 });
      expect(threads.text()).toBe('round 1 good\nround 2 good\nround 3 good\nround 4 good\ngood\n');
    });

    it('timers, each of which rings as often as it should', async () => {
      const timers = await mover().start(request(programs().compile('timers')));
      await timers.says(/tick 3\n/);
      await mover().move(timers);
      await timers.says(/tick 20\n/);
      await mover().move(timers, 0);
      expect(await timers.finish()).toEqual({ kind: 'exited', code: 0 });
      expect(timers.text()).toBe(`${Array.from({ length: 30 }, (_, n) => `tick ${n + 1}\n`).join('')}alarms 1\n`);
    });

    it('timers with a descriptor, which go on where they have rung and were not read', async () => {
      const timers = await mover().start(request(programs().compile('intervals')));
      const expected = [1, 2, 3, 4].map((n) => `${3 * n - 2}\n${3 * n - 1}\n${3 * n}\nrung\n`);
      for (const [index, to] of [1, 0, 1].entries()) {
        await timers.says(new RegExp(`^(?:[^r]*rung\n){${index + 1}}`));
        await mover().move(timers, to);
        timers.write('.');
      }
      timers.end();
      expect(await timers.finish()).toEqual({ kind: 'exited', code: 0 });
      expect(timers.text()).toBe(expected.join(''));
    });

    it('a process whose machine has another name, which it sees from then on', async () => {
      const text = `import os, socket, sys
try: socket.sethostname("elsewhere")
except PermissionError: pass
for line in sys.stdin: print(os.uname().nodename, flush=True)`;
      const named = await mover().start(request('/usr/bin/python3', ['-c', text]));
      named.write('\n');
      const before = mover().isRootless ? hostname() : 'elsewhere';
      expect(await named.says(/\n/)).toBe(`${before}\n`);
      await mover().move(named);
      named.write('\n');
      expect(await named.says(/\n.*\n/)).toBe(`${before}\n${hostname()}\n`);
    });

    it('what a process is and has: files, signals, limits, groups, children', async () => {
      const cwd = programs().directory('state');
      for (const name of ['reading', 'appending', 'writing'])
        writeFileSync(join(cwd, name), 'hello world', { mode: 0o666 });
      const env = { LANG: 'C', GREETING: 'with spaces, ä and\nlines' };
      const state = await mover().start(
        request('/usr/bin/python3', [programs().script('state.py'), 'arg'], { cwd, env }),
      );
      const shown = await show(state, 1);
      expect(shown).toMatchObject({ pid: state.pid, session: state.pid, cwd, offsets: [6, 6, 19] });
      expect((shown as { readonly environment: unknown }).environment).toMatchObject(env);
      await mover().move(state);
      expect(await show(state, 2)).toEqual(shown);
      await mover().move(state, 0);
      expect(await show(state, 3)).toEqual(shown);
      await mover().move(state);
      state.write('use\n');
      expect(await state.finish()).toEqual({ kind: 'exited', code: 3 });
      expect(JSON.parse(state.text().trim().split('\n').at(-1) ?? '')).toEqual({
        caught: [10, 35, 35].map((signal) => [
          signal,
          state.pid,
          (shown as { readonly user: readonly number[] }).user[0],
        ]),
        read: 'world',
        deleted: 'kept though deleted',
        said: 'child',
        ends: [9, 15],
      });
      expect(readFileSync(join(cwd, 'appending'), 'utf8')).toBe('hello worldlast');
      expect(readFileSync(join(cwd, 'writing'), 'utf8')).toBe('first second');
      expect(await mover().node(1).list()).toEqual([]);
    });

    it('a pipeline of a shell, which sees how its members end', async () => {
      const tree = await mover().start(
        script(
          '(while read x; do echo "a $x"; done; exit 3) | (while read x; do echo "b $x"; done; exit 4); echo $?; wait; exit 5',
        ),
      );
      for (const [index, to] of [1, 0, 1].entries()) {
        tree.write(`${index}\n`);
        await tree.says(new RegExp(`b a ${index}\n`));
        await mover().move(tree, to);
      }
      expect(await mover().node(0).list()).toEqual([]);
      expect((await mover().node(1).list()).length).toBe(3);
      tree.end();
      expect(await tree.finish()).toEqual({ kind: 'exited', code: 5 });
      expect(tree.text()).toBe('b a 0\nb a 1\nb a 2\n4\n');
    });

    it('a stopped process, which stays so until it is continued', async () => {
      const stopped = await mover().start(script('while read x; do echo $x; done'));
      stopped.write('1\n');
      await stopped.says(/1\n/);
      await stopped.process.signal(19, 'process');
      await until(() => stopped.told.count('stopped') === 1, 'a stop');
      stopped.write('2\n');
      await mover().move(stopped);
      const [entry] = await until(async () => {
        const list = await mover().node(1).list();
        return list.length > 0 && list;
      }, 'it in the list');
      expect(entry).toMatchObject({ pid: stopped.pid, state: 'T' });
      expect(stopped.text()).toBe('1\n');
      expect(await stopped.process.signal(18, 'process')).toBe(true);
      await stopped.says(/1\n2\n/);
      stopped.end();
      expect(await stopped.finish()).toEqual({ kind: 'exited', code: 0 });
    });

    it('a process of Node with a timer, a worker, a child and files at work', { timeout: 60_000 }, async () => {
      const file = join(programs().directory('busy'), 'file');
      const argv = [programs().script('busy.mjs'), file];
      const busy = await mover().start(request(process.execPath, argv, { noIoUring: !mover().isRootless }));
      await busy.says(/ready\n/);
      for (const [index, to] of [1, 0, 1].entries()) {
        busy.write(`line ${index}\n`);
        await busy.says(new RegExp(`"echo":"line ${index}".*\n`));
        await mover().move(busy, to);
      }
      busy.write('last\n');
      busy.end();
      expect(await busy.finish()).toEqual({ kind: 'exited', code: 0 });
      const lines = ['line 0', 'line 1', 'line 2', 'last'].map((line, index) => {
        return JSON.stringify({ counter: index + 1, doubled: 2 * index + 2, echo: line, file: line, pid: busy.pid });
      });
      expect(busy.text().trim().split('\n')).toEqual(['ready', ...lines, 'over 0']);
    });
  });
}

async function show(state: Traveller, count: number): Promise<unknown> {
  state.write('show\n');
  const text = await state.says(new RegExp(`^(?:[^\n]*\n){${count}}`));
  return JSON.parse(text.trim().split('\n').at(-1) ?? '');
}
