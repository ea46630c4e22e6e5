/** What an enemy, or a broken machine, makes of valid bytes. */
import { HEADER_BYTES, readHeader } from '../../src/wire/index.ts';

/** Numbers that look random and are the same for the same seed (mulberry32). */
export class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** A whole number from 0 up to `below`, exclusive. */
  roll(below: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  }

  pick<T>(list: readonly T[]): T {
    const found = list[this.roll(list.length)];
    if (found === undefined) throw new Error('nothing to pick from');
    return found;
  }
}

/** Valid bytes as whole frames; what does not add up to one is the last. */
export function cutFrames(bytes: Buffer): Buffer[] {
  const frames: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const whole = bytes.length - at >= HEADER_BYTES ? HEADER_BYTES + readHeader(bytes, at).length : bytes.length;
    frames.push(bytes.subarray(at, at + whole));
    at += whole;
  }
  return frames;
}

type Mutation = (bytes: Buffer, dice: Dice, seeds: readonly Buffer[]) => Buffer;

const INTERESTING = [
  0, 1, 0x7f, 0x80, 0xff, 0x7fffffff, 0x80000000, 0xffffffff, 4096, 4097, 4194304, 4194305, 262152, 262153,
];

/** Puts frames into another order, or leaves some out, and numbers them anew as a cunning peer would. */
function overFrames(change: (frames: Buffer[], dice: Dice, seeds: readonly Buffer[]) => Buffer[]): Mutation {
  return (bytes, dice, seeds) => {
    if (bytes.length === 0) return bytes;
    const frames = change(cutFrames(bytes), dice, seeds).map((each) => Buffer.from(each));
    if (dice.roll(2) === 0) renumber(frames);
    return Buffer.concat(frames);
  };
}

function renumber(frames: readonly Buffer[]): void {
  let number = 0;
  for (const each of frames) if (each.length >= HEADER_BYTES) each.writeUInt32BE(number++, 16);
}

/** Writes one field of one frame's header. */
function header(offset: number, size: 1 | 2 | 4): Mutation {
  return overFrames((frames, dice) => {
    const at = dice.roll(frames.length);
    const victim = Buffer.from(frames[at] ?? Buffer.alloc(0));
    const value = dice.roll(2) === 0 ? dice.pick(INTERESTING) : dice.roll(2 ** 32);
    if (victim.length >= HEADER_BYTES) victim.writeUIntBE(value % 256 ** size, offset, size);
    return frames.with(at, victim);
  });
}

/** Changes bytes behind a frame's header, so that the message itself is what is broken. */
const payload: Mutation = overFrames((frames, dice) => {
  const long = frames.flatMap((each, at) => (each.length > HEADER_BYTES ? [at] : []));
  if (long.length === 0) return frames;
  const at = dice.pick(long);
  const victim = Buffer.from(frames[at] ?? Buffer.alloc(0));
  for (let times = 1 + dice.roll(4); times > 0; times -= 1) {
    victim[HEADER_BYTES + dice.roll(victim.length - HEADER_BYTES)] = dice.roll(256);
  }
  return frames.with(at, victim);
});

/** Ways to break bytes, by name. */
export const MUTATIONS: Readonly<Record<string, Mutation>> = {
  nothing: (bytes) => bytes,
  random: (_, dice) => Buffer.from(Array.from({ length: dice.roll(400) }, () => dice.roll(256))),
  truncate: (bytes, dice) => bytes.subarray(0, dice.roll(bytes.length + 1)),
  behead: (bytes, dice) => bytes.subarray(dice.roll(bytes.length + 1)),
  flip: (bytes, dice) => {
    const copy = Buffer.from(bytes);
    for (let times = 1 + dice.roll(8); times > 0 && copy.length > 0; times -= 1) {
      const at = dice.roll(copy.length);
      copy[at] = (copy[at] ?? 0) ^ (1 << dice.roll(8));
    }
    return copy;
  },
  insert: (bytes, dice) => {
    const at = dice.roll(bytes.length + 1);
    const more = Buffer.from(Array.from({ length: 1 + dice.roll(30) }, () => dice.roll(256)));
    return Buffer.concat([bytes.subarray(0, at), more, bytes.subarray(at)]);
  },
  remove: (bytes, dice) => {
    const at = dice.roll(bytes.length + 1);
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + dice.roll(30))]);
  },
  length: header(0, 4),
  type: header(4, 1),
  flags: header(5, 1),
  stream: header(8, 4),
  session: header(12, 4),
  sequence: header(16, 4),
  payload,
  duplicate: overFrames((frames, dice) => {
    const at = dice.roll(frames.length);
    return frames.toSpliced(at, 0, ...frames.slice(at, at + 1 + dice.roll(3)));
  }),
  swap: overFrames((frames, dice) => {
    const [one, other] = [dice.roll(frames.length), dice.roll(frames.length)];
    const [first, second] = [frames[one], frames[other]];
    return first === undefined || second === undefined ? frames : frames.with(one, second).with(other, first);
  }),
  drop: overFrames((frames, dice) => frames.toSpliced(dice.roll(frames.length), 1 + dice.roll(2))),
  replay: overFrames((frames, dice) => [...frames, ...frames.slice(dice.roll(frames.length))]),
  splice: overFrames((frames, dice, seeds) => {
    const others = cutFrames(dice.pick(seeds));
    return [...frames.slice(0, dice.roll(frames.length + 1)), ...others.slice(dice.roll(others.length))];
  }),
};

/** Bytes in pieces of any sizes. */
export function split(bytes: Buffer, dice: Dice): Buffer[] {
  const pieces: Buffer[] = [];
  const most = dice.pick([1, 7, 50, 1000, 100_000]);
  for (let at = 0; at < bytes.length; ) {
    const end = at + 1 + dice.roll(most);
    pieces.push(Buffer.from(bytes.subarray(at, end)));
    at = end;
  }
  return pieces;
}
