import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import protobuf from 'protobufjs/minimal.js';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { rightsIn } from '../../../src/bproc/migrate/criu/rights.ts';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'bproc-rights-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

/** A core as CRIU writes it, of users in the order real, effective, saved, file system's. */
function core(users: readonly number[], permitted: readonly number[]): Buffer {
  const credentials = protobuf.Writer.create();
  for (const [index, user] of users.entries()) credentials.uint32(((1 + 2 * index) << 3) | 0).uint32(user);
  for (const word of permitted) credentials.uint32((10 << 3) | 0).uint32(word);
  // the bounding set is no right
  credentials.uint32((12 << 3) | 0).uint32(0xffff_ffff);
  const thread = protobuf.Writer.create()
    .uint32((10 << 3) | 2)
    .bytes(credentials.finish());
  const entry = protobuf.Writer.create()
    .uint32(8)
    .uint32(1)
    .uint32((5 << 3) | 2)
    .bytes(thread.finish())
    .finish();
  const length = Buffer.alloc(4);
  length.writeUInt32LE(entry.length);
  return Buffer.concat([Buffer.alloc(8), length, entry]);
}

test('the users of all threads, and whether any has a capability', async () => {
  const user = fc.nat(2 ** 32 - 2);
  const thread = fc.record({ users: fc.tuple(user, user, user, user), capability: fc.nat(3) });
  await fc.assert(
    fc.asyncProperty(fc.array(thread, { minLength: 1, maxLength: 4 }), async (threads) => {
      for (const index of [0, 1, 2, 3]) rmSync(join(directory, `core-${index}.img`), { force: true });
      threads.forEach(({ users, capability }, index) => {
        writeFileSync(join(directory, `core-${index}.img`), core(users, [0, capability]));
      });
      const rights = await rightsIn(directory);
      expect(rights.users).toEqual(new Set(threads.flatMap(({ users }) => users)));
      expect(rights.hasCapabilities).toBe(threads.some(({ capability }) => capability > 0));
    }),
    { numRuns: 50 },
  );
});

test('a user that is not said is root', async () => {
  writeFileSync(join(directory, 'core-7.img'), core([5, 5, 5], [0, 0]));
  expect((await rightsIn(directory)).users).toEqual(new Set([5, 0]));
});

test('what is no image is refused', async () => {
  writeFileSync(join(directory, 'core-7.img'), Buffer.alloc(13, 255));
  await expect(rightsIn(directory)).rejects.toMatchObject({ code: 'EPROTO' });
});
