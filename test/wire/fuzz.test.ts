/**
 * Hostile bytes [PROTOCOL 8.2]: recorded sessions, broken in many ways, for the decoder alone and for a
 * master and a slave that are at work meanwhile. `FUZZ_RUNS` says how often (default: about 20 seconds in
 * all), `FUZZ_SEED` where to begin. A run that fails says its seed and its bytes: put those into the corpus
 * as `found-*.bin`, which is replayed like the recordings.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { BprocError } from '../../src/errors.ts';
import { type Client, connect, type Master, startMaster, startSlave } from '../../src/index.ts';
import { memoryPair } from '../../src/transport/index.ts';
import type { Epoch } from '../../src/wire/index.ts';
import { decodeControl, HEADER_BYTES, Role, readHeader } from '../../src/wire/index.ts';
import { PaperSpawner } from '../support/paper-spawner.ts';
import { RawPeer } from '../support/raw-peer.ts';
import { cutFrames, Dice, MUTATIONS, split } from './mutations.ts';
import { deafChannel } from './record-corpus.ts';

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 12_000);
const FIRST_SEED = Number(process.env['FUZZ_SEED'] ?? 1);
/** Runs against a whole role cost more than those against the decoder, and a slave looks for its master anew after each. */
const MASTER_RUNS = Math.max(1, Math.ceil(RUNS / 15));
const SLAVE_RUNS = Math.max(1, Math.ceil(RUNS / 60));
const TIMEOUT_MS = 60_000 + RUNS * 50;
/** Most memory that one run may take at once, the runs before it that were not collected yet included. */
const MOST_BYTES = 64 * 1024 * 1024;

const CORPUS = 'test/wire/corpus';
const SEEDS = readdirSync(CORPUS)
  .sort()
  .map((name) => ({ name, bytes: readFileSync(join(CORPUS, name)) }));
const ALL = SEEDS.map(({ bytes }) => bytes);
/** What openers sent, and what the master sent them. */
const UP = SEEDS.filter(({ name }) => !name.includes('-down'));
const DOWN = SEEDS.filter(({ name }) => !name.includes('-up'));

/** Breaks bytes in one to three ways. */
function mutate(bytes: Buffer, dice: Dice): { readonly bytes: Buffer; readonly how: string } {
  const names = Array.from({ length: 1 + dice.roll(3) }, () => dice.pick(Object.keys(MUTATIONS)));
  const broken = names.reduce((now, name) => MUTATIONS[name]?.(now, dice, ALL) ?? now, bytes);
  return { bytes: broken, how: names.join(', ') };
}

/** Says which run failed. */
async function run(seed: number, what: string, bytes: Buffer, act: () => void | Promise<void>): Promise<void> {
  try {
    await act();
  } catch (cause) {
    const hex = bytes.length > 4096 ? `${bytes.length} bytes` : bytes.toString('hex');
    throw new Error(`FUZZ_SEED=${seed} (${what}): ${hex}`, { cause });
  }
}

/** The tag that the frames after a recording's first one carry. */
function tagOf(bytes: Buffer): number {
  const second = cutFrames(bytes)[1];
  return second === undefined || second.length < HEADER_BYTES ? 0 : readHeader(second, 0).session;
}

/** Feeds a channel as its own connection would. */
function feed(bytes: Buffer, pieces: readonly Buffer[]): void {
  const channel = deafChannel();
  const tag = tagOf(bytes);
  let isFirst = true;
  for (const piece of pieces) {
    for (let at = 0; at < piece.length; ) {
      const next = channel.receive(piece, at, 1);
      expect(next).toBeGreaterThan(at);
      at = next;
      if (isFirst && at > 0) channel.establish(tag);
      isFirst = false;
    }
  }
}

describe('the decoder', () => {
  test.each(SEEDS)('takes $name as it was recorded, whole and byte by byte', ({ name, bytes }) => {
    const act = (pieces: readonly Buffer[]) => (): void => {
      if (name.startsWith('found-')) expectBreach(() => feed(bytes, pieces));
      else feedFrames(bytes, pieces);
    };
    act([bytes])();
    act(Array.from(bytes, (byte) => Buffer.of(byte)))();
  });

  test(
    `throws nothing but EPROTO, never stops and takes no more memory than it may, ${RUNS} times`,
    async () => {
      for (let seed = FIRST_SEED; seed < FIRST_SEED + RUNS; seed += 1) {
        const dice = new Dice(seed);
        const source = dice.pick(SEEDS);
        const { bytes, how } = mutate(source.bytes, dice);
        const before = process.memoryUsage().arrayBuffers;
        await run(seed, `${source.name}: ${how}`, bytes, () => {
          expectBreach(() => feed(bytes, split(bytes, dice)));
          expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(MOST_BYTES);
        });
      }
    },
    TIMEOUT_MS,
  );
});

