/** Whose rights a captured process has: CRIU would give it whatever its images say. */
import { readdir } from 'node:fs/promises';
import type { CapturedRights } from '../checkpointer.ts';
import { entriesOf, fieldsOf, readImage } from './images.ts';

const CORE = /^core-\d+\.img$/;
/** Fields of a core's entry: what one thread is, and of that its credentials. */
const THREAD = 5;
const CREDENTIALS = 10;
/** Of credentials: real, effective, saved and file system's user; capabilities inheritable, permitted and effective. */
const USERS: ReadonlySet<number> = new Set([1, 3, 5, 7]);
const CAPABILITIES: ReadonlySet<number> = new Set([9, 10, 11]);

/**
 * The rights of all threads of a capture.
 *
 * @throws BprocError EPROTO for images that are none.
 */
export async function rightsIn(directory: string): Promise<CapturedRights> {
  const users = new Set<number>();
  let hasCapabilities = false;
  for (const name of (await readdir(directory)).filter((each) => CORE.test(each))) {
    const image = await readImage(directory, name);
    for (const { message } of image === undefined ? [] : entriesOf(image, name)) {
      for (const credentials of inside(inside([message], THREAD, name), CREDENTIALS, name)) {
        // what is 0 need not be said
        const said = new Map([...USERS].map((field) => [field, 0]));
        for (const { number, value, from, to } of fieldsOf(credentials, name)) {
          if (USERS.has(number)) said.set(number, value);
          if (CAPABILITIES.has(number)) hasCapabilities ||= value !== 0 || isAnySet(credentials.subarray(from, to));
        }
        for (const user of said.values()) users.add(user);
      }
    }
  }
  return { users, hasCapabilities };
}

function inside(messages: Iterable<Buffer>, field: number, name: string): Buffer[] {
  return [...messages].flatMap((message) => {
    return [...fieldsOf(message, name)].flatMap(({ number, from, to }) => {
      return number === field ? [message.subarray(from, to)] : [];
    });
  });
}

/** Of a packed field; also one that is none of these, such as a number of its own, is all zero where nothing is set. */
function isAnySet(bytes: Buffer): boolean {
  return bytes.some((byte) => byte !== 0);
}
