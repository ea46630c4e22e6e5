/** Signs of life while a crowd of peers comes and goes: PROTOCOL.md 2.6. */
import { expect, test } from 'vitest';
import { Heartbeat, watchPeer } from '../../src/bproc/heartbeat.ts';
import { VirtualClock } from '../../src/testing/virtual-clock.ts';
import type { Link } from '../../src/transport/index.ts';

const ROUND_TRIP_MS = 20;
const CROWD = 1000;

/** One end of a connection on which nothing goes but PING and PONG. */
class End implements Link {
  readonly peer = 'virtual';
  readonly congested = false;
  heardAt = 0;
  peerIntervalMs = 0;
  isGone = false;
  other: End | undefined;
  isDeaf = false;
  readonly #clock: VirtualClock;

  constructor(clock: VirtualClock) {
    this.#clock = clock;
    this.heardAt = clock.now();
  }

  ping(intervalMs: number): void {
    this.#clock.after(ROUND_TRIP_MS / 2, () => {
      if (this.other === undefined || this.other.isDeaf) return;
      this.other.peerIntervalMs = intervalMs;
      this.other.heardAt = this.#clock.now();
      this.#clock.after(ROUND_TRIP_MS / 2, () => {
        this.heardAt = this.#clock.now();
      });
    });
  }

  destroy(): void {
    this.isGone = true;
  }

  open(): void {}
  establish(): void {}
  send(): void {}
  sendData(): void {}
  sendCredit(): void {}
  sendStop(): void {}
  close(): void {}
}

function cluster() {
  const clock = new VirtualClock();
  const links = new Map<number, End>();
  const heartbeat = new Heartbeat(clock, links, undefined);
  let next = 1;
  const add = (): { readonly id: number; readonly master: End; readonly opener: End } => {
    const [master, opener] = [new End(clock), new End(clock)];
    master.other = opener;
    opener.other = master;
    const id = next;
    next += 1;
    links.set(id, master);
    heartbeat.add(id);
    watchPeer(clock, opener);
    return { id, master, opener };
  };
  const pass = (ms: number): void => {
    const until = clock.now() + ms;
    while (clock.nextAt !== undefined && clock.nextAt <= until) clock.step();
    clock.advanceTo(until);
  };
  return { clock, links, add, pass };
}

test('[PROTOCOL 2.6] a crowd that comes, goes and returns at once costs nobody else the connection', () => {
  const { links, add, pass } = cluster();
  // on every slice of a turn somebody is there all the time
  const steady = Array.from({ length: 16 }, () => add());
  pass(10_000);
  for (let storm = 0; storm < 10; storm += 1) {
    const crowd = Array.from({ length: CROWD }, () => add());
    pass(30_000 + storm * 700);
    for (const { master, opener } of crowd) expect([master.isGone, opener.isGone]).toEqual([false, false]);
    for (const { id } of crowd) links.delete(id);
    pass(storm * 300);
  }
  pass(20_000);
  for (const { master, opener } of steady) expect([master.isGone, opener.isGone]).toEqual([false, false]);
});

test('[PROTOCOL 2.6] who says nothing for three turns is left, however many there are', () => {
  const { add, pass } = cluster();
  const alone = add();
  pass(5000);
  alone.opener.isDeaf = true;
  pass(3000);
  expect(alone.master.isGone).toBe(false);
  pass(2000);
  expect(alone.master.isGone).toBe(true);
});
