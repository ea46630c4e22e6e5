/** A process that an earlier life of the program has released: it is nobody's, and only to be forgotten. */
import type { HolderLink } from './holder-link.ts';
import { NoProcess } from './no-process.ts';

/** Nothing else can be done to it than to one that never was. */
export class ReleasedProcess extends NoProcess {
  readonly #link: HolderLink;
  readonly #id: number;

  constructor(link: HolderLink, id: number) {
    super();
    this.#link = link;
    this.#id = id;
  }

  override forget(name?: Uint8Array): void {
    this.#link.forget(this.#id, name);
  }
}
