/** A blob that is passed on while it comes: a hop costs no time of its own then. PROTOCOL.md 10.2. */
import { type FileHandle, open } from 'node:fs/promises';
import { BprocError } from '../../errors.ts';
import type { BlobSource } from './blob-source.ts';
import type { IncomingBlobs } from './incoming-blobs.ts';

/** What it follows. */
export interface FollowingParts {
  readonly hash: string;
  readonly size: number;
  readonly incoming: IncomingBlobs;
  /** Resolves when all of it is in the cache, where it was checked; rejects where it cannot be had. */
  readonly coming: Promise<void>;
  /** Opens it there. */
  readonly open: () => Promise<BlobSource>;
}

/**
 * The source. What it gives was not checked, but the last byte is only given when all was: so nobody has all of a blob that is wrong and
 * knows of no other. Where an attempt to get it fails in the middle and another one follows, it goes on in that.
 */
export class FollowingSource implements BlobSource {
  readonly #parts: FollowingParts;
  readonly #settled: Promise<void>;
  #settle: (outcome: 'here' | { readonly failure: unknown }) => void = () => {};
  /** What has come of it. */
  #outcome: 'here' | { readonly failure: unknown } | undefined;
  #draft: { readonly path: string; readonly file: FileHandle } | undefined;
  #whole: BlobSource | undefined;
  #isOpen = true;

  constructor(parts: FollowingParts) {
    this.#parts = parts;
    this.#settled = new Promise((resolve) => {
      this.#settle = (outcome) => {
        this.#outcome ??= outcome;
        resolve();
      };
    });
    parts.coming.then(
      () => this.#settle('here'),
      (failure: unknown) => this.#settle({ failure }),
    );
  }

  get size(): number {
    return this.#parts.size;
  }

  /** Waits until there is something from this offset on. @throws why the blob cannot be had. */
  async read(offset: number, into: Buffer): Promise<number> {
    const { hash, incoming } = this.#parts;
    while (this.#outcome === undefined) {
      let wake = (): void => {};
      const changed = new Promise<void>((resolve) => {
        wake = resolve;
      });
      // before it looks: what changes meanwhile is not missed
      using _watch = incoming.onChange(hash, wake);
      const bytes = await this.#readDraft(offset, into);
      if (bytes > 0) return bytes;
      await Promise.race([changed, this.#settled]);
    }
    if (this.#outcome !== 'here') throw this.#outcome.failure;
    this.#whole ??= await this.#kept(this.#parts.open());
    return this.#whole.read(offset, into);
  }

  /** Ends what is being read, too. */
  async close(): Promise<void> {
    this.#isOpen = false;
    this.#settle({ failure: new BprocError('ECANCELED', 'nobody wants it any more') });
    await this.#draft?.file.close();
    await this.#whole?.close();
  }

  /** What is opened after all was closed is closed. */
  async #kept<File extends { close(): Promise<void> }>(opening: Promise<File>): Promise<File> {
    const file = await opening;
    if (this.#isOpen) return file;
    await file.close();
    throw new BprocError('ECANCELED', 'nobody wants it any more');
  }

  async #readDraft(offset: number, into: Buffer): Promise<number> {
    const { hash, size, incoming } = this.#parts;
    const blob = incoming.get(hash);
    const length = Math.min(into.length, Math.min(blob?.writtenBytes ?? 0, size - 1) - offset);
    if (blob === undefined || length <= 0) return 0;
    const { draft } = blob;
    try {
      if (this.#draft?.path !== draft) {
        await this.#draft?.file.close();
        this.#draft = undefined;
        this.#draft = { path: draft, file: await this.#kept(open(draft)) };
      }
      return (await this.#draft.file.read(into, 0, length, offset)).bytesRead;
    } catch (cause) {
      const error = BprocError.from(cause);
      // it has just come to its place, or was given up
      if (error.code === 'ENOENT') return 0;
      throw error;
    }
  }
}
