/**
 * The wire of bproc: frames, messages and streams, pure and without I/O. For those who write another
 * implementation or look at recorded traffic; PROTOCOL.md is its specification.
 *
 * @packageDocumentation
 */

export type { ChannelSink } from './channel.ts';
export { Channel } from './channel.ts';
export { ChunkList } from './chunk-list.ts';
export {
  controlBytes,
  decodeControl,
  decodeFailure,
  decodeManifest,
  decodeSpec,
  encodeControl,
  encodeFailure,
  encodeManifest,
  encodeSpec,
} from './codec.ts';
export type { FrameHeader, FrameSink } from './frame.ts';
export { FrameDecoder, FrameFlag, FrameType, readHeader, writeHeader } from './frame.ts';
export * from './gen/messages.ts';
export { HEADER_BYTES, MAX_CONTROL_BYTES, MAX_DATA_BYTES, MAX_GREETING_BYTES } from './limits.ts';
export type { MessageCodec } from './service-codec.ts';
export { MAP_MESSAGES, MPI_MESSAGES, NSS_MESSAGES, QUEUE_MESSAGES, STAT_MESSAGES } from './service-codec.ts';
export type { Accepted, Credit, Piece, Reception } from './streams.ts';
export { ReceiveStream, SendStream } from './streams.ts';
export { chooseVersion, PROTOCOL, unspoken } from './version.ts';
