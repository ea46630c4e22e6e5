/** Asks the sources of a database one after another, as the switch says. */
import type { Clock } from '../clock.ts';
import { BprocError } from '../errors.ts';
import type { Database, Entries, GroupEntry } from './entries.ts';
import { type Answer, answerOf, type NssSource, type Question, tryAgain, unavailable } from './question.ts';
import type { Switch, SwitchStep } from './switch.ts';

/** How sources are asked. */
export interface WalkParts {
  readonly plan: Pick<Switch, 'databases'>;
  /** By the words of the plan; one that is not there is unavailable. */
  readonly sources: ReadonlyMap<string, NssSource>;
  readonly clock: Clock;
  /** How long a source may take, in milliseconds. */
  readonly timeoutMs: (source: string) => number;
}

/** The sources of a switch as one. */
export class SwitchedSource implements NssSource {
  readonly #parts: WalkParts;

  constructor(parts: WalkParts) {
    this.#parts = parts;
  }

  answer<D extends Database>(question: Question<D>): Answer<D> | Promise<Answer<D>> {
    const steps = this.#parts.plan.databases[question.database];
    // all of them have a part in what is a list anyway
    if (question.by === 'all' || question.by === 'member') return this.#gather(question, steps);
    return this.#walk(question, steps, 0, undefined, unavailable());
  }

  /** Goes on by itself as long as answers are there at once. */
  #walk<D extends Database>(
    question: Question<D>,
    steps: readonly SwitchStep[],
    from: number,
    before: Answer<D> | undefined,
    lastOne: Answer<D>,
  ): Answer<D> | Promise<Answer<D>> {
    let merged = before;
    let last = lastOne;
    for (const [at, step] of steps.entries()) {
      if (at < from) continue;
      const answer = this.#ask(step.source, question);
      if (answer instanceof Promise) {
        const known = merged;
        return answer.then((late) => {
          const all = merge(question, known, late);
          if (isLast(step, question, late)) return all ?? late;
          return this.#walk(question, steps, at + 1, all, late);
        });
      }
      merged = merge(question, merged, answer);
      last = answer;
      if (isLast(step, question, answer)) break;
    }
    return merged ?? last;
  }

  async #gather<D extends Database>(question: Question<D>, steps: readonly SwitchStep[]): Promise<Answer<D>> {
    const entries: Entries[D][] = [];
    let last: Answer<D> = unavailable();
    for (const { source } of steps) {
      last = await this.#ask(source, question);
      for (const entry of last.entries) entries.push(entry);
    }
    return entries.length > 0 ? { status: 'success', entries } : last;
  }

  #ask<D extends Database>(name: string, question: Question<D>): Answer<D> | Promise<Answer<D>> {
    const source = this.#parts.sources.get(name);
    if (source === undefined) return unavailable();
    const answer = answerOf(source, question);
    return answer instanceof Promise ? this.#bounded(name, answer) : answer;
  }

  #bounded<D extends Database>(name: string, answer: Promise<Answer<D>>): Promise<Answer<D>> {
    const { clock, timeoutMs } = this.#parts;
    const most = timeoutMs(name);
    return new Promise((resolve) => {
      const cancel = clock.after(most, () => {
        resolve(tryAgain(new BprocError('ETIMEDOUT', `the source ${name} has not answered within ${most} ms`)));
      });
      void answer.then((said) => {
        cancel();
        resolve(said);
      });
    });
  }
}

function isLast<D extends Database>({ actions }: SwitchStep, { database }: Question<D>, { status }: Answer<D>) {
  const action = actions[status];
  return action === 'return' || (action === 'merge' && database !== 'group');
}

/** What is found so far, and what another source adds: members of the same group. */
function merge<D extends Database>(
  { database }: Question<D>,
  before: Answer<D> | undefined,
  answer: Answer<D>,
): Answer<D> | undefined {
  if (answer.status !== 'success') return before;
  if (before === undefined) return answer;
  if (database !== 'group') return before;
  return { status: 'success', entries: before.entries.map((entry, at) => withMembers(entry, answer.entries[at])) };
}

function withMembers<E extends object>(one: E, other: object | undefined): E {
  if (!isGroup(one) || other === undefined || !isGroup(other) || one.gid !== other.gid) return one;
  return { ...one, members: [...new Set([...one.members, ...other.members])] };
}

function isGroup(entry: object): entry is GroupEntry {
  return 'members' in entry;
}
