/** Programs of Node that are clients of the cluster themselves, started by it. */
import type { Client, RemoteProcess } from '../../src/index.ts';

const LIBRARY = new URL('../../dist/index.js', import.meta.url).href;

/** Starts one: `bp` is its client. What it throws ends it with 1, and its last line with 0. */
export function startProgram(client: Client, node: number, program: string): Promise<RemoteProcess> {
  const text = `import { connect } from '${LIBRARY}'; const bp = await connect(); ${program}; await bp[Symbol.asyncDispose](); process.exit(0);`;
  return client.rexec(node, process.execPath, ['--input-type=module', '-e', text], { stderr: 2 });
}

/** The lines that it has written, as they come. */
export function linesOf(process: RemoteProcess): string[] {
  const lines: string[] = [];
  let rest = '';
  process.stdout.setEncoding('utf8').on('data', (text: string) => {
    const parts = (rest + text).split('\n');
    rest = parts.pop() ?? '';
    lines.push(...parts);
  });
  return lines;
}