/** Feeds a recording that is as it should be: the tag begins after its first frame. */
function feedFrames(bytes: Buffer, pieces: readonly Buffer[]): void {
  const first = cutFrames(bytes)[0]?.length ?? 0;
  const channel = deafChannel();
  let taken = 0;
  for (const piece of pieces) {
    for (let at = 0; at < piece.length; ) {
      const next = channel.receive(piece, at, 1);
      taken += next - at;
      at = next;
      if (taken === first) channel.establish(tagOf(bytes));
    }
  }
  expect(taken).toBe(bytes.length);
}

/** Runs something that may break off with EPROTO, and with nothing else. */
function expectBreach(act: () => void): void {
  try {
    act();
  } catch (error) {
    if (!BprocError.is(error) || error.code !== 'EPROTO') throw error;
  }
}

/** A recording's frames after the first one, with the tag of a session that is there. */
function rest(bytes: Buffer, tag: number): Buffer {
  const frames = cutFrames(bytes)
    .slice(1)
    .map((each) => Buffer.from(each));
  for (const each of frames) if (each.length >= HEADER_BYTES) each.writeUInt32BE(tag, 12);
  return Buffer.concat(frames);
}

/** Lets everything that is under way happen. */
async function settle(): Promise<void> {
  for (let turns = 0; turns < 4; turns += 1) await new Promise((resolve) => setImmediate(resolve));
}

async function works(client: Client): Promise<void> {
  const p = await client.rexec(0, 'echo', [], { inheritEnv: false, cwd: '/' });
  p.stdin.end('still well');
  expect(await text(p.stdout)).toBe('still well');
  expect(await p.wait()).toEqual({ kind: 'exited', code: 0 });
}

describe('roles at work', () => {
  let master: Master;
  let client: Client;
  const parts: AsyncDisposable[] = [];
  const spawner = new PaperSpawner();

  beforeAll(async () => {
    master = await startMaster({ clientGraceMs: 50, silentAfterMs: 50 });
    parts.push(master);
    const slave = await startSlave({ master: () => master.connect(), node: 0, spawner });
    parts.push(slave);
    await slave.attached;
    client = await connect({ master: () => master.connect() });
    parts.push(client);
  });

  afterAll(async () => {
    for (const part of parts.reverse()) await part[Symbol.asyncDispose]();
  });

  test(
    `a master that is fed ${MASTER_RUNS} times serves the others as before`,
    async () => {
      for (let seed = FIRST_SEED; seed < FIRST_SEED + MASTER_RUNS; seed += 1) {
        const dice = new Dice(seed);
        const { name, bytes } = dice.pick(UP);
        let broken: Buffer = Buffer.alloc(0);
        await run(seed, name, bytes, async () => {
          const duplex = master.connect();
          const peer = new RawPeer(duplex);
          if (dice.roll(8) === 0) {
            broken = mutate(bytes, dice).bytes;
          } else {
            const isSlave = name.startsWith('slave');
            peer.hello(
              isSlave ? Role.SLAVE : Role.CLIENT,
              Buffer.from(Array.from({ length: 16 }, () => dice.roll(256))),
              {
                ...(isSlave ? { node: 1 + dice.roll(3) } : {}),
              },
            );
            await settle();
            const heard = peer.heard.find((each) => each.kind === 'control');
            const tag =
              heard?.kind === 'control' && heard.message.body === 'welcome' ? heard.message.welcome.session : 0;
            broken = mutate(rest(bytes, tag), dice).bytes;
          }
          for (const piece of split(broken, dice)) peer.write(piece);
          await settle();
          // what a master says is always understood
          expect(peer.failure).toBeUndefined();
          if (dice.roll(2) === 0) peer.cut();
          else duplex.end();
          if (seed % 40 === 0) await works(client);
        });
      }
      await works(client);
      const nodes = await client.nodeList('0');
      expect(nodes.map(({ state }) => state)).toEqual(['up']);
    },
    TIMEOUT_MS,
  );

  test(
    `a slave that is fed ${SLAVE_RUNS} times serves its master as before`,
    async () => {
      // a lost master is looked for at once: it is the fuzzer that is to be patient
      const clock = systemClock({ keepAlive: true });
      const hasty = { ...clock, after: (ms: number, ring: () => void) => clock.after(ms <= 50 ? 0 : ms, ring) };
      const batch = 40;
      for (let first = FIRST_SEED; first < FIRST_SEED + SLAVE_RUNS; first += batch) {
        const ends = Math.min(first + batch, FIRST_SEED + SLAVE_RUNS);
        let waiting: ((duplex: Duplex) => void) | undefined;
        let isOver = false;
        const source = async (): Promise<Duplex> => {
          while (waiting === undefined && !isOver) await settle();
          if (isOver) return master.connect();
          const [near, far] = memoryPair();
          waiting?.(far);
          waiting = undefined;
          return near;
        };
        const slave = await startSlave({ master: source, node: 9, spawner: new PaperSpawner(), clock: hasty });
        for (let seed = first; seed < ends; seed += 1) {
          const dice = new Dice(seed);
          const { name, bytes } = dice.pick(DOWN);
          const far = await new Promise<Duplex>((resolve) => {
            waiting = resolve;
          });
          await run(seed, name, bytes, () => feedSlave(far, bytes, dice));
        }
        isOver = true;
        await slave.attached;
        while (!(await client.nodeList('all')).some(({ node, state }) => node === 9 && state === 'up')) await settle();
        const p = await client.rexec(9, 'echo', [], { inheritEnv: false, cwd: '/' });
        p.stdin.end('well');
        expect(await text(p.stdout)).toBe('well');
        await p.wait();
        await slave[Symbol.asyncDispose]();
      }
    },
    TIMEOUT_MS,
  );
});

