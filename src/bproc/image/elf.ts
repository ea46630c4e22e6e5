/**
 * What an ELF file says of the files it needs: its interpreter and the entries of its dynamic section
 * (System V gABI, chapters 4 and 5). Read with few and bounded reads: libraries may be gigabytes long.
 */
import { type FileHandle, open } from 'node:fs/promises';
import { BprocError } from '../../errors.ts';

/** For which machine a file is: a library serves a program only where all three are the same. */
export interface ElfMachine {
  /** 32 or 64 bits. */
  readonly bits: 32 | 64;
  readonly isLittleEndian: boolean;
  /** `e_machine`: 62 is x86-64, 183 is aarch64. */
  readonly machine: number;
}

/** What a program or a library needs. */
export interface ElfNeeds extends ElfMachine {
  /** The dynamic loader (PT_INTERP); absent in static programs and in most libraries. */
  readonly interpreter: string | undefined;
  /** DT_NEEDED, in order. */
  readonly needed: readonly string[];
  /** DT_SONAME. */
  readonly soname: string | undefined;
  /** DT_RPATH and DT_RUNPATH, split at colons, not expanded. */
  readonly rpath: readonly string[] | undefined;
  readonly runpath: readonly string[] | undefined;
  /** DF_1_NODEFLIB: system directories are not searched for it. */
  readonly ignoresDefaults: boolean;
}

const ET_EXEC = 2;
const ET_DYN = 3;
const PT_LOAD = 1;
const PT_DYNAMIC = 2;
const PT_INTERP = 3;
const DT_NEEDED = 1n;
const DT_STRTAB = 5n;
const DT_STRSZ = 10n;
const DT_SONAME = 14n;
const DT_RPATH = 15n;
const DT_RUNPATH = 29n;
const DT_FLAGS_1 = 0x6ffffffbn;
const DF_1_NODEFLIB = 0x800n;

/** As the kernel bounds them (`ELF_MIN_ALIGN`, `PATH_MAX`), or far beyond what any linker makes. */
const MOST_SEGMENT_BYTES = 64 * 1024;
const MOST_INTERPRETER_BYTES = 4096;
const MOST_DYNAMIC_BYTES = 1024 * 1024;
const MOST_STRING_BYTES = 64 * 1024;
const STRING_STEP = 1024;

interface Segment {
  readonly type: number;
  readonly offset: number;
  readonly address: number;
  readonly size: number;
}

/**
 * Reads what a file needs.
 *
 * @returns undefined where it is no ELF program or library.
 * @throws BprocError ENOEXEC where it begins like one and is damaged; the code of the file operation that failed.
 */
export async function readElf(path: string): Promise<ElfNeeds | undefined> {
  const file = await open(path).catch((cause: unknown) => {
    throw BprocError.from(cause);
  });
  try {
    return await new ElfReader(path, file).read();
  } finally {
    await file.close();
  }
}

/** Whether a library can be loaded by a program. */
export function isSameMachine(a: ElfMachine, b: ElfMachine): boolean {
  return a.bits === b.bits && a.machine === b.machine && a.isLittleEndian === b.isLittleEndian;
}

class ElfReader {
  readonly #path: string;
  readonly #file: FileHandle;
  #is64 = true;
  #isLittle = true;

  constructor(path: string, file: FileHandle) {
    this.#path = path;
    this.#file = file;
  }

