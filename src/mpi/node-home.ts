/**
 * The seam between a job and those who speak a protocol with its ranks. Each node of a job has a {@link ProtocolServer} of each protocol, which is given
 * a {@link JobHome}; what passes between nodes passes there, and what a protocol's lines or bytes look like only its server knows.
 */
import type { Clock } from '../clock.ts';
import type { JobLayout } from './job.ts';

/** In place of a rank: all of the job. */
export const ALL_RANKS = -2;

/** A process of a job, or all of them. */
export interface Member {
  /** The job's id. */
  readonly job: string;
  readonly rank: number;
}

/** Who sees a name: the ranks of one job, or all jobs that are run as the same user. */
export type NameScope = 'job' | 'user';

/** A name that is published. */
export interface PublishedName {
  readonly scope: NameScope;
  readonly name: string;
  readonly value: Uint8Array;
  /** Whether it goes with the first who reads it, so that the name is free again. @default false */
  readonly once?: boolean;
}

/** How a look for a name ends. */
export interface LookupOptions {
  /** Whether it waits until the name is published; else it says at once that it is not. @default false */
  readonly wait?: boolean;
  /** Ends the waiting: it rejects with ECANCELED. */
  readonly signal?: AbortSignal;
}

/** A program that a rank wants started (`MPI_Comm_spawn_multiple` has several). */
export interface SpawnedApp {
  /** The program and its arguments. */
  readonly argv: readonly string[];
  readonly np: number;
  /** NAME=VALUE, beside what its parent's launcher has. */
  readonly env?: readonly string[];
  readonly cwd?: string;
  /** Names or numbers of the nodes where it may run, as the rank has said them. */
  readonly hosts?: readonly string[];
}

/** What a rank wants started. */
export interface SpawnWish {
  /** Who asks. */
  readonly rank: number;
  readonly apps: readonly SpawnedApp[];
  /** What the new ranks are to find. */
  readonly presets: ReadonlyMap<string, string>;
}

/** How a rank is no more. */
export interface RankGone {
  readonly rank: number;
  readonly node: number;
  /** 0 to 255; undefined: a signal ended it, or nobody knows. */
  readonly code: number | undefined;
}

/** What a job is to a protocol's server on one node. */
export interface JobHome {
  readonly job: JobLayout;
  /** The number of this node. Its ranks are those that the job has there. */
  readonly node: number;
  /** As whom its ranks run: nobody else has business with its server. */
  readonly uid: number;
  readonly clock: Clock;
  /** Whether its ranks can be given descriptors. */
  readonly hasDescriptors: boolean;
  /**
   * This node's share of a collective: resolves with what every node gave, in the order of the job's nodes, once all that have members have given theirs. Of one
   * name and one set of members there is one at a time; the next may begin when it has resolved. Each node says it once, when its own members are
   * all in it, and says members in the same order as the others.
   *
   * @throws BprocError ECANCELED where a member is gone or the job is over.
   */
  fence(name: string, members: readonly Member[], data: Uint8Array): Promise<readonly Uint8Array[]>;
  /**
   * What the server of the same protocol has on the member's node: {@link ProtocolServer.fetched} is asked there.
   *
   * @throws BprocError what it answers; BE_NODEDOWN, ECANCELED; ENOENT for a job that nobody knows.
   */
  fetch(member: Member, key: string, signal?: AbortSignal): Promise<Uint8Array>;
  /** @returns whether it was free. @throws BprocError EDQUOT for too many names. */
  publish(name: PublishedName): Promise<boolean>;
  /** @returns undefined where there is none. */
  lookup(scope: NameScope, name: string, options?: LookupOptions): Promise<Uint8Array | undefined>;
  /** Only who has published a name may take it back; a job's names go with the job. @returns whether there was one. */
  unpublish(scope: NameScope, name: string): Promise<boolean>;
  /** Tells the servers of the same protocol on the job's other nodes: {@link ProtocolServer.told}. A node that is not there is not told. */
  tell(data: Uint8Array): void;
  /** Has people read something, as if the rank had written it. */
  log(rank: number, stream: 'stdout' | 'stderr', text: string): void;
  /** A rank gives the job up: all of it ends with this code. */
  abort(rank: number, code: number, message: string): void;
  /**
   * Has programs started as a job of their own, by whoever has launched this one.
   *
   * @throws BprocError what kept them from starting; ENOSYS where nobody starts any.
   */
  spawn(wish: SpawnWish): Promise<JobLayout>;
}

/** A descriptor that a rank finds open: a connection to a unix socket without a file. */
export interface RankDescriptor {
  /** From 4 on. */
  readonly fd: number;
  /** The socket's name in the abstract namespace. */
  readonly socket: string;
  /** What is sent before the program starts. */
  readonly first: Uint8Array;
}

/** What a rank is given by a protocol. */
export interface RankOutfit {
  readonly env: Readonly<Record<string, string>>;
  readonly descriptors?: readonly RankDescriptor[];
}

/** A protocol's server for the ranks that a job has on one node. Disposing it closes what its ranks hold of it. */
export interface ProtocolServer extends AsyncDisposable {
  /** A rank of this node is about to be started. It may be asked more than once for the same. */
  outfit(rank: number): Promise<RankOutfit>;
  /** It runs. @param pid its own on this machine. */
  rankStarted?(rank: number, pid: number): void;
  /** It has ended here. @returns why that is no good end as the protocol has it, for people; undefined: it is one, or none of the protocol's business. */
  rankEnded?(gone: RankGone): string | undefined;
  /** One has ended on another node, or here. */
  rankGone?(gone: RankGone): void;
  /** The server of another node says something. */
  told?(data: Uint8Array): void;
  /** The server of another node wants what this one has of a rank of this node, and waits for it. */
  fetched?(rank: number, key: string, signal: AbortSignal): Promise<Uint8Array>;
}

/** A protocol. */
export interface Protocol {
  /** Such as `pmi1`. What servers say to each other passes between those of the same one. */
  readonly name: string;
  serve(home: JobHome): ProtocolServer;
}
