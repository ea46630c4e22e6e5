import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { listProcesses, parseMarker, parseStat, readBootId, readMarker, readStat } from '../../src/linux/index.ts';

const number = fc.integer({ min: 0, max: 2 ** 31 - 1 });

describe('parseStat', () => {
  it('reads any name, whatever is in it', () => {
    const name = fc
      .uint8Array({ maxLength: 64 })
      .map((bytes) => Buffer.from(bytes).toString('latin1').replaceAll('\0', ')'));
    const hostile = fc.oneof(
      name,
      fc.constantFrom(') R 1 1 1', '(', ')', '\n', ' ', ') (', 'a b) S 1', '\n) Z 0 0 0 '),
    );
    fc.assert(
      fc.property(
        hostile,
        fc.constantFrom('R', 'S', 'D', 'Z', 'T', 't', 'X', 'I'),
        fc.tuple(number, number, number, number, number, number),
        fc.array(number, { minLength: 30, maxLength: 30 }),
        (comm, state, [pid, ppid, pgid, sid, threads, startTime], rest) => {
          const before = [ppid, pgid, sid, 0, -1, ...rest.slice(0, 10), -20, threads, 0, startTime];
          const line = `${pid + 1} (${comm}) ${state} ${[...before, ...rest].join(' ')}\n`;
          const command = Buffer.from(comm, 'latin1').toString('utf8');
          expect(parseStat(Buffer.from(line, 'latin1'))).toEqual({
            ...{ pid: pid + 1, command, state, ppid, pgid, sid, threads, startTime },
          });
        },
      ),
    );
  });

  it('takes no garbage, and never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const stat = parseStat(Buffer.from(bytes));
        if (stat !== undefined) expect(Number.isInteger(stat.startTime)).toBe(true);
      }),
    );
    for (const text of ['', '1', '1 (', '1 (x)', '1 (x) S', '1 (x) S 1 1 1', ') ( S 1', 'x (x) S 1 1 1 1 1 1']) {
      expect(parseStat(Buffer.from(text))).toBeUndefined();
    }
  });
});

describe('processes', () => {
  it('include this one, as ps would show it', async () => {
    const own = (await listProcesses()).find((record) => record.pid === process.pid);
    expect(own).toMatchObject({ ppid: process.ppid, uid: process.getuid?.(), state: expect.stringMatching(/^[RS]$/) });
    expect(own).toMatchObject(readStat(process.pid)?.startTime === undefined ? {} : { pid: process.pid });
  });

  it('are shown as zombies until they are reaped, and not at all after', async () => {
    const child = spawn('/bin/true');
    const pid = child.pid ?? 0;
    expect(readStat(pid)?.pid).toBe(pid);
    await once(child, 'exit');
    expect(readStat(pid)).toBeUndefined();
  });

  it('are told by their marker', async () => {
    const child = spawn('sleep', ['600'], { env: { PATH: process.env['PATH'], XBPROC_ID: 'no', BPROC_ID: 'yes/1' } });
    expect(readMarker(child.pid ?? 0)).toBe('yes/1');
    expect(readMarker(process.pid)).toBe(process.env['BPROC_ID']);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(readMarker(child.pid ?? 0)).toBeUndefined();
  });

  it('know which boot this is', () => {
    expect(readBootId()).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('parseMarker', () => {
  it.each([
    ['BPROC_ID=a/1\0PATH=/bin\0', 'a/1'],
    ['PATH=/bin\0BPROC_ID=a/1', 'a/1'],
    ['PATH=/bin\0BPROC_ID=\0', ''],
    ['XBPROC_ID=no\0BPROC_ID=yes\0', 'yes'],
    ['X=BPROC_ID=no\0', undefined],
    ['X=\nBPROC_ID=no\0', undefined],
    ['', undefined],
  ])('of %j', (environ, marker) => {
    expect(parseMarker(Buffer.from(environ))).toBe(marker);
  });
});
