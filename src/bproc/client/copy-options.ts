/** What a copy of files is told, and what it tells. */
import type { Readable } from 'node:stream';
import { BprocError } from '../../errors.ts';
import type { CallOptions } from '../bound.ts';
import { checkInteger } from './calls.ts';
import { checkText } from './option-checks.ts';

/** Files of a node. Relative paths begin in the caller's directory where the node has it, else in `/`. */
export interface NodeFiles {
  readonly node: number;
  readonly path: string | readonly string[];
}

/**
 * What is copied: paths of this machine; files of a node; or bytes, which become one file. A symbolic link is followed
 * where it is named here, and copied as a link where it is found in a directory.
 */
export type CopySource = string | readonly string[] | NodeFiles | Uint8Array | Readable;

/** How far a copy to one node is. */
export interface CopyProgress {
  /** The node that it is to, or from where it is to this machine. */
  readonly node: number | undefined;
  /** Bytes of files that are there, holes included. */
  readonly bytes: number;
  /** Files, directories and links that are there, or failed. */
  readonly entries: number;
  /** What `bytes` and `entries` will be in the end, as it was when the copy began; 0 where that is not known. */
  readonly totalBytes: number;
  readonly totalEntries: number;
}

/** What of a copy did not succeed while the rest went on. */
export interface CopyFailure {
  /** The node that the copy is to, or from where it is to this machine. */
  readonly node: number | undefined;
  /** Where: what could not be read, or what could not be made. */
  readonly path: string;
  readonly error: BprocError;
}

/** What a copy has made. */
export interface CopyResult {
  /** The node that it is on, or from where it is on this machine. */
  readonly node: number | undefined;
  /** Bytes of files, holes included. */
  readonly bytes: number;
  readonly files: number;
  readonly directories: number;
  readonly links: number;
  /** Present where it came from its node without passing the caller or the master. */
  readonly isDirect?: true;
}

/** How files are copied. */
export interface CopyOptions extends CallOptions {
  /** Whether directories are copied, with all that is in them. @default false: a directory fails with EISDIR */
  readonly recursive?: boolean;
  /** Whether times and modes are kept, and where the taker is root, owners. @default false: modes less the umask */
  readonly preserve?: boolean;
  /** The mode of every file that is made, 0 to 0o7777. @default the source's; of bytes 0o644 */
  readonly mode?: number;
  /**
   * Whether the target is a directory in which the copy keeps its name; `'auto'`: if there is such a directory, as with cp(1).
   *
   * @default whether the target ends with `/`; else it is what the copy is called, and directories are merged into it
   */
  readonly into?: boolean | 'auto';
  /**
   * Whether what has come of a file of 64 KiB or more is kept where the copy is broken off, and the next copy with
   * `resume` goes on from there, if it is the beginning of the source still. With `preserve` files that are there are not
   * sent again. Each node is given its copy by itself then.
   *
   * @default false
   */
  readonly resume?: boolean;
  /**
   * Whether nodes have the copy from each other, so that neither caller nor master sends it to each. The whole copy is written
   * into the caller's temporary directory first, and into the caches of nodes (`imageCacheBytes`); where these have no room it is streamed.
   * Not with `resume`, nor for bytes. @default for 4 nodes or more, of 1 MiB to 256 MiB of this machine
   *
   * Files of a node go from there to others by themselves, each passing on what comes as it comes, however much it is and also
   * with `resume`, unless this is false: then they pass the caller. So does what a node cannot have from another one.
   */
  readonly spread?: boolean;
  /** Whom the copy on nodes is made as; as {@link StartOptions.user}. */
  readonly user?: number | string;
  /** Told four times a second, and counts the source before. */
  readonly onProgress?: (progress: CopyProgress) => void;
  /** Told of the first hundred failures of each node; the call fails with the first of them in the end. */
  readonly onFailure?: (failure: CopyFailure) => void;
  /** Bound of the whole copy in milliseconds. @default Infinity */
  readonly timeoutMs?: number;
}

/** How the files of many nodes are put into one directory. */
export interface GatherOptions extends CopyOptions {
  /** What a node's copy is called. @default the node's number */
  readonly name?: (node: number) => string;
}

/**
 * Checks the options that can be wrong, and the target.
 *
 * @throws BprocError EINVAL, ENAMETOOLONG.
 */
export function checkCopy(target: string, options: CopyOptions): void {
  checkPath('the target', target);
  if (options.mode !== undefined) checkInteger('mode', options.mode, 0, 0o7777);
}

/** Checks a path. @throws BprocError EINVAL for what is no path, ENAMETOOLONG for more than the kernel takes. */
export function checkPath(what: string, path: unknown): void {
  if (typeof path !== 'string' || path === '') throw new BprocError('EINVAL', `${what} of a copy is not a path`);
  checkText(what, path);
  if (Buffer.byteLength(path) > 4095)
    throw new BprocError('ENAMETOOLONG', `${what} of a copy has more than 4095 bytes`);
}
