/** What can happen to a slave, and what it can do. */
import type { BprocError } from '../../errors.ts';
import type {
  ExitStatus,
  HeldProcess,
  ProcessIdentity,
  SignalScope,
  SpawnRequest,
  TerminalSize,
  TreeEntry,
} from '../../linux/index.ts';
import type {
  CacheAction,
  Checkpoint,
  CheckpointRoom,
  Depart,
  Init,
  LateSignal,
  Power,
  ResponseChoice,
  Settle,
  Start,
} from '../../wire/index.ts';
import type { Epoch } from '../epoch.ts';
import type { LinkEffect, LinkEvent } from '../link-events.ts';
import type { ServiceCaller, WantedOutfit } from '../service.ts';
import type { Arriving, Facts } from './facts.ts';
import type { HeldImage, WantedImage } from './images.ts';
import type { KeptPlace, KeptWish } from './kept-orders.ts';
import type { CaptureOf } from './left-captures.ts';
import type { EndNote } from './notes.ts';
import type { WantedPipes } from './pipes.ts';
import type { Life, SlaveState } from './state.ts';

/** Something that happened. Links are known by the number their driver gave them. */
export type SlaveEvent =
  | { readonly type: 'connect' }
  | { readonly type: 'opened'; readonly link: number; readonly takeover: boolean }
  | { readonly type: 'unreachable'; readonly takeover: boolean }
  | LinkEvent
  /** What the latest WELCOME asked for is durable, or cannot be made so. */
  | { readonly type: 'kept'; readonly error: BprocError | undefined }
  | { readonly type: 'started'; readonly key: string; readonly identity: ProcessIdentity; readonly at: number }
  | { readonly type: 'failed'; readonly key: string; readonly error: BprocError }
  /** Answer to a `prepare`, where that has not failed. */
  | { readonly type: 'prepared'; readonly key: string }
  | { readonly type: 'output'; readonly key: string; readonly fd: 1 | 2; readonly bytes: Buffer }
  | { readonly type: 'outputEnd'; readonly key: string; readonly fd: 1 | 2 }
  | { readonly type: 'stdinWritten'; readonly key: string; readonly bytes: number }
  | { readonly type: 'stdinClosed'; readonly key: string }
  | { readonly type: 'stopped'; readonly key: string }
  | { readonly type: 'continued'; readonly key: string }
  | { readonly type: 'exited'; readonly key: string; readonly status: ExitStatus }
  /** Its engine lost it: how it ends nobody will know. */
  | { readonly type: 'lost'; readonly key: string; readonly error: BprocError }
  /** The engine's helper has died, and all that it held has been told to be lost. */
  | { readonly type: 'engineLost'; readonly error: BprocError }
  /** No other engine is there yet, and it may take long. */
  | { readonly type: 'engineFailed'; readonly error: BprocError }
  /** Another engine is there. */
  | { readonly type: 'renewed'; readonly life: Life }
  /** What the engine has kept of earlier lives of the daemon, and the puids of what is over; before everything else. */
  | {
      readonly type: 'held';
      readonly held: readonly HeldProcess[];
      readonly remembered: readonly Uint8Array[];
      readonly wallTime: number;
    }
  | {
      readonly type: 'signalled';
      readonly key: string;
      readonly signal: number;
      readonly answer: SignalAnswer | undefined;
      readonly outcome: boolean | BprocError;
    }
  | { readonly type: 'listed'; readonly request: number; readonly entries: readonly TreeEntry[] | BprocError }
  | {
      readonly type: 'ordered';
      readonly request: number;
      readonly error: BprocError | undefined;
      readonly root?: string;
      /** Of the answer. */
      readonly body?: ResponseChoice;
    }
  /** A process is about to stand still. */
  | { readonly type: 'freezing'; readonly key: string }
  /** It is gone from here for good; or, with an error, it runs on here. */
  | {
      readonly type: 'departed';
      readonly key: string;
      readonly number: number;
      /** Where it was to go. */
      readonly node: number;
      readonly error: BprocError | undefined;
      /** What it takes with it, as its processes knew them: pids, groups, sessions and threads. */
      readonly pids?: readonly number[] | undefined;
    }
  /** It runs on here, and what has been captured of it is to become a copy elsewhere. */
  | { readonly type: 'thawed'; readonly key: string; readonly checkpointed: boolean }
  /** A copy of a process of this node has come where it was to go; or, with an error, it has not. */
  | {
      readonly type: 'copied';
      readonly puid: Uint8Array;
      readonly number: number;
      readonly error: BprocError | undefined;
    }
  /** A copy of a process of another node is to come; it is entered, or what is told `refused` says why not. */
  | { readonly type: 'expecting'; readonly start: Start; readonly refused: (error: BprocError) => void }
  /** A process runs here that was elsewhere before. */
  | {
      readonly type: 'arrived';
      readonly number: number;
      readonly held: HeldProcess;
      /** Whether its client wants stdout and stderr still. */
      readonly wanted: readonly [boolean, boolean];
      readonly signals: readonly LateSignal[];
      readonly wallTime: number;
    }
  | { readonly type: 'timer' }
  | { readonly type: 'shutdown' };

