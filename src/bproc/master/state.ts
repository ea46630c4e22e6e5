/** What a master knows: links, nodes, clients, processes. Changed only by `step`. */

import type { BprocError } from '../../errors.ts';
import type {
  Arrived,
  CarriedFile,
  Departed,
  End,
  Hello,
  Init,
  Move,
  ProcessReport,
  RequestChoice,
  Response,
  ResponseInit,
  Start,
} from '../../wire/index.ts';
import type { Deadlines } from '../deadlines.ts';
import type { NodeInfo } from '../node-info.ts';
import type { Credentials } from '../permissions.ts';
import type { BlockRegistry } from '../pid-blocks.ts';
import type { Recent } from '../recent.ts';
import type { MasterConfig } from './config.ts';
import type { EventLog } from './event-log.ts';
import type { MasterEffect } from './events.ts';
import type { Proof } from './proof.ts';
import type { SourceTree } from './source-tree.ts';

/** A connection, and what is behind it. */
export interface MasterLink {
  readonly id: number;
  readonly peer: string;
  proof: Proof;
  credentials: Credentials;
  /** What it has said it is. */
  who:
    | { readonly role: 'unknown' }
    | { readonly role: 'joining' }
    | { readonly role: 'challenged'; readonly challenge: PendingChallenge }
    | { readonly role: 'slave'; readonly node: MasterNode }
    | { readonly role: 'client'; readonly client: MasterClient };
}

/** A directory that somebody is to make, and what follows once he has. */
export interface PendingChallenge {
  readonly directory: string;
  readonly name: string;
  readonly then: (turn: MasterTurn) => void;
}

/** A slave that claims a node which another one has, while it is found out which of them lives. */
export interface Challenger {
  readonly link: number;
  readonly hello: Hello;
}

/** A node and its slave. */
export interface MasterNode extends NodeInfo {
  state: string;
  flags: readonly string[];
  reason: string;
  who: string;
  changedAt: number;
  mode: number;
  owner: number;
  group: number;
  address: string;
  attributes: Readonly<Record<string, string>>;
  /** Identity of this life of its processes; empty before any slave came. */
  boot: Uint8Array;
  link: number | undefined;
  /** Whether its slave has said all that it holds. */
  ready: boolean;
  /** What it was before it fell silent. */
  before: { readonly state: string; readonly reason: string; readonly who: string } | undefined;
  /** Set down by an administrator: no slave is let in until it is given another state. */
  barred: boolean;
  /** Parts of the inventory that is coming in. */
  inventory: ProcessReport[];
  /** What its slave has said of moves before all of its inventory was in. */
  moveNews: MoveNews[];
  /** Pids of this node that processes elsewhere have had, and that its slave has not been told to be free. */
  freed: number[];
  readonly processes: Set<MasterProcess>;
  /** Orders that wait for its slave to return. */
  readonly asks: Map<number, Ask>;
  challenger: Challenger | undefined;
  /** Where other slaves can fetch from its slave, and the key of tickets for it; undefined: nowhere. */
  peer: { readonly address: string; readonly key: Uint8Array } | undefined;
  /** Why what its slave, who has come with another boot id, does not name in its inventory is lost. */
  loss: string | undefined;
}

/** What a request is answered with. */
export type Answer = Omit<ResponseInit, 'id'>;

/** Who starts processes: known by an id of its own, across its connections. */
export interface MasterClient {
  readonly key: string;
  readonly id: Uint8Array;
  credentials: Credentials;
  /** The process that its program says it is, or has come of; 0: none of this cluster. */
  pid: number;
  link: number | undefined;
  readonly processes: Set<MasterProcess>;
  /** Those that it has not named on its present connection; undefined once it has named all it wants. */
  unclaimed: Set<MasterProcess> | undefined;
  /** Nodes on which it started anything: where to sweep when it is gone. */
  readonly nodes: Set<number>;
  readonly subscriptions: Map<number, Subscription>;
  /** Processes whose end it waits for, by the number of the request. */
  readonly waits: Map<number, MasterProcess>;
  /** Images that it has started, with the sizes of their manifests: it may be asked for what is in them. */
  readonly images: Recent<number>;
  /** Whether it is told of changes of the files that images carry. */
  followsCarried: boolean;
  /** What became of its orders, by their numbers, for when it repeats one. */
  readonly answers: Map<number, Answer | 'pending'>;
}

/** A client's place in the stream of changes. */
export interface Subscription {
  readonly id: number;
  readonly processes: boolean;
  sent: number;
  acked: number;
  /** Why what comes next does not join on to what it had. */
  gap: string | undefined;
}

