/**
 * Expressions about attributes of nodes:
 *
 * ```
 * any   := all (('or' | '||') all)*
 * all   := one (('and' | '&&' | ',') one)*
 * one   := ('not' | '!') one | '(' any ')' | NAME [('==' | '=' | '!=' | '>=' | '<=' | '>' | '<') VALUE]
 * VALUE := a word or a text in quotes; a number may have a unit: 4GiB, 4G (both powers of 1024), 2GB (of 1000)
 * ```
 *
 * A NAME alone holds where the node has that attribute. Both sides of a comparison are numbers, or else it is one of texts, which are equal
 * or not and neither less nor more. Of an attribute that a node lacks nothing holds but `!=`.
 */
import { BprocError } from '../errors.ts';

/** A node, as far as expressions see it. */
export type Attributes = Readonly<Record<string, string>>;

/** An expression that was read. */
export interface Expression {
  readonly text: string;
  /** Undefined where it holds; else what does not, for people. */
  refusal(attributes: Attributes): string | undefined;
}

/** Longest expression in characters. */
const MOST_TEXT = 4096;
/** How deep brackets and negations may be in each other. */
const MOST_DEPTH = 64;

const TOKEN = /\s*(?:(&&|\|\||[=!<>]=|[()!=<>,])|"([^"]*)"|'([^']*)'|([^\s()!=<>,&|"']+))/y;
const UNITS: Readonly<Record<string, number>> = { K: 1, M: 2, G: 3, T: 4, P: 5 };

/** Words that are attributes or values in quotes only. */
const KEYWORDS: ReadonlySet<string> = new Set(['and', 'or', 'not']);

type Test = (attributes: Attributes) => string | undefined;

interface Token {
  readonly text: string;
  /** A word or a text in quotes, and not a sign. */
  readonly isWord: boolean;
  readonly isQuoted: boolean;
}

/** Reads an expression. @throws BprocError EINVAL, with what is wrong. */
export function parseExpression(text: string): Expression {
  if (text.length > MOST_TEXT) throw new BprocError('EINVAL', `an expression has at most ${MOST_TEXT} characters`);
  const parser = new Parser(text, tokensOf(text));
  const refusal = parser.any(0);
  parser.end();
  return { text, refusal };
}

function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  for (let at = 0; text.slice(at).trim() !== ''; at = TOKEN.lastIndex) {
    TOKEN.lastIndex = at;
    const [, sign, double, single, word] = TOKEN.exec(text) ?? [];
    const said = sign ?? double ?? single ?? word;
    if (said === undefined) throw unreadable(text, `what is ${JSON.stringify(text.slice(at, at + 20))}?`);
    tokens.push({ text: said, isWord: sign === undefined, isQuoted: (double ?? single) !== undefined });
  }
  return tokens;
}

class Parser {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(text: string, tokens: readonly Token[]) {
    this.#text = text;
    this.#tokens = tokens;
  }

  any(depth: number): Test {
    const tests = this.#list(() => this.#all(depth), ['or', '||']);
    return (attributes) => {
      const refusals: string[] = [];
      for (const test of tests) {
        const refusal = test(attributes);
        if (refusal === undefined) return undefined;
        refusals.push(refusal);
      }
      return refusals.join(', and ');
    };
  }

  end(): void {
    const rest = this.#tokens[this.#at];
    if (rest !== undefined) throw unreadable(this.#text, `${JSON.stringify(rest.text)} is too much`);
  }

  #all(depth: number): Test {
    const tests = this.#list(() => this.#one(depth), ['and', '&&', ',']);
    return (attributes) => {
      for (const test of tests) {
        const refusal = test(attributes);
        if (refusal !== undefined) return refusal;
      }
      return undefined;
    };
  }

  #list(read: () => Test, separators: readonly string[]): readonly Test[] {
    const tests = [read()];
    while (this.#skip(...separators)) tests.push(read());
    return tests;
  }

  #one(depth: number): Test {
    if (depth > MOST_DEPTH) throw unreadable(this.#text, 'it is nested too deep');
    const start = this.#at;
    if (this.#skip('not', '!')) {
      const test = this.#one(depth + 1);
      const said = this.#said(start);
      return (attributes) => (test(attributes) === undefined ? `${said} does not hold` : undefined);
    }
    if (this.#skip('(')) {
      const test = this.any(depth + 1);
      if (!this.#skip(')')) throw unreadable(this.#text, 'a bracket is not closed');
      return test;
    }
    return this.#comparison();
  }

  #comparison(): Test {
    const name = this.#word('the name of an attribute');
    const sign = this.#tokens[this.#at]?.text;
    const compare = sign === undefined || this.#tokens[this.#at]?.isWord ? undefined : COMPARISONS[sign];
    if (compare === undefined)
      return (attributes) => (attributeValue(attributes, name) === undefined ? `it has no ${name}` : undefined);
    this.#at += 1;
    const wanted = this.#word(`a value after ${sign}`);
    const said = `${name} ${sign} ${wanted}`;
    return (attributes) => {
      const value = attributeValue(attributes, name);
      if (value === undefined) return sign === '!=' ? undefined : `it has no ${name}`;
      return compare(value, wanted) ? undefined : `${said} does not hold: ${name} is ${value}`;
    };
  }

  #word(what: string): string {
    const token = this.#tokens[this.#at];
    if (token?.isWord !== true || (!token.isQuoted && KEYWORDS.has(token.text)))
      throw unreadable(this.#text, `${what} is missing`);
    this.#at += 1;
    return token.text;
  }

  #skip(...texts: readonly string[]): boolean {
    const token = this.#tokens[this.#at];
    if (token === undefined || token.isQuoted || !texts.includes(token.text)) return false;
    this.#at += 1;
    return true;
  }

  #said(from: number): string {
    const words = this.#tokens.slice(from, this.#at).map(({ text }) => text);
    return words.join(' ');
  }
}

type Comparison = (value: string, wanted: string) => boolean;

const COMPARISONS: Readonly<Record<string, Comparison>> = {
  '==': isEqual,
  '=': isEqual,
  '!=': (value, wanted) => !isEqual(value, wanted),
  '>=': (value, wanted) => compare(value, wanted) >= 0,
  '<=': (value, wanted) => compare(value, wanted) <= 0,
  '>': (value, wanted) => compare(value, wanted) > 0,
  '<': (value, wanted) => compare(value, wanted) < 0,
};

function isEqual(value: string, wanted: string): boolean {
  return value === wanted || compare(value, wanted) === 0;
}

/** NaN where one of them is no number, which is neither less nor more. */
function compare(value: string, wanted: string): number {
  return quantity(value) - quantity(wanted);
}

/** A number, with its unit if it has one; NaN for every other text. */
export function quantity(text: string): number {
  const [, digits, prefix = '', binary, bytes] =
    /^(-?\d+(?:\.\d+)?)\s*(?:([KMGTP])(i)?)?(B)?$/i.exec(text.trim()) ?? [];
  if (digits === undefined) return Number.NaN;
  const base = bytes !== undefined && binary === undefined ? 1000 : 1024;
  return Number(digits) * base ** (UNITS[prefix.toUpperCase()] ?? 0);
}

function attributeValue(attributes: Attributes, name: string): string | undefined {
  return Object.hasOwn(attributes, name) ? attributes[name] : undefined;
}

function unreadable(text: string, why: string): BprocError {
  const shown = JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}...` : text);
  return new BprocError('EINVAL', `the expression ${shown} cannot be read: ${why}`);
}
