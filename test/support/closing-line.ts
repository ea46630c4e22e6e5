/**
 * A reporter whose one line, `N passed, N failed, N skipped`, is the last of the run.
 *
 * Whatever makes the run fail is a failure in it, also where no test was found to blame: a file
 * that does not load, a hook, an error nobody caught.
 */
import type { Reporter, TestModule, TestSuite } from 'vitest/node';

export default class ClosingLine implements Reporter {
  #passed = 0;
  #failed = 0;
  #skipped = 0;

  onInit(): void {
    // At the exit, because vitest and its other reporters still print after their last hook.
    process.once('exit', (code) => {
      const failed = code !== 0 && this.#failed === 0 ? 1 : this.#failed;
      process.stdout.write(`${this.#passed} passed, ${failed} failed, ${this.#skipped} skipped\n`);
    });
  }

  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly unknown[]): void {
    this.#passed = 0;
    this.#failed = unhandled.length;
    this.#skipped = 0;
    for (const module of modules) this.#count(module);
  }

  #count(group: TestModule | TestSuite): void {
    if (group.errors().length > 0) this.#failed += 1;
    for (const child of group.children) {
      if (child.type === 'suite') this.#count(child);
      else if (child.result().state === 'passed') this.#passed += 1;
      else if (child.result().state === 'skipped') this.#skipped += 1;
      else this.#failed += 1;
    }
  }
}
