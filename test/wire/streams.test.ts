/** Both ends of a stream, under loss of pieces, of credits and of whole connections [PROTOCOL 5.2, 5.3]. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Credit, Piece } from '../../src/wire/index.ts';
import { ReceiveStream, SendStream } from '../../src/wire/index.ts';

const WINDOW = 64;

/** Byte number `at` of the stream. */
const byteAt = (at: number): number => (at * 31 + 7) % 251;

/** What a simple mind knows of the stream. */
interface Model {
  /** Bytes given to the sender. */
  given: number;
  finished: boolean;
  /** What the sender was last told. */
  limit: number;
  acked: number;
  /** Whether it waits for a REWIND. */
  suspended: boolean;
}

/** A sender, a receiver, and what is under way between them. */
class Pair {
  readonly sender = new SendStream(WINDOW);
  readonly receiver = new ReceiveStream(WINDOW);
  pieces: Piece[] = [];
  credits: Credit[] = [];
  /** Bytes that the receiver handed out, and whether it has said that they are all. */
  arrived = 0;
  ended = false;
  consumed = 0;

  push(model: Model, size: number): void {
    this.sender.push(Buffer.from(Array.from({ length: size }, (_, n) => byteAt(model.given + n))));
    if (!model.finished) model.given += size;
  }

  take(model: Model, most: number): Piece | undefined {
    const piece = this.sender.take(most);
    if (piece === undefined) return undefined;
    expect(model.suspended).toBe(false);
    expect(piece.bytes.length).toBeLessThanOrEqual(most);
    const end = piece.offset + piece.bytes.length;
    if (piece.bytes.length > 0) expect(end).toBeLessThanOrEqual(model.limit);
    expect(end).toBeLessThanOrEqual(model.given);
    expect(piece.fin).toBe(model.finished && end === model.given);
    expect([...piece.bytes]).toEqual(Array.from(piece.bytes, (_, n) => byteAt(piece.offset + n)));
    this.pieces.push(piece);
    return piece;
  }

  deliver(): void {
    const piece = this.pieces.shift();
    if (piece === undefined) return;
    const accepted = this.receiver.accept(piece.offset, piece.bytes, piece.fin);
    if (accepted.kind === 'gap') this.credits.push(this.receiver.restart());
    if (accepted.kind !== 'bytes') return;
    // each byte once, in order, and nothing after the end
    expect(this.ended).toBe(false);
    for (const byte of accepted.bytes) {
      expect(byte).toBe(byteAt(this.arrived));
      this.arrived += 1;
    }
    expect(this.arrived - this.consumed).toBeLessThanOrEqual(WINDOW);
    this.ended = accepted.fin;
    expect([this.receiver.received, this.receiver.finished]).toEqual([this.arrived, this.ended]);
    this.grant();
  }

  consume(most: number): void {
    const bytes = Math.min(most, this.arrived - this.consumed);
    this.consumed += bytes;
    this.receiver.consume(bytes);
    this.grant();
  }

  grant(): void {
    const credit = this.receiver.grant();
    if (credit !== undefined) this.credits.push(credit);
  }

  credit(model: Model): void {
    const credit = this.credits.shift();
    if (credit === undefined) return;
    model.acked = Math.max(model.acked, Math.min(credit.acked, model.given));
    model.limit = credit.rewind ? credit.limit : Math.max(model.limit, credit.limit);
    if (credit.rewind) model.suspended = false;
    this.sender.credit(credit);
  }

  /** The connection is lost with all that is under way, and another one takes its place. */
  lose(model: Model): void {
    this.pieces = [];
    this.credits = [];
    this.sender.suspend();
    model.suspended = true;
    this.credits.push(this.receiver.restart());
  }

  check(model: Model): void {
    expect(this.sender.end).toBe(model.given);
    expect(this.sender.finished).toBe(model.finished);
    expect(this.sender.kept).toBe(model.given - model.acked);
    expect(this.sender.blocked).toBe(model.given > model.limit);
    if (this.sender.done) expect(this.ended).toBe(true);
  }
}

/** Something that may happen at any time. */
class Step implements fc.Command<Model, Pair> {
  readonly #name: string;
  readonly #act: (pair: Pair, model: Model) => void;

  constructor(name: string, act: (pair: Pair, model: Model) => void) {
    this.#name = name;
    this.#act = act;
  }

  check(): boolean {
    return true;
  }

  run(model: Model, pair: Pair): void {
    this.#act(pair, model);
    pair.check(model);
  }

  toString(): string {
    return this.#name;
  }
}

