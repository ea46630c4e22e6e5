/** What a rank says to have programs started: `mcmd=spawn` and the lines that follow, for each program, until all are said. */
import { BprocError } from '../../errors.ts';
import type { SpawnedApp } from '../node-home.ts';

/** Lines of one program. */
const MOST_LINES = 4096;
const MOST_APPS = 64;

/** All programs of a spawn. */
export interface SpawnText {
  readonly apps: readonly SpawnedApp[];
  readonly presets: ReadonlyMap<string, string>;
}

/** Reads the lines of one spawn after the other. */
export class SpawnReader {
  #lines = new Map<string, string>();
  #apps: SpawnedApp[] = [];
  #presets = new Map<string, string>();
  #isReading = false;

  /** Whether the next line belongs to a spawn. */
  get isReading(): boolean {
    return this.#isReading;
  }

  /** `mcmd=spawn` was said. */
  begin(): void {
    this.#isReading = true;
    this.#lines = new Map();
  }

  /** Takes a line; gives all of the spawn with its last one. @throws BprocError EINVAL, E2BIG. */
  take(line: string): SpawnText | undefined {
    if (line !== 'endcmd') {
      const at = line.indexOf('=');
      if (at > 0) this.#lines.set(line.slice(0, at), line.slice(at + 1));
      if (this.#lines.size > MOST_LINES) throw new BprocError('E2BIG', 'a spawn of too many lines');
      return undefined;
    }
    this.#isReading = false;
    const lines = this.#lines;
    const number = (name: string): number => {
      const value = Number(lines.get(name) ?? 0);
      if (!Number.isInteger(value) || value < 0 || value > MOST_LINES)
        throw new BprocError('EINVAL', `a spawn cannot have ${name}=${String(lines.get(name)).slice(0, 20)}`);
      return value;
    };
    if (this.#apps.length >= MOST_APPS) throw new BprocError('E2BIG', `a spawn of more than ${MOST_APPS} programs`);
    this.#apps.push(appOf(lines, number));
    const pairs = pairsOf(lines, number('preput_num'), 'preput_key_', 'preput_val_');
    for (const [key, value] of pairs) this.#presets.set(key, value);
    if (number('spawnssofar') < number('totspawns')) return undefined;
    const whole = { apps: this.#apps, presets: this.#presets };
    this.#apps = [];
    this.#presets = new Map();
    return whole;
  }
}

function appOf(lines: ReadonlyMap<string, string>, number: (name: string) => number): SpawnedApp {
  const np = number('nprocs');
  const file = lines.get('execname') ?? '';
  if (np < 1 || file === '') throw new BprocError('EINVAL', 'a spawn without a program, or of no processes');
  const argv = Array.from({ length: number('argcnt') }, (_, index) => lines.get(`arg${index + 1}`) ?? '');
  const infos = pairsOf(lines, number('info_num'), 'info_key_', 'info_val_');
  const hosts = (infos.get('hosts') ?? infos.get('host') ?? '').split(',').filter((host) => host !== '');
  const cwd = infos.get('wdir');
  const path = infos.get('path');
  return {
    argv: [file, ...argv],
    np,
    ...(hosts.length > 0 && { hosts }),
    ...(cwd !== undefined && { cwd }),
    // where the program is to be looked for first
    ...(path !== undefined && { env: [`PATH=${path}:${process.env['PATH'] ?? '/usr/bin:/bin'}`] }),
  };
}

function pairsOf(lines: ReadonlyMap<string, string>, count: number, key: string, value: string): Map<string, string> {
  return new Map(
    Array.from({ length: count }, (_, index) => [
      lines.get(`${key}${index}`) ?? '',
      lines.get(`${value}${index}`) ?? '',
    ]),
  );
}
