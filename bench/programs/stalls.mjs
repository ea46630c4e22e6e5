/** How long an event loop is kept from turning. */

const EVERY_MS = 1;

/**
 * Watches the event loop of this process with a timer of a millisecond. A gap between two ticks is
 * a stall; the CPU used meanwhile tells a busy loop from one that the kernel did not let run.
 */
export class Stalls {
  #timer;
  #last = 0;
  #cpu = 0;
  #worst = { ms: 0, cpuMs: 0 };
  #busiest = 0;

  /** Begins anew. */
  start() {
    clearTimeout(this.#timer);
    this.#worst = { ms: 0, cpuMs: 0 };
    this.#busiest = 0;
    this.#last = performance.now();
    this.#cpu = cpuMs();
    this.#timer = setTimeout(() => this.#tick(), EVERY_MS);
  }

  /**
   * Ends it.
   *
   * @returns {{ ms: number, cpuMs: number, busiestMs: number }} the longest gap, the CPU this process
   *   used in that gap, and the most CPU it used in any gap
   */
  stop() {
    clearTimeout(this.#timer);
    return { ...this.#worst, busiestMs: this.#busiest };
  }

  #tick() {
    const now = performance.now();
    const cpu = cpuMs();
    const ms = now - this.#last - EVERY_MS;
    if (ms > this.#worst.ms) this.#worst = { ms, cpuMs: cpu - this.#cpu };
    this.#busiest = Math.max(this.#busiest, cpu - this.#cpu);
    this.#last = now;
    this.#cpu = cpu;
    this.#timer = setTimeout(() => this.#tick(), EVERY_MS);
  }
}

function cpuMs() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
