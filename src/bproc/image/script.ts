/** `#!` lines, as the kernel reads them (fs/binfmt_script.c), and the program that env(1) is asked for in one. */
import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { BprocError } from '../../errors.ts';

/** As much of a file as the kernel looks at (BINPRM_BUF_SIZE). */
const HEAD_BYTES = 256;

/** What a script is run by. */
export interface ScriptLine {
  readonly interpreter: string;
  /** What follows on the line: one argument, whatever is in it. */
  readonly argument: string | undefined;
}

/** Reads the first line of a file; undefined where it is no script. */
export async function readScriptLine(path: string): Promise<ScriptLine | undefined> {
  const file = await open(path).catch((cause: unknown) => {
    throw BprocError.from(cause);
  });
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return parseScriptLine(buffer.toString('latin1', 0, bytesRead));
  } finally {
    await file.close();
  }
}

/** Reads a `#!` line from the beginning of a file; the name of an interpreter that is cut off is none. */
export function parseScriptLine(head: string): ScriptLine | undefined {
  if (!head.startsWith('#!')) return undefined;
  const end = head.indexOf('\n');
  const line = (end < 0 ? head : head.slice(0, end)).slice(2).replace(/^[ \t]+|[ \t]+$/g, '');
  const [, interpreter = '', argument = ''] = /^([^ \t\0]*)[ \t]*([^\0]*)/.exec(line) ?? [];
  if (interpreter === '' || (end < 0 && argument === '' && head.length === HEAD_BYTES)) return undefined;
  return { interpreter, argument: argument === '' ? undefined : argument };
}

/** The program that `#!/usr/bin/env NAME` looks up in PATH; undefined where the line asks for none. */
export function programOfEnv({ interpreter, argument }: ScriptLine): string | undefined {
  if (basename(interpreter) !== 'env' || argument === undefined) return undefined;
  const words = argument.split(/[ \t]+/).map((word) => word.replace(/^-[iv0]*S/, ''));
  return words.find((word) => word !== '' && !word.startsWith('-') && !word.includes('='));
}
