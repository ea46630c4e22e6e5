/** Images: what programs need to run, how that is named, and where nodes keep it. */
export { BlobCache } from './blob-cache.ts';
export { closureOf } from './closure.ts';
export type { Image, ImageEntry } from './manifest.ts';
export { decodeImage, encodeImage, programOf } from './manifest.ts';
