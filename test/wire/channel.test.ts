/** Two ends of a connection: order, turns, tags and numbers [PROTOCOL 2.2, 2.5]. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BprocError } from '../../src/errors.ts';
import { FrameType } from '../../src/wire/frame.ts';
import type { ChannelSink } from '../../src/wire/index.ts';
import { Channel, HEADER_BYTES, readHeader, writeHeader } from '../../src/wire/index.ts';
import { MAX_SMALL_BYTES } from '../../src/wire/limits.ts';

type Heard = readonly [kind: string, ...rest: unknown[]];

/** A channel that notes what it hears. */
function listening(session = 0) {
  const heard: Heard[] = [];
  const sink: ChannelSink = {
    control: (message) => heard.push(['control', message.body === 'goodbye' ? message.goodbye.reason : message.body]),
    data: (stream, offset, bytes, fin) => heard.push(['data', stream, offset, bytes.toString('latin1'), fin]),
    credit: (stream, credit) => heard.push(['credit', stream, credit]),
    stop: (stream) => heard.push(['stop', stream]),
    ping: (intervalMs) => heard.push(['ping', intervalMs]),
    close: (failure) => heard.push(['close', failure.code, failure.message, failure.node, failure.pid]),
  };
  const channel = new Channel(sink);
  if (session !== 0) channel.establish(session);
  return { channel, heard };
}

function bytesOf(channel: Channel, most = Number.POSITIVE_INFINITY): Buffer {
  return Buffer.concat(channel.take(most));
}

function framesOf(bytes: Buffer): Buffer[] {
  const frames: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = at + HEADER_BYTES + readHeader(bytes, at).length;
    frames.push(bytes.subarray(at, end));
    at = end;
  }
  return frames;
}

function receive(channel: Channel, bytes: Buffer): void {
  channel.receive(bytes, 0, Number.POSITIVE_INFINITY);
}

/** A frame of a type the channel does not make itself. */
function handMade(type: number, payload: Buffer, sequence = 0, flags = 0, session = 0): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  writeHeader(header, 0, { length: payload.length, type, flags, stream: 7, session, sequence });
  return Buffer.concat([header, payload]);
}

function refusal(act: () => void): string {
  try {
    act();
  } catch (error) {
    if (BprocError.is(error) && error.code === 'EPROTO') return error.message;
    throw error;
  }
  throw new Error('it was accepted');
}

type Action =
  | { readonly do: 'control'; readonly size: number }
  | { readonly do: 'data'; readonly stream: number; readonly size: number; readonly fin: boolean }
  | { readonly do: 'credit'; readonly stream: number; readonly acked: number; readonly rewind: boolean }
  | { readonly do: 'stop'; readonly stream: number }
  | { readonly do: 'ping' }
  | { readonly do: 'take'; readonly most: number };

const stream = fc.integer({ min: 1, max: 4 });
const size = fc.oneof(fc.integer({ min: 0, max: 40 }), fc.constantFrom(8191, 8192, 8193, 20_000));
const action: fc.Arbitrary<Action> = fc.oneof(
  fc.record({ do: fc.constant('control'), size }),
  fc.record({ do: fc.constant('data'), stream, size, fin: fc.boolean() }),
  fc.record({ do: fc.constant('credit'), stream, acked: fc.maxSafeNat(), rewind: fc.boolean() }),
  fc.record({ do: fc.constant('stop'), stream }),
  fc.record({ do: fc.constant('ping') }),
  fc.record({ do: fc.constant('take'), most: fc.integer({ min: 1, max: 30_000 }) }),
);

