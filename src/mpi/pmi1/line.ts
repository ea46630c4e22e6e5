/**
 * The grammar of PMI-1: lines of `key=value` with one space between, the first of which is `cmd`. Nothing is escaped: a value has spaces where
 * no key follows them, and what `value` has goes to the end of the line, also where it looks like more of them.
 */
import { BprocError } from '../../errors.ts';

/** Longest line that is read, and longest that MPICH's clients read, both with the line feed. */
export const MOST_LINE = 64 * 1024;

/** What a line says. */
export type Fields = ReadonlyMap<string, string>;

const KEY = /^[A-Za-z_][\w-]*=/;

/** Reads a line without its line feed. @throws BprocError EPROTO for one that says no `cmd`. */
export function parseLine(line: string): Fields {
  const fields = new Map<string, string>();
  let last: string | undefined;
  let rest = line;
  while (rest !== '') {
    const space = rest.indexOf(' ');
    const word = space < 0 ? rest : rest.slice(0, space);
    const key = KEY.test(word) ? word.slice(0, word.indexOf('=')) : undefined;
    if (key === 'value') {
      fields.set(key, rest.slice('value='.length));
      break;
    }
    if (key !== undefined) fields.set(key, word.slice(key.length + 1));
    // a space within a value
    else if (last !== undefined) fields.set(last, `${fields.get(last) ?? ''} ${word}`);
    last = key ?? last;
    rest = space < 0 ? '' : rest.slice(space + 1);
  }
  if (!fields.has('cmd') && !fields.has('mcmd'))
    throw new BprocError('EPROTO', `${JSON.stringify(line.slice(0, 80))} is no line of PMI-1: it has no cmd`);
  return fields;
}

/** One line, with its line feed; `value` has to be the last. @throws BprocError EPROTO for what has a line feed in it. */
export function formatLine(fields: Readonly<Record<string, string | number>>): string {
  const text = Object.entries(fields)
    .map(([key, value]) => `${key}=${value}`)
    .join(' ');
  if (text.includes('\n')) throw new BprocError('EPROTO', 'a line of PMI-1 cannot hold a line feed');
  return `${text}\n`;
}

/** Takes bytes apart into lines. */
export class LineReader {
  #rest = '';

  /** The lines that are whole now. @throws BprocError E2BIG for one that is too long. */
  push(bytes: Buffer | string): readonly string[] {
    // bytes that are no UTF-8 are kept as they are
    const lines = (this.#rest + (typeof bytes === 'string' ? bytes : bytes.toString('latin1'))).split('\n');
    this.#rest = lines.pop() ?? '';
    if (this.#rest.length > MOST_LINE) throw new BprocError('E2BIG', `a line has more than ${MOST_LINE} bytes`);
    return lines;
  }
}
