/** Connections that a test can watch and cut. */
import type { Duplex } from 'node:stream';
import { memoryPair } from '../../src/transport/index.ts';

/** Bytes that went one way, as they were written. */
export interface Taps {
  /** From the side that opened the connection. */
  readonly up: Buffer[];
  /** To it. */
  readonly down: Buffer[];
}

/** One end of a connection whose other end is `far`; what passes is told, and may be held back. */
export function tapped(far: Duplex, taps?: Taps): { readonly near: Duplex; cut(): void } {
  const [near, middle] = memoryPair();
  middle.on('data', (bytes: Buffer) => {
    taps?.up.push(Buffer.from(bytes));
    if (!far.destroyed && !far.write(bytes)) {
      middle.pause();
      far.once('drain', () => middle.resume());
    }
  });
  far.on('data', (bytes: Buffer) => {
    taps?.down.push(Buffer.from(bytes));
    if (!middle.destroyed && !middle.write(bytes)) {
      far.pause();
      middle.once('drain', () => far.resume());
    }
  });
  const cut = (): void => {
    middle.destroy();
    far.destroy();
  };
  for (const side of [middle, far]) {
    side.on('error', cut);
    side.on('end', () => (side === middle ? far : middle).end());
    side.on('close', cut);
  }
  return { near, cut };
}
