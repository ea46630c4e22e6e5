/** What becomes of a process that cannot be moved, or is not moved after all: it runs on, once. */
import { chmodSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { request, script, until } from '../../../linux/recorder.ts';
import type { Mover, Remade, Traveller } from '../mover.ts';
import type { Programs } from '../programs.ts';
import { LineCounter } from './streams.ts';

const ECHO = 'while read x; do echo $x; done';

export function describeFailures(mover: () => Mover, programs: () => Programs): void {
  async function echoes(traveller: Traveller): Promise<void> {
    traveller.write('still there\n');
    await traveller.says(/still there\n/);
    traveller.end();
    expect(await traveller.finish()).toEqual({ kind: 'exited', code: 0 });
    expect(traveller.text()).toBe('still there\n');
  }

  async function failureOf({ told }: Remade): Promise<unknown> {
    const failed = await until(() => told.told.find(({ what }) => what === 'failed'), 'a failure');
    expect(told.told.length).toBe(1);
    return failed.what === 'failed' ? failed.error : undefined;
  }

  async function nothingAt(index: number): Promise<void> {
    expect(await mover().node(index).list()).toEqual([]);
    await until(() => mover().strays(index).length === 0, 'an empty node');
  }

  describe('it runs on where it was', () => {
    it('when its capture is given up, ten times at full speed', { timeout: 60_000 }, async () => {
      const told = new LineCounter();
      const writer = await mover().start(request(programs().compile('lines')), told);
      for (let round = 1; round <= 10; round += 1) {
        const before = told.lines;
        await until(() => told.lines > before + 1000, 'a thousand lines more');
        await mover().abort(writer, await mover().capture(writer));
      }
      writer.write('input\n');
      writer.end();
      expect(await writer.finish()).toEqual({ kind: 'exited', code: 0 });
      expect(told.wrong).toBeUndefined();
      expect(writer.text(2)).toBe(`input\nlines ${told.lines}\n`);
    });

    it('when the copy is given up that was made of it, of which nothing stays', async () => {
      const echo = await mover().start(script(`sh -c '${ECHO}'; exit $?`));
      const captured = await mover().capture(echo);
      const remade = await mover().remake(echo, captured);
      await remade.restoration.prepared;
      remade.restoration.settle(false);
      expect(await failureOf(remade)).toMatchObject({ name: 'BprocError' });
      await remade.restoration[Symbol.asyncDispose]();
      await nothingAt(1);
      await mover().abort(echo, captured);
      await echoes(echo);
    });

    it('when the program that makes the copy is ended, before and after that is complete', async () => {
      const echo = await mover().start(script(`sh -c '${ECHO}'; exit $?`));
      const captured = await mover().capture(echo);
      for (const isPrepared of [false, true]) {
        const remade = await mover().remake(echo, captured);
        if (isPrepared) await remade.restoration.prepared;
        remade.process.giveUp?.();
        expect(await failureOf(remade)).toMatchObject({ name: 'BprocError' });
        await remade.restoration[Symbol.asyncDispose]();
        await nothingAt(1);
      }
      await mover().abort(echo, captured);
      await echoes(echo);
    });

    it('when its pid is taken where it was to go', async () => {
      const echo = await mover().start(script(ECHO));
      const told = new LineCounter();
      const other = mover()
        .node(1)
        .spawn(request('/bin/sleep', ['600'], { pid: echo.pid }), told);
      await until(() => told.count('started') === 1, 'the other one');
      const captured = await mover().capture(echo);
      const remade = await mover().remake(echo, captured);
      expect(await failureOf(remade)).toMatchObject({ name: 'BprocError' });
      expect(await remade.restoration.explain()).toMatch(new RegExp(`${echo.pid}: File exists`));
      await remade.restoration[Symbol.asyncDispose]();
      expect(await other.signal(9, 'process')).toBe(true);
      expect(await told.exit()).toMatchObject({ kind: 'signaled', signal: 9 });
      await mover().abort(echo, captured);
      await echoes(echo);
    });

    it('when a file of it is missing where it was to go, which is named', async () => {
      const home = programs().directory('missing');
      mkdirSync(join(home, 'here'));
      writeFileSync(join(home, 'here/file'), 'text', { mode: 0o666 });
      const echo = await mover().start(script(`exec 5<here/file; cd /; ${ECHO}`, { cwd: home }));
      await until(async () => (await mover().node(0).list()).length === 1, 'it in the list');
      echo.write('before\n');
      await echo.says(/before\n/);
      const captured = await mover().capture(echo);
      renameSync(join(home, 'here'), join(home, 'elsewhere'));
      const remade = await mover().remake(echo, captured);
      expect(await failureOf(remade)).toMatchObject({ name: 'BprocError' });
      expect(await remade.restoration.explain()).toMatch(/missing\/here\/file.*No such file or directory/);
      await remade.restoration[Symbol.asyncDispose]();
      await nothingAt(1);
      await mover().abort(echo, captured);
      echo.end();
      expect(await echo.finish()).toEqual({ kind: 'exited', code: 0 });
    });

    it('when it has an io_uring; without that it moves', async () => {
      const program = programs().compile('uring');
      const plain = await mover().start(request(program));
      const what = await plain.says(/\n/);
      // where the kernel has none to give there is nothing to refuse
      if (what === 'io_uring\n') {
        await expect(mover().capture(plain)).rejects.toMatchObject({
          code: 'ENOTSUP',
          message: expect.stringMatching(/cannot be captured and runs on: /),
        });
      }
      plain.write('plain\n');
      await plain.says(/plain\n/);
      const without = await mover().start(request(program, [], { noIoUring: true }));
      expect(await without.says(/\n/)).toBe('none\n');
      if (mover().isRootless) {
        expect(await mover().inspect(without)).toEqual([expect.stringMatching(/filter of system calls.*only root/)]);
        await expect(mover().capture(without)).rejects.toMatchObject({ code: 'ENOTSUP' });
      } else {
        await mover().move(without);
      }
      without.write('without\n');
      await without.says(/without\n/);
    });
  });

  it('runs on where it has a connection by a unix socket that leads elsewhere', async () => {
    const path = join(programs().directory('socket'), 'listener');
    const server = createServer((socket) => socket.pipe(socket));
    await new Promise<void>((resolve) => void server.listen(path, resolve));
    chmodSync(path, 0o777);
    try {
      const text = `import socket, sys
s = socket.socket(socket.AF_UNIX); s.connect("${path}"); print("ready", flush=True)
for line in sys.stdin: s.send(line.encode()); print("back", s.recv(99).decode(), end="", flush=True)`;
      const connected = await mover().start(request('/usr/bin/python3', ['-c', text]));
      await connected.says(/ready/);
      await expect(mover().capture(connected)).rejects.toMatchObject({
        code: 'ENOTSUP',
        message: expect.stringMatching(/runs on: .*[Ee]xternal socket/),
      });
      connected.write('it\n');
      await connected.says(/back it\n/);
      connected.end();
      await connected.finish();
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
  });

  describe('it ends as it should', () => {
    it('in the instant after it is let go', async () => {
      const brief = await mover().start(script('read x; exit 9'));
      const captured = await mover().capture(brief);
      const remade = await mover().remake(brief, captured);
      brief.write('go\n');
      const { leave } = brief;
      remade.follow(brief);
      await remade.restoration.prepared;
      leave();
      await captured.capture.commit();
      remade.restoration.settle(true);
      expect(await brief.finish()).toEqual({ kind: 'exited', code: 9 });
      expect(brief.told.count('started')).toBe(2);
      await remade.restoration[Symbol.asyncDispose]();
    });

    it('by a signal that is sent while it moves', async () => {
      const sleeper = await mover().start(request('/bin/sleep', ['600']));
      const captured = await mover().capture(sleeper);
      expect(await sleeper.process.signal(15, 'process')).toBe(true);
      await mover().abort(sleeper, captured);
      expect(await sleeper.finish()).toMatchObject({ kind: 'signaled', signal: 15 });
    });
  });
}