  async read(): Promise<ElfNeeds | undefined> {
    const head = await this.#upTo(0, 64);
    if (head.length < 52 || head.readUInt32BE(0) !== 0x7f454c46) return undefined;
    const [bits, order] = [head[4], head[5]];
    if ((bits !== 1 && bits !== 2) || (order !== 1 && order !== 2)) this.#damaged('neither 32 nor 64 bits');
    this.#is64 = bits === 2;
    this.#isLittle = order === 1;
    if (this.#is64 && head.length < 64) this.#damaged('its header is cut short');
    const type = this.#u16(head, 16);
    if (type !== ET_EXEC && type !== ET_DYN) return undefined;
    const segments = await this.#segments(head);
    const machine = {
      bits: this.#is64 ? 64 : 32,
      isLittleEndian: this.#isLittle,
      machine: this.#u16(head, 18),
    } as const;
    const interp = segments.find((segment) => segment.type === PT_INTERP);
    const interpreter = interp === undefined ? undefined : await this.#interpreter(interp);
    return { ...machine, interpreter, ...(await this.#dynamic(segments)) };
  }

  async #segments(head: Buffer): Promise<readonly Segment[]> {
    const at = this.#is64 ? this.#u64(head, 32) : this.#u32(head, 28);
    const entry = this.#u16(head, this.#is64 ? 54 : 42);
    const count = this.#u16(head, this.#is64 ? 56 : 44);
    if (count === 0) return [];
    if (entry !== (this.#is64 ? 56 : 32) || entry * count > MOST_SEGMENT_BYTES) this.#damaged('its segments are none');
    const table = await this.#exactly(at, entry * count);
    return Array.from({ length: count }, (_, index) => {
      const p = table.subarray(index * entry);
      const type = this.#u32(p, 0);
      return this.#is64
        ? { type, offset: this.#u64(p, 8), address: this.#u64(p, 16), size: this.#u64(p, 32) }
        : { type, offset: this.#u32(p, 4), address: this.#u32(p, 8), size: this.#u32(p, 16) };
    });
  }

  async #interpreter({ offset, size }: Segment): Promise<string> {
    if (size < 2 || size > MOST_INTERPRETER_BYTES) this.#damaged('its interpreter has no name');
    const text = await this.#exactly(offset, size);
    const end = text.indexOf(0);
    return text.toString('utf8', 0, end < 0 ? size : end);
  }

  async #dynamic(segments: readonly Segment[]): Promise<Omit<ElfNeeds, keyof ElfMachine | 'interpreter'>> {
    const nothing = { needed: [], soname: undefined, rpath: undefined, runpath: undefined, ignoresDefaults: false };
    const segment = segments.find(({ type }) => type === PT_DYNAMIC);
    if (segment === undefined || segment.size === 0) return nothing;
    if (segment.size > MOST_DYNAMIC_BYTES) this.#damaged('its dynamic section is too long');
    const entries = this.#entries(await this.#exactly(segment.offset, segment.size));
    const one = (tag: bigint): bigint | undefined => entries.find(([each]) => each === tag)?.[1];
    const address = one(DT_STRTAB);
    if (address === undefined) return nothing;
    const strings = this.#offsetOf(segments, address);
    const size = Number(one(DT_STRSZ) ?? 0n);
    const string = (at: bigint): Promise<string> => this.#string(strings, size, at);
    const list = async (tag: bigint): Promise<readonly string[] | undefined> => {
      const at = one(tag);
      return at === undefined ? undefined : (await string(at)).split(':');
    };
    const soname = one(DT_SONAME);
    const needed: string[] = [];
    for (const [tag, value] of entries) if (tag === DT_NEEDED) needed.push(await string(value));
    return {
      needed,
      soname: soname === undefined ? undefined : await string(soname),
      rpath: await list(DT_RPATH),
      runpath: await list(DT_RUNPATH),
      ignoresDefaults: ((one(DT_FLAGS_1) ?? 0n) & DF_1_NODEFLIB) !== 0n,
    };
  }

  /** Tags and values up to DT_NULL. */
  #entries(section: Buffer): readonly (readonly [bigint, bigint])[] {
    const word = this.#is64 ? 8 : 4;
    const read = (at: number): bigint => {
      if (!this.#is64) return BigInt(this.#u32(section, at));
      return this.#isLittle ? section.readBigUInt64LE(at) : section.readBigUInt64BE(at);
    };
    const entries: [bigint, bigint][] = [];
    for (let at = 0; at + 2 * word <= section.length; at += 2 * word) {
      const tag = read(at);
      if (tag === 0n) break;
      entries.push([tag, read(at + word)]);
    }
    return entries;
  }

  /** Where in the file an address of the loaded program is. */
  #offsetOf(segments: readonly Segment[], address: bigint): number {
    const at = Number(address);
    const segment = segments.find(
      (each) => each.type === PT_LOAD && at >= each.address && at < each.address + each.size,
    );
    if (segment === undefined) return this.#damaged('its strings are in no segment');
    return segment.offset + (at - segment.address);
  }

  async #string(strings: number, size: number, at: bigint): Promise<string> {
    if (at >= BigInt(size)) this.#damaged('a name lies outside its strings');
    const room = Math.min(size - Number(at), MOST_STRING_BYTES);
    for (let length = Math.min(STRING_STEP, room); ; length = Math.min(length * 8, room)) {
      const text = await this.#exactly(strings + Number(at), length);
      const end = text.indexOf(0);
      if (end >= 0) return text.toString('utf8', 0, end);
      if (length === room) this.#damaged('a name does not end');
    }
  }

  async #upTo(position: number, length: number): Promise<Buffer> {
    const { buffer, bytesRead } = await this.#file
      .read(Buffer.alloc(length), 0, length, position)
      .catch((cause: unknown) => {
        throw BprocError.from(cause);
      });
    return buffer.subarray(0, bytesRead);
  }

  async #exactly(position: number, length: number): Promise<Buffer> {
    if (!Number.isSafeInteger(position + length)) this.#damaged('it points beyond its end');
    const bytes = await this.#upTo(position, length);
    if (bytes.length < length) this.#damaged('it is cut short');
    return bytes;
  }

  #u16(bytes: Buffer, at: number): number {
    return this.#isLittle ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at);
  }

  #u32(bytes: Buffer, at: number): number {
    return this.#isLittle ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at);
  }

  /** Numbers beyond 2^53 are of no file; they fail where they are used. */
  #u64(bytes: Buffer, at: number): number {
    return Number(this.#isLittle ? bytes.readBigUInt64LE(at) : bytes.readBigUInt64BE(at));
  }

  #damaged(why: string): never {
    throw new BprocError('ENOEXEC', `${this.#path} is a damaged ELF file: ${why}`);
  }
}
