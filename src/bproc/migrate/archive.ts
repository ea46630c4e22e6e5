/** Checkpoints as one stream of bytes: a tar archive of `checkpoint.json` and then the files that it names. PROTOCOL.md 12.8. */
import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ReadableStream } from 'node:stream/web';
import type { TarPackController } from 'modern-tar';
import { BprocError } from '../../errors.ts';
import { blobHasher } from '../image/index.ts';
import type { CheckpointManifest } from './checkpoint.ts';
import { MANIFEST, MOST_MANIFEST_BYTES, readCheckpoint } from './checkpoint.ts';

/** Files are their owner's alone, as the directory is that they are of. */
const MODE = 0o600;

/** Writes a checkpoint into a stream, and ends that. Rejects with what the stream fails with. */
export async function packCheckpoint(directory: string, target: Writable): Promise<void> {
  const { files, takenAt } = await readCheckpoint(directory);
  const { createTarPacker } = await import('modern-tar');
  const { readable, controller } = createTarPacker();
  const names = [MANIFEST, ...files.map(({ name }) => name)];
  const packing = pack(controller, directory, names, new Date(takenAt)).catch((error: unknown) => {
    controller.error(error);
  });
  try {
    await pipeline(Readable.fromWeb(readable as ReadableStream), target);
  } catch (cause) {
    throw BprocError.from(cause);
  } finally {
    await packing;
  }
}

async function pack(
  controller: TarPackController,
  directory: string,
  names: readonly string[],
  mtime: Date,
): Promise<void> {
  for (const name of names) {
    const path = join(directory, name);
    const { size } = await stat(path);
    const body = controller.add({ name, size, mode: MODE, mtime, type: 'file' });
    await ReadableStream.from<Uint8Array>(createReadStream(path)).pipeTo(body);
  }
  controller.finalize();
}

/**
 * Reads a checkpoint from a stream into an empty directory; the stream is read to its end, or destroyed.
 *
 * @throws BprocError EPROTO for what is no such archive, is cut off or has changed; ENOTSUP for one of a later version; what the stream
 *   fails with, and what keeps files from being written.
 */
export async function unpackCheckpoint(source: Readable, directory: string): Promise<void> {
  const { createTarDecoder } = await import('modern-tar');
  const decoder = createTarDecoder({ strict: true });
  try {
    const entries = ReadableStream.from<Uint8Array>(source).pipeThrough(decoder);
    let wanted: Map<string, CheckpointManifest['files'][number]> | undefined;
    for await (const { header, body } of entries) {
      const { name, size, type } = header;
      if (type !== 'file') throw damaged(`${name} is no file`);
      if (wanted === undefined) {
        if (name !== MANIFEST || size > MOST_MANIFEST_BYTES) throw damaged(`it does not begin with ${MANIFEST}`);
        await take(body, join(directory, name));
        const { files } = await readCheckpoint(directory);
        wanted = new Map(files.map((file) => [file.name, file]));
        continue;
      }
      const file = wanted.get(name);
      if (file === undefined || file.size !== size) throw damaged(`${name} is not in it, or not of ${size} bytes`);
      wanted.delete(name);
      if ((await take(body, join(directory, name))) !== file.sha256) throw damaged(`${name} is not what was captured`);
    }
    const [missing] = wanted === undefined ? [MANIFEST] : wanted.keys();
    if (missing !== undefined) throw damaged(`${missing} is missing`);
  } catch (cause) {
    source.destroy();
    // what is no error of the system is one of the archive
    throw BprocError.from(cause, 'EPROTO');
  }
}

/** Writes a file, and gives its hash. */
async function take(body: AsyncIterable<Uint8Array>, path: string): Promise<string> {
  await using file = await open(path, 'wx', MODE);
  const hasher = blobHasher();
  for await (const bytes of body) {
    hasher.update(bytes);
    await file.writeFile(bytes);
  }
  return hasher.digest('hex');
}

function damaged(why: string): BprocError {
  return new BprocError('EPROTO', `the archive is no checkpoint, or is damaged: ${why}`);
}