describe('whatever is sent in whatever order', () => {
  test('arrives whole, each kind in its order, and counts as waiting until it leaves', () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 60 }), fc.integer({ min: 1, max: 5000 }), (actions, chunk) => {
        const one = listening(5);
        const other = listening(5);
        const sent: Record<string, Heard[]> = {};
        const expectHeard = (queue: string, ...heard: Heard) => {
          sent[queue] = [...(sent[queue] ?? []), heard];
        };
        const ends = new Map<number, number>();
        const given = new Map<number, Stream>();
        const wire: Buffer[] = [];
        let content = 0;
        let isPingWaiting = false;
        for (const each of actions) {
          if (each.do === 'take') {
            const before = one.channel.queuedBytes;
            isPingWaiting = false;
            const taken = one.channel.take(each.most);
            const bytes = taken.reduce((sum, buffer) => sum + buffer.length, 0);
            expect(one.channel.queuedBytes).toBe(before - bytes);
            wire.push(...taken.map((buffer) => Buffer.from(buffer)));
          } else if (each.do === 'control') {
            const reason = String.fromCharCode(97 + (content++ % 26)).repeat(each.size);
            one.channel.sendControl({ goodbye: { reason } });
            expectHeard('control', 'control', reason);
          } else if (each.do === 'data') {
            const bytes = Buffer.alloc(each.size, 97 + (content++ % 26));
            const offset = ends.get(each.stream) ?? 0;
            ends.set(each.stream, offset + bytes.length);
            one.channel.sendData(each.stream, offset, bytes, each.fin);
            add(given, ['data', each.stream, offset, bytes.toString('latin1'), each.fin]);
          } else if (each.do === 'credit') {
            const credit = { acked: each.acked, limit: Number.MAX_SAFE_INTEGER - each.acked, rewind: each.rewind };
            one.channel.sendCredit(each.stream, credit);
            expectHeard('control', 'credit', each.stream, credit);
          } else if (each.do === 'stop') {
            one.channel.sendStop(each.stream);
            expectHeard('control', 'stop', each.stream);
          } else {
            one.channel.sendPing(1000);
            if (!isPingWaiting) expectHeard('urgent', 'ping', 1000);
            isPingWaiting = true;
          }
        }
        wire.push(bytesOf(one.channel));
        expect([one.channel.queuedBytes, one.channel.queuedDataBytes]).toEqual([0, 0]);
        const all = Buffer.concat(wire);
        for (let at = 0; at < all.length; at += chunk)
          receive(other.channel, Buffer.from(all.subarray(at, at + chunk)));
        const heard: Record<string, Heard[]> = {};
        const streams = new Map<number, Stream>();
        for (const each of other.heard) {
          if (each[0] === 'data') add(streams, each);
          else note(heard, each);
        }
        expect(heard).toEqual(sent);
        expect(streams).toEqual(given);
      }),
      { numRuns: 400 },
    );
  });
});

/** Notes what is no data under the queue it came by. */
function note(heard: Record<string, Heard[]>, each: Heard): void {
  const queue = each[0] === 'ping' ? 'urgent' : 'control';
  heard[queue] = [...(heard[queue] ?? []), each];
}

/** What came of a stream: its bytes, and after how many of them it was said to end. */
interface Stream {
  text: string;
  readonly fins: number[];
}

/** Adds a piece, which must come right after what is there. */
function add(streams: Map<number, Stream>, [, id, offset, text, fin]: Heard): void {
  const known = streams.get(Number(id)) ?? { text: '', fins: [] };
  streams.set(Number(id), known);
  expect(offset).toBe(known.text.length);
  known.text += String(text);
  if (fin === true) known.fins.push(known.text.length);
}

/** The streams of the DATA frames among these, in order. */
function turns(bytes: Buffer): number[] {
  return framesOf(bytes).flatMap((each) => {
    const { type, stream } = readHeader(each, 0);
    return type === FrameType.DATA ? [stream] : [];
  });
}

