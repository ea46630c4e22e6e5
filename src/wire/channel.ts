/**
 * One connection's frames in order, and many streams on it: PROTOCOL.md 2.2 and 2.5. Pure: bytes
 * go in and come out, nothing here knows a socket or a clock.
 */
import { BprocError } from '../errors.ts';
import { decodeControl, decodeFailure, encodeControl, encodeFailure } from './codec.ts';
import { Fifo } from './fifo.ts';
import type { FrameHeader } from './frame.ts';
import { FrameDecoder, FrameFlag, FrameType, OFFSET_BYTES, readUint64, writeHeader, writeUint64 } from './frame.ts';
import type { Control, ControlInit, Failure, Init } from './gen/messages.ts';
import { HEADER_BYTES, MAX_SMALL_BYTES } from './limits.ts';
import type { Credit } from './streams.ts';

/** What a channel finds in the bytes it is given. */
export interface ChannelSink {
  control(message: Control): void;
  /** Bytes of a stream. They may be kept, and are overwritten only where what the channel is given is. */
  data(stream: number, offset: number, bytes: Buffer, fin: boolean): void;
  credit(stream: number, credit: Credit): void;
  stop(stream: number): void;
  /** The peer wants a PONG, and will ask again within so many milliseconds. */
  ping(intervalMs: number): void;
  /** The peer closes the connection for this reason. */
  close(failure: Failure): void;
}

const CREDIT_BYTES = 16;
const PING_BYTES = 4;
/** Bytes of a reason's text: the rest of {@link MAX_SMALL_BYTES} is for its code and fields. */
const MAX_REASON_BYTES = MAX_SMALL_BYTES - 128;
/** Frames up to this size are copied together; larger ones are handed out as they are. */
const COPY_BELOW = 8 * 1024;

/** A frame that waits to be taken; its number is given when it leaves. */
interface Waiting {
  readonly type: number;
  readonly flags: number;
  readonly stream: number;
  readonly session: number;
  readonly head: Buffer | undefined;
  readonly payload: Uint8Array;
}

const NOTHING = Buffer.alloc(0);

/** Encodes, decodes, numbers and queues the frames of one connection. */
export class Channel {
  readonly #decoder: FrameDecoder;
  readonly #sink: ChannelSink;
  readonly #isOverwritten: boolean;
  #session = 0;
  #expectedSession = 0;
  #received = 0;
  #sent = 0;
  /** Three queues, emptied in this order: what floods cannot starve, messages, stream bytes. */
  #urgent: Waiting[] = [];
  #control: Waiting[] = [];
  readonly #data = new Map<number, Fifo<Waiting>>();
  #queuedBytes = 0;
  #dataBytes = 0;
  /** Of the bytes that wait, those that will be copied together. */
  #smallBytes = 0;