/** A process as the table has it. */
export interface MasterProcess {
  readonly key: string;
  readonly puid: Uint8Array;
  node: MasterNode;
  boot: Uint8Array;
  client: MasterClient | undefined;
  uid: number;
  detached: boolean;
  /** Whether its user himself has asked this master for it, or come back to it; else only its slave has spoken of it. */
  isWanted: boolean;
  command: string;
  lostAfterMs: number;
  /** 0 until it runs. */
  pid: number;
  localPid: number;
  /** Whether it knows itself by another pid. */
  mapped: boolean;
  startTime: number;
  startedAt: number;
  stdinWindow: number;
  state: 'starting' | 'running' | 'stopped' | 'unknown' | 'exited';
  /** Whether its start has left for the slave. */
  sent: boolean;
  /** It waits for GO, and nobody has passed it on: so it has never run [PROTOCOL 10.5]. */
  gated: boolean;
  /** Kept until the start is answered, to be sent again to a slave that did not get it. */
  start: Init<Start> | undefined;
  /** Whether it may start at all, where that could not be said yet. Throws the BprocError that refuses it. */
  check: ((turn: MasterTurn) => void) | undefined;
  /** Nobody wants the start any more: the slave is to make sure that it never happens. */
  cancelled: boolean;
  /** Its placeholder on the machine of a client that makes them. */
  ghost: { readonly client: MasterClient; readonly pid: number } | undefined;
  end: { readonly end: Init<End>; readonly stdoutBytes: number; readonly stderrBytes: number } | undefined;
  /** How often it has moved to another node, as far as slaves have said; -1: none has spoken of it. */
  moves: number;
  /** Where it is to go. */
  move: ProcessMove | undefined;
  /** The node whose pid it has, where it is on another one. */
  home: MasterNode | undefined;
  /** Requests that wait for the end, by client and number. */
  readonly waiters: Map<string, { readonly client: MasterClient; readonly request: number }>;
}

/** A process on its way to another node. */
export interface ProcessMove {
  readonly number: number;
  /** Where it was. */
  readonly source: MasterNode;
  readonly target: MasterNode;
  /** Who wants it; undefined where an earlier master was asked. */
  readonly client: MasterClient | undefined;
  readonly request: number;
  readonly closeConnections: boolean;
  /** An address that goes along; empty: none. */
  readonly virtualAddress: string;
  /** 0: as many as can. */
  readonly bytesPerSecond: number;
  /** Whether its client wants to know how far it is. */
  readonly progress: boolean;
  /** Whether nobody wants it any more. */
  isCalledOff: boolean;
  /** Whether its memory follows. */
  readonly postCopy: boolean;
  /** Whether it is gone from where it was. */
  isDeparted: boolean;
}

/** What a slave says of a process that moves. */
export type MoveNews =
  | { readonly body: 'departed'; readonly departed: Departed }
  | { readonly body: 'arrived'; readonly arrived: Arrived };

/** A process that waits on a node for a word on whether its original is gone, whose node cannot be asked. */
export interface WaitingProcess {
  readonly node: MasterNode;
  readonly number: number;
  /** The node of the original. */
  readonly from: number;
}

/** A move that a client repeats, which waits until it is known what has become of it. */
export interface RepeatedMove {
  readonly client: MasterClient;
  readonly request: number;
  readonly message: Move;
  isCalledOff: boolean;
}

/** A request passed on to a slave. */
export interface Ask {
  readonly id: number;
  readonly node: MasterNode;
  readonly order: RequestChoice;
  /** What follows from the slave's answer, or from its having gone. */
  readonly done: (turn: MasterTurn, answer: Response | BprocError) => void;
  /** Whether it has left for the slave. */
  sent: boolean;
}

/** Everything a master knows. */
export interface MasterState {
  readonly config: MasterConfig;
  /** Where it listens. */
  readonly addresses: string[];
  readonly links: Map<number, MasterLink>;
  /** Links of nobody that have said nothing yet, the oldest first. */
  readonly strangers: Set<number>;
  /** Local links of each user. */
  readonly ofUsers: Map<number, Set<number>>;
  /** Links of this machine of which it is not known whose they are, the oldest first. */
  readonly unproven: Set<number>;
  readonly nodes: Map<number, MasterNode>;
  /** Nodes known from clients' words alone, until their slave comes or nobody claims anything there any more. */
  readonly expected: Map<number, MasterNode>;
  readonly clients: Map<string, MasterClient>;
  /** Clients that were given up, so that what reappears of theirs is ended. */
  readonly goneClients: Set<string>;
  readonly processes: Map<string, MasterProcess>;
  readonly byPid: Map<number, MasterProcess>;
  /** Those that have moved, and so may have another node's pid. */
  readonly travelled: Set<MasterProcess>;
  /** Those that wait for a word where they are to go, by their keys. */
  readonly waiting: Map<string, WaitingProcess>;
  /** Moves that clients repeat and nobody has spoken of yet, by client and request. */
  readonly repeatedMoves: Map<string, RepeatedMove>;
  /** Processes said to be lost, so that they are killed where they reappear. */
  readonly givenUp: Set<string>;
  readonly blocks: BlockRegistry;
  readonly asks: Map<number, Ask>;
  nextAsk: number;
  /** Lists of processes that wait for slaves, by their deadline's key. */
  readonly listings: Map<string, { finish(turn: MasterTurn): void }>;
  /** Who fetches which image from whom, by the images' names. */
  readonly trees: Map<string, SourceTree>;
  /** Number of the newest SOURCE, and of the newest DEPART. */
  lastSource: number;
  lastMove: number;
  /** Files that images carry where their makers have them. */
  carried: readonly CarriedFile[];
  readonly events: EventLog;
  readonly deadlines: Deadlines;
  stopping: boolean;
}

/** One call of `step`: the state, when it is, and what is to be done so far. */
export interface MasterTurn {
  readonly state: MasterState;
  /** Monotonic milliseconds: for deadlines. */
  readonly now: number;
  /** Milliseconds since 1970: for the tables. */
  readonly wallTime: number;
  readonly effects: MasterEffect[];
}
