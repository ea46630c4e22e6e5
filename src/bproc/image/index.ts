export type { BlobCacheOptions, BlobCacheStats } from './blob-cache.ts';
export { BlobCache } from './blob-cache.ts';
export type { Closure, ClosureEntry, ClosureOptions } from './closure.ts';
export { closureOf } from './closure.ts';
export type { EncodedImage, Image, ImageEntry } from './manifest.ts';
export { decodeImage, encodeImage, programOf } from './manifest.ts';
