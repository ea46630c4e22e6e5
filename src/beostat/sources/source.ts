/** Where figures come from. */

/** One reading: which devices there are, and the figures of each, field by field. */
export interface Reading {
  readonly devices: readonly string[];
  /** Whole numbers below 2^52; those of the first device first. */
  readonly figures: readonly number[];
}

/** Something of a machine that is read for each sample. What it throws leaves only its own figures out. */
export interface Source {
  readonly name: string;
  readonly fields: readonly string[];
  /** Whether its figures only grow. */
  readonly counts: boolean;
  read(): Reading;
}

/** The directories of the kernel's files; others in tests. */
export interface Places {
  /** @default /proc */
  readonly proc: string;
  /** @default /sys */
  readonly sys: string;
}

/** Devices of one source that are told of: more are a fault or a trick. */
export const MOST_DEVICES = 512;
/** Longest name of one that is told, in characters. */
const LONGEST_NAME = 64;

/** The only device of a source that is not of devices. */
export const WHOLE: readonly string[] = [''];

/** A whole number of decimal digits. @throws RangeError for anything else. */
export function whole(text: string | undefined): number {
  if (text === undefined || !/^\d{1,20}$/.test(text)) throw new RangeError(`no number: ${String(text).slice(0, 40)}`);
  // beyond 2^52 a counter is taken as it would be if it had that many bits
  const value = Number(text);
  return value < 2 ** 52 ? value : Number(BigInt(text) % 2n ** 52n);
}

/** A name of a device as it is told: without control characters, and not too long. */
export function deviceName(name: string): string {
  return name.replace(/\p{Cc}/gu, '?').slice(0, LONGEST_NAME);
}
