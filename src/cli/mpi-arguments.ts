/** The command lines of `bprun` and `mpiexec`: options of one dash or two, as Hydra and Open MPI have them, and programs with `:` between. */
import { UsageError } from './arguments.ts';

/** An option of these commands. */
export interface MpiOption {
  /** Its names, without dashes. */
  readonly names: readonly string[];
  /** How many words follow it. */
  readonly words: 0 | 1 | 2;
}

/** An option that was given, by the first of its names. */
export interface GivenMpiOption {
  readonly name: string;
  readonly words: readonly string[];
}

/** A program with the options before it. */
export interface MpiSegment {
  readonly options: readonly GivenMpiOption[];
  readonly argv: readonly string[];
}

/**
 * Reads a command line: options up to the first word that is none, which is the program; its arguments up to `:`; then the same again.
 *
 * @throws UsageError for an unknown option, or words that are missing.
 */
export function readMpiArguments(args: readonly string[], known: readonly MpiOption[]): readonly MpiSegment[] {
  const byName = new Map(known.flatMap((option) => option.names.map((name) => [name, option] as const)));
  const segments: MpiSegment[] = [];
  let rest = args;
  do {
    const options: GivenMpiOption[] = [];
    while (rest[0]?.startsWith('-') && rest[0] !== '-' && rest[0] !== '--') {
      const [written = '', ...after] = rest;
      const [, name = '', value] = /^--?([^=]*)(?:=(.*))?$/s.exec(written) ?? [];
      const option = byName.get(name);
      if (option === undefined) throw new UsageError(`unknown option ${written}`);
      if (value !== undefined && option.words !== 1) throw new UsageError(`option ${written} takes no value after =`);
      const words = value === undefined ? after.slice(0, option.words) : [value];
      if (words.length < option.words)
        throw new UsageError(`option ${written} needs ${option.words === 1 ? 'a word' : 'two words'} after it`);
      options.push({ name: option.names[0] ?? name, words });
      rest = value === undefined ? after.slice(option.words) : after;
    }
    if (rest[0] === '--') rest = rest.slice(1);
    const colon = rest.indexOf(':');
    segments.push({ options, argv: colon < 0 ? rest : rest.slice(0, colon) });
    rest = colon < 0 ? [] : rest.slice(colon + 1);
    if (colon >= 0 && rest.length === 0) throw new UsageError('nothing follows the last :');
  } while (rest.length > 0);
  return segments;
}
