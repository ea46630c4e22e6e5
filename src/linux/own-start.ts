/** What this program was started with, as the kernel shows it now: what has made it anew on another node has written over that. */
import { readFileSync } from 'node:fs';

/** The environment that it was started with; its own, where the kernel does not show that. What it has set since is not in it. */
export function startEnvironment(): Readonly<Record<string, string | undefined>> {
  const text = readOwn('environ');
  if (text === undefined) return process.env;
  const variables: Record<string, string> = {};
  for (const line of text.split('\0')) {
    const at = line.indexOf('=');
    if (at > 0) variables[line.slice(0, at)] ??= line.slice(at + 1);
  }
  return variables;
}

/** Its pid by which it knows itself, which Node asks for only once: a copy has another one. */
export function pidNow(): number {
  const pids = /^NSpid:\s+(?:\d+\s+)*?(\d+)$/m.exec(readOwn('status') ?? '');
  return Number(pids?.[1] ?? process.pid);
}

function readOwn(name: string): string | undefined {
  try {
    return readFileSync(`/proc/self/${name}`, 'latin1');
  } catch {
    return undefined;
  }
}
