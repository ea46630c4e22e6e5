/** What a process needs of the node that it goes to, as slaves tell each other before it stands still: PROTOCOL.md 12.9. */
import { BprocError } from '../../errors.ts';
import { resolveInRoot } from '../../linux/index.ts';
import { type Init, type Needs, NeedsFileUse } from '../../wire/index.ts';
import { idText } from '../ids.ts';
import type { Cpu, FileHashes, FileUse, UsedFile } from '../migrate/index.ts';
import { checkCpu, lackingError, lackingFiles } from '../migrate/index.ts';
import type { WantedImage } from './images.ts';

/** What this machine knows of itself and of its files. */
export interface NeedsParts {
  readonly hashes: Pick<FileHashes, 'of'>;
  /** Its CPU. */
  readonly cpu: () => Promise<Cpu>;
}

/** What another slave says. */
export interface HeardNeeds {
  /** Undefined for what no file can be. */
  readonly files: readonly (UsedFile | undefined)[];
  readonly cpu: Cpu;
  /** The image that has them, where it was asked for. */
  readonly image: WantedImage | undefined;
}

const USES: readonly (readonly [FileUse, NeedsFileUse])[] = [
  ['code', NeedsFileUse.CODE],
  ['read', NeedsFileUse.READ],
  ['written', NeedsFileUse.WRITTEN],
  ['appended', NeedsFileUse.APPENDED],
  ['directory', NeedsFileUse.DIRECTORY],
];

/** Says what a process needs. */
export async function tellableNeeds(files: readonly UsedFile[], cpu: Promise<Cpu>): Promise<Init<Needs>> {
  const { architecture, features } = await cpu;
  return {
    files: files.map(({ path, use, size, mode, sha256 = '' }) => {
      const wireUse = USES.find(([name]) => name === use)?.[1] ?? NeedsFileUse.READ;
      return { path, use: wireUse, size, mode, sha256: Buffer.from(sha256, 'hex') };
    }),
    architecture,
    cpuFeatures: [...features],
  };
}

/** What another slave has told, as it is to be kept: what came may be overwritten by what comes next. */
export function needsIn({ files, architecture, cpuFeatures, image: name, imageBytes: bytes }: Needs): HeardNeeds {
  const image = name.length === 0 ? undefined : { name: idText(name), bytes };
  return { files: files.map(fileOf), cpu: { architecture, features: cpuFeatures }, image };
}

/**
 * Checks that all of it is here.
 *
 * @param who the process and its node, as a sentence about it begins.
 * @param locate where this program finds what the process will have at a path.
 * @throws BprocError ENOENT, ENOTSUP with what is missing; EPROTO for what nobody can need.
 */
export async function checkNeeds(
  who: string,
  needs: HeardNeeds,
  { hashes, cpu }: NeedsParts,
  locate: (path: string) => string | undefined,
): Promise<void> {
  checkCpu(await cpu(), needs.cpu, who);
  const files = needs.files.filter((file) => file !== undefined);
  if (files.length < needs.files.length) throw new BprocError('EPROTO', `${who}: it needs files that cannot be`);
  const lacking = await lackingFiles(files, hashes, locate);
  if (lacking.length > 0) throw lackingError(`${who}, which lacks what it needs`, lacking);
}

/** What a path names on this machine. */
export function locateHere(path: string): string | undefined {
  return resolveInRoot('/', path);
}

function fileOf({ path, use: wireUse, size, mode, sha256: hash }: Needs['files'][number]): UsedFile | undefined {
  const use = USES.find(([, value]) => value === wireUse)?.[0];
  if (use === undefined || !path.startsWith('/') || path.includes('\0')) return undefined;
  return { path, use, size, mode, sha256: hash.length === 0 ? undefined : Buffer.from(hash).toString('hex') };
}
