/**
 * Slurm's and Flux's compressed lists of hosts and of numbers:
 *
 * ```
 * list   := item (',' item)*
 * item   := (text '[' ranges ']')* text?       several brackets: the last one varies fastest
 * ranges := range (',' range)*
 * range  := number | number '-' number         leading zeros are kept: n[01-03] is n01, n02, n03
 * counts := count (',' count)*                 count := number | number '(x' times ')'
 * ```
 */
import { BprocError } from '../errors.ts';
import { isHostName } from './host-names.ts';
import { MOST_SLOTS } from './job-map.ts';

/** Longest list in characters. */
const MOST_TEXT = 1_000_000;
/** Most brackets in one item. */
const MOST_BRACKETS = 4;

/** The hosts of a list. @throws BprocError EINVAL for what is none; E2BIG for more than a million. */
export function expandHostList(text: string): readonly string[] {
  const hosts: string[] = [];
  for (const item of itemsOf(checked(text))) {
    for (const host of expandItem(item, text)) {
      if (hosts.length >= MOST_SLOTS) throw new BprocError('E2BIG', `a list of hosts names at most ${MOST_SLOTS}`);
      hosts.push(host);
    }
  }
  return hosts;
}

/** The numbers of a list such as `0-3,7`. @throws BprocError EINVAL, E2BIG. */
export function expandNumbers(text: string): readonly number[] {
  return checked(text) === '' ? [] : rangesOf(text, text).map(Number);
}

/** The counts of a list such as `2(x3),1`, one for each host. @throws BprocError EINVAL, E2BIG. */
export function expandCounts(text: string): readonly number[] {
  const counts: number[] = [];
  for (const item of checked(text).split(',')) {
    const [, count, times = '1'] = /^(\d{1,7})(?:\(x(\d{1,7})\))?$/.exec(item.trim()) ?? [];
    if (count === undefined) throw malformed(text, 'a count is a number, or 2(x3) for three hosts with two each');
    if (counts.length + Number(times) > MOST_SLOTS)
      throw new BprocError('E2BIG', `at most ${MOST_SLOTS} hosts have counts`);
    for (let each = 0; each < Number(times); each += 1) counts.push(Number(count));
  }
  return counts;
}

/** Splits at the commas that are in no bracket. */
function itemsOf(text: string): readonly string[] {
  if (text === '') return [];
  const items: string[] = [];
  let [from, isInside] = [0, false];
  for (let at = 0; at <= text.length; at += 1) {
    const letter = text[at];
    if (letter === '[' || letter === ']') {
      if (isInside === (letter === '[')) throw malformed(text, 'its brackets do not match');
      isInside = letter === '[';
    }
    if (letter !== undefined && (letter !== ',' || isInside)) continue;
    items.push(text.slice(from, at).trim());
    from = at + 1;
  }
  if (isInside) throw malformed(text, 'a bracket is not closed');
  return items;
}

function expandItem(item: string, text: string): readonly string[] {
  const parts = item.split(/[[\]]/);
  if (parts.length > 2 * MOST_BRACKETS + 1) throw malformed(text, `an item has at most ${MOST_BRACKETS} brackets`);
  let hosts = [''];
  parts.forEach((part, at) => {
    const ends = at % 2 === 0 ? [part] : rangesOf(part, text);
    if (hosts.length * ends.length > MOST_SLOTS)
      throw new BprocError('E2BIG', `a list of hosts names at most ${MOST_SLOTS}`);
    hosts = hosts.flatMap((host) => ends.map((end) => host + end));
  });
  if (hosts.some((host) => !isHostName(host)))
    throw malformed(text, `${JSON.stringify(item.slice(0, 40))} is no name of a host`);
  return hosts;
}

/** The numbers of ranges, as they are written. */
function rangesOf(ranges: string, text: string): readonly string[] {
  const numbers: string[] = [];
  for (const range of ranges.split(',')) {
    const [, first, last = first] = /^(\d{1,15})(?:-(\d{1,15}))?$/.exec(range.trim()) ?? [];
    if (first === undefined || last === undefined)
      throw malformed(text, `${JSON.stringify(range.slice(0, 40))} is no range`);
    const count = Number(last) - Number(first) + 1;
    if (count < 1) throw malformed(text, `the range ${range} ends before it begins`);
    if (numbers.length + count > MOST_SLOTS) throw new BprocError('E2BIG', `ranges have at most ${MOST_SLOTS} numbers`);
    for (let each = 0; each < count; each += 1) numbers.push(String(Number(first) + each).padStart(first.length, '0'));
  }
  return numbers;
}

function checked(text: string): string {
  if (text.length <= MOST_TEXT) return text.trim();
  throw new BprocError('E2BIG', `a list of hosts has at most ${MOST_TEXT} characters`);
}

function malformed(text: string, rule: string): BprocError {
  return new BprocError('EINVAL', `the list ${JSON.stringify(text.slice(0, 80))} cannot be read: ${rule}`);
}
