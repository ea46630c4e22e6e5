/** What sources are asked, and what they answer. */
import { isIP, SocketAddress } from 'node:net';
import { BprocError } from '../errors.ts';
import type { Database, Entries } from './entries.ts';

/** By what an entry is looked up: `member` is for the groups of a user; `all` is for every entry. */
export const WAYS = ['name', 'number', 'address', 'member', 'all'] as const;
/** One of the {@link WAYS}. */
export type Way = (typeof WAYS)[number];

/** One look-up. */
export interface Question<D extends Database = Database> {
  readonly database: D;
  readonly by: Way;
  /** The name, number or address; empty for `all`. */
  readonly key: string;
  /** Of hosts `4` or `6` where only such addresses are wanted, of services the protocol; else empty. */
  readonly detail: string;
}

/** What came of it, as `nsswitch.conf` calls it. */
export const STATUSES = ['success', 'notfound', 'unavail', 'tryagain'] as const;
/** One of the {@link STATUSES}. */
export type Status = (typeof STATUSES)[number];

/** What a source says. */
export interface Answer<D extends Database = Database> {
  readonly status: Status;
  /** At least one where it is a success. */
  readonly entries: readonly Entries[D][];
  /** Why there is none, where something is wrong; a source that just does not have this says nothing. */
  readonly error?: BprocError;
  /** For how long it holds, in milliseconds, where the source knows. */
  readonly ttlMs?: number;
}

/** Where names come from. It answers at once what it can; what it throws makes it unavailable. */
export interface NssSource {
  answer<D extends Database>(question: Question<D>): Answer<D> | Promise<Answer<D>>;
}

/** An answer of these entries. */
export function found<D extends Database>(entries: readonly Entries[D][], ttlMs?: number): Answer<D> {
  return { status: entries.length > 0 ? 'success' : 'notfound', entries, ...(ttlMs === undefined ? {} : { ttlMs }) };
}

/** The answer of a source that has nothing of the kind, or cannot be asked because of an error. */
export function unavailable<D extends Database>(error?: BprocError): Answer<D> {
  return { status: 'unavail', entries: [], ...(error === undefined ? {} : { error }) };
}

/** The answer of a source that may know it later. */
export function tryAgain<D extends Database>(error: BprocError): Answer<D> {
  return { status: 'tryagain', entries: [], error };
}

/** A source's answer, whatever it throws. */
export function answerOf<D extends Database>(source: NssSource, question: Question<D>): Answer<D> | Promise<Answer<D>> {
  const failed = (error: unknown): Answer<D> => unavailable(BprocError.from(error));
  try {
    const answer = source.answer(question);
    return answer instanceof Promise ? answer.catch(failed) : answer;
  } catch (error) {
    return failed(error);
  }
}

/** What distinguishes a question from every other one. */
export function keyOf({ database, by, key, detail }: Question): string {
  return `${database} ${by} ${key}/${detail}`;
}

/** Longest name that is looked up, in characters. */
export const LONGEST_NAME = 255;

/** @throws BprocError EINVAL for what no entry can be called: nothing, too much, or control characters. */
export function checkName(what: string, name: string): string {
  if (name !== '' && name.length <= LONGEST_NAME && !/\p{Cc}|\p{Surrogate}/u.test(name)) return name;
  const rule = `it must have 1 to ${LONGEST_NAME} characters, none of them a control character`;
  throw new BprocError('EINVAL', `${what} ${JSON.stringify(name.slice(0, 40))} cannot be: ${rule}`);
}

/** A host's name as it is compared. */
export function hostKey(name: string): string {
  const lower = name.toLowerCase();
  return lower.endsWith('.') && lower.length > 1 ? lower.slice(0, -1) : lower;
}

/** An IP address in the form in which it is compared; undefined for what is none. */
export function addressKey(text: string): string | undefined {
  const family = isIP(text);
  if (family === 0) return undefined;
  if (family === 4) return text;
  const [address = '', zone] = text.split('%');
  const { address: shortest } = new SocketAddress({ address, family: 'ipv6' });
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(shortest)?.[1];
  return mapped ?? (zone === undefined ? shortest : `${shortest}%${zone}`);
}

/** An Ethernet address in the form in which it is compared; undefined for what is none. */
export function etherKey(text: string): string | undefined {
  if (!/^[0-9a-f]{1,2}(?::[0-9a-f]{1,2}){5}$/i.test(text)) return undefined;
  const bytes = text.toLowerCase().split(':');
  return bytes.map((byte) => byte.padStart(2, '0')).join(':');
}
