/** What passes the streams of a process that moves: all of it, once, in order. */
import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Recorder, request, script, until } from '../../../linux/recorder.ts';
import type { Mover } from '../mover.ts';
import type { Programs } from '../programs.ts';

const LINE_BYTES = 63;

/** Keeps nothing of what `lines` writes, but counts its lines; the first that is wrong is remembered. */
export class LineCounter extends Recorder {
  lines = 0;
  wrong: string | undefined;
  #rest: Buffer = Buffer.alloc(0);

  override output(fd: 1 | 2, chunk: Buffer): void {
    if (fd === 2) return super.output(fd, chunk);
    const bytes = Buffer.concat([this.#rest, chunk]);
    const whole = Math.floor(bytes.length / LINE_BYTES);
    for (let index = 0; index < whole && this.wrong === undefined; index += 1) {
      const line = bytes.toString('latin1', index * LINE_BYTES, (index + 1) * LINE_BYTES);
      this.lines += 1;
      if (line !== `${String(this.lines).padStart(LINE_BYTES - 1, '0')}\n`) this.wrong = `${this.lines}: ${line}`;
    }
    this.#rest = Buffer.from(bytes.subarray(whole * LINE_BYTES));
  }
}

export function describeStreams(mover: () => Mover, programs: () => Programs): void {
  describe('nothing is lost, doubled or swapped', () => {
    it('of output at full speed and input beside it, while it moves 20 times', { timeout: 120_000 }, async () => {
      const told = new LineCounter();
      const writer = await mover().start(request(programs().compile('lines')), told);
      let given = '';
      for (let round = 1; round <= 20; round += 1) {
        const before = told.lines;
        await until(() => told.lines > before + 1000, 'a thousand lines more');
        for (const part of ['a', 'b', 'c']) {
          const text = `${round} ${part} ${'x'.repeat(round * 100)}\n`;
          given += text;
          writer.write(text);
        }
        await mover().move(writer, round % 2);
        expect(told.wrong).toBeUndefined();
      }
      writer.end();
      expect(await writer.finish()).toEqual({ kind: 'exited', code: 0 });
      expect(told.wrong).toBeUndefined();
      expect(writer.text(2)).toBe(`${given}lines ${told.lines}\n`);
    });

    it('of more input than its pipe holds, which it reads between moves', { timeout: 60_000 }, async () => {
      const reader = await mover().start(script('trap "go=1" USR1; while :; do read x || break; echo "$x"; done'));
      const lines = Array.from({ length: 20_000 }, (_, index) => `line ${index} of the input`);
      reader.write(`${lines.join('\n')}\n`);
      for (let round = 1; round <= 6; round += 1) {
        await reader.says(new RegExp(`line ${round * 200} of`));
        await mover().move(reader, round % 2);
      }
      reader.end();
      expect(await reader.finish()).toEqual({ kind: 'exited', code: 0 });
      expect(reader.text().trim().split('\n')).toEqual(lines);
    });

    it('of what it wrote to a pipe that nobody reads yet', async () => {
      const writer = await mover().start(
        script('i=0; while [ $i -lt 20000 ]; do i=$((i+1)); echo "line $i"; done; read x'),
      );
      await writer.says(/line 10\n/);
      writer.process.pause(1);
      await mover().move(writer);
      writer.end();
      await writer.finish();
      expect(writer.text()).toBe(Array.from({ length: 20_000 }, (_, index) => `line ${index + 1}\n`).join(''));
    });

    it('when it moves to and fro 200 times, nor is anything left behind', { timeout: 300_000 }, async () => {
      const echo = await mover().start(script('while read x; do echo $x; done'));
      await mover().move(echo, 1);
      await mover().move(echo, 0);
      const files = readdirSync('/proc/self/fd').length;
      const scratch = readdirSync(mover().scratch);
      for (let round = 1; round <= 200; round += 1) {
        echo.write(`${round}\n`);
        await mover().move(echo, round % 2);
      }
      echo.end();
      expect(await mover().node(1).list()).toEqual([]);
      expect(await echo.finish()).toEqual({ kind: 'exited', code: 0 });
      expect(echo.text()).toBe(Array.from({ length: 200 }, (_, index) => `${index + 1}\n`).join(''));
      expect(await mover().node(0).list()).toEqual([]);
      expect(readdirSync(mover().scratch)).toEqual(scratch);
      expect(readdirSync('/proc/self/fd').length).toBeLessThanOrEqual(files);
      expect([...mover().strays(0), ...mover().strays(1)]).toEqual([]);
    });
  });
}
