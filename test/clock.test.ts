/** The machine's clock. Its timers are Node's; only what Node's cannot do is tested here, on a faked time. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { systemClock } from '../src/clock.ts';

const LONGEST_MS = 2 ** 31 - 1;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});

afterEach(() => {
  vi.useRealTimers();
});

test.each([LONGEST_MS + 1, 2 * LONGEST_MS, 3 * LONGEST_MS + 5])(
  'a delay of %d ms is waited for to its end',
  (delayMs) => {
    const ring = vi.fn();
    systemClock().after(delayMs, ring);
    vi.advanceTimersByTime(delayMs - 1);
    expect(ring).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(ring).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(LONGEST_MS);
    expect(ring).toHaveBeenCalledTimes(1);
  },
);

test('one that is cancelled in between does not ring', () => {
  const ring = vi.fn();
  const cancel = systemClock().after(3 * LONGEST_MS, ring);
  vi.advanceTimersByTime(2 * LONGEST_MS);
  cancel();
  vi.advanceTimersByTime(2 * LONGEST_MS);
  expect(ring).not.toHaveBeenCalled();
  expect(vi.getTimerCount()).toBe(0);
});

test('one without an end never rings', () => {
  const ring = vi.fn();
  const cancel = systemClock().after(Number.POSITIVE_INFINITY, ring);
  vi.advanceTimersByTime(5 * LONGEST_MS);
  expect(ring).not.toHaveBeenCalled();
  cancel();
});
