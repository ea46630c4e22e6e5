/** Calls about images: what they consist of besides what their programs say, and what nodes keep of them. */
import { BprocError } from '../../errors.ts';
import { CacheAction, type Carry, type Init } from '../../wire/index.ts';
import type { CallOptions } from '../bound.ts';
import { bound } from '../bound.ts';
import type { EncodedImage } from '../image/index.ts';
import { NODE_MASTER } from '../node-info.ts';
import { checkInteger } from './calls.ts';
import type { ImageWishes, ProgramPlace } from './images.ts';
import { JoinCalls } from './join-calls.ts';
import { checkText } from './option-checks.ts';

/** A file that images have wherever it is at who makes them, beside what their programs need. */
export interface LibraryEntry {
  /** Its absolute path. */
  readonly path: string;
  /** The absolute path of the program whose images alone have it; absent: all have it. */
  readonly program?: string;
}

/** What a node keeps of images, and what came of it since its slave began. */
export interface CacheInfo {
  readonly bytes: number;
  readonly blobs: number;
  /** Of what something runs from, which stays. */
  readonly pinnedBytes: number;
  readonly maxBytes: number;
  /** Files that were there when they were wanted, and those that were not. */
  readonly hits: number;
  readonly misses: number;
  readonly evictions: number;
  /** Files that were not what they were when they came. */
  readonly rotten: number;
  readonly fetchedBytes: number;
}

/** What of a cache is thrown away. */
export interface PurgeOptions extends CallOptions {
  /** `unused`: everything that nothing runs from; `damaged`: what is not what it was when it came, which takes reading it all. @default 'unused' */
  readonly what?: 'unused' | 'damaged';
}

/** How a program is watched. */
export interface LearnOptions extends ImageWishes, CallOptions {
  /** As for a start. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Whether it has the caller's stdin, stdout and stderr; else none. @default false */
  readonly isShown?: boolean;
  /** Whether the master keeps what was learned, for the images of this program that all clients make (EPERM for others than the administrator). @default false: this client alone does */
  readonly keep?: boolean;
}

/** What was learned of a program. */
export interface LearnedFiles {
  /** Its absolute path, which what was learned is known by. */
  readonly program: string;
  /** What its images have from now on besides what they have anyway. */
  readonly files: readonly string[];
  /** The exit code of the run, 128 and more for a signal. */
  readonly code: number;
}

/** Calls about images. */
export abstract class ImageCalls extends JoinCalls {
  /** The files that images carry (`bproc_liblist`). */
  libList(options: CallOptions = {}): Promise<readonly LibraryEntry[]> {
    return this.#carry({}, options);
  }

  /**
   * Has images carry files (`bproc_libadd`): those that are made from now on, of every client, where it has such a file.
   *
   * @returns the new list, as of the other calls.
   * @throws BprocError EPERM for anybody but the administrator; EINVAL for a path that is not absolute; E2BIG for more than 4,096.
   */
  libAdd(files: readonly LibraryEntry[], options: CallOptions = {}): Promise<readonly LibraryEntry[]> {
    return this.#carry({ add: files.map(wireFile) }, options);
  }

  /** Has them carry files no more (`bproc_libdel`). @throws BprocError EPERM; ENOENT for what is not in the list. */
  libDel(files: readonly LibraryEntry[], options: CallOptions = {}): Promise<readonly LibraryEntry[]> {
    return this.#carry({ remove: files.map(wireFile) }, options);
  }

  /** Has them carry nothing (`bproc_libclear`). @throws BprocError EPERM. */
  libClear(options: CallOptions = {}): Promise<readonly LibraryEntry[]> {
    return this.#carry({ clear: true }, options);
  }

  /** What a node keeps of images. @throws BprocError BE_INVALIDNODE, BE_NODEDOWN; ENOSYS for a slave that keeps none. */
  cacheInfo(node: number, options: CallOptions = {}): Promise<CacheInfo> {
    return this.#cache(node, CacheAction.UNSPECIFIED, options);
  }

  /**
   * Throws away what a node keeps of images (`bproc_nodecachepurgeok`, `bproc_nodecachepurgefail`); what runs, runs on.
   *
   * @returns what is left.
   * @throws BprocError EPERM for anybody but the administrator; as {@link cacheInfo}; EIO where the disk fails.
   */
  purgeCache(node: number, options: PurgeOptions = {}): Promise<CacheInfo> {
    const { what = 'unused' } = options;
    if (what !== 'unused' && what !== 'damaged') {
      throw new BprocError('EINVAL', `what is ${JSON.stringify(what)}: give 'unused' or 'damaged'`);
    }
    return this.#cache(node, what === 'unused' ? CacheAction.PURGE : CacheAction.VERIFY, options);
  }

  /**
   * Runs a program here once, to its end, and sees by strace(1) which files it and what it runs open or execute: its images
   * have these too from now on. How long that may take, `timeoutMs` says.
   *
   * @throws BprocError ENOENT without strace, or for no such program; EPERM where nothing can be traced; as {@link libAdd} with `keep`.
   */
  async learn(file: string, argv: readonly string[] = [], options: LearnOptions = {}): Promise<LearnedFiles> {
    const left = this.boundsOfAll(options);
    const { presets, files, keep = false, isShown = false } = options;
    const env = definedOnly({ ...process.env, ...options.env });
    const place = { file, argv, env, cwd: process.cwd() };
    const learned = await this.#bounded(left(), (signal) =>
      this.session.images.learn(place, { ...(presets && { presets }), ...(files && { files }) }, isShown, signal),
    );
    const { program } = learned;
    if (keep)
      await this.libAdd(
        learned.files.map((path) => ({ path, program })),
        left(),
      );
    return learned;
  }

  /** @internal The image of a program. A bound that ends the call ends the making too. */
  protected async imageOf(place: ProgramPlace, wishes: ImageWishes, left: () => CallOptions): Promise<EncodedImage> {
    const carried = this.session.state.carried ?? (await this.#carried(left()));
    return this.#bounded(left(), (signal) => this.session.images.make(place, { ...wishes, carried }, signal));
  }

  #bounded<T>(bounds: CallOptions, act: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const acting = new AbortController();
    const call = bound<T>(this.clock, bounds, () => acting.abort());
    act(acting.signal).then(call.resolve, (cause: unknown) => call.reject(BprocError.from(cause)));
    return call.promise;
  }

  async #carried(options: CallOptions): Promise<readonly LibraryEntry[]> {
    return this.#carry({}, options).catch((error: unknown) => {
      // an older master has no such list
      if (BprocError.is(error) && error.code === 'ENOSYS') return [];
      throw error;
    });
  }

  async #carry(order: Init<Carry>, options: CallOptions): Promise<readonly LibraryEntry[]> {
    const { carried } = await this.askFor('carried', { carry: order }, options);
    return carried.files.map(({ path, program }) => (program === '' ? { path } : { path, program }));
  }

  async #cache(node: number, action: CacheAction, options: CallOptions): Promise<CacheInfo> {
    const which = checkInteger('node', node, NODE_MASTER);
    const { cacheState } = await this.askFor('cacheState', { cache: { node: which, action } }, options);
    return cacheState;
  }
}

function definedOnly(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

function wireFile({ path, program = '' }: LibraryEntry): { readonly path: string; readonly program: string } {
  checkText('a path', path);
  checkText('a program', program);
  return { path, program };
}
