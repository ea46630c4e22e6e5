/** The images that a client starts: made of this machine's files, and given to whoever lacks something of them. */
import { BprocError } from '../../errors.ts';
import { findProgram } from '../../linux/index.ts';
import type { BlobSource, Closure, EncodedImage, ImageEntry, Preset } from '../image/index.ts';
import {
  bytesSource,
  encodeImage,
  fileSource,
  hashFile,
  imageOfClosure,
  watchRun,
  wholeClosureOf,
} from '../image/index.ts';
import { isUnchanged, type Looks, lookAt, looksOf } from './file-looks.ts';

/** Where a program is looked for, and what its libraries are found by. */
export interface ProgramPlace {
  readonly file: string;
  /** Without argv[0]. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
}

/** What belongs to an image besides what its program says itself. */
export interface ImageWishes {
  /**
   * What programs of some kinds load when they run: `nss` what a C library asks for names of users and hosts, `locale` what it knows
   * of the caller's locale, `python`
   * and `perl` the libraries of their languages, `java` its whole installation, `node` the package that its script is of, with
   * what that depends on; each with its script. `auto`: those that the program wants, going by what it consists of.
   *
   * @default 'auto'
   */
  readonly presets?: readonly Preset[] | 'auto';
  /**
   * Files that it is to have besides, with what they need: patterns of `*`, `**`, `?`, `[...]` and `{...}`, relative ones from
   * the caller's working directory on. Each has to match something (ENOENT).
   */
  readonly files?: readonly string[];
}

/** Files that images have where they are on this machine: those of all, and those of one program. */
export interface CarriedWishes {
  readonly carried?: readonly { readonly path: string; readonly program?: string }[];
}

/** A file that was hashed, and how it looked. */
interface HashedFile {
  readonly look: string;
  readonly hash: string;
}

interface StartedImage {
  readonly manifest: Uint8Array;
  /** Where its blobs are, by their names. */
  readonly files: ReadonlyMap<string, string>;
}

/** An image, and what it was made of as that looked then. */
interface MadeImage extends StartedImage {
  readonly image: EncodedImage;
  readonly looks: Looks;
}

/** Images, and hashes of files, that are remembered. */
const MOST_IMAGES = 256;
const MOST_HASHES = 65_536;
/** What of the environment says where a loader, or env(1), looks. */
const SEARCH_VARIABLES = ['LD_LIBRARY_PATH', 'LD_PRELOAD', 'PATH'];
const LOCALE_VARIABLE = /^(?:LANG|LC_)/;

/** A client's images. */
export class ClientImages {
  readonly #hashes = new Map<string, HashedFile>();
  readonly #images = new Map<string, StartedImage>();
  /** What each program was seen to open. */
  readonly #learned = new Map<string, readonly string[]>();
  /** By what was asked for. */
  readonly #made = new Map<string, MadeImage>();