/** Something to do, in order. */
export type SlaveEffect =
  | { readonly type: 'dial'; readonly takeover: boolean; readonly address: string }
  /** Durable before the next effect is carried out; where that fails the rest of the step's effects are dropped. */
  | { readonly type: 'promise'; readonly epoch: Epoch }
  /** Like `promise`. */
  | { readonly type: 'keepNode'; readonly node: number }
  /** Answered with `kept` at once. */
  | { readonly type: 'proceed' }
  | { readonly type: 'establish'; readonly link: number; readonly session: number; readonly heartbeatMs: number }
  /** With the features of the master's WELCOME. */
  | { readonly type: 'attached'; readonly features: readonly string[] }
  /** The master knows what the slave holds, or will before whatever is sent from here on. */
  | { readonly type: 'told' }
  | LinkEffect
  | {
      readonly type: 'spawn';
      readonly key: string;
      readonly request: SpawnRequest;
      readonly cwdByName: boolean;
      /** What it runs, which may have to be fetched first; absent: what the node has. */
      readonly image?: WantedImage;
      /** The ends of pipes that it has, which have to be made first. */
      readonly pipes?: WantedPipes;
      /** What a service gives it, which is asked first. */
      readonly outfit?: WantedOutfit;
    }
  /** Gets what a process is to run, before it may. */
  | { readonly type: 'prepare'; readonly key: string; readonly request: SpawnRequest; readonly image: WantedImage }
  | { readonly type: 'adopt'; readonly key: string; readonly held: HeldProcess; readonly image?: HeldImage }
  /** Ends a process that was kept and that nobody can tell whose it is. */
  | { readonly type: 'dismiss'; readonly held: HeldProcess }
  | { readonly type: 'write'; readonly key: string; readonly bytes: Buffer }
  | { readonly type: 'endStdin'; readonly key: string }
  | { readonly type: 'pause' | 'resume' | 'discard' | 'closeOutput'; readonly key: string; readonly fd: 1 | 2 }
  | { readonly type: 'acknowledge'; readonly key: string; readonly fd: 1 | 2; readonly offset: number }
  | {
      readonly type: 'signal';
      readonly key: string;
      readonly signal: number;
      readonly scope: SignalScope;
      readonly answer: SignalAnswer | undefined;
    }
  | {
      readonly type: 'signalForked';
      readonly identity: ProcessIdentity;
      readonly signal: number;
      readonly scope: SignalScope;
      readonly answer: SignalAnswer;
    }
  | { readonly type: 'resize'; readonly key: string; readonly size: TerminalSize }
  /** Kept before the next effect is carried out; where that fails the signal has failed, and is not sent. */
  | { readonly type: 'noteSignal'; readonly key: string; readonly signal: number; readonly answer: SignalAnswer }
  | { readonly type: 'noteOutcome'; readonly sid: string; readonly outcome: 'delivered' | 'missed' }
  /** Kept for the next life of the daemon. */
  | { readonly type: 'note'; readonly key: string; readonly note: EndNote }
  | { readonly type: 'release'; readonly key: string }
  | { readonly type: 'forget'; readonly key: string }
  | { readonly type: 'sweep'; readonly prefix: string }
  | { readonly type: 'preferPids'; readonly first: number; readonly count: number }
  /** Of a process that is elsewhere, and may come back; its own is the first. */
  | { readonly type: 'keepPids'; readonly pids: readonly number[] }
  | { readonly type: 'freePids'; readonly pid: number }
  | { readonly type: 'list'; readonly request: number }
  | { readonly type: 'power'; readonly request: number; readonly action: Power['action'] }
  | { readonly type: 'chroot'; readonly request: number; readonly path: string }
  | { readonly type: 'cache'; readonly request: number; readonly action: CacheAction }
  /** Waits for a capture of an earlier life of the daemon: answered with `departed`, or `thawed`. */
  | { readonly type: 'awaitCapture'; readonly held: HeldProcess; readonly capture: CaptureOf }
  /** Waits for what makes a process that an earlier life of the daemon has taken in: answered with `arrived`, if at all. */
  | { readonly type: 'awaitArrival'; readonly held: HeldProcess; readonly facts: Facts; readonly arriving: Arriving }
  /** It is kept on that a process has gone, as an earlier life of the daemon has left it. */
  | { readonly type: 'keepGone'; readonly key: string; readonly held: HeldProcess; readonly directory: string }
  /** A master knows where a process is that has gone from here; that it has gone is kept on for its pid. */
  | { readonly type: 'noteGone'; readonly key: string }
  /** Nothing of a process that has gone is kept any longer. */
  | { readonly type: 'forgetGone'; readonly key: string }
  /** Answered with `departed`. */
  | { readonly type: 'depart'; readonly key: string; readonly order: Depart }
  /** Tells the slave that has a process now that it may run. */
  | { readonly type: 'callOff'; readonly key: string; readonly number: number }
  | { readonly type: 'settle'; readonly settle: Init<Settle> }
  /** What the master says of a process that has come. */
  | { readonly type: 'settleArrival'; readonly settle: Settle }
  | { readonly type: 'checkpoint'; readonly request: number; readonly key: string; readonly order: Checkpoint }
  | {
      readonly type: 'checkpointRoom';
      readonly request: number;
      readonly order: CheckpointRoom;
      readonly place: KeptPlace | undefined;
    }
  | { readonly type: 'keptCheckpoints'; readonly request: number; readonly order: KeptWish }
  /** Makes a process, which is entered as a start, of the checkpoint in a directory. */
  | {
      readonly type: 'restart';
      readonly key: string;
      readonly uid: number;
      readonly directory: string;
      readonly rank: number;
    }
  /** Have a service answer a client: answered with `ordered`. */
  | {
      readonly type: 'service';
      readonly request: number;
      readonly service: string;
      readonly body: Uint8Array;
      readonly caller: ServiceCaller;
    }
  | { readonly type: 'stoppedAll' };

/** Which request a signal answers, and the key under which it takes effect once. */
export interface SignalAnswer {
  readonly request: number;
  readonly sid: string;
  readonly pid: number;
}

/** One call of `step`: the state, when it is, and what is to be done so far. */
export interface SlaveTurn {
  readonly state: SlaveState;
  readonly now: number;
  readonly effects: SlaveEffect[];
}
