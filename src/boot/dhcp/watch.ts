/** What is remembered of machines beside their leases, bounded, for anybody may show any MAC. */
import type { Machine } from '../machine.ts';
import type { Arrived } from './question.ts';

const MOST_REMEMBERED = 20_000;

/** A question that is answered later. */
interface Waiting {
  readonly arrived: Arrived;
  readonly dueAt: number;
}

/** Sees that two machines show the same MAC. */
export class UuidWatch {
  readonly #uuids = new Map<string, string>();

  /** The UUID that another machine showed with this MAC, each time that it changes. */
  otherUuid({ mac, uuid }: Machine): string | undefined {
    if (uuid === undefined) return undefined;
    const before = this.#uuids.get(mac);
    if (before === uuid) return undefined;
    remember(this.#uuids, mac, uuid);
    return before;
  }
}

/** Questions that wait, one of each machine: the last one, for by then it has forgotten the others. */
export class WaitingRoom {
  readonly #waiting = new Map<string, Waiting>();

  /** When the first is due, in milliseconds since 1970. */
  get dueAt(): number | undefined {
    let first: number | undefined;
    for (const { dueAt } of this.#waiting.values()) if (first === undefined || dueAt < first) first = dueAt;
    return first;
  }

  /** Whether the machine waits already; then what it asks now takes the place of what it asked before. */
  repeats(mac: string, arrived: Arrived): boolean {
    const before = this.#waiting.get(mac);
    if (before === undefined) return false;
    this.#waiting.set(mac, { arrived, dueAt: before.dueAt });
    return true;
  }

  add(mac: string, arrived: Arrived, dueAt: number): void {
    remember(this.#waiting, mac, { arrived, dueAt });
  }

  take(now: number): readonly Arrived[] {
    const due: Arrived[] = [];
    for (const [mac, { arrived, dueAt }] of this.#waiting) {
      if (dueAt > now) continue;
      due.push(arrived);
      this.#waiting.delete(mac);
    }
    return due;
  }
}

function remember<Value>(map: Map<string, Value>, key: string, value: Value): void {
  map.delete(key);
  map.set(key, value);
  if (map.size <= MOST_REMEMBERED) return;
  for (const oldest of map.keys()) {
    map.delete(oldest);
    return;
  }
}
