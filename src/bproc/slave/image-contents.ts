/** What is in the images that were started last: to read it would be half of what the next start of one costs. */
import { blobsOf, decodeImage } from '../image/index.ts';
import { Recent } from '../recent.ts';

/** Images whose manifests are remembered, where these are of no more than so many bytes. */
const LEAST_CONTENTS = 32;
const MOST_MANIFEST_BYTES = 128 * 1024;

/** What an image consists of. */
export interface ImageContent {
  readonly manifest: Buffer;
  /** Its blobs with their sizes. */
  readonly blobs: readonly (readonly [string, number])[];
}

/** The contents, by the images' names. */
export class ImageContents {
  readonly #known = new Recent<ImageContent>(LEAST_CONTENTS);

  get(image: string): ImageContent | undefined {
    return this.#known.get(image);
  }

  /** @throws BprocError EPROTO for what is no manifest. */
  note(image: string, manifest: Buffer): ImageContent {
    const content = { manifest, blobs: [...blobsOf(decodeImage(manifest))] };
    if (manifest.length <= MOST_MANIFEST_BYTES) this.#known.set(image, content);
    return content;
  }
}
