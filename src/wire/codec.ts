/** Control messages to bytes and back: protobufjs's static codec, bounded and exactly typed. */
import protobuf from 'protobufjs/minimal.js';
import { BprocError } from '../errors.ts';
import { bproc } from './gen/codec.js';
import type { Control, ControlInit, Failure, Init, Manifest, Spec } from './gen/messages.ts';
import { MAX_CONTROL_BYTES } from './limits.ts';

/** protobufjs reads 64-bit fields as objects; this reads them as numbers and refuses what would not be exact. */
class NumberReader extends protobuf.BufferReader {
  constructor(bytes: Buffer) {
    super(bytes);
    this.discardUnknown = true;
  }

  // @ts-expect-error -- the base class declares Long, our generated types say number
  override uint64(): number {
    let value = 0;
    let factor = 1;
    for (let i = 0; i < 10; i += 1) {
      const byte = this.buf[this.pos];
      if (byte === undefined || this.pos >= this.len) throw new RangeError('index out of range');
      this.pos += 1;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) {
        if (value > Number.MAX_SAFE_INTEGER) throw new RangeError('a number beyond 2^53');
        return value;
      }
      factor *= 128;
    }
    throw new RangeError('a number of more than ten bytes');
  }
}

/** @throws BprocError EPROTO. */
export function decodeMessage<T>(what: string, type: { decode(reader: object): unknown }, bytes: Uint8Array): T {
  const buffer = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    // protobufjs gives every field that is absent its default, so what comes out is what our types say
    return type.decode(new NumberReader(buffer)) as T;
  } catch (cause) {
    throw new BprocError('EPROTO', `malformed ${what}: ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
}

/**
 * Encodes a control message.
 *
 * @throws BprocError E2BIG above {@link MAX_CONTROL_BYTES}.
 */
export function encodeControl(message: ControlInit): Uint8Array {
  const bytes = bproc.v1.Control.encode(message).finish();
  if (bytes.length > MAX_CONTROL_BYTES) {
    throw new BprocError('E2BIG', `a message of ${bytes.length} bytes is longer than the ${MAX_CONTROL_BYTES} allowed`);
  }
  return bytes;
}

/** How many bytes a control message has when it is encoded, whether or not the wire allows so many. */
export function controlBytes(message: ControlInit): number {
  return bproc.v1.Control.encode(message).len;
}

/**
 * Decodes a control message. Its byte fields share memory with `bytes`: copy what is kept.
 *
 * @throws BprocError EPROTO on anything that is not one.
 */
export function decodeControl(bytes: Uint8Array): Control {
  return decodeMessage('control message', bproc.v1.Control, bytes);
}

/** Encodes what to run; masters pass these bytes on unread. */
export function encodeSpec(spec: Init<Spec>): Uint8Array {
  return bproc.v1.Spec.encode(spec).finish();
}

/**
 * Decodes what to run.
 *
 * @throws BprocError EPROTO on anything that is not a Spec.
 */
export function decodeSpec(bytes: Uint8Array): Spec {
  return decodeMessage('process specification', bproc.v1.Spec, bytes);
}

/** Encodes the reason of a CLOSE frame. */
export function encodeFailure(failure: Init<Failure>): Uint8Array {
  return bproc.v1.Failure.encode(failure).finish();
}

/**
 * Decodes the reason of a CLOSE frame.
 *
 * @throws BprocError EPROTO on anything that is not a Failure.
 */
export function decodeFailure(bytes: Uint8Array): Failure {
  return decodeMessage('failure', bproc.v1.Failure, bytes);
}

/** Encodes what a program needs to run. */
export function encodeManifest(manifest: Init<Manifest>): Uint8Array {
  return bproc.v1.Manifest.encode(manifest).finish();
}

/**
 * Decodes what a program needs to run; nothing in it has been checked.
 *
 * @throws BprocError EPROTO on anything that is not a Manifest.
 */
export function decodeManifest(bytes: Uint8Array): Manifest {
  return decodeMessage('manifest', bproc.v1.Manifest, bytes);
}
