/** One direction of a virtual connection: frames on their way, and what may happen to them there. */
import type { VirtualClock } from './virtual-clock.ts';

/** A frame that is about to leave. Types and streams are the wire's numbers. */
export interface FrameInfo {
  readonly from: string;
  readonly to: string;
  readonly type: number;
  readonly stream: number;
  /** Tag of the connection's session, and the frame's number in it. */
  readonly session: number;
  readonly sequence: number;
  readonly bytes: number;
}

/** What happens to a frame besides the network's latency; nothing, where nothing is said. */
export interface FrameFate {
  /** It never arrives. The receiver notices with the next one, and closes the connection. */
  readonly drop?: boolean;
  /** It arrives twice. */
  readonly duplicate?: boolean;
  /** It takes so many milliseconds longer, and all behind it wait for it. */
  readonly delayMs?: number;
  /** It takes so many milliseconds longer, and those behind it overtake it. */
  readonly overtakenMs?: number;
  /** These bytes arrive just before it, such as a frame that was recorded on another connection. */
  readonly precededBy?: Buffer;
}

/** What a line carries: a frame, the orderly end, or the end at once. */
export type LineItem = Buffer | 'end' | 'reset';

/** What carries frames, one after another: a line's own, or that of all lines of a host. */
export interface Pipe {
  readonly bytesPerMs: number;
  /** When all that was given to it has left. */
  idleAt: number;
}

/** What a line needs of its network. */
export interface LineNetwork {
  readonly clock: VirtualClock;
  readonly latencyMs: number;
  fateOf(info: FrameInfo, frame: Buffer): FrameFate | undefined;
  isBlocked(from: string, to: string): boolean;
}

/** Frames from one host to another: in order, unless told otherwise. */
export class Line {
  readonly from: string;
  readonly to: string;
  /** Told when the line can take frames again; for lines of limited bandwidth. */
  onIdle: () => void = () => {};
  readonly #network: LineNetwork;
  readonly #deliver: (item: LineItem) => void;
  readonly #pipe: Pipe;
  #latest = 0;
  #cut = false;
  #waking = false;
  #held: LineItem[] = [];

  constructor(network: LineNetwork, from: string, to: string, pipe: Pipe, deliver: (item: LineItem) => void) {
    this.#network = network;
    this.#pipe = pipe;
    this.from = from;
    this.to = to;
    this.#deliver = deliver;
  }

  /** Whether a frame sent now leaves now. Where not, `onIdle` is called once it would. */
  get isIdle(): boolean {
    const { clock } = this.#network;
    const waitMs = this.#pipe.idleAt - clock.now();
    if (waitMs <= 0) return true;
    if (!this.#waking) {
      this.#waking = true;
      clock.after(waitMs, () => {
        this.#waking = false;
        if (!this.#cut) this.onIdle();
      });
    }
    return false;
  }

  /** Sends a frame of the wire. */
  send(frame: Buffer, info: Omit<FrameInfo, 'from' | 'to'>): void {
    const { clock } = this.#network;
    const pipe = this.#pipe;
    pipe.idleAt = Math.max(pipe.idleAt, clock.now()) + frame.length / pipe.bytesPerMs;
    const fate = this.#network.fateOf({ ...info, from: this.from, to: this.to }, frame) ?? {};
    if (fate.precededBy !== undefined) this.#carry(fate.precededBy, 0);
    if (fate.drop === true) return;
    if (fate.overtakenMs === undefined) this.#carry(frame, fate.delayMs ?? 0);
    else clock.after(this.#network.latencyMs + fate.overtakenMs, () => this.#arrive(frame));
    if (fate.duplicate === true) this.#carry(frame, 0);
  }

  /** Ends the line after everything before. */
  end(how: 'end' | 'reset'): void {
    this.#carry(how, 0);
  }

  /** Nothing of it arrives any more. */
  cut(): void {
    this.#cut = true;
    this.#held = [];
  }

  /** A partition is over: what it held back goes on. */
  release(): void {
    const held = this.#held;
    this.#held = [];
    for (const item of held) this.#carry(item, 0);
  }

  #carry(item: LineItem, delayMs: number): void {
    const { clock, latencyMs } = this.#network;
    const at = Math.max(clock.now(), this.#pipe.idleAt) + latencyMs + delayMs;
    this.#latest = Math.max(this.#latest, at);
    clock.after(this.#latest - clock.now(), () => this.#arrive(item));
  }

  #arrive(item: LineItem): void {
    if (this.#cut) return;
    // a partition loses nothing by itself: the sender's kernel sends again until somebody loses patience
    if (this.#held.length > 0 || this.#network.isBlocked(this.from, this.to)) this.#held.push(item);
    else this.#deliver(item);
  }
}
