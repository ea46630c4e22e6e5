/** What a process runs from and has open, as an image that goes with it to a node that has nothing: PROTOCOL.md 12.13. */
import { readFile, readlink, stat } from 'node:fs/promises';
import { BprocError } from '../../errors.ts';
import type { Init, Needs } from '../../wire/index.ts';
import { idBytes } from '../ids.ts';
import {
  type BlobSource,
  bytesSource,
  type EncodedImage,
  fileSource,
  imageOfClosure,
  wholeClosureOf,
} from '../image/index.ts';
import { type FileHashes, treeOf, type UsedFile, usedFiles } from '../migrate/index.ts';
import type { MoveParts } from './move-parts.ts';
import { tellableNeeds } from './needs.ts';

/** Such an image. */
interface CarriedImage extends EncodedImage {
  /** Opens its manifest, or a file of it. @throws BprocError ENOENT for what is none of it; EAGAIN for what has changed. */
  open(blob: string): Promise<BlobSource>;
}

const NOT_CARRIED: readonly UsedFile['use'][] = ['written', 'appended'];

/**
 * Keeps such an image here, for the other node to fetch.
 *
 * @param pid as this program's own `/proc` has it.
 * @returns what is to be said of it; the image is there until `kept` is disposed of.
 * @throws BprocError as {@link carriedImage}; ENOSPC where the cache has no room for it.
 */
export async function carry(
  { images, machine: { hashes, cpu }, state }: Pick<MoveParts, 'images' | 'machine' | 'state'>,
  pid: number,
): Promise<{ readonly needs: Init<Needs>; readonly kept: Disposable }> {
  if (images === undefined) throw new BprocError('ENOSYS', `node ${state.node} keeps no images`);
  const files = await usedFiles(pid, hashes);
  const { hash, bytes, open } = await carriedImage(pid, files, hashes);
  const kept = await images.keep({ hash, bytes }, open);
  const needs = await tellableNeeds(files, cpu());
  return { needs: { ...needs, image: idBytes(hash), imageBytes: bytes.length }, kept };
}

/**
 * Makes the image of a process and what came of it, with all that their programs are known to need (10.2).
 *
 * @param pid as this program's own `/proc` has it.
 * @throws BprocError ENOTSUP for one with another root than this program, and for files that it writes: the node it has
 *   left would have others; what keeps files from being read.
 */
async function carriedImage(
  pid: number,
  files: readonly UsedFile[],
  hashes: Pick<FileHashes, 'of'>,
): Promise<CarriedImage> {
  const written = files.filter(({ use }) => NOT_CARRIED.includes(use)).map(({ path }) => path);
  if (written.length > 0)
    throw new BprocError(
      'ENOTSUP',
      `it writes ${written.join(', ')}, which ${written.length > 1 ? 'do' : 'does'} not go along`,
    );
  const programs = new Set<string>();
  for (const relative of await treeOf(pid)) {
    await checkRoot(relative.pid);
    programs.add(await readlink(`/proc/${relative.pid}/exe`));
  }
  const [program = ''] = programs;
  const [argv, env, cwd] = await Promise.all([argvOf(pid), envOf(pid), readlink(`/proc/${pid}/cwd`)]);
  const opens = files.filter(({ use }) => use !== 'directory').map(({ path }) => path);
  const closure = await wholeClosureOf(program, { argv, env, cwd, opens: [...programs, ...opens] });
  const { image, files: places } = await imageOfClosure(closure, async (path) => {
    return { hash: await hashes.of(path), size: (await stat(path)).size };
  });
  return {
    ...image,
    open: async (blob) => {
      if (blob === image.hash) return bytesSource(image.bytes);
      const place = places.get(blob);
      if (place === undefined) throw new BprocError('ENOENT', `there is no blob ${blob} of what goes along`);
      if ((await hashes.of(place)) !== blob) throw new BprocError('EAGAIN', `${place} has changed meanwhile`);
      return fileSource(place);
    },
  };
}

/** Its paths have to name what they name here. */
async function checkRoot(pid: number): Promise<void> {
  const [its, own] = await Promise.all([stat(`/proc/${pid}/root/`), stat('/')]);
  if (its.dev === own.dev && its.ino === own.ino) return;
  throw new BprocError(
    'ENOTSUP',
    `process ${pid} has another root than its slave, and what is in there cannot go along`,
  );
}

/** Without argv[0]. */
async function argvOf(pid: number): Promise<readonly string[]> {
  return (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0').slice(1, -1);
}

async function envOf(pid: number): Promise<Readonly<Record<string, string>>> {
  const variables = (await readFile(`/proc/${pid}/environ`, 'utf8')).split('\0').filter((each) => each.includes('='));
  return Object.fromEntries(
    variables.map((each) => [each.slice(0, each.indexOf('=')), each.slice(each.indexOf('=') + 1)]),
  );
}
