/** The holder against garbage, floods and mutations, as it is, under the sanitizers, and under valgrind. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { field, frame, program, RawHolder, type Scrutiny, Type, u32, u64 } from './raw-holder.ts';

const VALGRIND = ['valgrind', '--quiet', '--log-file=REPORT.%p', '--child-silent-after-fork=no', '--leak-check=full'];
const SCRUTINIES: readonly Scrutiny[] = [
  { name: 'as it is shipped', flags: ['-static'] },
  { name: 'under the sanitizers', flags: ['-g', '-fsanitize=address,undefined'], args: ['--fork'] },
  { name: 'beside itself, under the undefined behaviour sanitizer', flags: ['-g', '-fsanitize=undefined'] },
  { name: 'under valgrind', flags: ['-g'], runner: VALGRIND, args: ['--fork'] },
];

const TRUE = program(['true']);
const wellFormed = [
  frame(Type.START, 0, 1, TRUE),
  frame(
    Type.START,
    0,
    2,
    program(['sh', '-c', 'cat; echo done; exit 3'], field(15, Buffer.from('tag')), field(16, u32(4096))),
  ),
  frame(Type.CREDIT, 1, 2, u64(0, 65536)),
  frame(Type.INPUT, 0, 2, Buffer.concat([u64(0), Buffer.from('hello')])),
  frame(Type.INPUT, 1, 2, Buffer.concat([u64(5), Buffer.from(' again')])),
  frame(Type.START, 0, 3, program(['nosuch'], field(10, u32(0o27)), field(11, Buffer.concat([u32(7), u64(64, 64)])))),
  frame(Type.SIGNAL, 0, 70, Buffer.concat([u32(1, 0), u64(1), u32(0, 0)])),
  frame(Type.FINISH, 1, 2),
  frame(Type.CLOSE, 2, 2),
  frame(Type.FORGET, 1, 1),
  frame(Type.FORGET, 0, 2),
  frame(Type.FORGET, 0, 3, Buffer.alloc(16, 3)),
  frame(Type.LIST, 0, 9),
];

/** Frames in any order, with bytes changed, cut, doubled. Signals to processes are not among what is mutated. */
const session = fc
  .array(fc.tuple(fc.constantFrom(...wellFormed), fc.option(fc.tuple(fc.nat(), fc.nat(255)), { freq: 3 })), {
    maxLength: 40,
  })
  .map((chosen) =>
    Buffer.concat(
      chosen.map(([bytes, change]) => {
        if (change === null || bytes[4] === Type.SIGNAL) return bytes;
        const copy = Buffer.from(bytes);
        const at = change[0] % copy.length;
        copy[at] = change[1];
        // what would run as something else, or ends the holder, is the slave's right to ask for
        return copy[4] === Type.SHUTDOWN || copy[4] === Type.SIGNAL ? bytes : copy;
      }),
    ),
  );

function residentBytes(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024;
}

/** Waiting in epoll, and not for its turn. */
function isIdle(pid: number): boolean {
  return readFileSync(`/proc/${pid}/wchan`, 'utf8').includes('poll');
}

describe.each(SCRUTINIES)('a holder $name', (scrutiny) => {
  let holder: RawHolder;
  beforeAll(() => {
    holder = new RawHolder(scrutiny);
  });
  afterAll(async () => {
    expect(await holder.stop()).toBe('');
  });

  /** Whatever happened before: it starts programs and tells their ends. */
  async function works(): Promise<void> {
    const peer = await holder.greeted();
    const start = frame(Type.START, 0, 900_000, program(['sh', '-c', 'read x; echo "$x"; exit 7']));
    const input = frame(Type.INPUT, 1, 900_000, Buffer.concat([u64(0), Buffer.from('works\n')]));
    peer.send(start, frame(Type.CREDIT, 1, 900_000, u64(0, 100)), input);
    const output = await peer.until(({ type, id }) => type === Type.OUTPUT && id === 900_000);
    expect(output.payload.subarray(8).toString()).toBe('works\n');
    const end = await peer.until(({ type, id }) => type === Type.EXITED && id === 900_000);
    expect(end.payload.readUInt32LE()).toBe(7 << 8);
    peer.send(frame(Type.FORGET, 0, 900_000));
    peer.end();
  }

  test('closes the connection on garbage, and harms nothing else', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 12, maxLength: 300 }), async (bytes) => {
        const peer = holder.peer();
        peer.send(bytes);
        // of a frame that is never complete it waits for the rest
        const length = Buffer.from(bytes).readUInt32LE();
        if (length <= bytes.length - 12 || length > 8 * 1024 * 1024) await peer.untilClosed();
        peer.end();
      }),
      { numRuns: 100 },
    );
    await works();
  });

  test('survives sessions that were tampered with', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(session, fc.nat(40), async (bytes, cut) => {
        const peer = await holder.greeted();
        peer.send(cut < 10 ? bytes.subarray(0, bytes.length - cut) : bytes);
        peer.send(frame(200, 0, 0));
        peer.end();
      }),
      { numRuns: 150 },
    );
    await works();
  });

  test('refuses lengths that nobody needs before it has room for them', async () => {
    const peer = await holder.greeted();
    peer.send(u32(0x7fff_ffff, 0, 0));
    await peer.untilClosed();
    await works();
  });

  test('keeps little for a slave that asks and does not read', { timeout: 120_000 }, async () => {
    const peer = await holder.greeted();
    const pid = (await peer.until(({ type }) => type === Type.WELCOME)).payload.readUInt32LE(20);
    const before = residentBytes(pid);
    peer.pause();
    for (let burst = 0; burst < 20; burst += 1) peer.send(Buffer.concat(new Array(1000).fill(frame(Type.LIST, 0, 5))));
    // nobody has to answer for longer than it takes to see that it does not go on
    await expect.poll(() => isIdle(pid), { timeout: 60_000 }).toBe(true);
    expect(residentBytes(pid) - before).toBeLessThan(16 * 1024 * 1024);
    peer.end();
    await works();
  });

  test('remembers the newest names of what was forgotten, and no more', async () => {
    const MOST = 16_384;
    const name = (at: number): Buffer => Buffer.concat([u64(at), u64(1)]);
    const first = await holder.greeted();
    for (let at = 0; at < MOST + 100; at += 1) first.send(frame(Type.FORGET, at % 2, 0, name(at)));
    first.send(frame(Type.FORGET, 0, 0), frame(Type.FORGET, 0, 0, Buffer.alloc(15)), frame(Type.LIST, 0, 9));
    await first.until(({ type, flags }) => type === Type.LISTED && flags === 0);
    first.end();
    const second = await holder.greeted();
    const { payload } = await second.until(({ type }) => type === Type.FORGOTTEN);
    const expected = Array.from({ length: MOST }, (_, at) => name(at + 100));
    expect(payload.equals(Buffer.concat(expected))).toBe(true);
    second.end();
  });

  test('has one slave at a time', async () => {
    const first = await holder.greeted();
    const second = holder.peer();
    expect((await second.until(({ type }) => type === Type.REFUSED)).payload.readUInt32LE()).toBe(16);
    await second.untilClosed();
    first.end();
    await works();
  });
});

test('every tool of these tests is there', () => {
  expect(existsSync('/usr/bin/valgrind'), 'install valgrind').toBe(true);
  execFileSync('cc', ['--version']);
});
