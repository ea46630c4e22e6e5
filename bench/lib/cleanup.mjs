/** What has to be undone when the benchmarks end, in whatever way they do. */

/** A stack of things to undo, the newest first. */
export class Cleanup {
  /** @type {(() => unknown)[]} */
  #undo = [];

  /** @param {() => unknown} undo called once; may return a promise */
  add(undo) {
    this.#undo.push(undo);
  }

  /** Undoes everything, also where something of it fails; then throws the first failure. */
  async run() {
    const failures = [];
    for (let undo = this.#undo.pop(); undo !== undefined; undo = this.#undo.pop()) {
      try {
        await undo();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }
}
