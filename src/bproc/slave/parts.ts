/** What a slave is made of, and what it tells of itself. */
import type { Clock } from '../../clock.ts';
import type { BprocError } from '../../errors.ts';
import type { Spawner } from '../../linux/index.ts';
import type { EpochStore, NodeStore, RecordLog } from '../../state/index.ts';
import type { Connector } from '../connector.ts';
import type { Checkpointer } from '../migrate/index.ts';
import type { SlaveService } from '../service.ts';
import type { Engine } from './engine-lives.ts';
import type { SlaveImages } from './images.ts';
import type { KeptCheckpoints } from './kept-checkpoints.ts';
import type { NeedsParts } from './needs.ts';
import type { PeerNetwork } from './peer-network.ts';
import type { NodePipes } from './pipes.ts';
import type { SlaveConfig } from './state.ts';

/** What an administrator can order a node's machine to do. */
export type PowerOrder = 'reboot' | 'halt' | 'poweroff';

/** What a slave works with: everything that is not the protocol itself. */
export interface SlaveParts {
  readonly config: SlaveConfig;
  readonly clock: Clock;
  readonly spawner: Spawner;
  /** Makes another engine where the helper of this one has died; absent: then it can start nothing more. */
  readonly renew?: (() => Promise<Engine>) | undefined;
  readonly connector: Connector;
  readonly promises: EpochStore;
  /** Where its node's number survives it; absent: nowhere. */
  readonly nodes?: NodeStore | undefined;
  /** Where it remembers signals for its successor; absent: nowhere, since the processes do not survive it either. */
  readonly signals?: RecordLog | undefined;
  /** Carries out a power order; absent: such orders are refused. */
  readonly power: ((order: PowerOrder) => Promise<void>) | undefined;
  /** Environment every process gets besides its own. */
  readonly environment: Readonly<Record<string, string>>;
  /** Where they reach the master, unless they have another root. */
  readonly gateway?: string | undefined;
  /** The address that its master's machine has for it; absent, or undefined: its own. */
  readonly masterHost?: (() => string | undefined) | undefined;
  /** What is not on the node can be run from these; absent: starts of images are refused. */
  readonly images?: SlaveImages | undefined;
  /** By which processes of other nodes are read; absent: starts with ends of pipes are refused. */
  readonly pipes?: NodePipes | undefined;
  /** Checkpoints that outlive what they are of; absent: there are none. */
  readonly kept?: KeptCheckpoints | undefined;
  /** How processes move to other nodes and come from there; absent: they do not. */
  readonly moving?: SlaveMoving | undefined;
  /** What higher floors bring. */
  readonly services?: readonly SlaveService[] | undefined;
  /** What ends with the slave, in this order. */
  readonly owned: readonly AsyncDisposable[];
}

/** What moving processes takes of a node. */
export interface SlaveMoving {
  readonly network: PeerNetwork | undefined;
  /** What captures processes of this engine. @throws BprocError ENOSYS where nothing can, with what is to be done. */
  readonly checkpointer: (spawner: () => Spawner) => Promise<Checkpointer>;
  /** What the machine knows of itself and of its files. */
  readonly machine: NeedsParts;
  /** Makes a directory, best in memory. */
  readonly directory: (kind: 'move' | 'checkpoint') => string;
}

/** What happens to a slave, for those who want to know. */
export interface SlaveEvents {
  /** A master has it. */
  attached: () => void;
  /** A connection that was made is gone, or the master on it refused; another try follows. */
  detached: (reason: BprocError) => void;
  /** No connection could be made; another try follows. */
  unreachable: (reason: BprocError) => void;
  /** It goes on without something; the attribute `trouble` of its node says so until that is over. */
  trouble: (what: BprocError) => void;
}
