/** How fast a sender of blobs sends: by a clock that is counted. */
import { describe, expect, test } from 'vitest';
import { Pace } from '../../../src/bproc/image/index.ts';
import { VirtualClock } from '../../../src/testing/virtual-clock.ts';

/** Sends as a sender does, so many bytes; gives when how many had gone. */
function send(
  clock: VirtualClock,
  pace: Pace,
  total: number,
): readonly { readonly at: number; readonly sent: number }[] {
  const seen: { at: number; sent: number }[] = [];
  let sent = 0;
  const proceed = (): void => {
    for (let room = pace.room; room > 0 && sent < total; room = pace.room) {
      const piece = Math.min(room, 256 * 1024, total - sent);
      pace.sent(piece);
      sent += piece;
      seen.push({ at: clock.now(), sent });
    }
    if (sent < total) pace.wait(proceed);
  };
  proceed();
  while (clock.nextAt !== undefined) clock.step();
  return seen;
}

describe('a bound of bytes a second', () => {
  test.each([64 * 1024, 10_000_000, 400_000_000])('of %d is kept, and made use of', (rate) => {
    const clock = new VirtualClock();
    using pace = new Pace(clock, rate);
    const total = rate * 3;
    const seen = send(clock, pace, total);
    const burst = Math.max(4096, rate / 10);
    // a byte is what rounding may add up to
    for (const { at, sent } of seen) expect(sent).toBeLessThanOrEqual(burst + (at / 1000) * rate + 1);
    const last = seen.at(-1);
    expect(last?.sent).toBe(total);
    expect(last?.at).toBeLessThanOrEqual(3000);
  });

  test('saves nothing up while there is nothing to send', () => {
    const clock = new VirtualClock();
    using pace = new Pace(clock, 1_000_000);
    clock.after(60_000, () => {});
    clock.step();
    expect(clock.now()).toBe(60_000);
    expect(pace.room).toBe(100_000);
  });
});