const steps = [
  fc.nat(100).map((size) => new Step(`push ${size}`, (pair, model) => pair.push(model, size))),
  fc.constant(
    new Step('finish', (pair, model) => {
      pair.sender.finish();
      model.finished = true;
    }),
  ),
  fc.integer({ min: 1, max: 60 }).map((most) => new Step(`take ${most}`, (pair, model) => pair.take(model, most))),
  fc.constant(new Step('deliver', (pair) => pair.deliver())),
  fc.constant(new Step('drop a piece', (pair) => pair.pieces.shift())),
  fc.constant(new Step('repeat a piece', (pair) => pair.pieces.splice(0, 0, ...pair.pieces.slice(0, 1)))),
  fc.integer({ min: 1, max: 80 }).map((most) => new Step(`consume ${most}`, (pair) => pair.consume(most))),
  fc.constant(new Step('credit', (pair, model) => pair.credit(model))),
  fc.constant(new Step('lose the connection', (pair, model) => pair.lose(model))),
];

describe('a stream', () => {
  test('carries each byte once and in order, whatever is lost', () => {
    fc.assert(
      fc.property(
        fc.commands([...steps, ...steps.slice(2, 4), ...steps.slice(6, 8)], { maxCommands: 120 }),
        (commands) => {
          const pair = new Pair();
          const model: Model = { given: 0, finished: false, limit: WINDOW, acked: 0, suspended: false };
          fc.modelRun(() => ({ model, real: pair }), commands);
          settle(pair, model);
        },
      ),
      { numRuns: 600 },
    );
  });

  /** Once nothing is lost any more everything arrives. */
  function settle(pair: Pair, model: Model): void {
    pair.sender.finish();
    model.finished = true;
    pair.lose(model);
    for (let round = 0; !pair.sender.done; round += 1) {
      if (round > 10_000) throw new Error('it never ends');
      while (pair.credits.length > 0) pair.credit(model);
      while (pair.take(model, 50) !== undefined) pair.deliver();
      pair.consume(WINDOW);
    }
    expect([pair.arrived, pair.ended, pair.sender.kept]).toEqual([model.given, true, 0]);
    // also its end is not sent again
    pair.sender.credit(pair.receiver.restart());
    expect(pair.sender.take(10)).toBeUndefined();
  }
});

describe('a receiver', () => {
  const bytes = (length: number) => Buffer.alloc(length, 1);

  test('takes nothing beyond its credit, and no end that lies there', () => {
    const receiver = new ReceiveStream(10);
    expect(receiver.accept(0, bytes(14), true)).toEqual({ kind: 'bytes', bytes: bytes(10), fin: false });
    expect(receiver.accept(10, bytes(4), true)).toEqual({ kind: 'old' });
    expect(receiver.finished).toBe(false);
    receiver.consume(10);
    expect(receiver.grant()).toEqual({ acked: 10, limit: 20, rewind: false });
    expect(receiver.accept(10, bytes(4), true)).toEqual({ kind: 'bytes', bytes: bytes(4), fin: true });
    expect(receiver.accept(10, bytes(10), false)).toEqual({ kind: 'old' });
  });

  test('takes an end at its limit: it needs no credit', () => {
    const receiver = new ReceiveStream(10);
    receiver.accept(0, bytes(10), false);
    expect(receiver.accept(10, bytes(0), true)).toEqual({ kind: 'bytes', bytes: bytes(0), fin: true });
    expect(receiver.grant()).toEqual({ acked: 11, limit: 10, rewind: false });
    expect(receiver.grant()).toBeUndefined();
  });

  test('asks once for each gap, also for an empty piece', () => {
    const receiver = new ReceiveStream(100);
    expect(receiver.accept(5, bytes(0), false)).toEqual({ kind: 'gap' });
    expect(receiver.accept(5, bytes(3), false)).toEqual({ kind: 'old' });
    receiver.accept(0, bytes(5), false);
    expect(receiver.accept(6, bytes(3), false)).toEqual({ kind: 'gap' });
    expect(receiver.restart()).toEqual({ acked: 5, limit: 100, rewind: true });
    expect(receiver.accept(6, bytes(3), false)).toEqual({ kind: 'gap' });
  });

  test('gives credit a quarter of the window at a time', () => {
    const receiver = new ReceiveStream(100);
    receiver.accept(0, bytes(60), false);
    receiver.consume(24);
    expect(receiver.grant()).toBeUndefined();
    receiver.consume(1);
    expect(receiver.grant()).toEqual({ acked: 60, limit: 125, rewind: false });
  });
});

