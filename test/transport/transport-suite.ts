/** What every transport promises, whatever it is made of. */
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { BprocError } from '../../src/errors.ts';
import type { LinkHandler } from '../../src/transport/index.ts';
import { Connection, sendOrFail } from '../../src/transport/index.ts';
import type { Control, Credit } from '../../src/wire/index.ts';
import { HEADER_BYTES, MAX_CONTROL_BYTES, writeHeader } from '../../src/wire/index.ts';

/** Makes the two ends of a connection. */
export type Connect = () => Promise<readonly [opener: Duplex, accepter: Duplex]>;

const DEADLINE_MS = 20_000;

/** Waits until something holds. */
export async function until(what: string, holds: () => boolean): Promise<void> {
  const deadline = performance.now() + DEADLINE_MS;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`${what}: not within ${DEADLINE_MS} ms`);
    await sleep(1);
  }
}

const TAG = 77;

/** How an {@link Ear} listens. */
export interface EarOptions {
  /** Whether it is opened at once. @default true */
  readonly open?: boolean;
  /** Whether there is no session yet. @default false */
  readonly greeting?: boolean;
  readonly unreadLimitBytes?: number;
}

/** A connection and what it heard. */
export class Ear implements LinkHandler {
  readonly link: Connection;
  readonly heard: string[] = [];
  readonly streams = new Map<number, { bytes: number; fin: boolean }>();
  drains = 0;
  /** Stream bytes that had come before the first PING was noticed, and before the first message. */
  atPing: number | undefined;
  atMessage: number | undefined;
  over = false;
  reason: BprocError | undefined;

  constructor(duplex: Duplex, options: EarOptions = {}) {
    const { unreadLimitBytes = Number.POSITIVE_INFINITY } = options;
    this.link = new Connection(duplex, systemClock({ keepAlive: true }), 'test', { unreadLimitBytes });
    if (options.greeting !== true) this.link.establish(TAG);
    if (options.open !== false) this.link.open(this);
  }

  control(message: Control): void {
    this.atMessage ??= this.#bytes;
    this.heard.push(message.body === 'goodbye' ? message.goodbye.reason : String(message.body));
  }
  data(stream: number, offset: number, bytes: Buffer, fin: boolean): void {
    const known = this.streams.get(stream) ?? { bytes: 0, fin: false };
    expect(offset).toBe(known.bytes);
    this.streams.set(stream, { bytes: offset + bytes.length, fin });
    if (this.link.peerIntervalMs !== 0) this.atPing ??= this.#bytes;
  }
  get #bytes(): number {
    return [...this.streams.values()].reduce((sum, each) => sum + each.bytes, 0);
  }
  credit(stream: number, { acked, limit, rewind }: Credit): void {
    this.heard.push(`credit ${stream} ${acked} ${limit} ${rewind}`);
  }
  stop(stream: number): void {
    this.heard.push(`stop ${stream}`);
  }
  drained(): void {
    this.drains += 1;
  }
  closed(reason: BprocError | undefined): void {
    expect(this.over).toBe(false);
    this.over = true;
    this.reason = reason;
  }

  say(reason: string): void {
    this.link.send({ goodbye: { reason } });
  }
}

const CHUNK = Buffer.alloc(64 * 1024, 'x');
const MEGABYTE = 1024 * 1024;

/** Queues so many bytes on a stream, from an offset on. */
function flood(ear: Ear, stream: number, bytes: number, from = 0): void {
  for (let at = from; at < from + bytes; at += CHUNK.length) ear.link.sendData(stream, at, CHUNK, false);
}

