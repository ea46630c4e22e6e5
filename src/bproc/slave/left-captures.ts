/**
 * Captures that an earlier life of the daemon began. What captures is never killed, which could cost the process its life
 * [PROTOCOL 12.2]: it is waited for, and by how it ends the original is gone for good, or runs on.
 */
import type { HeldProcess } from '../../linux/index.ts';
import { idBytes, isId } from '../ids.ts';
import type { Facts } from './facts.ts';

/** What a capture is for. */
export interface CaptureOf {
  /** The process. */
  readonly key: string;
  /** Its move; absent where it stays, and is copied. */
  readonly move?: { readonly number: number; readonly node: number } | undefined;
  /** What is known of one that moves. */
  readonly facts?: Facts | undefined;
  /** What is removed with it. */
  readonly directory: string;
}

/** What the engine is to keep with what captures a process. */
export function captureTag(capture: CaptureOf): Uint8Array {
  return Buffer.from(JSON.stringify({ capture }));
}

/** What was kept so; undefined for anything else. */
export function captureOf({ tag }: HeldProcess): CaptureOf | undefined {
  try {
    const { capture }: { readonly capture?: CaptureOf } = JSON.parse(Buffer.from(tag).toString());
    if (capture === undefined || !isId(idBytes(capture.key)) || typeof capture.directory !== 'string') return undefined;
    return capture;
  } catch {
    // nothing of this kind
    return undefined;
  }
}
