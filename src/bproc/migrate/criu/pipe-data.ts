/** The bytes that waited in a process's pipes, which CRIU does not give to pipes that others have made. */
import { entriesOf, fieldsOf, readImage } from './images.ts';

const IMAGE = 'pipes-data.img';
const PIPE_ID = 1;
const BYTES = 2;

/**
 * The bytes that a pipe held.
 *
 * @param directory where the images are.
 * @param pipe its inode.
 * @throws BprocError EPROTO for an image that is none, or is of more than 256 MiB.
 */
export async function unreadOf(directory: string, pipe: number): Promise<Buffer> {
  const image = await readImage(directory, IMAGE);
  // there is none where no pipe held anything
  return (image === undefined ? undefined : pipeData(image).get(pipe)) ?? Buffer.alloc(0);
}

/** What each pipe held, by inode. */
export function pipeData(image: Buffer): ReadonlyMap<number, Buffer> {
  const found = new Map<number, Buffer[]>();
  for (const { message, more } of entriesOf(image, IMAGE, (each) => numberIn(each, BYTES))) {
    const pipe = numberIn(message, PIPE_ID);
    const pieces = found.get(pipe) ?? [];
    pieces.push(more);
    found.set(pipe, pieces);
  }
  return new Map([...found].map(([pipe, pieces]) => [pipe, Buffer.concat(pieces)]));
}

function numberIn(message: Buffer, number: number): number {
  let value = 0;
  for (const field of fieldsOf(message, IMAGE)) if (field.number === number) value = field.value;
  return value;
}
