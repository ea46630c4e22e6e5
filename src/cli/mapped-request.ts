/** What a command line of `beorun` or `mpprun` asks for. */
import type { MapWishes } from '../beomap/index.ts';
import type { OptionSpec } from './arguments.ts';
import { readArguments, UsageError } from './arguments.ts';
import { MAP_HELP, MAP_OPTIONS, wishesOf, withoutShortNp } from './map-options.ts';
import type { Program } from './program.ts';
import { COMMON_OPTIONS } from './program.ts';

const AFTER = `Their stdin is empty. The exit code is the highest of theirs, 255 where one was killed, lost or timed out, 1 where none started.
`;

/** What `beorun` says about itself. */
export const BEORUN: Program = {
  name: 'beorun',
  usage: ['[options] command [argument...]'],
  help: `Runs a command for each process of a job map, all at once.

${MAP_HELP}  -u              how it is called

${AFTER}`,
};

/** What `mpprun` says about itself. */
export const MPPRUN: Program = {
  name: 'mpprun',
  usage: ['[options] command [argument...]'],
  help: `Runs a command for each process of a job map, one after the other.

${MAP_HELP}  -u              how it is called
  -p, --prefix    begin each line of output with the number of its node

${AFTER}`,
};

/** A command, and where it is to run. */
export interface MappedRun {
  readonly wishes: MapWishes;
  readonly file: string;
  readonly argv: readonly string[];
  readonly prefixed: boolean;
}

/** Reads the command line. @throws UsageError where it cannot be. */
export function readRequest(
  args: readonly string[],
  more: readonly OptionSpec[] = [],
): 'help' | 'usage' | 'version' | MappedRun {
  const options = [...COMMON_OPTIONS, { name: 'u' }, ...more, ...MAP_OPTIONS];
  const given = readArguments(own(args, options), options, () => true);
  if (given.has('help')) return 'help';
  if (given.has('u')) return 'usage';
  if (given.has('version')) return 'version';
  const [file, ...argv] = given.command;
  if (file === undefined) throw new UsageError('no command is given');
  return { wishes: wishesOf(given), file, argv, prefixed: given.has('prefix') };
}

/** Only what stands before the command is this command's own. */
function own(args: readonly string[], options: readonly OptionSpec[]): readonly string[] {
  const short = withoutShortNp(args);
  const { command } = readArguments(short, options, () => true);
  return [...short.slice(0, short.length - command.length), ...args.slice(args.length - command.length)];
}
