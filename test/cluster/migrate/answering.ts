/** Programs that number the lines they are given, and what is expected of them while they move. */
import { expect } from 'vitest';
import type { Client, RemoteProcess } from '../../../src/index.ts';
import { until } from '../../linux/recorder.ts';

/** A program of C, with {@link LIBRARY} as `libcount.so`. It ends with 7, as the others do. */
export const PROGRAM = `
#include <stdio.h>
int count(void);
int main(void) {
  char line[64];
  setvbuf(stdout, 0, _IOLBF, 0);
  puts("ready");
  while (fgets(line, sizeof line, stdin)) printf("%d %s", count(), line);
  return 7;
}
`;
export const LIBRARY = 'int count(void) { static int n; return ++n; }\n';
export const PYTHON = `
import sys, hashlib
print("ready", flush=True)
for n, line in enumerate(sys.stdin, 1): print(n, line, end="", flush=True)
sys.exit(7)
`;
export const SHELL = 'echo ready; n=0; while read x; do n=$((n+1)); echo "$n $x"; done; exit 7';
export const NODE =
  "let n = 0; console.log('ready'); require('readline').createInterface(process.stdin).on('line', (x) => console.log(++n, x)).on('close', () => process.exit(7))";

/** What it has written so far. */
export function following(p: RemoteProcess): { text: string } {
  const seen = { text: '' };
  p.stdout.on('data', (chunk: Buffer) => {
    seen.text += chunk.toString();
  });
  p.stderr.resume();
  return seen;
}

/** Moves it from node to node while it answers, and expects every answer once. */
export async function answersEverywhere(bp: Client, p: RemoteProcess, nodes: readonly number[]): Promise<void> {
  const seen = following(p);
  await until(() => seen.text.includes('ready\n'), `its first line, ${seen.text}`);
  for (const [index, node] of nodes.entries()) {
    p.stdin.write(`before ${index}\n`);
    await bp.move(p.pid, node);
    expect(p.node).toBe(node);
    p.stdin.write(`after ${index}\n`);
  }
  p.stdin.end();
  expect(await p.wait()).toEqual({ kind: 'exited', code: 7 });
  const lines = nodes.flatMap((_, index) => [`before ${index}`, `after ${index}`]);
  expect(seen.text).toBe(`ready\n${lines.map((line, index) => `${index + 1} ${line}\n`).join('')}`);
}
