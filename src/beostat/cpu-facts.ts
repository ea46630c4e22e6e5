/** What the kernel says of processors: `/proc/cpuinfo`, which is another file on each architecture. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Places } from './sources/source.ts';

/** Facts that are told of one, and characters of each. */
const MOST_FACTS = 64;
const LONGEST = 4096;

/** One record for each processor; what holds for all of them is in each. */
export async function cpuFacts({ proc }: Pick<Places, 'proc'>): Promise<readonly Readonly<Record<string, string>>[]> {
  return parseCpuFacts(await readFile(join(proc, 'cpuinfo'), 'utf8'));
}

/** Blocks of `name : value`, divided by empty lines; a block without a `processor` is of all of them. */
export function parseCpuFacts(text: string): readonly Readonly<Record<string, string>>[] {
  const blocks = text.split(/\n{2,}/).map((block) => {
    const facts: Record<string, string> = {};
    for (const line of block.split('\n', MOST_FACTS)) {
      const [, name, value = ''] = /^([^:]+?)\s*:\s*(.*)$/.exec(line) ?? [];
      if (name !== undefined) facts[name.slice(0, LONGEST)] = value.slice(0, LONGEST);
    }
    return facts;
  });
  const common: Record<string, string> = {};
  for (const block of blocks) if (!Object.hasOwn(block, 'processor')) Object.assign(common, block);
  return blocks.filter((block) => Object.hasOwn(block, 'processor')).map((block) => ({ ...common, ...block }));
}
