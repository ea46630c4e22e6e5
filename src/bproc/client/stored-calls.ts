/** Checkpoints that nodes keep: PROTOCOL.md 12.15. */
import { BprocError } from '../../errors.ts';
import type { Init, KeptCheckpoint, KeptOrder, Room } from '../../wire/index.ts';
import type { CallOptions } from '../bound.ts';
import { idBytes, idText, ownId } from '../ids.ts';
import { isUp } from '../node-info.ts';
import { RoomCalls } from './room-calls.ts';

/** What a checkpoint that nodes keep is called. */
const NAME = /^[0-9a-f]{64}$/;
/** Why a node keeps nothing that could be told. */
const PASSED_OVER: ReadonlySet<string> = new Set(['BE_NODEDOWN', 'ENOSYS', 'ENOTSUP']);
/** Why another node may give what one did not. */
const FROM_OTHERS: ReadonlySet<string> = new Set([
  'ENOENT',
  'EIO',
  'ECONNRESET',
  'ECONNREFUSED',
  'ETIMEDOUT',
  'EAGAIN',
]);

/** The bounds of a call that asks several times. */
export type Bounds = () => CallOptions & { readonly timeoutMs: number };

/** One, and a node that keeps it. */
interface KeptAt extends Omit<KeptCheckpoint, 'name'> {
  readonly node: number;
  readonly name: Uint8Array;
}

/** Nodes keep the checkpoint, each in its slave's `stateDir`, until it is removed: that of the process, and others. */
export interface CheckpointStore {
  readonly store: true;
  /** Nodes that keep it as well, so that it outlives the other ones. @default none */
  readonly copies?: readonly number[];
}

/** A checkpoint that nodes keep. */
export interface StoredCheckpoint {
  /** What it is called, which {@link Client.checkpoint} has returned. Whoever knows it does not get more by it: see who may restart. */
  readonly checkpoint: string;
  /** The nodes that keep it and are up, by number. */
  readonly nodes: readonly number[];
  /** Of the process: the pid that it had, its command and its user. */
  readonly pid: number;
  readonly command: string;
  readonly uid: number;
  /** Milliseconds since 1970. */
  readonly takenAt: number;
  /** Of its files. What they have in common with those of others that a node keeps is there once. */
  readonly bytes: number;
}

/** Calls about what nodes keep. */
export abstract class StoredCalls extends RoomCalls {
  /**
   * The checkpoints that nodes keep which are up, the newest first.
   *
   * @throws BprocError EPERM for anybody but the administrator.
   */
  async checkpoints(options: CallOptions = {}): Promise<readonly StoredCheckpoint[]> {
    return storedIn(await this.#keptBy({}, this.boundsOfAll(options)));
  }

  /**
   * Has the nodes that are up keep a checkpoint no more. What a node has that is down it still has when it is back.
   *
   * @throws BprocError EPERM for anybody but the administrator; ENOENT where no node keeps it.
   */
  async removeCheckpoint(checkpoint: string, options: CallOptions = {}): Promise<void> {
    const bounds = this.boundsOfAll(options);
    const places = await this.#find(checkpoint, bounds);
    await Promise.all(places.map(({ node, name }) => this.removeKept(node, name, bounds())));
  }

  /** @internal Has a room of a node filled with a checkpoint that some keep: itself, if it does, or else one that can give it. */
  protected async bringStored(checkpoint: string, node: number, bounds: Bounds): Promise<Room> {
    const places = await this.#find(checkpoint, bounds);
    const own = places.filter((place) => place.node === node);
    let failure: BprocError | undefined;
    for (const { node: source, name, bytes } of own.length > 0 ? own : places) {
      try {
        return await this.askForRoom({ checkpointRoom: { node, kept: { name, bytes, source } } }, bounds());
      } catch (cause) {
        failure = BprocError.from(cause);
        if (!FROM_OTHERS.has(failure.code)) break;
      }
    }
    throw failure ?? new BprocError('ENOENT', `no node keeps checkpoint ${checkpoint}`);
  }

  /** Who keeps it. @throws BprocError EINVAL for what is no name, ENOENT. */
  async #find(checkpoint: string, bounds: Bounds): Promise<readonly KeptAt[]> {
    if (!NAME.test(checkpoint)) throw new BprocError('EINVAL', `${JSON.stringify(checkpoint)} is no checkpoint's name`);
    const places = await this.#keptBy({ only: idBytes(checkpoint) }, bounds);
    if (places.length > 0) return places;
    throw new BprocError('ENOENT', `no node that is up keeps checkpoint ${checkpoint}`);
  }

  /** What all nodes keep that are up. Those that keep none, or leave meanwhile, are passed over. */
  async #keptBy(what: Pick<Init<KeptOrder>, 'only'>, bounds: Bounds): Promise<readonly KeptAt[]> {
    const nodes = (await this.nodeList('master,all', bounds())).filter(isUp);
    const found = await Promise.all(nodes.map(({ node }) => this.#keptOf(node, what, bounds)));
    return found.flat();
  }

  async #keptOf(node: number, what: Pick<Init<KeptOrder>, 'only'>, bounds: Bounds): Promise<readonly KeptAt[]> {
    const found: KeptAt[] = [];
    for (let after = new Uint8Array(0); ; ) {
      try {
        const order = { keptCheckpoints: { node, ...what, after } };
        const { keptList } = await this.askFor('keptList', order, bounds());
        for (const { name, bytes, pid, command, uid, takenAt, size } of keptList.checkpoints) {
          found.push({ node, name: ownId(name), bytes, pid, command, uid, takenAt, size });
        }
        const last = found.at(-1);
        if (!keptList.more || last === undefined) return found;
        after = Uint8Array.from(last.name);
      } catch (cause) {
        const error = BprocError.from(cause);
        if (PASSED_OVER.has(error.code)) return found;
        throw error;
      }
    }
  }

  /** @internal A node keeps it no more. */
  protected async removeKept(node: number, name: Uint8Array, bounds: CallOptions): Promise<void> {
    await this.ask({ keptCheckpoints: { node, remove: name, only: name } }, bounds);
  }
}

function storedIn(places: readonly KeptAt[]): readonly StoredCheckpoint[] {
  const found = new Map<string, StoredCheckpoint>();
  for (const { node, name, pid, command, uid, takenAt, size } of places) {
    const checkpoint = idText(name);
    const nodes = [...(found.get(checkpoint)?.nodes ?? []), node].sort((a, b) => a - b);
    found.set(checkpoint, { checkpoint, nodes, pid, command, uid, takenAt, bytes: size });
  }
  return [...found.values()].sort((a, b) => b.takenAt - a.takenAt);
}