  /**
   * Makes an image of a program of this machine, which it is found on as the kernel would here. What was made of the
   * same files before is not made again.
   *
   * @throws BprocError ENOENT, EACCES, ENOEXEC for what cannot be run here either; EACCES for what may be run and not
   *   read; ENOENT for a pattern that matches nothing, EINVAL for a preset that there is none of; ESTALE where a file changes
   *   meanwhile; ECANCELED by `signal`.
   */
  async make(place: ProgramPlace, wishes: ImageWishes & CarriedWishes, signal?: AbortSignal): Promise<EncodedImage> {
    const path = findProgram(place);
    const { argv, env, cwd } = place;
    const { presets = 'auto', files = [], carried = [] } = wishes;
    const named = carried.flatMap(({ path: each, program = '' }) => (program === '' || program === path ? [each] : []));
    const opens = [...named, ...(this.#learned.get(path) ?? [])];
    const search = SEARCH_VARIABLES.map((name) => env[name] ?? '');
    const locales = Object.entries(env).filter(([name]) => LOCALE_VARIABLE.test(name));
    const key = JSON.stringify([path, argv, cwd, search, locales, presets, files, opens]);
    const known = this.#made.get(key);
    const made =
      known !== undefined && isUnchanged(known.looks)
        ? known
        : await this.#make(
            await wholeClosureOf(path, { argv, env, cwd, presets, files, opens, signal }),
            search,
            signal,
          );
    remember(this.#made, key, made, MOST_IMAGES);
    remember(this.#images, made.image.hash, made, MOST_IMAGES);
    return made.image;
  }

  /** Runs a program under strace; what it opens belongs to its images from then on. @throws BprocError as {@link watchRun}. */
  async learn(
    place: ProgramPlace,
    wishes: ImageWishes,
    isShown: boolean,
    signal: AbortSignal,
  ): Promise<{ readonly program: string; readonly files: readonly string[]; readonly code: number }> {
    const { argv, env, cwd } = place;
    const program = findProgram(place);
    const { entries } = await wholeClosureOf(program, { ...wishes, argv, env, cwd, signal });
    const known = new Set(entries.map(({ path }) => path));
    const { files, code } = await watchRun({ program, argv, env, cwd, isShown, signal });
    const more = files.filter((path) => !known.has(path));
    remember(this.#learned, program, [...new Set([...(this.#learned.get(program) ?? []), ...more])], MOST_IMAGES);
    return { program, files: more, code };
  }

  /** Opens what somebody lacks of an image. @throws BprocError ENOENT for what is in none that was started; ESTALE for a file that has changed since. */
  async open(image: string, blob: string): Promise<BlobSource> {
    const started = this.#images.get(image);
    if (started !== undefined && image === blob) return bytesSource(started.manifest);
    const file = started?.files.get(blob);
    if (file === undefined) throw new BprocError('ENOENT', 'this client has started no image with such a blob');
    if ((await this.#hash(file)).hash !== blob)
      throw new BprocError('ESTALE', `${file} has changed since it was started`);
    return fileSource(file);
  }

  /** Offers a file as an image of nothing else, until it is withdrawn. */
  offer(file: string, hash: string): EncodedImage {
    const { look, size } = lookAt(file);
    const entries: ImageEntry[] = [{ kind: 'file', path: '/files', blob: hash, size, mode: 0o400 }];
    const image = encodeImage({ program: '/files', entries });
    remember(this.#hashes, file, { look, hash }, MOST_HASHES);
    remember(this.#images, image.hash, { manifest: image.bytes, files: new Map([[hash, file]]) }, MOST_IMAGES);
    return image;
  }

  withdraw({ hash }: EncodedImage): void {
    this.#images.delete(hash);
  }

  async #make(closure: Closure, search: readonly string[], signal: AbortSignal | undefined): Promise<MadeImage> {
    const looks = looksOf(closure, search);
    const { image, files } = await imageOfClosure(closure, (path) => this.#hash(path, signal));
    return { image, manifest: image.bytes, files, looks };
  }

  /** Hashes a file, or knows its hash: whoever changes its content changes how it looks. */
  async #hash(path: string, signal?: AbortSignal): Promise<{ readonly hash: string; readonly size: number }> {
    const before = lookAt(path);
    const known = this.#hashes.get(path);
    if (known?.look === before.look) return { hash: known.hash, size: before.size };
    const hash = await hashFile(path, signal);
    if (lookAt(path).look !== before.look) throw new BprocError('ESTALE', `${path} is being changed: try again`);
    remember(this.#hashes, path, { look: before.look, hash }, MOST_HASHES);
    return { hash, size: before.size };
  }
}

/** Notes something as the newest; what is oldest is forgotten. */
function remember<Value>(map: Map<string, Value>, key: string, value: Value, most: number): void {
  map.delete(key);
  const [oldest] = map.keys();
  if (map.size >= most && oldest !== undefined) map.delete(oldest);
  map.set(key, value);
}
