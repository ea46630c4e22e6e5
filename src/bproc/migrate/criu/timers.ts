/**
 * Timers with a descriptor that have rung and were not read since: until they are, the kernel lets them rest, says that
 * nothing is left of their time, and CRIU would make timers of them that never ring again.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { entriesOf, fieldsOf, readImage } from './images.ts';

const IMAGE = 'files.img';
/** Of an entry of a file, what a timer is. */
const TIMER = 12;
/** Fields of a timer: rings not read, seconds and nanoseconds that are left, and those between two rings. */
const TICKS = 5;
const LEFT_SECONDS = 7;
const LEFT_NANOSECONDS = 8;
const EVERY_SECONDS = 9;
const EVERY_NANOSECONDS = 10;

/** Sees to it that they ring at once when they are made again. */
export async function wakeTimers(directory: string): Promise<void> {
  const image = await readImage(directory, IMAGE);
  if (image !== undefined && wakeTimersIn(image) > 0) await writeFile(join(directory, IMAGE), image);
}

/** Changes an image; returns how many timers there are that had to be changed. */
export function wakeTimersIn(image: Buffer): number {
  let woken = 0;
  for (const { message } of entriesOf(image, IMAGE)) {
    for (const { number, from, to } of fieldsOf(message, IMAGE)) {
      if (number === TIMER && wake(message.subarray(from, to))) woken += 1;
    }
  }
  return woken;
}

function wake(timer: Buffer): boolean {
  const fields = new Map([...fieldsOf(timer, IMAGE)].map((field) => [field.number, field]));
  const value = (number: number): number => fields.get(number)?.value ?? 0;
  const rests = value(TICKS) > 0 && value(LEFT_SECONDS) === 0 && value(LEFT_NANOSECONDS) === 0;
  const left = fields.get(LEFT_NANOSECONDS);
  if (!rests || value(EVERY_SECONDS) + value(EVERY_NANOSECONDS) === 0 || left === undefined) return false;
  // a nanosecond, as long as nothing in its encoding
  if (left.to - left.from !== 1) return false;
  timer[left.from] = 1;
  return true;
}
