/** What is asked of a slave about the checkpoints that it keeps, and what it answers: PROTOCOL.md 12.15. */
import {
  controlBytes,
  type Init,
  type KeptCheckpoint,
  type KeptList,
  type KeptName,
  type KeptOrder,
} from '../../wire/index.ts';
import { idBytes, idText } from '../ids.ts';
import { countFitting } from '../list-parts.ts';
import type { Kept } from './kept-store.ts';

/** One by its name, the size of its manifest and who has it. */
export interface KeptPlace {
  readonly name: string;
  readonly bytes: number;
  /** Absent: this node itself. */
  readonly source: number | undefined;
}

/** An order, as it is to be kept: what came may be overwritten by what comes next. Names that are not said are empty. */
export interface KeptWish {
  readonly uid: number;
  readonly keep: KeptPlace | undefined;
  readonly remove: string;
  readonly only: string;
  readonly after: string;
}

/** Undefined where none is said. */
export function placeIn(kept: KeptName | null): KeptPlace | undefined {
  if (kept === null) return undefined;
  return { name: idText(kept.name), bytes: kept.bytes, source: kept.source ?? undefined };
}

export function wishIn({ uid, keep, remove, only, after }: KeptOrder): KeptWish {
  return { uid, keep: placeIn(keep), remove: idText(remove), only: idText(only), after: idText(after) };
}

/** By which one is asked for. */
export function tellableName({ name, bytes }: Pick<Kept, 'name' | 'bytes'>): Init<KeptName> {
  return { name: idBytes(name), bytes };
}

/** What is said of those that are kept. */
export function tellableList(all: readonly Kept[], { only, after }: Pick<KeptWish, 'only' | 'after'>): Init<KeptList> {
  const wanted = all.filter(({ name }) => (only === '' ? name > after : name === only));
  const told = wanted.sort((a, b) => (a.name < b.name ? -1 : 1)).map(tellable);
  const messageOf = (checkpoints: readonly Init<KeptCheckpoint>[]) => ({ response: { keptList: { checkpoints } } });
  const count = countFitting(told, messageOf, controlBytes(messageOf([])));
  return { checkpoints: told.slice(0, count), more: count < told.length };
}

function tellable({ name, bytes, checkpoint }: Kept): Init<KeptCheckpoint> {
  const { pid, command, uid, takenAt, bytes: size } = checkpoint;
  return { name: idBytes(name), bytes, pid, command, uid, takenAt, size };
}
