/** How a master is set up, and what its reducer goes by. */
import type { Clock } from '../../clock.ts';
import type { Random } from '../../random.ts';
import type { HandshakeLimits } from '../../transport/index.ts';
import type { Start } from '../../wire/index.ts';
import type { Epoch } from '../epoch.ts';
import { newId } from '../ids.ts';
import type { CertificateLifetimes } from '../join/index.ts';
import type { NodeInfo } from '../node-info.ts';
import { NODE_MASTER } from '../node-info.ts';
import type { Logger } from '../observe.ts';
import type { Credentials } from '../permissions.ts';
import type { MasterService } from '../service.ts';
import type { MasterConfig, MovedProcess } from './config.ts';
import type { OpenDoor } from './open-door.ts';
import type { UserDirectory } from './user-directory.ts';

/** How a master is set up. Times are in milliseconds. */
export interface MasterOptions {
  /** Where it listens: `unix:/path`, `tcp://127.0.0.1:port`, `tls://host:port`. Nowhere by default. */
  readonly listen?: string | readonly string[];
  /**
   * Directory for what must survive the master: its epoch, and its cluster's CA, which is made when it is first needed.
   * Without one its epoch is the time of its start, and it cannot listen at `tls://`.
   */
  readonly stateDir?: string;
  /** Name of the set of nodes and users it serves. @default '' */
  readonly domain?: string;
  /** Numbers of nodes that exist from the start, down until their slave comes. */
  readonly nodes?: readonly number[];
  /** Whether slaves may bring nodes that are not in `nodes`. @default true */
  readonly admitNewNodes?: boolean;
  /** State of a node whose slave has come. @default 'up' */
  readonly joinState?: string;
  /** Mode of a node whose slave has come. @default 0o111 */
  readonly joinMode?: number;
  /** How long a client may lose its connection before its processes end. @default 5000 */
  readonly clientGraceMs?: number;
  /** How long a slave may lose its connection before its node is down and its processes unknown. @default 1000 */
  readonly silentAfterMs?: number;
  /** How long processes stay unknown before they are given up as lost. @default Infinity: until it is proven */
  readonly lostAfterMs?: number;
  /** How long ends are kept that nobody was there to take. @default 600000 */
  readonly endRetentionMs?: number;
  /** How long a connection may take to say who it is. @default 5000 */
  readonly greetingMs?: number;
  /** How often every peer is asked for a sign of life. @default 1000, and more with more than 200 peers */
  readonly heartbeatMs?: number;
  /** Decides who may start what where, after permissions have allowed it. Throws a BprocError to refuse. */
  readonly mayStart?: (caller: Credentials, node: NodeInfo, start: Start) => void;
  /** Decides who may move which process to which node, after the default has allowed it. Throws a BprocError to refuse. */
  readonly mayMove?: (caller: Credentials, node: NodeInfo, process: MovedProcess) => void;
  /** How long certificates are valid that its CA makes. */
  readonly certificates?: CertificateLifetimes;
  /** Bounds of what may be under way at `tls://` addresses with peers that have not shown who they are. */
  readonly handshakes?: HandshakeLimits;
  /**
   * Who may connect to its unix sockets: its own user and root, or everybody on this machine, each as the kernel knows
   * him. @default 'own'
   */
  readonly users?: 'own' | 'all';
  /**
   * How it is known who connects to sockets that are open to all: the kernel is asked, by the holder's program; or each
   * has to make a directory in `/dev/shm` or `/tmp`, which takes no program, and clients of this version or newer.
   *
   * @default 'kernel' where the holder was built
   */
  readonly usersBy?: 'kernel' | 'directory';
  /** Bytes of images that it keeps on their way to slaves, in `stateDir` or else in a temporary directory. @default 1 GiB */
  readonly imageCacheBytes?: number;
  /** What higher floors bring; one of these stands in for the usual one of its name, such as `nss`. */
  readonly services?: readonly MasterService[];
  /** Told what happens; the library prints nothing itself. */
  readonly logger?: Logger;
  readonly clock?: Clock;
  readonly random?: Random;
}

/** Who is behind a connection that is handed to a master. */
export interface HandleOptions {
  /** The peer's user and groups. @default the master's own user */
  readonly credentials?: Credentials;
  /** How the peer is called in messages. @default 'stream' */
  readonly peer?: string;
}

/** What a master finds out for itself. */
export interface ConfigParts {
  readonly epoch: Epoch;
  /** Its own user. */
  readonly own: Credentials;
  readonly random: Random;
  readonly users: UserDirectory;
  readonly door: OpenDoor | undefined;
}

/** The reducer's part of the options, with what holds where nothing was said. */
export function masterConfig(options: MasterOptions, { epoch, own, random, users, door }: ConfigParts): MasterConfig {
  return {
    domain: options.domain ?? '',
    epoch,
    id: newId(random),
    authority: { admin: own.uid },
    group: own.gids[0] ?? 0,
    nodes: [NODE_MASTER, ...(options.nodes ?? [])],
    admitNewNodes: options.admitNewNodes ?? true,
    joinState: options.joinState ?? 'up',
    joinMode: options.joinMode ?? 0o111,
    clientGraceMs: options.clientGraceMs ?? 5000,
    silentAfterMs: options.silentAfterMs ?? 1000,
    lostAfterMs: options.lostAfterMs ?? Number.POSITIVE_INFINITY,
    endRetentionMs: options.endRetentionMs ?? 600_000,
    greetingMs: options.greetingMs ?? 5000,
    heartbeatMs: options.heartbeatMs ?? 1000,
    random,
    mayStart: options.mayStart,
    mayMove: options.mayMove,
    findUser: (user) => users.find(user),
    credentialsOf: (uid) => users.credentialsOf(uid),
    challengeDirectory: door?.directory ?? '',
  };
}
