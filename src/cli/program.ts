/** What every command does around its own work: help, version, errors, and a clean end. */
import { createRequire } from 'node:module';
import { BprocError } from '../index.ts';
import type { OptionSpec } from './arguments.ts';
import { UsageError } from './arguments.ts';

/** A command's name and what it says about itself. */
export interface Program {
  readonly name: string;
  /** One line for each way to call it, without the name. */
  readonly usage: readonly string[];
  /** What `--help` says after the usage. */
  readonly help: string;
}

/** The options every command has. */
export const COMMON_OPTIONS: readonly OptionSpec[] = [
  { name: 'help', letter: 'h' },
  { name: 'version', letter: 'V' },
];

/** How long what a command leaves open may hold its end up. */
const LINGER_MS = 1000;

/**
 * Runs a command: `main` gives its exit code. A {@link UsageError} is told with the usage, a `BprocError`
 * by its message, both with exit code 1; everything else is a defect and told with its stack.
 */
export async function runProgram(
  program: Program,
  main: (args: readonly string[]) => number | Promise<number>,
): Promise<void> {
  // whoever read the output has enough of it; a command that has something to clear up listens too
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (process.stdout.listenerCount('error') > 1) return;
    if (error.code === 'EPIPE') return dieOfBrokenPipe();
    process.stderr.write(`${program.name}: cannot write the output: ${error.message}\n`);
    process.exit(1);
  });
  // and nobody is left to be told of this one
  process.stderr.on('error', () => {});
  try {
    process.exitCode = await main(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(explain(program, error));
    process.exitCode = 1;
  }
  await Promise.all([flushed(process.stdout), flushed(process.stderr)]);
  setTimeout(() => process.exit(), LINGER_MS).unref();
}

/**
 * Ends this program as its like in C: by SIGPIPE. Node's own exit would put the terminal back into the mode it found it
 * in, which behind `| less` is that of `less`, and by now of nobody.
 */
export function dieOfBrokenPipe(): void {
  const nothing = (): void => {};
  // Node ignores the signal; a handler that comes and goes leaves the kernel's default
  process.on('SIGPIPE', nothing);
  process.off('SIGPIPE', nothing);
  process.kill(process.pid, 'SIGPIPE');
}

function explain(program: Program, error: unknown): string {
  if (error instanceof UsageError) return `${program.name}: ${error.message}\n${usageOf(program)}`;
  if (BprocError.is(error)) return `${program.name}: ${error.message}\n`;
  return `${program.name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`;
}

/** The usage of a command, a line for each way to call it. */
export function usageOf({ name, usage }: Program): string {
  return usage.map((line, at) => `${at === 0 ? 'usage:' : '      '} ${name} ${line}\n`).join('');
}

/** Says what a command does; gives its exit code. */
export function printHelp(program: Program): number {
  process.stdout.write(`${usageOf(program)}\n${program.help}`);
  return 0;
}

/** Says which version of the package a command is from; gives its exit code. */
export function printVersion(program: Program): number {
  // by the package's own name: this file ends up at different depths of what is built
  const manifest: { readonly version: string } = createRequire(import.meta.url)('bproc/package.json');
  process.stdout.write(`${program.name} ${manifest.version}\n`);
  return 0;
}

function flushed(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    if (stream.writableLength === 0 || stream.destroyed) resolve();
    else stream.write('', () => resolve());
  });
}
