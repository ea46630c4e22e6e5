/**
 * The directories a dynamic loader searches by itself. What `ld.so.conf` names it finds by the table that ldconfig makes of it, or
 * not at all.
 */
import { basename, dirname } from 'node:path';
import type { ElfMachine } from './elf.ts';
import { readText } from './read-text.ts';

/** What this machine's loaders go by beside a program. */
export interface LoaderDirectories {
  /** What `$LIB` may stand for, the likeliest first. */
  readonly lib: readonly string[];
  /** What `$PLATFORM` stands for. */
  readonly platform: string;
  /** Searched last. */
  readonly defaults: readonly string[];
  /** Whether `ld.so.cache` counts, as glibc has it. */
  readonly usesCache: boolean;
}

interface Architecture {
  readonly platform: string;
  /** Debian's name for its directories of libraries. */
  readonly multiarch: string;
}

const ARCHITECTURES: ReadonlyMap<string, Architecture> = new Map([
  ['64/62', { platform: 'x86_64', multiarch: 'x86_64-linux-gnu' }],
  ['32/62', { platform: 'x86_64', multiarch: 'x86_64-linux-gnux32' }],
  ['32/3', { platform: 'i686', multiarch: 'i386-linux-gnu' }],
  ['64/183', { platform: 'aarch64', multiarch: 'aarch64-linux-gnu' }],
  ['32/40', { platform: 'v7l', multiarch: 'arm-linux-gnueabihf' }],
  ['64/243', { platform: 'riscv64', multiarch: 'riscv64-linux-gnu' }],
  ['64/21', { platform: 'power8', multiarch: 'powerpc64le-linux-gnu' }],
  ['64/22', { platform: 'z900', multiarch: 's390x-linux-gnu' }],
]);

/** The directories of the loader of a program. */
export async function loaderDirectories(program: ElfMachine, interpreter: string): Promise<LoaderDirectories> {
  const known = ARCHITECTURES.get(`${program.bits}/${program.machine}`);
  const platform = known?.platform ?? '';
  const lib = [known === undefined ? '' : `lib/${known.multiarch}`, program.bits === 64 ? 'lib64' : 'lib', 'lib'];
  const musl = /^ld-musl-(.+)\.so\.1$/.exec(basename(interpreter));
  const kinds = [...new Set(lib.filter((each) => each !== ''))];
  if (musl !== null) {
    const file = `${dirname(dirname(interpreter))}/etc/ld-musl-${musl[1]}.path`.replace('//', '/');
    const text = await readText(file);
    const defaults = text?.split(/[:\n]/).filter((each) => each !== '') ?? ['/lib', '/usr/local/lib', '/usr/lib'];
    return { lib: kinds, platform, defaults, usesCache: false };
  }
  return { lib: kinds, platform, defaults: kinds.flatMap((each) => [`/${each}`, `/usr/${each}`]), usesCache: true };
}
