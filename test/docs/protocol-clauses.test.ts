/** PROTOCOL.md and the code that cites it belong together. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const TEXT = readFileSync('PROTOCOL.md', 'utf8');
const CLAUSES = new Set([...TEXT.matchAll(/^#{2,3} (\d+(?:\.\d+)?)\.? /gm)].map((match) => match[1]));
/** Clauses that explain, sum up others, or demand something of people rather than of code. */
const UNCITED = new Set(['1.1', '1.2', '1.3', '3.9', '8.3', '8.4', '9.1', '9.2']);

interface Citation {
  readonly clause: string;
  readonly where: string;
}

function filesBelow(directory: string, names = /\.(?:ts|mjs|proto)$/): string[] {
  return readdirSync(directory, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && names.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}

/** `PROTOCOL.md 2.1 and 2.2`, `PROTOCOL 3.3`, `PROTOCOL.md sections 3.4 to 3.7`, `PROTOCOL section 5`. */
const CITED = /\bPROTOCOL(?:\.md)?,? (?:sections? |clauses? )?(\d+(?:\.\d+)*(?:(?:, | and | to )\d+(?:\.\d+)*)*)/g;

/** Every clause that a text cites, those inside a range included. */
function cited(text: string): string[] {
  // a citation may be broken over two lines of a comment
  const plain = text.replace(/\n\s*(?:\*|\/\/) ?/g, ' ');
  return [...plain.matchAll(CITED)].flatMap(([, list = '']) => {
    const numbers = list.split(/, | and /);
    return numbers.flatMap((each) => {
      const [first = '', last] = each.split(' to ');
      return last === undefined ? [first] : between(first, last);
    });
  });
}

function between(first: string, last: string): string[] {
  const all = [...CLAUSES].filter((clause) => clause !== undefined && isSameDepth(clause, first)) as string[];
  const [from, to] = [all.indexOf(first), all.indexOf(last)];
  return from < 0 || to < 0 ? [first, last] : all.slice(from, to + 1);
}

function isSameDepth(clause: string, other: string): boolean {
  return clause.includes('.') === other.includes('.');
}

function citations(files: readonly string[]): readonly Citation[] {
  return files.flatMap((file) => cited(readFileSync(file, 'utf8')).map((clause) => ({ clause, where: file })));
}

const CITATIONS = citations(
  ['src', 'test', 'proto']
    .flatMap((directory) => filesBelow(directory))
    .filter((file) => !file.includes('wire/gen/') && !file.endsWith('protocol-clauses.test.ts')),
);
/** Examples cite clauses too; that a clause is obeyed is not theirs to show. */
const IN_EXAMPLES = citations(filesBelow('examples', /\.(?:mjs|py)$/));

test('what the search finds in a comment', () => {
  expect(cited('a [PROTOCOL 3.3] b')).toEqual(['3.3']);
  expect(cited('/** x: PROTOCOL.md 2.1 and 2.2. */')).toEqual(['2.1', '2.2']);
  expect(cited(' * x: PROTOCOL.md\n * sections 3.4 to 3.6.')).toEqual(['3.4', '3.5', '3.6']);
  expect(cited('PROTOCOL.md section 5. PROTOCOL.majorMin 1')).toEqual(['5']);
  expect(cited('PROTOCOL.md sections 4 to 6.')).toEqual(['4', '5', '6']);
});

describe('the clauses', () => {
  test('are numbered without holes, each once', () => {
    const headings = [...TEXT.matchAll(/^(#{2,3}) (\d+)(?:\.(\d+))?/gm)];
    let [chapter, clause] = [0, 0];
    for (const [line, level, first, second] of headings) {
      if (level === '##') [chapter, clause] = [chapter + 1, 0];
      else clause += 1;
      expect([line, Number(first), Number(second ?? 0)]).toEqual([line, chapter, clause]);
    }
    expect(headings.length).toBeGreaterThan(40);
  });

  test('refer to clauses that exist', () => {
    const references = [...TEXT.matchAll(/(?<![\d.,])\b(\d\.\d)\b(?![.,]?\d)/g)].map((match) => match[1] ?? '');
    // what looks like a clause and is a version or a factor
    const others = new Set(['1.0', '0.5', '1.3']);
    expect(references.filter((each) => !CLAUSES.has(each) && !others.has(each))).toEqual([]);
  });

  test('exist where code and tests cite them', () => {
    expect(CITATIONS.length).toBeGreaterThan(40);
    expect(IN_EXAMPLES.length).toBeGreaterThan(10);
    expect([...CITATIONS, ...IN_EXAMPLES].filter(({ clause }) => !CLAUSES.has(clause))).toEqual([]);
  });

  test('are cited, each by code or a test', () => {
    const known = new Set(CITATIONS.map(({ clause }) => clause));
    const never = [...CLAUSES].filter((clause) => clause?.includes('.') && !known.has(clause) && !UNCITED.has(clause));
    expect(never).toEqual([]);
    // and what is excused is still there, and still uncited
    expect([...UNCITED].filter((clause) => !CLAUSES.has(clause) || known.has(clause))).toEqual([]);
  });
});
