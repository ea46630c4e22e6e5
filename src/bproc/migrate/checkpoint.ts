/** Checkpoints: the directory of a captured process with what has to be known to make it again, days later and elsewhere. */
import { open, readFile, stat, writeFile } from 'node:fs/promises';
import { release } from 'node:os';
import { join } from 'node:path';
import { BprocError } from '../../errors.ts';
import { hashFile } from '../image/index.ts';
import { ownCpu } from './cpu.ts';
import { isLuggageName, MOST_FILES, packLuggage } from './luggage.ts';
import type { Need } from './needs.ts';

/** Of the format that is written here. What reads an earlier one has to go on doing so. */
const VERSION = 1;
/** The file that makes a directory a checkpoint. */
export const MANIFEST = 'checkpoint.json';
export const MOST_MANIFEST_BYTES = 4 * 1024 * 1024;
/** The file with what the process had not read yet of its input's pipe, where that is anything. */
const UNREAD = 'stdin';
/** The most that a pipe holds, as the kernel gives it to processes. */
const MOST_UNREAD_BYTES = 1024 * 1024;
const HASH = /^[0-9a-f]{64}$/;
/** Needed files that are told; of more than these the engine itself tells what is missing. */
const MOST_NEEDS = 8192;

/** What is known of a checkpoint beside its files. */
export interface CheckpointFacts {
  /** The engine that has captured it, with its version. */
  readonly engine: string;
  /** Pid that the process had. */
  readonly pid: number;
  readonly command: string;
  readonly uid: number;
  /** Milliseconds since 1970. */
  readonly takenAt: number;
  /** The pipes that its streams were, by descriptor; 0 for what was none. */
  readonly pipes: readonly [number, number, number];
  /** Files that the process had open or mapped, and does not bring along. */
  readonly needs: readonly Need[];
}

/** What makes a directory a checkpoint. */
export interface CheckpointManifest extends CheckpointFacts {
  readonly version: typeof VERSION;
  readonly kernel: string;
  readonly architecture: string;
  /** What its CPU could, as `/proc/cpuinfo` names it. */
  readonly cpuFeatures: readonly string[];
  readonly files: readonly { readonly name: string; readonly size: number; readonly sha256: string }[];
}

/** Makes the directory of a capture a checkpoint. */
export async function writeCheckpoint(directory: string, facts: CheckpointFacts): Promise<void> {
  const files: CheckpointManifest['files'][number][] = [];
  // one after the other: there are few that are large, and the node has others to serve
  for (const { name, size } of await packLuggage(directory)) {
    files.push({ name, size, sha256: await hashFile(join(directory, name)) });
  }
  const { architecture, features } = await ownCpu();
  const machine = { kernel: release(), architecture, cpuFeatures: features };
  const manifest: CheckpointManifest = {
    version: VERSION,
    ...facts,
    needs: facts.needs.slice(0, MOST_NEEDS),
    ...machine,
    files,
  };
  await writeFile(join(directory, MANIFEST), JSON.stringify(manifest, undefined, 1), { mode: 0o600 });
}

/**
 * Reads what makes a directory a checkpoint.
 *
 * @throws BprocError ENOENT, ENOTDIR, EACCES where there is none; EPROTO where it is damaged; ENOTSUP for one of a later version.
 */
export async function readCheckpoint(directory: string): Promise<CheckpointManifest> {
  const path = join(directory, MANIFEST);
  const text = await readBounded(path);
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch (cause) {
    throw new BprocError('EPROTO', `${path} is damaged: it is no JSON`, { cause });
  }
  const version = isRecord(found) ? found['version'] : undefined;
  if (typeof version === 'number' && version > VERSION) {
    throw new BprocError('ENOTSUP', `${path} has version ${version}, and ${VERSION} is the last that is known here`);
  }
  // earlier ones do not say what they need
  if (isRecord(found) && found['needs'] === undefined) found = { ...found, needs: [] };
  if (isManifest(found)) return found;
  throw new BprocError('EPROTO', `${path} is damaged: it does not describe a checkpoint`);
}

