/**
 * The UTS namespace of a process, in which is its machine's name. The holder makes one for each process that it starts,
 * and for CRIU; so a process that is made again is given that, by writing into its images that it had none of its own.
 */
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { entriesOf, type Field, fieldsOf, readImage } from './images.ts';

const INVENTORY = 'inventory.img';
/** Of an inventory, what CRIU itself has of everything that processes may share. */
const OWN = 3;
/** Of what a process has of that, the UTS namespace. */
const UTS = 8;

/** Sees to it that a process, and what came of it, has the name of the machine where it is made again. */
export async function dropHostName(directory: string, pid: number): Promise<void> {
  const inventory = await readImage(directory, INVENTORY);
  const own = inventory === undefined ? undefined : ownNamespace(inventory);
  const root = await readImage(directory, `ids-${pid}.img`);
  const had = root === undefined ? undefined : namespaceOf(root)?.value;
  if (own === undefined || had === undefined) return;
  const names = (await readdir(directory)).filter((name) => /^ids-\d+\.img$/.test(name));
  for (const name of names) {
    const image = await readImage(directory, name);
    if (image !== undefined && replaceNamespace(image, had, own)) await writeFile(join(directory, name), image);
  }
}

/** Changes an image of what a process has, where that is in the namespace `had`; says whether. */
export function replaceNamespace(image: Buffer, had: number, own: number): boolean {
  const field = namespaceOf(image);
  // their numbers are small; others would need another length
  if (field?.value !== had || field.to - field.from !== 1 || own > 127 || had === own) return false;
  image[field.from + field.start] = own;
  return true;
}

function namespaceOf(image: Buffer): (Field & { readonly start: number }) | undefined {
  for (const { message } of entriesOf(image, 'ids.img')) {
    const start = message.byteOffset - image.byteOffset;
    for (const field of fieldsOf(message, 'ids.img')) if (field.number === UTS) return { ...field, start };
  }
  return undefined;
}

/** CRIU's own. */
export function ownNamespace(inventory: Buffer): number | undefined {
  for (const { message } of entriesOf(inventory, INVENTORY)) {
    for (const { number, from, to } of fieldsOf(message, INVENTORY)) {
      if (number !== OWN) continue;
      for (const inner of fieldsOf(message.subarray(from, to), INVENTORY)) if (inner.number === UTS) return inner.value;
    }
  }
  return undefined;
}
