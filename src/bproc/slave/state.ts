/** What a slave knows: its processes, its link, its promise. Changed only by `step`. */
import type { BprocError } from '../../errors.ts';
import type { ExitStatus, ProcessIdentity, SpawnRequest } from '../../linux/index.ts';
import type { Random } from '../../random.ts';
import type { Departed, End, Init, Kill, ListProcesses, Welcome } from '../../wire/index.ts';
import { type ReceiveStream, SendStream } from '../../wire/index.ts';
import { Deadlines } from '../deadlines.ts';
import type { Epoch } from '../epoch.ts';
import { NO_EPOCH } from '../epoch.ts';
import { fraction } from '../ids.ts';
import { PidSource } from '../pid-blocks.ts';
import { Recent } from '../recent.ts';
import type { WantedOutfit } from '../service.ts';
import type { WantedImage } from './images.ts';
import type { KnownSpec } from './known-spec.ts';
import type { WantedPipes } from './pipes.ts';
import { SIGNALS, type SignalOutcome } from './signal-log.ts';

/** Ends remembered so that a late duplicate of their start does nothing. */
const TOMBS = 16_384;
/** Moves from here whose outcome is remembered, for a master that has not heard it. */
const MOVES = 1024;

/** How a slave is set up; fixed for its life. */
export interface SlaveConfig {
  /** The life of the node's processes in which it begins. */
  readonly life: Life;
  readonly domain: string;
  /** The number to ask for; undefined: the one it had before, or else what the master chooses. */
  readonly wantedNode: number | undefined;
  readonly address: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** How long processes run on without a master; Infinity: until one returns. */
  readonly masterLostMs: number;
  readonly random: Random;
  /** Whom it may run processes as; absent: whoever asks, as for a node that exists on paper. */
  readonly users?: UserRange;
  /** What processes are kept from; absent: nothing. */
  readonly confinement?: Confinement;
  /** Whether the engine keeps processes while no daemon is there, and with them what the daemon has not passed on. */
  readonly keeps?: boolean;
  /** Whether its processes may go on on other nodes. */
  readonly moves?: boolean;
  /** Directory that is the root of its processes until an administrator says another; absent: the machine's. */
  readonly root?: string | undefined;
}

/** What a slave keeps its processes from. */
export interface Confinement {
  /** From gaining rights by execve: all of them, none, or (undefined) those of other users than the slave's own. */
  readonly noNewPrivileges: boolean | undefined;
  /** Whether those who may gain none are kept from all capabilities too. */
  readonly noCapabilities: boolean;
  readonly noIoUring: boolean;
}

/** Users that a slave runs processes for. */
export interface UserRange {
  /** Its own user. Processes of this one have the slave's own groups. */
  readonly own: number;
  /** Whether it may become another user; then it runs processes of these, from the first to the last. */
  readonly others: boolean;
  readonly first: number;
  readonly last: number;
}

/** Where one of a process's outputs goes. */
export interface Outlet {
  /** Undefined where it is not a stream, or is not wanted any more. */
  stream: SendStream | undefined;
  /** Nothing more comes from the process. */
  ended: boolean;
  paused: boolean;
  /** Bytes in all, also where they went nowhere. */
  bytes: number;
}

/** A process from START to the acknowledgement of its end. */
export interface SlaveProcess {
  readonly key: string;
  readonly puid: Uint8Array;
  /** Its global pid; fixed once it runs. */
  pid: number;
  /** Id of the client that started it, as text. */
  readonly client: string;
  readonly uid: number;
  readonly detached: boolean;
  readonly command: string;
  readonly lostAfterMs: number;
  readonly window: number;
  readonly lifetimeMs: number;
  readonly silenceMs: number;
  readonly killGraceMs: number;
  /** Whether its streams are those of a terminal. */
  readonly hasTerminal: boolean;
  /** Nobody is left to take its output and its end. */
  abandoned: boolean;
  /** Its start was not wanted any more when it could not be undone. */
  cancelled: boolean;
  phase: 'starting' | 'running' | 'stopped' | 'exited';
  /** Whether it may run, or waits for others, with all that it needs or still without. */
  gate: 'open' | 'ready' | 'closed';
  /** What it is to be, until it runs. */
  launch: Launch | undefined;
  identity: ProcessIdentity | undefined;
  /** Milliseconds since 1970, for the table. */
  startedAt: number;
  stdin: ReceiveStream | undefined;
  readonly outlets: readonly [Outlet, Outlet];
  heardAt: number;
  status: ExitStatus | undefined;
  timedOut: 'lifetime' | 'silence' | undefined;
  /** It was let go: it runs on as its machine's own, and all that is left of it is its end. */
  released?: true;
  /** It was ended by the engine that has captured it: a checkpoint has taken its place. */
  checkpointed?: true;
  /** Output is gone that its client still waits for: its end is no whole one [PROTOCOL 6.1]. */
  outputGone?: true;
  /** The end as it is told, once nothing more comes. */
  end: Init<End> | undefined;
  /** How often it has moved to another node. @default 0 */
  readonly moves?: number | undefined;
  /** The move that it is on its way by: its number, and where it goes. */
  moving?: { readonly number: number; readonly node: number } | undefined;
}

