/** Programs that move, made of test/fixtures/migrate. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fixture } from '../../linux/recorder.ts';

/** Where they lie; anybody may run them. */
export class Programs implements Disposable {
  readonly #path = mkdtempSync(join(tmpdir(), 'bproc-programs-'));

  constructor() {
    execFileSync('chmod', ['755', this.#path]);
  }

  /** One in C, compiled when it is first asked for. */
  compile(name: string): string {
    const made = join(this.#path, name);
    execFileSync('cc', ['-O1', '-o', made, fixture(`migrate/${name}.c`), '-pthread']);
    return made;
  }

  /** One that an interpreter reads. */
  script(name: string): string {
    const copy = join(this.#path, name);
    copyFileSync(fixture(`migrate/${name}`), copy);
    return copy;
  }

  /** A directory that anybody may write. */
  directory(name: string): string {
    const path = join(this.#path, name);
    mkdirSync(path);
    execFileSync('chmod', ['777', path]);
    return path;
  }

  [Symbol.dispose](): void {
    rmSync(this.#path, { recursive: true });
  }
}
