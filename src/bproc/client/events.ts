/** What can happen to a client, and what it can do. */
import type { BprocError } from '../../errors.ts';
import type { Ended, Event, MoveProgress, RequestChoice, Response, Started } from '../../wire/index.ts';
import type { LinkEffect, LinkEvent } from '../link-events.ts';
import type { ClientProcess, ClientState } from './state.ts';

/** Something that happened: on the link, or by the program that uses the client. */
export type ClientEvent =
  | { readonly type: 'connect' }
  | { readonly type: 'opened'; readonly link: number }
  | { readonly type: 'unreachable'; readonly error: BprocError }
  | LinkEvent
  | { readonly type: 'timer' }
  | { readonly type: 'start'; readonly processes: readonly ClientProcess[] }
  | { readonly type: 'cancel'; readonly key: string }
  | { readonly type: 'write'; readonly key: string; readonly bytes: Buffer }
  | { readonly type: 'endInput'; readonly key: string }
  | { readonly type: 'consumed'; readonly key: string; readonly fd: 1 | 2; readonly bytes: number }
  | { readonly type: 'closeOutput'; readonly key: string; readonly fd: 1 | 2 }
  | { readonly type: 'request'; readonly id: number; readonly order: RequestChoice }
  | { readonly type: 'abandon'; readonly id: number }
  | {
      readonly type: 'subscribe';
      readonly id: number;
      readonly request: number;
      readonly cursor: string;
      readonly processes: boolean;
    }
  | { readonly type: 'taken'; readonly id: number; readonly cursor: string }
  | { readonly type: 'unsubscribe'; readonly id: number }
  /** Its program is a copy of the one that all this happened to. */
  | { readonly type: 'copied'; readonly id: Uint8Array; readonly pid: number }
  | { readonly type: 'shutdown' };

/** Something to do, in order. */
export type ClientEffect =
  | { readonly type: 'dial' }
  | { readonly type: 'establish'; readonly link: number; readonly session: number }
  | LinkEffect
  | { readonly type: 'attached' }
  | { readonly type: 'detached'; readonly reason: BprocError | undefined }
  /** Everything that waits fails for this reason; the client is over. */
  | { readonly type: 'gaveUp'; readonly error: BprocError }
  | { readonly type: 'started'; readonly key: string; readonly started: Started }
  | { readonly type: 'startFailed'; readonly key: string; readonly error: BprocError }
  | { readonly type: 'state'; readonly key: string; readonly state: ClientProcess['phase'] }
  | { readonly type: 'output'; readonly key: string; readonly fd: 1 | 2; readonly bytes: Buffer; readonly fin: boolean }
  | { readonly type: 'inputRoom'; readonly key: string }
  | { readonly type: 'inputClosed'; readonly key: string }
  | { readonly type: 'ended'; readonly key: string; readonly ended: Ended }
  | { readonly type: 'progress'; readonly progress: MoveProgress; readonly key: string | undefined }
  | { readonly type: 'answered'; readonly id: number; readonly response: Response }
  | { readonly type: 'events'; readonly id: number; readonly events: readonly Event[]; readonly cursor: string };

/** One call of `step`: the state, when it is, and what is to be done so far. */
export interface ClientTurn {
  readonly state: ClientState;
  readonly now: number;
  readonly effects: ClientEffect[];
}