/** Runs the suite over one transport. */
export function describeTransport(name: string, connect: Connect): void {
  async function pair(options?: EarOptions): Promise<[Ear, Ear]> {
    const [one, other] = await raw();
    return [new Ear(one), new Ear(other, options)];
  }

  async function raw(): Promise<readonly [Duplex, Duplex]> {
    const ends = await connect();
    onTestFinished(() => {
      for (const end of ends) end.destroy();
    });
    return ends;
  }

  describe(`connections over ${name}`, () => {
    test('carry messages, credits and stops in order, and streams whole, both ways', async () => {
      const [one, other] = await pair();
      for (const [from, to] of [
        [one, other],
        [other, one],
      ] as const) {
        const expected: string[] = [];
        for (let n = 0; n < 1000; n += 1) {
          from.say(`message ${n}`);
          from.link.sendCredit(n, { acked: n, limit: 2 * n, rewind: n % 2 === 0 });
          from.link.sendStop(n);
          expected.push(`message ${n}`, `credit ${n} ${n} ${2 * n} ${n % 2 === 0}`, `stop ${n}`);
        }
        flood(from, 1, 2 * MEGABYTE);
        from.link.sendData(1, 2 * MEGABYTE, Buffer.from('end'), true);
        await until('the end', () => to.streams.get(1)?.fin === true);
        expect(to.streams.get(1)).toEqual({ bytes: 2 * MEGABYTE + 3, fin: true });
        expect(to.heard).toEqual(expected);
      }
    });

    test('keep what waits for a reader that stops within bounds, and say so [PROTOCOL 2.5]', async () => {
      const [near, far] = await raw();
      const one = new Ear(near);
      let queued = 0;
      while (!one.link.congested) {
        flood(one, 1, CHUNK.length, queued);
        queued += CHUNK.length;
        if (queued > 64 * MEGABYTE) throw new Error('it never says that it is congested');
        await new Promise((resolve) => setImmediate(resolve));
      }
      // the bound of the queue, and what the transport itself holds
      expect(queued).toBeLessThan(24 * MEGABYTE);
      expect(near.writableLength).toBeLessThan(2 * MEGABYTE);
      expect(one.drains).toBe(0);
      const other = new Ear(far);
      await until('room', () => one.drains === 1);
      expect(one.link.congested).toBe(false);
      await until('all of it', () => other.streams.get(1)?.bytes === queued);
    });

    test('let heartbeats overtake a flood that waits [PROTOCOL 2.6]', async () => {
      const [one, other] = await pair();
      flood(one, 1, 8 * MEGABYTE);
      const silentSince = one.link.heardAt;
      one.link.ping(777);
      one.say('a message');
      await until('the message', () => other.heard.length === 1);
      // most of the flood was still to come when they did
      expect(other.link.peerIntervalMs).toBe(777);
      expect(other.atPing).toBeLessThan(2 * MEGABYTE);
      expect(other.atMessage).toBeLessThan(2 * MEGABYTE);
      await until('the answer', () => one.link.heardAt > silentSince);
      await until('all of it', () => other.streams.get(1)?.bytes === 8 * MEGABYTE);
    });

    test('one that floods leaves others their turns', async () => {
      const [[loud, ear], [quiet, other]] = [await pair(), await pair()];
      // small frames, which cost most to read
      for (let n = 0; n < 40_000; n += 1) loud.link.sendStop(n);
      await until('the beginning of the flood', () => ear.heard.length > 0);
      quiet.say('still here');
      await until('the other one', () => other.heard.length === 1);
      expect(ear.heard.length).toBeLessThan(40_000);
      await until('the rest of the flood', () => ear.heard.length === 40_000);
    });

    test('deliver all that was queued before an orderly close, and no reason', async () => {
      const [one, other] = await pair();
      one.say('first');
      flood(one, 1, 6 * MEGABYTE);
      one.link.close();
      one.say('too late');
      one.link.sendData(1, 6 * MEGABYTE, CHUNK, true);
      one.link.sendCredit(1, { acked: 0, limit: 0, rewind: false });
      one.link.sendStop(1);
      one.link.ping(5);
      one.link.close();
      await until('both ends', () => one.over && other.over);
      expect(other.heard).toEqual(['first']);
      expect(other.streams.get(1)).toEqual({ bytes: 6 * MEGABYTE, fin: false });
      expect([one.reason, other.reason]).toEqual([undefined, undefined]);
    });

    test('tell the reason of a close to the other side [PROTOCOL 2.7]', async () => {
      const [one, other] = await pair();
      one.link.close(new BprocError('EPERM', 'you may not', { node: 3, pid: 44 }));
      await until('both ends', () => one.over && other.over);
      expect(other.reason).toMatchObject({ code: 'EPERM', message: 'you may not', node: 3, pid: 44 });
    });

    test('are over on both sides when one is destroyed, and nothing is told after', async () => {
      const [one, other] = await pair();
      flood(one, 1, 8 * MEGABYTE);
      one.link.destroy();
      expect(one.over).toBe(true);
      await until('the other side', () => other.over);
      one.say('nobody hears');
      one.link.close();
      one.link.destroy();
    });

    test('are over on both sides when the other one ends its half only', async () => {
      const [near, far] = await raw();
      const one = new Ear(near);
      far.resume();
      far.end();
      await until('the end', () => one.over && near.destroyed && far.destroyed);
      expect(one.reason).toBeUndefined();
    });

    test('that were closed before anybody opened them say so', async () => {
      const [near, far] = await raw();
      const one = new Ear(near, { open: false });
      far.destroy();
      await until('the end', () => near.destroyed);
      one.link.open(one);
      expect(one.over).toBe(false);
      await until('the word', () => one.over);
    });

    test('that nobody opens can be refused, with a reason', async () => {
      const [near, far] = await raw();
      const refused = new Ear(near, { open: false, greeting: true });
      const other = new Ear(far, { greeting: true });
      refused.link.close(new BprocError('EPERM', 'not you'));
      await until('the reason', () => other.over);
      expect(other.reason).toMatchObject({ code: 'EPERM', message: 'not you' });
      await until('the end', () => near.destroyed && far.destroyed);
    });

    test.each([
      [
        'a frame that is too long',
        { length: MAX_CONTROL_BYTES + 1, type: 1, session: TAG, sequence: 0 },
        'more than allowed',
      ],
      ['a frame of another session', { length: 0, type: 4, session: 78, sequence: 0 }, 'another session'],
      ['missing frames', { length: 0, type: 4, session: TAG, sequence: 5 }, '5 frames are missing'],
      ['a malformed message', { length: 1, type: 1, session: TAG, sequence: 0 }, 'malformed control message'],
    ])('close at %s, say why, and leave others alone [PROTOCOL 2.3]', async (_, header, message) => {
      const [near, far] = await raw();
      const one = new Ear(near);
      const other = new Ear(far);
      const [quiet, ear] = await pair();
      const bytes = Buffer.alloc(HEADER_BYTES + 1, 0xff);
      writeHeader(bytes, 0, { flags: 0, stream: 0, ...header });
      near.write(bytes);
      await until('both ends', () => one.over && other.over);
      expect([one.reason?.code, other.reason?.code]).toEqual(['EPROTO', 'EPROTO']);
      expect(one.reason?.message).toMatch(message);
      expect(other.reason?.message).toBe(one.reason?.message);
      quiet.say('well');
      await until('the others', () => ear.heard.length === 1);
    });

    test('do not listen to a peer that does not listen, where they are told so [PROTOCOL 2.4]', async () => {
      const [near, far] = await raw();
      const one = new Ear(far, { unreadLimitBytes: MEGABYTE });
      let asked = 0;
      one.control = () => {
        asked += 1;
        one.say('x'.repeat(20_000));
      };
      const loud = new Connection(near, systemClock(), 'loud');
      loud.establish(TAG);
      // asks and asks, and reads nothing
      for (let n = 0; n < 4000; n += 1) loud.send({ goodbye: { reason: 'a question' } });
      await until('the questions', () => asked > 10);
      let before = -1;
      await until('no more of them', () => {
        const same = before === asked;
        before = asked;
        return same;
      });
      // a slice of reading at most goes beyond the limit
      expect(asked).toBeLessThan(1500);
      expect(near.destroyed).toBe(false);
      let answers = 0;
      const hearing = new Ear(near, { open: false });
      hearing.control = () => {
        answers += 1;
      };
      loud.open(hearing);
      await until('all answers', () => answers === 4000);
    });

    test('close at a message that is too long for them, but for an answer, which fails [PROTOCOL 2.4]', async () => {
      const [one, other] = await pair();
      const reason = 'x'.repeat(MAX_CONTROL_BYTES);
      const failures: unknown[] = [];
      other.control = (message) => {
        if (message.body === 'response') failures.push(message.response);
      };
      sendOrFail(one.link, { response: { id: 7, failure: { message: reason } } });
      await until('the failure', () => failures.length === 1);
      expect(failures).toMatchObject([{ id: 7, failure: { code: 'E2BIG' } }]);
      sendOrFail(one.link, { goodbye: { reason } });
      await until('the end', () => other.over);
      expect(other.reason).toMatchObject({ code: 'E2BIG', message: expect.stringContaining('longer than') });
    });

    test('are cut when a closing one cannot send what it has', async () => {
      const [near] = await raw();
      const timers: (() => void)[] = [];
      const after = (_: number, ring: () => void) => {
        timers.push(ring);
        return () => {};
      };
      const clock = { ...systemClock(), after };
      const link = new Connection(near, clock, 'test');
      for (let at = 0; at < 16 * MEGABYTE; at += CHUNK.length) link.sendData(1, at, CHUNK, false);
      link.close();
      await sleep(5);
      expect([near.destroyed, timers.length]).toEqual([false, 1]);
      timers[0]?.();
      expect(near.destroyed).toBe(true);
    });
  });
}