/** Writes down what a process had not read yet, before that is made a checkpoint. @throws BprocError ENOTSUP for more than 1 MiB. */
export async function writeUnread(directory: string, unread: Uint8Array): Promise<void> {
  if (unread.length > MOST_UNREAD_BYTES) {
    throw new BprocError('ENOTSUP', `the process has not read ${unread.length} bytes of its input: 1 MiB can be kept`);
  }
  if (unread.length > 0) await writeFile(join(directory, UNREAD), unread, { mode: 0o600 });
}

/** What it had not read yet, which is the first that is read by what is made of it. @throws BprocError EPROTO for more than can be. */
export async function readUnread(directory: string, { files }: Pick<CheckpointManifest, 'files'>): Promise<Buffer> {
  const file = files.find(({ name }) => name === UNREAD);
  if (file === undefined) return Buffer.alloc(0);
  if (file.size > MOST_UNREAD_BYTES) throw new BprocError('EPROTO', `${UNREAD} of the checkpoint is too large`);
  try {
    return await readFile(join(directory, UNREAD));
  } catch (cause) {
    throw new BprocError('EPROTO', `the checkpoint is damaged: ${UNREAD} is missing`, { cause });
  }
}

/** Checks that no file of a checkpoint has changed. @throws BprocError EPROTO for those that are missing or have. */
export async function verifyFiles(directory: string, manifest: CheckpointManifest): Promise<void> {
  for (const { name, size, sha256 } of manifest.files) {
    const found = await stat(join(directory, name)).catch(() => undefined);
    if (found === undefined) throw new BprocError('EPROTO', `the checkpoint is damaged: ${name} is missing`);
    if (found.isFile() && found.size === size && (await hashFile(join(directory, name))) === sha256) continue;
    throw new BprocError('EPROTO', `the checkpoint is damaged: ${name} is not what was captured`);
  }
}

async function readBounded(path: string): Promise<string> {
  try {
    await using file = await open(path);
    const { size } = await file.stat();
    if (size > MOST_MANIFEST_BYTES) throw new BprocError('EPROTO', `${path} is damaged: it has ${size} bytes`);
    return await file.readFile('utf8');
  } catch (cause) {
    const error = BprocError.from(cause);
    if (error.code !== 'ENOENT') throw error;
    throw new BprocError('ENOENT', `there is no checkpoint: ${path} is missing`, { cause });
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function isCount(value: unknown): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function isManifest(value: unknown): value is CheckpointManifest {
  if (!isRecord(value)) return false;
  const {
    version,
    engine,
    kernel,
    architecture,
    command,
    pid,
    uid,
    takenAt,
    pipes,
    cpuFeatures: cpu,
    files,
    needs,
  } = value;
  return (
    version === VERSION &&
    [engine, kernel, architecture, command].every((each) => typeof each === 'string') &&
    [pid, uid, takenAt].every(isCount) &&
    Array.isArray(pipes) &&
    pipes.length === 3 &&
    pipes.every(isCount) &&
    Array.isArray(cpu) &&
    cpu.every((each) => typeof each === 'string') &&
    Array.isArray(files) &&
    files.length <= MOST_FILES &&
    files.every(isFile) &&
    Array.isArray(needs) &&
    needs.length <= MOST_NEEDS &&
    needs.every(isNeed)
  );
}

function isNeed(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { path, kind, size, mode, sha256 } = value;
  return (
    typeof path === 'string' &&
    path.startsWith('/') &&
    (kind === 'file' || kind === 'directory') &&
    (size === undefined || isCount(size)) &&
    (mode === undefined || isCount(mode)) &&
    (sha256 === undefined || isHash(sha256))
  );
}

function isFile(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { name, size, sha256 } = value;
  return isLuggageName(name) && isCount(size) && isHash(sha256);
}

function isHash(value: unknown): boolean {
  return typeof value === 'string' && HASH.test(value);
}
