/** Copies that run already, and that their slave has not told of yet: what they find of themselves would be nothing. */
export class Untold {
  readonly #all = new Set<Promise<void>>();

  /** One runs from here on; it is told of when what is returned is called. */
  begin(): () => void {
    let end = (): void => {};
    const told = new Promise<void>((resolve) => {
      end = resolve;
    });
    this.#all.add(told);
    return () => {
      this.#all.delete(told);
      end();
    };
  }

  /** Resolves when those are told of that run now. */
  async over(): Promise<void> {
    await Promise.all(this.#all);
  }
}
