/** The recorded sessions that the fuzzer begins with. `FUZZ_RECORD=1` records them anew. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { decodeControl, HEADER_BYTES, readHeader } from '../../src/wire/index.ts';
import { cutFrames } from './mutations.ts';
import { recordSessions } from './record-corpus.ts';

const CORPUS = 'test/wire/corpus';
const MOST_BYTES = 200_000;

test('a cluster can still be recorded, and every frame of it understood', async () => {
  const sessions = await recordSessions();
  expect([...sessions.keys()].sort()).toEqual(
    ['client-down', 'client-up', 'slave-again-down', 'slave-again-up', 'slave-down', 'slave-up'].sort(),
  );
  const bodies = new Set([...sessions.values()].flatMap(bodiesOf));
  for (const body of ['hello', 'welcome', 'inventory', 'start', 'started', 'ended', 'endAck', 'request', 'response']) {
    expect(bodies).toContain(body);
  }
  if (process.env['FUZZ_RECORD'] !== '1') return;
  mkdirSync(CORPUS, { recursive: true });
  for (const [name, bytes] of sessions) writeFileSync(join(CORPUS, `${name}.bin`), bytes);
});

test('the corpus is small, and made of whole frames of this version', () => {
  const files = readdirSync(CORPUS).map((name) => ({ name, bytes: readFileSync(join(CORPUS, name)) }));
  expect(files.length).toBeGreaterThanOrEqual(6);
  expect(files.reduce((sum, { bytes }) => sum + bytes.length, 0)).toBeLessThan(MOST_BYTES);
  for (const { name, bytes } of files.filter(({ name }) => !name.startsWith('found-'))) {
    expect([name, bodiesOf(bytes)[0]]).toEqual([name, name.endsWith('-up.bin') ? 'hello' : 'welcome']);
  }
});

function bodiesOf(bytes: Buffer): (string | undefined)[] {
  return cutFrames(bytes).flatMap((frame) => {
    const { type, length } = readHeader(frame, 0);
    expect(frame.length).toBe(HEADER_BYTES + length);
    return type === 1 ? [decodeControl(frame.subarray(HEADER_BYTES)).body] : [];
  });
}
