/** What the ends of moves work with. */
import type { Clock } from '../../clock.ts';
import type { HeldProcess, SpawnedProcess, Spawner, SpawnRequest } from '../../linux/index.ts';
import type { Random } from '../../random.ts';
import type { Arrived, Init, MoveProgress } from '../../wire/index.ts';
import type { Checkpointer } from '../migrate/index.ts';
import type { SlaveEvent } from './events.ts';
import type { HeldImage, PreparedImage, SlaveImages } from './images.ts';
import type { KeptCheckpoints } from './kept-checkpoints.ts';
import type { NeedsParts } from './needs.ts';
import type { PeerNetwork } from './peer-network.ts';
import type { FirstNews } from './process-handles.ts';
import type { SlaveState } from './state.ts';
import type { Untold } from './untold.ts';

/** What moving takes. */
export interface MoveParts {
  readonly clock: Clock;
  readonly random: Random;
  /** Absent: nobody can be reached. */
  readonly network: PeerNetwork | undefined;
  /** Who is at the other end of the connection to the master; empty where there is none. */
  readonly masterPeer: () => string;
  /** What holds the processes now. */
  readonly engine: () => Spawner;
  /** @throws BprocError ENOSYS with what is to be done where processes cannot be captured. */
  readonly checkpointer: () => Promise<Checkpointer>;
  readonly machine: NeedsParts;
  /** Makes a directory, best in memory. */
  readonly directory: (kind: 'move' | 'checkpoint') => string;
  /** Unix sockets by which processes of this node reach the master. */
  readonly gateways: readonly string[];
  /** Only read. */
  readonly state: SlaveState;
  /** The processes here whose memory is still coming, by key. */
  readonly incomplete: Set<string>;
  readonly handleOf: (key: string) => SpawnedProcess | undefined;
  readonly tell: (event: SlaveEvent) => void;
  /** The image that a process has as its root; undefined where it has none. */
  readonly rootOf: (key: string) => HeldImage | undefined;
  /** Tells the master how far a move is. */
  readonly tellProgress: (message: Init<MoveProgress>) => void;
  /** Absent: what has an image as its root cannot come, and nothing has one made for it. */
  readonly images: SlaveImages | undefined;
  /** Absent: no checkpoints are kept here. */
  readonly kept: KeptCheckpoints | undefined;
}

/** What taking processes in takes beside. */
export interface ArrivalParts extends MoveParts {
  /** Resolves when nothing is left here of a process that has gone. */
  readonly departed: (key: string) => Promise<void>;
  /** The way of processes to the master. */
  readonly gateway: string | undefined;
  /** What is made here has this image as its root, which stays as long as it. */
  readonly root: (key: string, image: HeldImage, prepared: PreparedImage) => void;
  /** The same for what was made in an earlier life of this daemon. */
  readonly rootAgain: (key: string, image: HeldImage) => void;
  /** By which environment they reach the master from here. */
  readonly way: Readonly<Record<string, string>>;
  /** Makes a process, which is known by this key from here on. */
  readonly remake: (key: string, request: SpawnRequest, first: FirstNews) => SpawnedProcess;
  /** Takes up what makes one since before this life of the daemon. */
  readonly readopt: (key: string, held: HeldProcess, first: FirstNews) => SpawnedProcess;
  readonly untold: Untold;
  /** One that did not come to be. */
  readonly drop: (key: string) => void;
  /** Tells the master. */
  readonly report: (message: Init<Arrived>) => void;
}
