/** Images: what programs need to run, how that is named, and where nodes keep it. */
export { BlobCache, type BlobCacheStats } from './blob-cache.ts';
export { BlobFetcher, type FetchLink } from './blob-fetcher.ts';
export { blobHasher, hashFile } from './blob-hash.ts';
export { BlobSender } from './blob-sender.ts';
export type { BlobSource } from './blob-source.ts';
export { bytesSource, fileSource } from './blob-source.ts';
export { CacheHome, DEFAULT_IMAGE_CACHE_BYTES } from './cache-home.ts';
export { type Closure, closureOf } from './closure.ts';
export { FollowingSource } from './following-source.ts';
export type { Surroundings } from './image-binds.ts';
export { blobsOf, checkAnnounced } from './image-blobs.ts';
export { type ImageInside, ImageRoots, type ImageUse, type PreparedImage } from './image-roots.ts';
export { watchRun } from './learn.ts';
export type { EncodedImage, Image, ImageEntry } from './manifest.ts';
export { decodeImage, encodeImage, programOf } from './manifest.ts';
export type { Preset } from './presets.ts';
export { TransferNumbers, transferOf, transferStream } from './transfers.ts';
export { type WholeClosureOptions, wholeClosureOf } from './whole-closure.ts';
