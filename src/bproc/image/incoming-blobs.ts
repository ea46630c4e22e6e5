/** Blobs on their way into a cache, for those who pass them on meanwhile. */

/** What is here of a blob, and was not checked. */
export interface IncomingBlob {
  /** Its file, which may be gone at any time. */
  readonly draft: string;
  writtenBytes: number;
}

/** The blobs. */
export class IncomingBlobs {
  readonly #blobs = new Map<string, IncomingBlob>();
  readonly #listeners = new Map<string, Set<() => void>>();

  /** A blob begins to come: in the place of another attempt, where there is one. */
  begin(hash: string, draft: string): void {
    this.#blobs.set(hash, { draft, writtenBytes: 0 });
    this.#tell(hash);
  }

  wrote(hash: string, draft: string, writtenBytes: number): void {
    const blob = this.#blobs.get(hash);
    if (blob?.draft !== draft) return;
    blob.writtenBytes = writtenBytes;
    this.#tell(hash);
  }

  /** It is in the cache, or was given up. */
  end(hash: string, draft: string): void {
    if (this.#blobs.get(hash)?.draft !== draft) return;
    this.#blobs.delete(hash);
    this.#tell(hash);
  }

  get(hash: string): IncomingBlob | undefined {
    return this.#blobs.get(hash);
  }

  /** Calls back whenever there is more of a blob, or another attempt, or none, until what it returns is disposed of. */
  onChange(hash: string, listener: () => void): Disposable {
    const listeners = this.#listeners.get(hash) ?? new Set();
    this.#listeners.set(hash, listeners.add(listener));
    return {
      [Symbol.dispose]: () => {
        listeners.delete(listener);
        if (listeners.size === 0 && this.#listeners.get(hash) === listeners) this.#listeners.delete(hash);
      },
    };
  }

  #tell(hash: string): void {
    for (const listener of [...(this.#listeners.get(hash) ?? [])]) listener();
  }
}
