/**
 * Checkpoints that nodes keep: their files cut in pieces which are named by what is in them, so that what recurs in another
 * checkpoint is kept once. PROTOCOL.md 12.16.
 */
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { BprocError } from '../../errors.ts';
import type { Random } from '../../random.ts';
import type { BlobCache, EncodedImage, ImageEntry } from '../image/index.ts';
import { blobHasher, bytesSource, decodeImage, encodeImage, keepBlob } from '../image/index.ts';
import { MANIFEST } from './checkpoint.ts';
import { isLuggageName, MOST_FILES, packLuggage } from './luggage.ts';

/** Bytes of a piece at most, and of the memory that goes into one. */
export const PIECE_BYTES = 1024 * 1024;
/** The link that says what the checkpoint is of, and makes its name one that nobody can guess: no file may be called so. */
const FACTS_PATH = '/.checkpoint';
const VERSION = 1;
const SECRET_BYTES = 32;
const MOST_PIECES = 65_000;
const MOST_COMMAND = 1024;
const PLACE = /^\/([^/]+)\/(\d{8})$/;

/** What is known of one without its files. */
export interface KeptFacts {
  /** Pid that the process had. */
  readonly pid: number;
  readonly command: string;
  readonly uid: number;
  /** Milliseconds since 1970. */
  readonly takenAt: number;
  /** Of all its files. */
  readonly bytes: number;
}

/** A piece of a file. */
export interface KeptPiece {
  readonly blob: string;
  readonly size: number;
}

/** What a manifest describes. */
export interface KeptCheckpoint extends KeptFacts {
  /** Its files by their names, each in its pieces. */
  readonly files: ReadonlyMap<string, readonly KeptPiece[]>;
}

/**
 * Takes the pieces of a checkpoint's files into a cache, but for those that it has.
 *
 * @param cuts where files are best cut, by their names; others are cut at multiples of the size of a piece.
 * @throws BprocError E2BIG for more than 65,000 pieces; what keeps files from being read and pieces from being kept.
 */
export async function cutCheckpoint(
  directory: string,
  facts: Omit<KeptFacts, 'bytes'>,
  {
    cache,
    cuts,
    random,
  }: {
    readonly cache: BlobCache;
    readonly cuts: ReadonlyMap<string, readonly number[]>;
    readonly random: Random;
  },
): Promise<EncodedImage> {
  const entries: ImageEntry[] = [];
  let bytes = 0;
  const buffer = Buffer.allocUnsafeSlow(PIECE_BYTES);
  for (const { name, size } of await packLuggage(directory)) {
    bytes += size;
    await using file = await open(join(directory, name));
    for (const [number, [from, to]] of piecesOf(size, cuts.get(name) ?? []).entries()) {
      if (entries.length >= MOST_PIECES) throw tooLarge();
      const { bytesRead } = await file.read(buffer, 0, to - from, from);
      if (bytesRead < to - from) throw new BprocError('EIO', `${name} is shorter than it was`);
      const piece = buffer.subarray(0, bytesRead);
      const blob = blobHasher().update(piece).digest('hex');
      await keepBlob(cache, blob, async () => bytesSource(piece));
      entries.push({ kind: 'file', path: placeOf(name, number), blob, size: bytesRead, mode: 0o600 });
    }
  }
  const secret = Buffer.from(random.bytes(SECRET_BYTES)).toString('hex');
  const { pid, command, uid, takenAt } = facts;
  const said = { version: VERSION, pid, command: command.slice(0, MOST_COMMAND), uid, takenAt, bytes, secret };
  entries.push({ kind: 'link', path: FACTS_PATH, target: JSON.stringify(said) });
  return encodeImage({ program: placeOf(MANIFEST, 0), entries });
}

/** What a manifest describes. @throws BprocError EPROTO for what can be none; ENOTSUP for one of a later version. */
export function keptCheckpointIn(manifest: Uint8Array): KeptCheckpoint {
  const { entries } = decodeImage(manifest);
  let facts: KeptFacts | undefined;
  const files = new Map<string, KeptPiece[]>();
  // they are in the order of their paths only where a friend has made it
  for (const entry of [...entries].sort((a, b) => (a.path < b.path ? -1 : 1))) {
    if (entry.kind === 'link' && entry.path === FACTS_PATH) {
      facts = factsIn(entry.target);
      continue;
    }
    const [, name = '', number = ''] = PLACE.exec(entry.path) ?? [];
    const pieces = files.get(name) ?? [];
    if (entry.kind !== 'file' || !isLuggageName(name) || Number(number) !== pieces.length) throw damaged(entry.path);
    pieces.push({ blob: entry.blob, size: entry.size });
    files.set(name, pieces);
  }
  if (facts === undefined || files.size > MOST_FILES) throw damaged(FACTS_PATH);
  return { ...facts, files };
}

/**
 * Puts the files together in a directory. They are its own: what is made of them may change them.
 *
 * @throws BprocError EIO for a piece that has changed or is gone; what keeps files from being written.
 */
export async function placeFiles({ files }: KeptCheckpoint, cache: BlobCache, directory: string): Promise<void> {
  for (const [name, pieces] of files) {
    await using file = await open(join(directory, name), 'wx', 0o600);
    for (const { blob } of pieces) {
      const path = await cache.find(blob);
      if (path === undefined) throw new BprocError('EIO', `a piece of ${name} is damaged or gone: ${blob}`);
      await using piece = await open(path);
      await file.writeFile(await piece.readFile());
    }
  }
}

/** Where the pieces of a file begin and end. */
export function piecesOf(size: number, cuts: readonly number[]): readonly (readonly [number, number])[] {
  const pieces: [number, number][] = [];
  let from = 0;
  for (const cut of [...cuts, size]) {
    while (from < cut) {
      const to = Math.min(cut, from + PIECE_BYTES);
      pieces.push([from, to]);
      from = to;
    }
  }
  return size === 0 ? [[0, 0]] : pieces;
}

function placeOf(name: string, number: number): string {
  return `/${name}/${String(number).padStart(8, '0')}`;
}

function factsIn(text: string): KeptFacts {
  const { version, pid, command, uid, takenAt, bytes } = parsed(text);
  if (typeof version === 'number' && version > VERSION) {
    throw new BprocError(
      'ENOTSUP',
      `the kept checkpoint has version ${version}, and ${VERSION} is the last known here`,
    );
  }
  if (!isCount(pid) || !isCount(uid) || !isCount(takenAt) || !isCount(bytes) || typeof command !== 'string') {
    throw damaged(FACTS_PATH);
  }
  return { pid, command, uid, takenAt, bytes };
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    throw damaged(FACTS_PATH);
  }
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function tooLarge(): BprocError {
  return new BprocError(
    'E2BIG',
    `the process has more than ${MOST_PIECES} pieces: write it into a directory or a stream`,
  );
}

function damaged(path: string): BprocError {
  return new BprocError('EPROTO', `what is kept is no checkpoint: ${path} cannot be of one`);
}