  /** @param isOverwritten whether the bytes that it is given are overwritten when it has taken them: then messages keep none of them. */
  constructor(sink: ChannelSink, isOverwritten = false) {
    this.#sink = sink;
    this.#isOverwritten = isOverwritten;
    this.#decoder = new FrameDecoder({
      header: (header) => this.#admit(header),
      frame: (header, payload) => this.#frame(header, payload),
      piece: (header, offset, bytes, last) =>
        sink.data(header.stream, offset, bytes, last && (header.flags & FrameFlag.FIN) !== 0),
    });
  }

  /** Bytes that wait to be taken. */
  get queuedBytes(): number {
    return this.#queuedBytes;
  }

  /** Bytes of stream data among them. */
  get queuedDataBytes(): number {
    return this.#dataBytes;
  }

  /**
   * The session exists: every frame sent from now on carries its tag, and every frame received
   * must. The side that sends WELCOME says so after it, the other one on receiving it.
   */
  establish(session: number): void {
    this.#session = session;
    this.#expectedSession = session;
    this.#decoder.greeting = false;
  }

  /**
   * Takes received bytes, from `start` on, at most `budget` frames of them.
   *
   * @returns where it stopped in the chunk.
   * @throws BprocError EPROTO where the peer breaks the protocol: the connection is to be closed.
   */
  receive(chunk: Buffer, start: number, budget: number): number {
    return this.#decoder.push(chunk, start, budget);
  }

  /** @throws BprocError E2BIG for a message longer than the wire allows. */
  sendControl(message: ControlInit): void {
    this.#queue(this.#control, FrameType.CONTROL, 0, 0, encodeControl(message));
  }

  sendData(stream: number, offset: number, bytes: Buffer, fin: boolean): void {
    const head = Buffer.allocUnsafe(OFFSET_BYTES);
    writeUint64(head, offset, 0);
    let queue = this.#data.get(stream);
    if (queue === undefined) {
      queue = new Fifo();
      this.#data.set(stream, queue);
    }
    this.#dataBytes += HEADER_BYTES + OFFSET_BYTES + bytes.length;
    this.#queue(queue, FrameType.DATA, fin ? FrameFlag.FIN : 0, stream, bytes, head);
  }

  sendCredit(stream: number, credit: Credit): void {
    const payload = Buffer.allocUnsafe(CREDIT_BYTES);
    writeUint64(payload, credit.acked, 0);
    writeUint64(payload, credit.limit, 8);
    this.#queue(this.#control, FrameType.CREDIT, credit.rewind ? FrameFlag.REWIND : 0, stream, payload);
  }

  sendStop(stream: number): void {
    this.#queue(this.#control, FrameType.STOP, 0, stream, NOTHING);
  }

  /** What still waits says the newer interval in the place of a second PING: a peer that does not read makes none pile up. */
  sendPing(intervalMs: number): void {
    const waiting = this.#urgent.find((frame) => frame.type === FrameType.PING && frame.session === this.#session);
    const payload = waiting?.payload ?? Buffer.allocUnsafe(PING_BYTES);
    new DataView(payload.buffer, payload.byteOffset).setUint32(0, Math.min(Math.ceil(intervalMs), 0xffffffff));
    if (waiting === undefined) this.#queue(this.#urgent, FrameType.PING, 0, 0, payload);
  }

  /** One PONG answers every PING before it: a peer that asks faster than it listens queues no more. */
  sendPong(): void {
    if (this.#urgent.some((frame) => frame.type === FrameType.PONG)) return;
    this.#queue(this.#urgent, FrameType.PONG, 0, 0, NOTHING);
  }

  /** The message is cut to what a frame of this type may hold. */
  sendClose(failure: Init<Failure>): void {
    const message = clip(failure.message ?? '', MAX_REASON_BYTES);
    this.#queue(this.#control, FrameType.CLOSE, 0, 0, encodeFailure({ ...failure, message }));
  }

  /**
   * The next frames as buffers to write, in order, until `most` bytes are reached. Whoever takes
   * them must write them: their numbers are given.
   */
  take(most: number): Buffer[] {
    const out: Buffer[] = [];
    // as large as what is to go into it: buffers that stay mostly empty bring the garbage collector on
    const packer = new Packer(out, () => this.#smallBytes);
    let room = most;
    // nothing overtakes the greeting: only after it the session's tag is known [PROTOCOL 2.5]
    const greets = this.#control[0]?.session === 0;
    const first = greets ? [this.#control, this.#urgent] : [this.#urgent, this.#control];
    for (const queue of first) {
      let taken = 0;
      for (const frame of queue) {
        if (room <= 0) break;
        room -= this.#write(packer, frame);
        taken += 1;
      }
      queue.splice(0, taken);
    }
    while (room > 0 && this.#data.size > 0) {
      // one frame of each stream in turn: a stream never waits for more than one frame of any other
      for (const [stream, queue] of this.#data) {
        const frame = queue.shift();
        if (frame !== undefined) {
          const size = this.#write(packer, frame);
          room -= size;
          this.#dataBytes -= size;
        }
        this.#data.delete(stream);
        if (queue.length > 0) this.#data.set(stream, queue);
        if (room <= 0) break;
      }
    }
    packer.flush();
    return out;
  }

  #queue(
    queue: Pick<Fifo<Waiting>, 'push'>,
    type: number,
    flags: number,
    stream: number,
    payload: Uint8Array,
    head?: Buffer,
  ): void {
    queue.push({ type, flags, stream, session: this.#session, head, payload });
    this.#queuedBytes += HEADER_BYTES + (head?.length ?? 0) + payload.length;
    this.#smallBytes += smallBytes(head, payload);
  }

  #write(packer: Packer, frame: Waiting): number {
    const length = (frame.head?.length ?? 0) + frame.payload.length;
    const at = packer.reserve(HEADER_BYTES);
    writeHeader(packer.buffer, at, {
      length,
      type: frame.type,
      flags: frame.flags,
      stream: frame.stream,
      session: frame.session,
      sequence: this.#sent,
    });
    this.#sent = (this.#sent + 1) >>> 0;
    if (frame.head !== undefined) packer.add(frame.head);
    packer.add(frame.payload);
    this.#smallBytes -= smallBytes(frame.head, frame.payload);
    this.#queuedBytes -= HEADER_BYTES + length;
    return HEADER_BYTES + length;
  }

  #admit(header: FrameHeader): boolean {
    const ahead = (header.sequence - this.#received) >>> 0;
    if (header.session !== this.#expectedSession) throw new BprocError('EPROTO', 'a frame belongs to another session');
    // an older frame has been seen already: dropped. A later one means that frames are missing
    if (ahead >= 2 ** 31) return false;
    if (ahead > 0) throw new BprocError('EPROTO', `${ahead} frames are missing before number ${header.sequence}`);
    this.#received = (this.#received + 1) >>> 0;
    return true;
  }

  #frame(header: FrameHeader, payload: Buffer): void {
    switch (header.type) {
      case FrameType.CONTROL:
        this.#sink.control(decodeControl(this.#isOverwritten ? Buffer.from(payload) : payload));
        break;
      case FrameType.CREDIT:
        if (payload.length < CREDIT_BYTES) throw new BprocError('EPROTO', 'a credit frame is too short');
        this.#sink.credit(header.stream, {
          acked: readUint64(payload, 0),
          limit: readUint64(payload, 8),
          rewind: (header.flags & FrameFlag.REWIND) !== 0,
        });
        break;
      case FrameType.STOP:
        this.#sink.stop(header.stream);
        break;
      case FrameType.PING:
        if (payload.length < PING_BYTES) throw new BprocError('EPROTO', 'a ping frame is too short');
        this.#sink.ping(payload.readUInt32BE(0));
        break;
      case FrameType.CLOSE:
        this.#sink.close(decodeFailure(payload));
        break;
      default:
        // PONG only has to arrive; a type this version does not know is a later minor version's
        break;
    }
  }
}

