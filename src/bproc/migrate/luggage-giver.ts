/** Gives the files that a captured process consists of, those that grow while it is captured too: the sending end of PROTOCOL.md 12.3. */
import { join } from 'node:path';
import { BprocError } from '../../errors.ts';
import type { BlobSource } from '../image/index.ts';
import { GrowingFile } from './growing-file.ts';
import { openLuggage, type PackedFile, packLuggage } from './luggage.ts';

/** The giver. */
export class LuggageGiver {
  readonly #directory: string;
  readonly #begun: (name: string) => void;
  readonly #growing: string[] = [];
  readonly #readers: GrowingFile[] = [];
  #files: readonly PackedFile[] | undefined;

  /** @param begun told of a file that can be fetched before the others, by the next number. */
  constructor(directory: string, begun: (name: string) => void) {
    this.#directory = directory;
    this.#begun = begun;
  }

  /** Bytes of all files; 0 until that is known. */
  get totalBytes(): number {
    return this.#files?.reduce((sum, { size }) => sum + size, 0) ?? 0;
  }

  /** A file has grown. */
  grows(name: string): void {
    // what is told of one late changes nothing
    if (this.#files !== undefined) return;
    if (!this.#growing.includes(name)) {
      this.#growing.push(name);
      this.#begun(name);
    }
    for (const reader of this.#readers) if (reader.name === name) reader.changed();
  }

  /** Nothing changes any more in the directory: says what is there. */
  async pack(): Promise<readonly PackedFile[]> {
    const files = await packLuggage(this.#directory, this.#growing);
    this.#files = files;
    for (const reader of this.#readers) reader.finish(sizeOf(files, reader.name));
    return files;
  }

  /** Opens a file for a sender of blobs. @throws BprocError ENOENT for a number that none has. */
  async open(blob: string): Promise<BlobSource> {
    if (this.#files !== undefined) return openLuggage(this.#directory, this.#files, blob);
    const name = this.#growing[Number.parseInt(blob, 16)];
    if (name === undefined) throw new BprocError('ENOENT', `there is no file ${blob}`);
    const reader = new GrowingFile(name, join(this.#directory, name));
    this.#readers.push(reader);
    return reader;
  }
}

function sizeOf(files: readonly PackedFile[], wanted: string): number {
  return files.find(({ name }) => name === wanted)?.size ?? 0;
}