/** A process that has gone to another node for good. */
export interface Gone {
  readonly pid: number;
  /** What every master is told, until one says that it knows where the process is. */
  readonly message: Init<Departed> & { readonly number: number };
  isKnown: boolean;
}

/** A process that does not run yet. */
export interface Launch {
  readonly request: SpawnRequest;
  readonly cwdByName: boolean;
  readonly image?: WantedImage;
  readonly pipes?: WantedPipes;
  readonly outfit?: WantedOutfit;
  /** How often it was given another pid. */
  readonly renumbered: number;
}

/** What became of a start that will never happen (again). */
export type Tomb = 'cancelled' | 'over' | BprocError;

/** The connection to the master. */
export type SlaveLink =
  | { readonly phase: 'none' }
  | { readonly phase: 'dialling' }
  | { readonly phase: 'greeting'; readonly link: number }
  | { readonly phase: 'attached'; readonly link: number };

/** One life of a node's processes: whoever holds them has lived that long. */
export interface Life {
  /** Its boot id. */
  readonly boot: Uint8Array;
  /** Below this the engine can give a process the pid that the cluster knows it by; 0: never. */
  readonly pidLimit: number;
}

/** Everything a slave knows. */
export interface SlaveState {
  readonly config: SlaveConfig;
  life: Life;
  /** No engine is there: starts that wait for one, by puid, unless there is a reason to let them fail. */
  outage: { readonly waiting: Map<string, Uint8Array>; error: BprocError | undefined } | undefined;
  /** Its node's number, once a master has said it. */
  node: number | undefined;
  /** The number that its successor will ask for. */
  keptNode: number | undefined;
  /** The newest epoch it has promised to obey; older ones are refused for ever. */
  promised: Epoch;
  link: SlaveLink;
  /** A second link that is to take over, by an administrator's wish. */
  takeover: number | undefined;
  /** The WELCOME that counts once what it makes this slave promise is durable. */
  welcomed: { readonly link: number; readonly welcome: Welcome } | undefined;
  /** Failed tries to reach the master since it was last attached. */
  tries: number;
  /** Whether stream bytes must wait for the link. */
  congested: boolean;
  /** Directory that becomes the root of processes that arrive from now on. */
  root: string | undefined;
  readonly processes: Map<string, SlaveProcess>;
  readonly byPid: Map<number, SlaveProcess>;
  readonly pids: PidSource;
  askedForPids: boolean;
  /** Starts that will never happen (again): the newest that were cancelled, are over, or failed, and then why. */
  readonly tombs: Recent<Tomb>;
  /** Signals and orders that took effect, by (client, request), with what became of them. */
  readonly done: Recent<SignalOutcome>;
  /** What was to be run last. */
  known: KnownSpec | undefined;
  /** Clients that are gone while something of theirs still runs: the rest is swept up after it. */
  readonly sweeps: Set<string>;
  /** Lists that are being made, by the number of the request. */
  readonly lists: Map<number, ListProcesses>;
  /** Signals to pids that nobody here is known to have, by the number of the request: a list will tell. */
  readonly seeks: Map<number, Kill>;
  /** Global pids of processes that were not started but forked, by `localPid:startTime`. */
  forked: Map<string, number>;
  /** The same by global pid, those that are being given to the newest ones included. */
  forkedPids: Map<number, string>;
  /** Processes that stand still on their way to other nodes. */
  readonly frozen: Map<string, object>;
  /** What became of moves from here, the newest ones, by their numbers. */
  readonly moves: Recent<Init<Departed>>;
  /** Processes that have gone from here, by their keys, as long as it matters. */
  readonly gone: Map<string, Gone>;
  /** Pids of this node that processes have which are elsewhere now. */
  readonly away: Set<number>;
  readonly deadlines: Deadlines;
  stopping: boolean;
}

/** A slave that has met no master yet. */
export function createSlaveState(
  config: SlaveConfig,
  promised: Epoch = NO_EPOCH,
  keptNode: number | undefined = undefined,
  signals: Recent<SignalOutcome> = new Recent(SIGNALS),
): SlaveState {
  return {
    config,
    life: config.life,
    outage: undefined,
    node: config.wantedNode ?? keptNode,
    keptNode,
    promised,
    link: { phase: 'none' },
    takeover: undefined,
    welcomed: undefined,
    tries: 0,
    congested: false,
    root: config.root,
    processes: new Map(),
    byPid: new Map(),
    pids: new PidSource(fraction(config.random)),
    askedForPids: false,
    tombs: new Recent(TOMBS),
    done: signals,
    known: undefined,
    sweeps: new Set(),
    lists: new Map(),
    seeks: new Map(),
    forked: new Map(),
    forkedPids: new Map(),
    frozen: new Map(),
    moves: new Recent(MOVES),
    gone: new Map(),
    away: new Set(),
    deadlines: new Deadlines(),
    stopping: false,
  };
}

/** An outlet of a process that has not written yet. */
export function createOutlet(isStream: boolean, window: number): Outlet {
  return { stream: isStream ? new SendStream(window) : undefined, ended: !isStream, paused: false, bytes: 0 };
}
