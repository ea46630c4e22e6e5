/** What a command line of `bplib` asks for. */
import { resolve } from 'node:path';
import { readArguments, UsageError } from './arguments.ts';
import type { Program } from './program.ts';
import { COMMON_OPTIONS } from './program.ts';

/** What `bplib` says about itself. */
export const BPLIB: Program = {
  name: 'bplib',
  usage: ['-l', '-a [--program FILE] FILE...', '-d [--program FILE] FILE...', '-c', '--learn PROGRAM [ARGUMENT...]'],
  help: `Keeps the list of files that go along with every program that is sent to nodes, where its sender has
them: libraries that programs load only when they run, and whatever else they open there.

  -l                list them; behind those that are of one program's images alone it says which
  -a                add files; - reads their names from the input, one a line
  -d                take files out of the list, in the same way
  -c                take all of them out
  --program FILE    -a and -d are about files of this program's images alone
  --learn           run a program here once, under strace, and add what it opens, for its own images
  -h, --help        this text
  -v, -V, --version

Only the administrator may change the list; the master keeps it.
`,
};

const ACTIONS = ['a', 'd', 'c', 'l', 'learn'] as const;

/** A change of the list, or a look at it. */
export type BplibRun =
  | { readonly action: 'list' | 'clear' }
  | { readonly action: 'add' | 'delete'; readonly files: readonly string[]; readonly program: string | undefined }
  | { readonly action: 'learn'; readonly file: string; readonly argv: readonly string[] };

/**
 * Reads the command line of `bplib`. A file `-` is left as it is; other relative names become absolute.
 *
 * @throws UsageError where it cannot be.
 */
export function readRequest(args: readonly string[]): 'help' | 'version' | BplibRun {
  const specs = [
    ...COMMON_OPTIONS,
    { name: 'v' },
    { name: 'program', value: 'FILE' },
    ...ACTIONS.map((name) => ({ name })),
  ];
  const given = readArguments(args, specs, (_, options) => options.some(({ name }) => name === 'learn'));
  if (given.has('help')) return 'help';
  if (given.has('version') || given.has('v')) return 'version';
  const [action, another] = ACTIONS.filter((name) => given.has(name));
  if (action === undefined || another !== undefined) throw new UsageError('give one of -l, -a, -d, -c and --learn');
  if (action === 'learn') {
    const [file, ...argv] = given.command;
    if (file === undefined) throw new UsageError('--learn needs a program to run');
    return { action, file, argv };
  }
  const { operands } = given;
  const takesFiles = action === 'a' || action === 'd';
  if (!takesFiles && operands.length > 0) throw new UsageError(`-${action} takes no files`);
  if (!takesFiles) return { action: action === 'l' ? 'list' : 'clear' };
  if (operands.length === 0) throw new UsageError(`-${action} needs files, or - to read their names`);
  const program = given.value('program');
  return {
    action: action === 'a' ? 'add' : 'delete',
    files: operands.map((each) => (each === '-' ? each : resolve(each))),
    program: program === undefined ? undefined : resolve(program),
  };
}
