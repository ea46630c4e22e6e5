/** The seam through which time comes into the library. */

/** Ends what it was returned for; calling it again does nothing. */
export type Cancel = () => void;

/** A source of time and of timers: the machine's, or the test kit's virtual one. */
export interface Clock {
  /** Milliseconds of a monotonic clock; only differences mean anything. */
  now(): number;
  /** Milliseconds since 1970, for records that people read; may jump. */
  wallTime(): number;
  /** Calls `callback` once, `delayMs` milliseconds from now (0 and up). */
  after(delayMs: number, callback: () => void): Cancel;
}

/** Longest delay that a timer of Node's has; above it, it rings at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The machine's clock. Its timers keep the event loop alive only where `keepAlive` is set. */
export function systemClock(options: { readonly keepAlive?: boolean } = {}): Clock {
  const now = (): number => performance.now();
  return {
    now,
    wallTime: () => Date.now(),
    after(delayMs, callback) {
      const dueAt = now() + delayMs;
      let timer: NodeJS.Timeout;
      const arm = (leftMs: number): void => {
        // what is longer is waited for in pieces
        const ring = leftMs > LONGEST_TIMER_MS ? () => arm(dueAt - now()) : callback;
        timer = setTimeout(ring, Math.min(Math.max(leftMs, 0), LONGEST_TIMER_MS));
        if (options.keepAlive !== true) timer.unref();
      };
      arm(delayMs);
      return () => clearTimeout(timer);
    },
  };
}
