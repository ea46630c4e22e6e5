/** Events: who wants to hear of what, and what has happened that somebody may yet ask about. */
import type { Member } from '../node-home.ts';
import { COMMAND, KEY, RANGE, STATUS } from './numbers.ts';
import { Packer } from './packer.ts';
import { find, isSet, procsOf } from './reading.ts';
import type { Info } from './unpacker.ts';

/** Something that has happened. */
export interface PmixEvent {
  readonly code: number;
  readonly source: Member;
  readonly range: number;
  readonly infos: readonly Info[];
}

/** Whoever hears of events. */
export interface Listener {
  readonly member: Member;
  hear(message: Buffer): void;
}

/** Events that are kept for those who register later. */
const MOST_KEPT = 64;
/** Codes that one listener may want. */
const MOST_CODES = 1024;

/** The events of one node's ranks. */
export class Events {
  readonly #wanted = new Map<Listener, Set<number>>();
  readonly #kept: { readonly event: PmixEvent; readonly heard: Set<Listener> }[] = [];

  /** @param codes none: all of them. @returns whether there was room. */
  register(listener: Listener, codes: readonly number[]): boolean {
    const wanted = this.#wanted.get(listener) ?? new Set();
    const more = codes.length === 0 ? [STATUS.ANY_EVENT] : codes;
    if (wanted.size + more.length > MOST_CODES) return false;
    for (const code of more) wanted.add(code);
    this.#wanted.set(listener, wanted);
    return true;
  }

  /** Tells one who has just registered of what has happened before. */
  tellKept(listener: Listener): void {
    for (const { event, heard } of this.#kept) if (!heard.has(listener)) this.#tell(event, listener, heard);
  }

  deregister(listener: Listener, codes: readonly number[]): void {
    for (const code of codes) this.#wanted.get(listener)?.delete(code);
  }

  /** It does not listen any more. */
  forget(listener: Listener): void {
    this.#wanted.delete(listener);
    for (const { heard } of this.#kept) heard.delete(listener);
  }

  /** Tells everybody of this node who wants to hear of it, but who has said it himself. */
  happened(event: PmixEvent): void {
    const heard = new Set<Listener>();
    for (const listener of this.#wanted.keys()) this.#tell(event, listener, heard);
    if (isSet(event.infos, KEY.EVENT_DO_NOT_CACHE)) return;
    this.#kept.push({ event, heard });
    if (this.#kept.length > MOST_KEPT) this.#kept.shift();
  }

  #tell(event: PmixEvent, listener: Listener, heard: Set<Listener>): void {
    if (!wants(this.#wanted.get(listener), event) || isSame(listener.member, event.source)) return;
    if (!isFor(event, listener.member)) return;
    heard.add(listener);
    listener.hear(messageOf(event));
  }
}

function wants(codes: ReadonlySet<number> | undefined, { code, infos }: PmixEvent): boolean {
  if (codes === undefined) return false;
  return codes.has(code) || (codes.has(STATUS.ANY_EVENT) && !isSet(infos, KEY.EVENT_NON_DEFAULT));
}

function isFor({ infos, range, source }: PmixEvent, member: Member): boolean {
  if (range === RANGE.NAMESPACE) return member.job === source.job;
  const custom = find(infos, KEY.EVENT_CUSTOM_RANGE);
  const procs = custom === undefined ? undefined : procsOf(custom);
  return procs?.some((proc) => proc.job === member.job && (proc.rank === member.rank || proc.rank === -2)) ?? true;
}

function isSame(a: Member, b: Member): boolean {
  return a.job === b.job && a.rank === b.rank;
}

/** An event as a client reads it. */
function messageOf({ code, source, range, infos }: PmixEvent): Buffer {
  const to = new Packer().count().u8(COMMAND.NOTIFY).count().i32(code).count().proc(source);
  writeInfos(to, infos);
  return to.count().u8(range).done();
}

/** A number of infos, and the item of them where there are any. */
export function writeInfos(to: Packer, infos: readonly Info[]): Packer {
  to.count().size(infos.length);
  if (infos.length === 0) return to;
  to.count(infos.length);
  for (const { key, value } of infos) to.info(key, value);
  return to;
}