describe('turns', () => {
  test('a stream never waits for more than one frame of any other', () => {
    const queues = fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(queues, fc.integer({ min: 1, max: 400 }), (lengths, most) => {
        const { channel } = listening();
        lengths.forEach((frames, id) => {
          for (let n = 0; n < frames; n += 1) channel.sendData(id + 1, n * 100, Buffer.alloc(100), false);
        });
        const order: number[] = [];
        while (channel.queuedBytes > 0) order.push(...turns(bytesOf(channel, most)));
        const left = new Map(lengths.map((frames, id) => [id + 1, frames]));
        const since = new Map<number, Map<number, number>>();
        for (const id of order) {
          // between two frames of a waiting stream each other stream has at most one
          for (const [waiting, counts] of since) {
            if (waiting === id || (left.get(waiting) ?? 0) === 0) continue;
            counts.set(id, (counts.get(id) ?? 0) + 1);
            expect(counts.get(id)).toBe(1);
          }
          left.set(id, (left.get(id) ?? 0) - 1);
          since.set(id, new Map());
        }
        expect([...left.values()].every((each) => each === 0)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  test('one that is added late gets its turn after at most one frame of each other', () => {
    const { channel } = listening();
    for (let n = 0; n < 50; n += 1) for (const id of [1, 2, 3]) channel.sendData(id, n, Buffer.alloc(1), false);
    bytesOf(channel, 200);
    channel.sendData(9, 0, Buffer.from('late'), true);
    expect(turns(bytesOf(channel)).slice(0, 4)).toContain(9);
  });

  test('what is urgent leaves before messages, and they before data', () => {
    const { channel } = listening(3);
    channel.sendData(1, 0, Buffer.from('x'), false);
    channel.sendControl({ goodbye: { reason: 'a' } });
    channel.sendCredit(1, { acked: 0, limit: 1, rewind: false });
    channel.sendPong();
    channel.sendPing(5);
    const types = framesOf(bytesOf(channel)).map((each) => readHeader(each, 0).type);
    const { PONG, PING, CONTROL, CREDIT, DATA } = FrameType;
    expect(types).toEqual([PONG, PING, CONTROL, CREDIT, DATA]);
  });

  test('but nothing leaves before the greeting, whose tag comes after it', () => {
    const { channel } = listening();
    channel.sendPong();
    bytesOf(channel);
    channel.sendControl({ welcome: { session: 9 } });
    channel.establish(9);
    channel.sendPing(5);
    const headers = framesOf(bytesOf(channel)).map((each) => readHeader(each, 0));
    expect(headers.map(({ type, session }) => [type, session])).toEqual([
      [FrameType.CONTROL, 0],
      [FrameType.PING, 9],
    ]);
  });

  test('many PINGs that wait for an answer get one', () => {
    const { channel } = listening();
    for (let n = 0; n < 1000; n += 1) channel.sendPong();
    expect(framesOf(bytesOf(channel))).toHaveLength(1);
    channel.sendPong();
    expect(framesOf(bytesOf(channel))).toHaveLength(1);
  });

  test('PINGs to a peer that does not read are one, which says the latest interval [PROTOCOL 2.6]', () => {
    const one = listening(3);
    const other = listening(3);
    for (let n = 1; n <= 100_000; n += 1) one.channel.sendPing(n);
    expect(one.channel.queuedBytes).toBe(HEADER_BYTES + 4);
    receive(other.channel, bytesOf(one.channel));
    one.channel.sendPing(7);
    receive(other.channel, bytesOf(one.channel));
    expect(other.heard).toEqual([
      ['ping', 100_000],
      ['ping', 7],
    ]);
  });
});

describe('numbers and tags', () => {
  test('a frame that was there before is dropped, with all of its payload', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(30), { minLength: 1, maxLength: 8 }),
        fc.infiniteStream(fc.boolean()),
        (sizes, again) => {
          const one = listening(4);
          const other = listening(4);
          sizes.forEach((length, n) => {
            if (n % 2 === 0) one.channel.sendControl({ goodbye: { reason: 'x'.repeat(length) } });
            else one.channel.sendData(n, 0, Buffer.alloc(length, 120), false);
          });
          const frames = framesOf(bytesOf(one.channel));
          frames.forEach((each, n) => {
            receive(other.channel, each);
            for (const earlier of frames.slice(0, n + 1))
              if (again.next().value) receive(other.channel, Buffer.from(earlier));
          });
          expect(other.heard).toHaveLength(frames.length);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('a missing frame is a breach, which says how many are', () => {
    const one = listening(4);
    const other = listening(4);
    for (const reason of ['a', 'b', 'c']) one.channel.sendControl({ goodbye: { reason } });
    const [first, , third] = framesOf(bytesOf(one.channel));
    receive(other.channel, first ?? Buffer.alloc(0));
    expect(refusal(() => receive(other.channel, third ?? Buffer.alloc(0)))).toBe(
      '1 frames are missing before number 2',
    );
  });

  test('a frame of another session, or without one, is a breach', () => {
    for (const [sender, receiver] of [
      [1, 2],
      [0, 2],
      [1, 0],
    ] as const) {
      const one = listening(sender);
      const other = listening(receiver);
      one.channel.sendStop(1);
      expect(refusal(() => receive(other.channel, bytesOf(one.channel)))).toBe('a frame belongs to another session');
      expect(other.heard).toEqual([]);
    }
  });

  test('numbers go round after 2^32 - 1', () => {
    const other = listening();
    // far in the past by number, as by time
    receive(other.channel, handMade(99, Buffer.alloc(3), 2 ** 31));
    receive(other.channel, handMade(99, Buffer.alloc(3), 2 ** 32 - 1));
    receive(other.channel, handMade(FrameType.STOP, Buffer.alloc(0), 0));
    expect(other.heard).toEqual([['stop', 7]]);
    expect(refusal(() => receive(other.channel, handMade(99, Buffer.alloc(0), 2 ** 31)))).toMatch('frames are missing');
  });
});

describe('frames by hand', () => {
  test('a type that is not known is skipped, and counts', () => {
    const { channel, heard } = listening();
    receive(channel, Buffer.concat([0, 8, 99, 255].map((type, n) => handMade(type, Buffer.alloc(n * 10), n, 255))));
    receive(channel, handMade(FrameType.STOP, Buffer.from('and more'), 4));
    expect(heard).toEqual([['stop', 7]]);
  });

  test('flags and bytes that are not known are ignored', () => {
    const { channel, heard } = listening();
    const payload = Buffer.alloc(20);
    payload.writeBigUInt64BE(5n, 0);
    payload.writeBigUInt64BE(6n, 8);
    receive(channel, handMade(FrameType.CREDIT, payload, 0, 0xfe));
    receive(channel, handMade(FrameType.CREDIT, payload, 1, 0xff));
    receive(channel, handMade(FrameType.PING, Buffer.from([0, 0, 1, 0, 77]), 2));
    receive(channel, handMade(FrameType.PONG, Buffer.from('more'), 3));
    expect(heard).toEqual([
      ['credit', 7, { acked: 5, limit: 6, rewind: false }],
      ['credit', 7, { acked: 5, limit: 6, rewind: true }],
      ['ping', 256],
    ]);
  });

  test('what is too short is a breach', () => {
    const short = (type: number, length: number) => () =>
      receive(listening().channel, handMade(type, Buffer.alloc(length)));
    expect(refusal(short(FrameType.CREDIT, 15))).toBe('a credit frame is too short');
    expect(refusal(short(FrameType.PING, 3))).toBe('a ping frame is too short');
    expect(refusal(short(FrameType.DATA, 7))).toBe('a data frame is too short for its offset');
    const credit = handMade(FrameType.CREDIT, Buffer.alloc(16, 255));
    expect(refusal(() => receive(listening().channel, credit))).toBe('a frame carries an offset beyond 2^53');
  });

  test('the reason of a CLOSE arrives, cut to what its frame may hold', () => {
    const one = listening();
    const other = listening();
    one.channel.sendClose({ code: 'EPROTO', message: 'short', node: 3, pid: 4 });
    one.channel.sendClose({ code: 'EIO' });
    one.channel.sendClose({ code: 'E2BIG', message: 'a\u00e4\u20ac\u{1f600}'.repeat(1000) });
    const frames = framesOf(bytesOf(one.channel));
    for (const each of frames) {
      expect(each.length - HEADER_BYTES).toBeLessThanOrEqual(MAX_SMALL_BYTES);
      receive(other.channel, each);
    }
    const [first, second, third] = other.heard;
    expect(first).toEqual(['close', 'EPROTO', 'short', 3, 4]);
    expect(second).toEqual(['close', 'EIO', '', null, null]);
    expect('a\u00e4\u20ac\u{1f600}'.repeat(1000).startsWith(String(third?.[2]))).toBe(true);
    expect(Buffer.byteLength(String(third?.[2]))).toBeGreaterThan(MAX_SMALL_BYTES - 140);
  });

  test('an interval of a PING is rounded up, and cut to 32 bits', () => {
    const one = listening();
    const other = listening();
    for (const intervalMs of [0.2, Number.POSITIVE_INFINITY]) {
      one.channel.sendPing(intervalMs);
      receive(other.channel, bytesOf(one.channel));
    }
    expect(other.heard).toEqual([
      ['ping', 1],
      ['ping', 0xffffffff],
    ]);
  });
});
