/** Where the caller's checkpoints are: in a directory or, on their way through a stream, in one for as long as that takes. */
import { createReadStream } from 'node:fs';
import { mkdir, rm, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { BprocError } from '../../errors.ts';
import { makeOwnDirectory } from '../../linux/index.ts';
import type { CheckpointManifest } from '../migrate/index.ts';
import {
  packCheckpoint,
  readCheckpoint,
  readUnread,
  syncDirectory,
  unpackCheckpoint,
  verifyFiles,
} from '../migrate/index.ts';

/** A place that a checkpoint comes to. Disposing of it removes what is not whole, and what has passed on. */
export class NewPlace implements AsyncDisposable {
  readonly directory: string;
  readonly #stream: Writable | undefined;
  #isWhole = false;

  private constructor(directory: string, stream: Writable | undefined) {
    this.directory = directory;
    this.#stream = stream;
  }

  /** Makes it. @throws BprocError EEXIST for a directory that is there already, and what keeps it from being made. */
  static async make(target: string | Writable): Promise<NewPlace> {
    if (typeof target !== 'string') return new NewPlace(makeOwnDirectory('archive'), target);
    const directory = resolve(target);
    try {
      await mkdir(directory, { mode: 0o700 });
    } catch (cause) {
      throw BprocError.from(cause);
    }
    return new NewPlace(directory, undefined);
  }

  /**
   * All has come. Resolves when it is where it was to go: on the disk, or with all that is behind the stream.
   *
   * @param verifies whether its files are compared with their hashes first.
   */
  async finish({ verifies }: { readonly verifies: boolean }): Promise<void> {
    if (verifies) await verifyFiles(this.directory, await readCheckpoint(this.directory));
    if (this.#stream === undefined) await syncDirectory(this.directory);
    else await packCheckpoint(this.directory, this.#stream);
    this.#isWhole = true;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // without an end: who reads it is not to take a part for the whole
    if (!this.#isWhole) this.#stream?.destroy();
    if (this.#isWhole && this.#stream === undefined) return;
    await rm(this.directory, { recursive: true, force: true });
  }
}

/** A checkpoint as a directory. Disposing of it removes that where it was made for this. */
export class FoundPlace implements AsyncDisposable {
  readonly directory: string;
  readonly manifest: CheckpointManifest;
  /** What the process had not read yet of its input. */
  readonly unread: Buffer;
  readonly #isOwn: boolean;

  private constructor(directory: string, manifest: CheckpointManifest, unread: Buffer, isOwn: boolean) {
    this.directory = directory;
    this.manifest = manifest;
    this.unread = unread;
    this.#isOwn = isOwn;
  }

  /**
   * Finds one.
   *
   * @param source a directory, the file of an archive, or what is read from one.
   * @throws BprocError ENOENT where there is none, EPROTO where it is damaged, and what keeps it from being read.
   */
  static async find(source: string | Readable): Promise<FoundPlace> {
    if (typeof source !== 'string') return FoundPlace.#unpack(source);
    const path = resolve(source);
    const found = await stat(path).catch(() => undefined);
    if (found?.isFile() === true) return FoundPlace.#unpack(createReadStream(path));
    return FoundPlace.#read(path, false);
  }

  static async #read(directory: string, isOwn: boolean): Promise<FoundPlace> {
    const manifest = await readCheckpoint(directory);
    return new FoundPlace(directory, manifest, await readUnread(directory, manifest), isOwn);
  }

  static async #unpack(stream: Readable): Promise<FoundPlace> {
    const directory = makeOwnDirectory('archive');
    try {
      await unpackCheckpoint(stream, directory);
      return await FoundPlace.#read(directory, true);
    } catch (error) {
      await rm(directory, { recursive: true, force: true });
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isOwn) await rm(this.directory, { recursive: true, force: true });
  }
}
