/** The command line as the classic commands read it: options in their order, and where the operands end. */
import { parseArgs } from 'node:util';

/** Something is wrong with how a command was called. The command says so, with its usage, and exits with 1. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** An option of a command. */
export interface OptionSpec {
  /** Its name: `--name`. One letter makes it an option without a long form. */
  readonly name: string;
  /** Its letter: `-n`. */
  readonly letter?: string;
  /** What stands for its value in messages; absent: it takes none. */
  readonly value?: string;
  /** Whether the value may be left out; it is then given as `--name=VALUE` only. @default false */
  readonly valueIsOptional?: boolean;
}

/** An option as it was given. */
export interface GivenOption {
  readonly name: string;
  /** As it was written: `-n` or `--name`. */
  readonly written: string;
  readonly value: string | undefined;
}

/** A command line that was read. */
export class Arguments {
  /** In the order they were given. */
  readonly options: readonly GivenOption[];
  /** What is no option. */
  readonly operands: readonly string[];
  /** A command for somebody else, with its own options in it. */
  readonly command: readonly string[];

  constructor(options: readonly GivenOption[], operands: readonly string[], command: readonly string[]) {
    this.options = options;
    this.operands = operands;
    this.command = command;
  }

  has(name: string): boolean {
    return this.options.some((option) => option.name === name);
  }

  /** The value of the last one of this name. */
  value(name: string): string | undefined {
    return this.options.findLast((option) => option.name === name)?.value;
  }

  /** The values of all of this name. */
  values(name: string): readonly string[] {
    return this.options.flatMap((option) => (option.name === name ? (option.value ?? []) : []));
  }
}

/**
 * Reads a command line.
 *
 * `startsCommand` is asked at each operand whether a command for somebody else begins with it; what
 * follows is then left as it is.
 *
 * @throws UsageError for an unknown option, a value that is missing, or one that is too many.
 */
export function readArguments(
  args: readonly string[],
  specs: readonly OptionSpec[],
  startsCommand: (operandsBefore: number, options: readonly GivenOption[]) => boolean = () => false,
): Arguments {
  const options: GivenOption[] = [];
  const operands: string[] = [];
  for (const token of tokensOf(args, specs)) {
    if (token.kind === 'option-terminator') continue;
    if (token.kind === 'option') {
      options.push(check(specs, token));
    } else if (startsCommand(operands.length, options)) {
      return new Arguments(options, operands, args.slice(token.index));
    } else {
      operands.push(token.value);
    }
  }
  return new Arguments(options, operands, []);
}

function tokensOf(args: readonly string[], specs: readonly OptionSpec[]) {
  const entries = specs.map(({ name, letter, value, valueIsOptional }) => {
    const type = value === undefined || valueIsOptional === true ? ('boolean' as const) : ('string' as const);
    const short = letter ?? (name.length === 1 ? name : undefined);
    return [name, short === undefined ? { type } : { type, short }] as const;
  });
  // Not strict: its messages speak to programmers, and it has no optional values.
  const config = { args: [...args], strict: false, tokens: true, allowPositionals: true } as const;
  return parseArgs({ ...config, options: Object.fromEntries(entries) }).tokens;
}

function check(
  specs: readonly OptionSpec[],
  token: { readonly name: string; readonly rawName: string; readonly value: string | undefined },
): GivenOption {
  const spec = specs.find(({ name }) => name === token.name);
  const written = token.rawName;
  if (spec === undefined || (spec.name.length === 1 && written.startsWith('--'))) {
    throw new UsageError(`unknown option ${written}`);
  }
  if (spec.value === undefined && token.value !== undefined) throw new UsageError(`option ${written} takes no value`);
  if (spec.value !== undefined && spec.valueIsOptional !== true && token.value === undefined) {
    throw new UsageError(`option ${written} needs a value: ${written} ${spec.value}`);
  }
  return { name: spec.name, written, value: token.value };
}

const UNITS: Readonly<Record<string, number>> = { '': 1, K: 2 ** 10, M: 2 ** 20, G: 2 ** 30, T: 2 ** 40 };

/**
 * The number of bytes that an option was given, as `500M`: K, M, G and T are powers of 1024.
 *
 * @throws UsageError for anything else, and for none.
 */
export function byteSize(option: string, text: string): number {
  const [, digits = '', unit = ''] = /^(\d+)([KMGT]?)$/i.exec(text) ?? [];
  const bytes = Number(digits) * (UNITS[unit.toUpperCase()] ?? 0);
  if (digits !== '' && Number.isSafeInteger(bytes) && bytes > 0) return bytes;
  throw new UsageError(`${option} is ${JSON.stringify(text)}: give a number of bytes, such as 500M or 4G`);
}

/**
 * The whole number that an option was given.
 *
 * @throws UsageError for anything else, and outside of `least` to `most`.
 */
export function wholeNumber(option: string, text: string, least: number, most: number): number {
  const number = /^[0-9]+$/.test(text) ? Number(text) : Number.NaN;
  if (number >= least && number <= most) return number;
  throw new UsageError(`${option} is ${JSON.stringify(text)}: it must be a whole number from ${least} to ${most}`);
}