/** Plays a master for one connection of a slave. */
async function feedSlave(duplex: Duplex, bytes: Buffer, dice: Dice): Promise<void> {
  const peer = new RawPeer(duplex);
  const { hello } = await peer.control('hello');
  const tag = 1 + dice.roll(2 ** 32 - 1);
  const greets = dice.roll(8) > 0;
  const send = (broken: Buffer): void => {
    if (!bindsForGood(broken)) for (const piece of split(broken, dice)) peer.write(piece);
  };
  if (!greets) {
    send(mutate(bytes, dice).bytes);
  } else {
    const epoch = epochOf(bytes, hello.seen);
    peer.send({
      epoch,
      welcome: { major: 1, session: tag, epoch, node: 9, heartbeatMs: 1000, pids: { first: 4096 * 11, count: 4096 } },
    });
    peer.channel.establish(tag);
    send(mutate(bindTo(rest(bytes, tag), hello.identity), dice).bytes);
  }
  await settle();
  // what a slave says to a master whose WELCOME is whole is always understood
  if (greets) expect(peer.failure).toBeUndefined();
  peer.cut();
  await settle();
}

/**
 * Whether there is a message that rightly binds a slave for the rest of its life: a WELCOME, with its epoch
 * and its node, or a block of pids. The master that it is to serve afterwards would not have it any more.
 */
function bindsForGood(bytes: Buffer): boolean {
  return cutFrames(bytes).some((frame) => {
    try {
      const { body } = decodeControl(frame.subarray(HEADER_BYTES));
      return body === 'welcome' || body === 'pidBlock';
    } catch (error) {
      if (BprocError.is(error)) return false;
      throw error;
    }
  });
}

/** The epoch of a recording, so that its commands count. */
function epochOf(bytes: Buffer, seen: Epoch | null): Epoch {
  const first = cutFrames(bytes)[0];
  const recorded = first === undefined ? null : decodeControl(first.subarray(HEADER_BYTES)).epoch;
  return recorded ?? seen ?? { generation: 0, revision: 1 };
}

/** Starts are bound to a boot id: this one's, in the place of the recorded slave's. */
function bindTo(bytes: Buffer, boot: Uint8Array): Buffer {
  const copy = Buffer.from(bytes);
  const recorded = SEEDS.find(({ name }) => name === 'slave-up.bin');
  const hello = recorded === undefined ? undefined : cutFrames(recorded.bytes)[0];
  const message = hello === undefined ? undefined : decodeControl(hello.subarray(HEADER_BYTES));
  const old = message?.body === 'hello' ? Buffer.from(message.hello.identity) : Buffer.alloc(16);
  for (let at = copy.indexOf(old); at >= 0; at = copy.indexOf(old, at + 16)) copy.set(boot, at);
  return copy;
}
