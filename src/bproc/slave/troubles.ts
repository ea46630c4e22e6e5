/** What a slave goes on without: shown in its node's attribute `trouble`, and told to whoever listens. */
import { BprocError } from '../../errors.ts';
import { ATTRIBUTE_VALUE_MAX } from '../node-info.ts';

/** Each kind is told once until it is over, or another. */
export class Troubles {
  readonly #present = new Map<string, BprocError>();
  readonly #listeners = new Set<(error: BprocError) => void>();

  /** All that are present, as the attribute; empty where there are none. */
  get text(): string {
    const text = [...this.#present.values()].map(({ message }) => message).join('; ');
    // a character has at most four bytes
    return text.length <= ATTRIBUTE_VALUE_MAX / 4 ? text : `${text.slice(0, ATTRIBUTE_VALUE_MAX / 4 - 3)}...`;
  }

  /** Calls back with each from now on. */
  onTrouble(listener: (error: BprocError) => void): void {
    this.#listeners.add(listener);
  }

  /** Notes that something fails, or works. @param what says it in the error's message. Gives whether that is news. */
  note(what: string, cause: unknown): boolean {
    const before = this.#present.get(what);
    if (cause === undefined) return this.#present.delete(what);
    const { code, message } = BprocError.from(cause);
    const error = new BprocError(code, `${what}: ${message}`, { cause });
    if (before?.message === error.message) return false;
    this.#present.set(what, error);
    for (const listener of this.#listeners) listener(error);
    return true;
  }
}
