/** What can happen to a master, and what it can do. */
import type { BprocError } from '../../errors.ts';
import type { Control, ControlInit } from '../../wire/index.ts';
import type { Credentials } from '../permissions.ts';

/** Something that happened. Links are known by the number their driver gave them. */
export type MasterEvent =
  | { readonly type: 'opened'; readonly link: number; readonly peer: string; readonly credentials: Credentials }
  | { readonly type: 'control'; readonly link: number; readonly message: Control }
  | { readonly type: 'closed'; readonly link: number; readonly reason: BprocError | undefined }
  /** Answer to a `probe`: whether anything was heard of the link since. */
  | { readonly type: 'probed'; readonly link: number; readonly alive: boolean }
  | { readonly type: 'timer' }
  | { readonly type: 'shutdown' };

/** Something to do, in order. */
export type MasterEffect =
  | { readonly type: 'establish'; readonly link: number; readonly session: number }
  | { readonly type: 'send'; readonly link: number; readonly message: ControlInit }
  | { readonly type: 'close'; readonly link: number; readonly reason: BprocError | undefined }
  /** Ask the link for a sign of life and say within `withinMs` whether one came. */
  | { readonly type: 'probe'; readonly link: number; readonly withinMs: number };
