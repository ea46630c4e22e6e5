/** What a client knows: its processes, its open requests, its link. Changed only by `step`. */

import type { Random } from '../../random.ts';
import type { CarriedFile, Ended, Init, ReceiveStream, RequestChoice, Start } from '../../wire/index.ts';
import { SendStream } from '../../wire/index.ts';
import { Deadlines } from '../deadlines.ts';
import type { Epoch } from '../epoch.ts';
import { NO_EPOCH } from '../epoch.ts';

/** How a client is set up; fixed for its life. */
export interface ClientConfig {
  /** By which a master knows it again. */
  readonly id: Uint8Array;
  readonly domain: string;
  /** Its program's own global pid, where it was started by this library. @default 0 */
  readonly pid?: number;
  /** How long it looks for a master before everything it waits for fails. */
  readonly giveUpMs: number;
  /** Starts of one node that may be without an answer; more wait. */
  readonly startsPerNode: number;
  readonly random: Random;
}

/** Starts of one node that have no answer yet. */
export interface NodeStarts {
  /** The master was asked for these, on this connection or an earlier one. */
  readonly asked: Set<ClientProcess>;
  /** These wait for their turn; nobody has heard of them. */
  readonly queued: Set<ClientProcess>;
}

/** Processes that are to run at the same time: those that have not got all that they need, and those that have. */
export interface Gang {
  readonly unready: Set<ClientProcess>;
  readonly ready: Set<ClientProcess>;
}

/** A process from its start to its acknowledged end. */
export interface ClientProcess {
  readonly key: string;
  readonly puid: Uint8Array;
  node: number;
  boot: Uint8Array;
  readonly rank: number;
  /** What is asked for, without its targets; the same object for all that are started together. */
  readonly start: Init<Start>;
  /** How often the start was sent. */
  sent: number;
  phase: 'starting' | 'running' | 'stopped' | 'unknown';
  /** Nobody wants it any more: it is to end as soon as it shows. */
  cancelled: boolean;
  pid: number;
  stdin: SendStream | undefined;
  /** stdout and stderr; undefined where they are not streams or are not wanted any more. */
  readonly outputs: [ReceiveStream | undefined, ReceiveStream | undefined];
  /** Its end, while output before it is still to come. */
  ended: Ended | undefined;
}

/** The connection to the master. */
export type ClientLink =
  | { readonly phase: 'none' }
  | { readonly phase: 'dialling' }
  | { readonly phase: 'greeting'; readonly link: number }
  | { readonly phase: 'attached'; readonly link: number };

/** A place in the stream of changes. */
export interface ClientSubscription {
  readonly id: number;
  readonly processes: boolean;
  cursor: string;
}

/** Everything a client knows. */
export interface ClientState {
  readonly config: ClientConfig;
  /** As which a master knows it: as it was set up, unless its program has been copied since, and it is the copy's. */
  self: { readonly id: Uint8Array; readonly pid: number };
  seen: Epoch;
  link: ClientLink;
  /** Whether it ever was attached: until then one failure is enough. */
  met: boolean;
  tries: number;
  congested: boolean;
  readonly processes: Map<string, ClientProcess>;
  readonly byPid: Map<number, ClientProcess>;
  /** By node; only nodes that have some. */
  readonly starts: Map<number, NodeStarts>;
  /** Starts that wait for each other, by what they have in common. */
  readonly gangs: Map<ClientProcess['start'], Gang>;
  /** Requests without an answer, to be repeated on every new connection. */
  readonly requests: Map<number, RequestChoice>;
  nextRequest: number;
  /** Files that images carry, as the master has said on this connection; undefined: it was not asked yet. */
  carried: readonly CarriedFile[] | undefined;
  readonly subscriptions: Map<number, ClientSubscription>;
  /** Processes whose ends were taken, and are still to be acknowledged. */
  readonly acks: Uint8Array[];
  readonly deadlines: Deadlines;
  stopping: boolean;
}

/** A client that has met no master yet. */
export function createClientState(config: ClientConfig): ClientState {
  return {
    config,
    self: { id: config.id, pid: config.pid ?? 0 },
    seen: NO_EPOCH,
    link: { phase: 'none' },
    met: false,
    tries: 0,
    congested: false,
    processes: new Map(),
    byPid: new Map(),
    starts: new Map(),
    gangs: new Map(),
    requests: new Map(),
    nextRequest: 1,
    carried: undefined,
    subscriptions: new Map(),
    acks: [],
    deadlines: new Deadlines(),
    stopping: false,
  };
}

/** Input that may be given before its receiver has said how much it takes. */
export function createInput(): SendStream {
  return new SendStream(0);
}