describe('ends that take up where an earlier life of theirs was', () => {
  test('a receiver whose reader outlives it acknowledges what the reader has, and the end after all of it', () => {
    const receiver = new ReceiveStream(100, { acknowledges: 'consumed' });
    receiver.accept(0, Buffer.alloc(60), true);
    receiver.consume(25);
    expect(receiver.grant()).toEqual({ acked: 25, limit: 125, rewind: false });
    expect(receiver.grant()).toBeUndefined();
    receiver.consume(35);
    expect(receiver.grant()).toEqual({ acked: 61, limit: 160, rewind: false });
  });

  test('a receiver takes what comes next, and says where that is', () => {
    const receiver = new ReceiveStream(100, { acknowledges: 'consumed', received: 50, consumed: 40 });
    expect(receiver.restart()).toEqual({ acked: 40, limit: 140, rewind: true });
    expect(receiver.accept(40, Buffer.from('0123456789abc'), true)).toMatchObject({
      bytes: Buffer.from('abc'),
      fin: true,
    });
  });

  test('a sender is silent until it hears where its receiver is, and goes on from there', () => {
    const sender = SendStream.resumed(1000);
    sender.push(Buffer.from('abcdef'));
    expect([sender.acked, sender.end, sender.kept, sender.take(100)]).toEqual([1000, 1006, 6, undefined]);
    sender.credit({ acked: 1002, limit: 1005, rewind: true });
    expect(sender.take(100)).toMatchObject({ offset: 1002, bytes: Buffer.from('cde'), fin: false });
    sender.credit({ acked: 900, limit: 5000, rewind: true });
    expect(sender.take(100)).toMatchObject({ offset: 1002, bytes: Buffer.from('cdef') });
  });

  test('a sender whose receiver is further than what it was given so far waits until it is there', () => {
    const sender = SendStream.resumed(0);
    sender.push(Buffer.from('abc'));
    sender.credit({ acked: 5, limit: 100, rewind: true });
    expect(sender.take(100)).toBeUndefined();
    sender.push(Buffer.from('defg'));
    expect(sender.take(100)).toMatchObject({ offset: 5, bytes: Buffer.from('fg') });
    expect([sender.acked, sender.kept]).toEqual([5, 2]);
    const ended = SendStream.resumed(10);
    ended.credit({ acked: 13, limit: 100, rewind: true });
    ended.push(Buffer.from('xy'));
    expect(ended.done).toBe(false);
    ended.finish();
    expect([ended.done, ended.take(100)]).toEqual([true, undefined]);
  });
});

describe('a sender', () => {
  test('ignores a credit for what it was never given', () => {
    const sender = new SendStream(10);
    sender.push(Buffer.from('abc'));
    sender.credit({ acked: 4, limit: 1000, rewind: true });
    expect([sender.kept, sender.take(100)?.bytes.toString(), sender.take(100)]).toEqual([3, 'abc', undefined]);
    sender.finish();
    sender.credit({ acked: 5, limit: 1000, rewind: false });
    expect(sender.done).toBe(false);
    sender.push(Buffer.from('after the end'));
    expect(sender.end).toBe(3);
    sender.credit({ acked: 4, limit: 1000, rewind: false });
    expect([sender.done, sender.kept]).toEqual([true, 0]);
  });

  test('goes back no further than to what it still has', () => {
    const sender = new SendStream(100);
    for (const text of ['abc', 'defg', 'hi']) sender.push(Buffer.from(text));
    while (sender.take(100) !== undefined);
    sender.credit({ acked: 5, limit: 100, rewind: false });
    sender.credit({ acked: 2, limit: 100, rewind: true });
    const rest = [];
    for (let piece = sender.take(100); piece !== undefined; piece = sender.take(100)) rest.push(piece);
    expect(rest[0]?.offset).toBe(5);
    expect(rest.map((piece) => piece.bytes.toString()).join('')).toBe('fghi');
  });

  test('goes on after what was acknowledged meanwhile, also where it had gone back before that', () => {
    const size = 100_000;
    const sender = new SendStream(10 * size);
    for (const letter of ['a', 'b', 'c', 'd']) sender.push(Buffer.alloc(size, letter));
    const next = () => sender.take(10 * size);
    for (const letter of ['a', 'b', 'c', 'd']) expect(next()?.bytes.toString('latin1', 0, 1)).toBe(letter);
    sender.credit({ acked: 0, limit: 10 * size, rewind: true });
    // what was sent before the loss has arrived after all
    sender.credit({ acked: 2 * size, limit: 10 * size, rewind: false });
    expect(next()).toMatchObject({ offset: 2 * size, fin: false });
    sender.credit({ acked: 2.5 * size, limit: 10 * size, rewind: true });
    const piece = next();
    expect([piece?.offset, piece?.bytes.length, sender.kept]).toEqual([2.5 * size, size / 2, 1.5 * size]);
    expect(next()?.offset).toBe(3 * size);
    sender.credit({ acked: 3 * size, limit: 10 * size, rewind: true });
    expect(next()?.offset).toBe(3 * size);
  });

  test('obeys a limit that a REWIND has lowered', () => {
    const sender = new SendStream(100);
    sender.push(Buffer.from('abcdef'));
    sender.credit({ acked: 0, limit: 2, rewind: false });
    sender.credit({ acked: 0, limit: 2, rewind: true });
    expect(sender.take(100)?.bytes.toString()).toBe('ab');
    expect(sender.take(100)).toBeUndefined();
    expect(sender.blocked).toBe(true);
  });
});
