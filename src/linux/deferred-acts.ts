/** What is to be done once something is known. */
export class DeferredActs {
  #acts: (() => void)[] | undefined;

  defer(act: () => void): void {
    this.#acts ??= [];
    this.#acts.push(act);
  }

  /** It is known: does it all, in order. */
  settle(): void {
    const acts = this.#acts ?? [];
    this.#acts = undefined;
    for (const act of acts) act();
  }
}
