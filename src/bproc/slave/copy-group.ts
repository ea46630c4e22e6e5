/** Copies of one process that are made of one capture, so that it stands still once however many nodes they go to. PROTOCOL.md 12.10. */
import { rm } from 'node:fs/promises';
import type { BlobSource } from '../image/index.ts';
import type { Checkpointer, PackedParcel } from '../migrate/index.ts';
import { openLuggage, packLuggage, packParcel } from '../migrate/index.ts';
import { captureRunning } from './capturing.ts';
import type { MoveParts } from './move-parts.ts';

/** Nodes, and bytes, from which on the nodes have a copy's files from each other: fewer are there sooner from here. */
const LEAST_NODES = 3;
const LEAST_BYTES = 4 * 1024 * 1024;
/** Nodes that copies are under way to at the same time; of one node there is one at a time. */
const LANES = 64;

type PackedFiles = Awaited<ReturnType<typeof packLuggage>>;

/** What was captured, for as long as copies are made of it. */
export interface SharedCapture {
  /** By which pipes the images know its streams. */
  readonly pipes: readonly number[];
  readonly files: PackedFiles;
  /** Bytes of all files. */
  readonly totalBytes: number;
  /** Absent: who gets it gets it from here. */
  readonly parcel: PackedParcel | undefined;
  /** Opens a file of it for whoever gets it, by its number, or by the parcel's name. @throws BprocError ENOENT. */
  open(image: string, blob: string): Promise<BlobSource>;
}

/** The group. It takes copies until its process is captured. */
export class CopyGroup {
  readonly #parts: MoveParts;
  readonly #key: string;
  readonly #enqueue: (work: () => Promise<void>) => void;
  readonly #nodes = new Set<number>();
  readonly #lanes = new Map<number, Promise<void>>();
  #making = 0;
  #hasBegun = false;
  #directory: string | undefined;
  #captured: Promise<SharedCapture> | undefined;
  #setOver: () => void = () => {};
  /** Resolves when all of its copies have been made, or have failed. */
  readonly over = new Promise<void>((resolve) => {
    this.#setOver = resolve;
  });

  /** @param enqueue does something when nothing else is done with the process. */
  constructor(parts: MoveParts, key: string, enqueue: (work: () => Promise<void>) => void) {
    this.#parts = parts;
    this.#key = key;
    this.#enqueue = enqueue;
  }

  /** Whether it takes another copy. */
  get isOpen(): boolean {
    return !this.#hasBegun;
  }

  /** Makes one more copy, when its node's turn has come. @param make never rejects. */
  async run(node: number, make: () => Promise<void>): Promise<void> {
    this.#nodes.add(node);
    this.#making += 1;
    const lane = Math.abs(node) % LANES;
    const making = (this.#lanes.get(lane) ?? Promise.resolve()).then(make);
    this.#lanes.set(lane, making);
    await making;
    this.#making -= 1;
    if (this.#making === 0) await this.#close();
  }

  /** What was captured: by the first who asks, for all of them. @throws BprocError as the engine does. */
  captured(engine: Checkpointer): Promise<SharedCapture> {
    this.#captured ??= new Promise((resolve, reject) => {
      // all that is asked for until it is its turn is made of the same
      this.#enqueue(() => this.#capture(engine).then(resolve, reject));
    });
    return this.#captured;
  }

  async #capture(engine: Checkpointer): Promise<SharedCapture> {
    this.#hasBegun = true;
    const directory = this.#parts.directory('move');
    this.#directory = directory;
    const pipes = await captureRunning(this.#parts, this.#key, engine, directory);
    const files = await packLuggage(directory);
    const totalBytes = files.reduce((sum, { size = 0 }) => sum + size, 0);
    const isWorthIt = this.#nodes.size >= LEAST_NODES && totalBytes >= LEAST_BYTES;
    const parcel = isWorthIt ? await packParcel(directory, files, this.#parts.random) : undefined;
    const open = (image: string, blob: string): Promise<BlobSource> => {
      return image === parcel?.hash ? parcel.open(blob) : openLuggage(directory, files, blob);
    };
    return { pipes, files, totalBytes, parcel, open };
  }

  async #close(): Promise<void> {
    this.#hasBegun = true;
    this.#setOver();
    if (this.#directory !== undefined) await rm(this.#directory, { recursive: true, force: true });
  }
}
