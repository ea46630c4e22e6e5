/** How a master is set up. */
import type { Random } from '../../random.ts';
import type { Start } from '../../wire/index.ts';
import type { Epoch } from '../epoch.ts';
import type { NodeInfo } from '../node-info.ts';
import type { Authority, Credentials } from '../permissions.ts';

/** How a master is set up; fixed for its life. */
export interface MasterConfig {
  readonly domain: string;
  readonly epoch: Epoch;
  /** This life of the master. */
  readonly id: Uint8Array;
  readonly authority: Authority;
  readonly group: number;
  /** Nodes that exist from the start, down until their slave comes. */
  readonly nodes: readonly number[];
  /** Whether a slave with another number, or none, makes a new node. */
  readonly admitNewNodes: boolean;
  /** State and mode of a node whose slave has come. */
  readonly joinState: string;
  readonly joinMode: number;
  /** How long a client may be away before its processes end. */
  readonly clientGraceMs: number;
  /** How long a slave's link may be away before its node counts as silent. */
  readonly silentAfterMs: number;
  /** How long a silent node's processes stay unknown before they are given up; Infinity: until it is proven. */
  readonly lostAfterMs: number;
  /** How long ends that nobody was there to take are kept. */
  readonly endRetentionMs: number;
  /** How long a connection may take to say who it is. */
  readonly greetingMs: number;
  readonly heartbeatMs: number;
  readonly random: Random;
  /** Decides who may move which process where, after the default has allowed it. Throws a BprocError to refuse. */
  readonly mayMove?: ((caller: Credentials, node: NodeInfo, process: MovedProcess) => void) | undefined;
  /** A user of this machine, with the groups that he has at the moment. */
  readonly credentialsOf: (uid: number) => Credentials;
  /** Where directories are made that show who somebody is. */
  readonly challengeDirectory: string;
  /** Decides who may start what where, after the default has allowed it. Throws a BprocError to refuse. */
  readonly mayStart: ((caller: Credentials, node: NodeInfo, start: Start) => void) | undefined;
  /** Finds a user of the master's machine by name or number, with his groups; absent: it knows none. */
  readonly findUser?: (user: string) => Credentials | undefined;
}

/** A process that is to go to another node, for whoever decides whether it may. */
export interface MovedProcess {
  readonly pid: number;
  readonly uid: number;
  readonly command: string;
  /** Where it is. */
  readonly node: NodeInfo;
}