/** The beginning of a text that fits into so many bytes of UTF-8, cut between characters. */
function clip(text: string, most: number): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= most) return text;
  let end = most;
  while (((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return bytes.toString('utf8', 0, end);
}

/** Bytes of a frame that are copied; the rest is handed through. */
function smallBytes(head: Buffer | undefined, payload: Uint8Array): number {
  return HEADER_BYTES + (head?.length ?? 0) + (payload.length < COPY_BELOW ? payload.length : 0);
}

/** Puts small pieces together in one buffer and hands large ones through. */
class Packer {
  buffer = NOTHING;
  readonly #out: Buffer[];
  readonly #expected: () => number;
  #used = 0;
  #from = 0;

  /** @param expected how many bytes are still to be copied, the frame that is being packed included */
  constructor(out: Buffer[], expected: () => number) {
    this.#out = out;
    this.#expected = expected;
  }

  /** Makes room for `bytes` in {@link buffer} and returns where. */
  reserve(bytes: number): number {
    if (this.#used + bytes > this.buffer.length) {
      this.flush();
      this.buffer = Buffer.allocUnsafe(Math.max(Math.min(this.#expected(), 2 * COPY_BELOW), bytes));
      this.#used = 0;
      this.#from = 0;
    }
    const at = this.#used;
    this.#used += bytes;
    return at;
  }

  add(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    if (bytes.length < COPY_BELOW) {
      const at = this.reserve(bytes.length);
      this.buffer.set(bytes, at);
      return;
    }
    this.flush();
    this.#out.push(Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  }

  flush(): void {
    if (this.#used > this.#from) this.#out.push(this.buffer.subarray(this.#from, this.#used));
    this.#from = this.#used;
  }
}
