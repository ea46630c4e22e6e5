/** Images in a cache, and programs run from them by a real spawner. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { EncodedImage } from '../../../src/bproc/image/index.ts';
import {
  type BlobCache,
  encodeImage,
  type ImageEntry,
  type PreparedImage,
  type WholeClosureOptions,
  wholeClosureOf,
} from '../../../src/bproc/image/index.ts';
import type { Spawner, SpawnRequest } from '../../../src/linux/index.ts';
import { Recorder, request } from '../../linux/recorder.ts';

/** Puts the closure of a program into a cache. */
export async function pack(
  cache: BlobCache,
  program: string,
  options: WholeClosureOptions = {},
): Promise<EncodedImage> {
  const { entries } = await wholeClosureOf(program, options);
  const packed: ImageEntry[] = [];
  for (const entry of entries) {
    if (entry.kind === 'link') {
      packed.push(entry);
      continue;
    }
    const bytes = readFileSync(entry.path);
    const blob = await put(cache, bytes);
    packed.push({ kind: 'file', path: entry.path, blob, size: bytes.length, mode: entry.mode & 0o777 });
  }
  return encodeImage({ program, entries: packed });
}

/** Puts bytes into a cache. */
export async function put(cache: BlobCache, bytes: Uint8Array): Promise<string> {
  const hash = createHash('sha256').update(bytes).digest('hex');
  if ((await cache.find(hash)) !== undefined) return hash;
  await using writer = await cache.receive(hash, bytes.length);
  writer.take(bytes);
  await writer.finish();
  return hash;
}

/** What came of a run. */
export interface Ran {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
}

/** Runs what was prepared, to its end. */
export async function run(
  spawner: Spawner,
  prepared: PreparedImage,
  argv: readonly string[],
  more: Partial<SpawnRequest> = {},
): Promise<Ran> {
  const sink = new Recorder();
  const asked = request('none of it counts', [], { ...more, argv: [...argv] });
  spawner.spawn(prepared.request(asked), sink).endStdin();
  const status = await sink.finish();
  const text = (fd: 1 | 2): string => sink.bytes(fd).toString();
  return { stdout: text(1), stderr: text(2), code: status.kind === 'exited' ? status.code : -status.signal };
}
