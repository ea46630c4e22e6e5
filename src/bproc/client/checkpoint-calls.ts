/** Checkpoints of running processes: PROTOCOL.md 12.5 and 12.8. */
import type { Readable, Writable } from 'node:stream';
import type { Cancel } from '../../clock.ts';
import { BprocError } from '../../errors.ts';
import type { RequestChoice, Room } from '../../wire/index.ts';
import { bound, type CallOptions } from '../bound.ts';
import { checkInteger } from './calls.ts';
import { ForkCalls } from './fork-calls.ts';
import type { RemoteProcess } from './remote-process.ts';
import type { CopyStartOptions } from './start-options.ts';

/** How often a slave is told that its room is used, in milliseconds: four times before it takes it back. */
const KEEP_MS = 15_000;

/** How a checkpoint is taken. */
export interface CheckpointOptions extends CallOptions {
  /**
   * Whether the process ends when the checkpoint is where it was to go, without having run since: it stands still meanwhile.
   * Where that fails, or this program is gone, it runs on. @default false: it goes on at once
   */
  readonly stop?: boolean;
}

/** Calls about checkpoints. */
export abstract class CheckpointCalls extends ForkCalls {
  /**
   * Writes down a running process, which goes on (`bproc_dump`); {@link restart} makes processes of it, at any time, on any node with
   * such a CPU and no older CRIU. It has what {@link rfork} gives a copy; what came on its streams and was not read is not
   * in it, and neither are the files that it has open or mapped, which the other node must have.
   *
   * With `stop` it ends then, `signaled` by SIGKILL and `checkpointed`. Where only that fails the checkpoint is there, and the
   * call rejects.
   *
   * @param target a new directory of this machine, which gets mode 0700, and is on the disk when this resolves; or a stream, which takes an
   *   archive (tar) and is ended: this resolves when it has finished, so that `createWriteStream(path, { flush: true })` is on the disk, too.
   *   It passes this machine's temporary directory. Whoever can read either can read all that the process had in memory.
   * @throws BprocError BE_INVALIDPROC for a pid that is none, or was forked and not started; EPERM for all but the user as whom the
   *   master and the slave run; ENOTSUP for what cannot be captured, with the reason: what has children above all; ENOSYS where the slave cannot capture
   *   processes, with what is to be done; EEXIST where the directory is there already, and what keeps it or the stream from being written.
   */
  async checkpoint(pid: number, target: string | Writable, options: CheckpointOptions = {}): Promise<void> {
    checkInteger('pid', pid, 1);
    const { stop = false, signal, timeoutMs = Number.POSITIVE_INFINITY } = options;
    const { NewPlace } = await import('./checkpoint-places.ts');
    await using place = await NewPlace.make(target);
    const bounds = this.boundsOfAll({ timeoutMs, ...(signal && { signal }) });
    const room = await this.#askForRoom({ checkpoint: { pid, stop } }, bounds());
    await this.#using(room, async () => {
      await this.pull(room.node, room.directory, place.directory, { ...bounds(), recursive: true });
      await place.finish({ verifies: stop });
      if (stop) await this.#end(pid, room);
    });
  }

  /**
   * Makes a process of a checkpoint (`bproc_undump`): one of the caller's, with a pid, streams and an end of its own, as often as it is called.
   * The checkpoint stays as it is.
   *
   * @param source what {@link checkpoint} has made: a directory, the file of an archive, or a stream of one, which is read to its end.
   * @throws BprocError as {@link rexec} does; ENOENT where there is no checkpoint, or the node has not got all files that it needs; EIO where those are not
   *   what they were; EPROTO where it is damaged; EPERM for all but the user as whom the master and the slave run, since a checkpoint says
   *   itself whose rights its process has; ENOSYS where an engine has captured it that is newer than the node's; ENOTSUP where the
   *   node's CPU lacks what the process may use.
   */
  async restart(source: string | Readable, node: number, options: CopyStartOptions = {}): Promise<RemoteProcess> {
    checkInteger('node', node);
    const { FoundPlace } = await import('./checkpoint-places.ts');
    await using place = await FoundPlace.find(source);
    const { signal, timeoutMs = Number.POSITIVE_INFINITY } = options;
    const bounds = this.boundsOfAll({ timeoutMs, ...(signal && { signal }) });
    const room = await this.#askForRoom({ checkpointRoom: { node } }, bounds());
    return await this.#using(room, async () => {
      await this.push(place.directory, node, room.directory, { ...bounds(), recursive: true, into: false });
      return this.startFrom(node, room.directory, place.manifest.command, { ...options, ...bounds() });
    });
  }

  /** Ends what has become a checkpoint, which is kept whatever comes of this: whether it was ended may not get here. */
  async #end(pid: number, { node, directory, stopped }: Room): Promise<void> {
    try {
      if (!stopped) throw new BprocError('ENOSYS', `the slave of node ${node} does not know how`);
      await this.ask({ checkpointRoom: { node, remove: directory, end: true } }, {});
    } catch (cause) {
      const { code, message } = BprocError.from(cause);
      const why = `the checkpoint is whole, but that process ${pid} was ended is not certain: ${message}`;
      throw new BprocError(code, why, { pid, node, cause });
    }
  }

  /** Where it is not waited for any longer, what there is then is removed. */
  #askForRoom(order: RequestChoice, bounds: CallOptions): Promise<Room> {
    const asked = this.askFor('room', order, { timeoutMs: Number.POSITIVE_INFINITY }).then(({ room }) => room);
    const bounded = bound<Room>(this.clock, bounds, () => {
      asked.then(
        (room) => this.#remove(room),
        () => {},
      );
    });
    asked.then(bounded.resolve, (error: unknown) => bounded.reject(BprocError.from(error)));
    return bounded.promise;
  }

  /** What is not wanted any more is removed, however that ends; where it cannot be, its slave does so in time. */
  async #using<T>(room: Room, act: () => Promise<T>): Promise<T> {
    const stop = this.#keep(room);
    try {
      return await act();
    } finally {
      stop();
      await this.#remove(room);
    }
  }

  async #remove({ node, directory }: Room): Promise<void> {
    await this.ask({ checkpointRoom: { node, remove: directory } }, {}).catch(() => {});
  }

  /** Tells a slave again and again that its room is used. */
  #keep({ node, directory }: Room): Cancel {
    let cancel: Cancel;
    const again = (): void => {
      cancel = this.clock.after(KEEP_MS, () => {
        // that it is gone is told by what it is used for
        this.ask({ checkpointRoom: { node, keep: directory } }, {}).catch(() => {});
        again();
      });
    };
    again();
    return () => cancel();
  }
}
