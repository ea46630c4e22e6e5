/**
 * Node sets: the text by which people and programs name nodes (`bproc_nodespec`, BProc 1.5).
 *
 * ```
 * set    := item ((',' | blank)+ item)*       empty items are skipped
 * item   := number                            that node
 *         | number '-' number                 every node from the first to the last, ascending
 *         | number '-'                        the same, up to the highest node there is
 *         | 'master' | '-1'                   the front end
 *         | 'self'                            the node the caller runs on
 *         | 'all'                             every node, the master not included
 *         | ['all'] [not] WORD                every node whose state or one of whose flags is WORD, or is not WORD
 * not    := 'not' | '!'
 * number := ['n' | '.'] (decimal | '0x' hex)  a leading zero is refused, since C would read it as octal
 * ```
 *
 * Order and duplicates are kept. A WORD matches exactly and case counts. What begins with `not` is always a negation:
 * `notdown` is not + down, `notice` is not + ice. What begins with `all` means the rest of it or, for sites with such
 * a word, the whole: `allup` is `up`, `allocated` is `allocated`. BProc dropped unknown numbers in silence; here each
 * number that is written, the ends of a range included, must be a node. Holes inside a range are fine.
 */
import { BprocError } from '../errors.ts';
import { isFlag, isStateWord, NODE_MASTER, NODE_SELF } from './node-info.ts';

/** Longest node set in characters. */
export const NODE_SET_LENGTH_MAX = 65_536;

/** One item of a node set, before it is known which nodes exist. */
export type NodeSetItem =
  /** One node: a number from 0 up, {@link NODE_MASTER} or {@link NODE_SELF}. */
  | { readonly kind: 'node'; readonly node: number }
  /** The nodes from `first` to `last`; without a `last`, up to the highest. Never reversed. */
  | { readonly kind: 'range'; readonly first: number; readonly last: number | undefined }
  | { readonly kind: 'all' }
  /** The nodes whose state or flag is one of `words`, or is none of them where `negated`. */
  | { readonly kind: 'state'; readonly words: readonly string[]; readonly negated: boolean };

/**
 * Parses a node set, see the grammar at the top of this file.
 *
 * @throws {BprocError} EINVAL for an item that cannot be read, with the item, its place and the rule it breaks;
 *   E2BIG for a set of more than 65536 characters.
 */
export function parseNodeSet(spec: string): readonly NodeSetItem[] {
  if (spec.length > NODE_SET_LENGTH_MAX) {
    const why = `has ${spec.length} characters, at most ${NODE_SET_LENGTH_MAX} are allowed; use ranges`;
    throw new BprocError('E2BIG', `the node set ${why}`);
  }
  const items: NodeSetItem[] = [];
  for (const { 0: text, index } of spec.matchAll(/[^\s,]+/g)) {
    items.push(parseItem({ text, ordinal: items.length + 1, column: index + 1 }));
  }
  return items;
}

/**
 * Writes node numbers as a node set, as `bpstat` does: commas between, a dash for each ascending run of two or more.
 * Order and duplicates are kept, so that selecting the result gives the same numbers again.
 *
 * @throws {BprocError} EINVAL for a number that names no node: below -2 or not whole.
 */
export function formatNodeSet(numbers: Iterable<number>): string {
  const runs: { readonly first: number; last: number }[] = [];
  for (const node of numbers) {
    if (!Number.isSafeInteger(node) || node < NODE_SELF) {
      throw new BprocError('EINVAL', `${node} is not a node number; give -1 for the master or a number from 0 up`);
    }
    const run = runs.at(-1);
    if (run !== undefined && run.first >= 0 && node === run.last + 1) run.last = node;
    else runs.push({ first: node, last: node });
  }
  return runs.map(({ first, last }) => (first === last ? nodeName(first) : `${first}-${last}`)).join(',');
}

function nodeName(node: number): string {
  if (node === NODE_MASTER) return 'master';
  return node === NODE_SELF ? 'self' : String(node);
}

/** An item as it was written, and where. */
interface Written {
  readonly text: string;
  readonly ordinal: number;
  readonly column: number;
}

/** Words that are items themselves, and so cannot follow `all` or `not`. */
const KEYWORDS: readonly string[] = ['all', 'master', 'self'];

function parseItem(item: Written): NodeSetItem {
  if (item.text === 'all') return { kind: 'all' };
  if (item.text === 'master') return { kind: 'node', node: NODE_MASTER };
  if (item.text === 'self') return { kind: 'node', node: NODE_SELF };
  return looksNumeric(item.text) ? parseNumeric(item) : parseWords(item);
}

/** Whether a text is meant as a number, so that a mistyped one is refused and not taken for the word of a state. */
function looksNumeric(text: string): boolean {
  return /^(?:n?[0-9-]|\.)/.test(text);
}

function parseNumeric(item: Written): NodeSetItem {
  const { text } = item;
  if (/^[n.]?-1$/.test(text)) return { kind: 'node', node: NODE_MASTER };
  const dash = text.indexOf('-');
  if (dash === -1) return { kind: 'node', node: parseNumber(text, item) };
  if (/^[n.]?-/.test(text)) {
    const rule = 'a range needs a number before its dash and no blanks; the only negative number is -1, the master';
    throw unreadable(item, rule);
  }
  const first = parseNumber(text.slice(0, dash), item);
  const last = dash === text.length - 1 ? undefined : parseNumber(text.slice(dash + 1), item);
  if (last !== undefined && last < first) throw unreadable(item, `the range is reversed; write ${last}-${first}`);
  return { kind: 'range', first, last };
}

function parseNumber(text: string, item: Written): number {
  const digits = /^[n.]?(0[xX][0-9a-fA-F]+|[0-9]+)$/.exec(text)?.[1];
  if (digits === undefined) throw unreadable(item, 'a node number is written 5, n5, .5 or 0x5, and a range 0-5');
  const node = Number(digits);
  if (!Number.isSafeInteger(node)) throw unreadable(item, 'the number is too large for a node');
  if (/^0[0-9]/.test(digits)) {
    const octal = /[89]/.test(digits) ? node : Number.parseInt(digits, 8);
    const choice = octal === node ? `write ${node}` : `octal or decimal? Write ${node} or ${octal}`;
    throw unreadable(item, `a leading zero is ambiguous; ${choice}`);
  }
  return node;
}

function parseWords(item: Written): NodeSetItem {
  const { text } = item;
  const rest = text.startsWith('all') ? text.slice(3) : text;
  const negation = /^(?:not|!)/.exec(rest)?.[0].length ?? 0;
  const word = rest.slice(negation);
  // `notn5` or `!master` would otherwise be "not in a state of that name": every node, where one was to be left out.
  if (KEYWORDS.includes(word) || looksNumeric(word) || /^(?:not|!)/.test(word)) {
    throw unreadable(item, 'only the word of a state can follow all, not or !');
  }
  const readings = negation > 0 || rest === text ? [word] : [text, word];
  const words = readings.filter((reading) => isStateWord(reading) || isFlag(reading));
  if (words.length > 0) return { kind: 'state', words, negated: negation > 0 };
  throw unreadable(item, 'expected a node number, a range, master, self, all, or a state such as up, allup or notdown');
}

function unreadable(item: Written, rule: string): BprocError {
  const text = JSON.stringify(item.text.length > 40 ? `${item.text.slice(0, 40)}...` : item.text);
  return new BprocError('EINVAL', `node set item ${item.ordinal} (${text}, at character ${item.column}): ${rule}`);
}
