/**
 * Lists that are longer than one message come in parts [PROTOCOL 7.1]. Whoever asks says where the last part ended,
 * so that nothing has to be remembered between two questions, and a question may be repeated.
 */
import type { ControlInit, Init, ListProcesses, ProcessPlace, ProcessRecord } from '../wire/index.ts';
import { controlBytes, MAX_CONTROL_BYTES } from '../wire/index.ts';
import { idText } from './ids.ts';

/** What a message has around its list, generously: epoch, domain, ids, lengths. */
const AROUND_BYTES = 4096;

/**
 * How many of the first `records` go into one message, at least one.
 *
 * @param messageOf a message that holds some of them
 * @param otherBytes what else the message holds
 */
export function countFitting<T>(
  records: readonly T[],
  messageOf: (records: readonly T[]) => ControlInit,
  otherBytes: number,
): number {
  let room = MAX_CONTROL_BYTES - AROUND_BYTES - otherBytes;
  const count = records.findIndex((record, at) => {
    room -= controlBytes(messageOf([record]));
    return room < 0 && at > 0;
  });
  return count < 0 ? records.length : count;
}

/** Where a process stands in a list that comes in parts. */
export function placeOf(record: Init<ProcessRecord>): Init<ProcessPlace> {
  const { node, localPid, startTime, puid } = record;
  return { node, localPid, startTime, puid };
}

/** Which of two places comes first: negative where it is `a`. */
export function comparePlaces(a: Init<ProcessPlace>, b: Init<ProcessPlace>): number {
  return (
    (a.node ?? 0) - (b.node ?? 0) ||
    (a.localPid ?? 0) - (b.localPid ?? 0) ||
    (a.startTime ?? 0) - (b.startTime ?? 0) ||
    compareTexts(idText(a.puid ?? NO_ID), idText(b.puid ?? NO_ID))
  );
}

const NO_ID = new Uint8Array(0);

function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Some of the processes that were asked for, and whether others come after them. */
export interface ProcessPart {
  readonly processes: readonly Init<ProcessRecord>[];
  readonly missing: readonly number[];
  readonly more: boolean;
}

/** Which part of a list is answered with. */
export interface PartOptions {
  /** Nodes that did not answer. */
  readonly missing?: readonly number[];
  /** How far what is in hand is complete. @default it all is */
  readonly until?: Init<ProcessPlace> | undefined;
}

/** The part of a list that a question is answered with: all of it where the asker takes no parts. */
export function processPart(
  question: Pick<ListProcesses, 'partial' | 'after'>,
  records: readonly Init<ProcessRecord>[],
  options: PartOptions = {},
): ProcessPart {
  const { missing = [], until } = options;
  const { partial, after } = question;
  if (!partial) return { processes: records, missing, more: false };
  const wanted = records
    .filter((record) => after === null || comparePlaces(record, after) > 0)
    .filter((record) => until === undefined || comparePlaces(record, until) <= 0)
    .sort(comparePlaces);
  const others = controlBytes({ response: { processList: { missing } } });
  const count = countFitting(wanted, (processes) => ({ response: { processList: { processes } } }), others);
  return { processes: wanted.slice(0, count), missing, more: count < wanted.length || until !== undefined };
}
