/** Checkpoints of running processes: PROTOCOL.md 12.5 and 12.8. */
import type { Readable, Writable } from 'node:stream';
import { BprocError } from '../../errors.ts';
import type { Room } from '../../wire/index.ts';
import type { CallOptions } from '../bound.ts';
import { idText, ownId } from '../ids.ts';
import { checkInteger } from './calls.ts';
import type { RemoteProcess } from './remote-process.ts';
import type { CopyStartOptions } from './start-options.ts';
import type { Bounds, CheckpointStore, StoredCheckpoint } from './stored-calls.ts';
import { StoredCalls } from './stored-calls.ts';

/** How a checkpoint is taken. */
export interface CheckpointOptions extends CallOptions {
  /**
   * Whether the process ends when the checkpoint is where it was to go, without having run since: it stands still meanwhile.
   * Where that fails, or this program is gone, it runs on. @default false: it goes on at once
   */
  readonly stop?: boolean;
}

/** Calls about checkpoints. */
export abstract class CheckpointCalls extends StoredCalls {
  /**
   * Writes down a running process, which goes on (`bproc_dump`); {@link restart} makes processes of it, at any time, on any node with
   * such a CPU and no older CRIU. It has what {@link rfork} gives a copy; what it has written and nobody has read is not
   * in it, and neither are the files that it has open or mapped, which the other node must have.
   *
   * With `stop` it ends then, `signaled` by SIGKILL and `checkpointed`. Where only that fails the checkpoint is there, and the
   * call rejects.
   *
   * @param target a new directory of this machine, which gets mode 0700, and is on the disk when this resolves; or a stream, which takes an
   *   archive (tar) and is ended: this resolves when it has finished, so that `createWriteStream(path, { flush: true })` is on the disk, too.
   *   It passes this machine's temporary directory. Whoever can read either can read all that the process had in memory. Or `{ store: true }`:
   *   nodes keep it, on their disks, until {@link removeCheckpoint}; of what one of them keeps already only what has changed is written.
   * @returns for `store` what the checkpoint is called.
   * @throws BprocError BE_INVALIDPROC for a pid that is none, or was forked and not started; EPERM for all but the user as whom the
   *   master and the slave run; ENOTSUP for what cannot be captured, with the reason: what has children above all; ENOSYS where the slave cannot capture
   *   processes, with what is to be done; EEXIST where the directory is there already, and what keeps it or the stream from being written.
   *   For `store` besides: ENOTSUP where a slave has no `stateDir`, E2BIG for what has more than 65,000 pieces, of 1 MiB at most.
   */
  checkpoint(pid: number, target: CheckpointStore, options?: CheckpointOptions): Promise<string>;
  checkpoint(pid: number, target: string | Writable, options?: CheckpointOptions): Promise<void>;
  async checkpoint(
    pid: number,
    target: string | Writable | CheckpointStore,
    options: CheckpointOptions = {},
  ): Promise<unknown> {
    checkInteger('pid', pid, 1);
    const { stop = false, signal, timeoutMs = Number.POSITIVE_INFINITY } = options;
    const bounds = this.boundsOfAll({ timeoutMs, ...(signal && { signal }) });
    if (isStore(target)) return this.#store(pid, target, stop, bounds);
    const { NewPlace } = await import('./checkpoint-places.ts');
    await using place = await NewPlace.make(target);
    const room = await this.askForRoom({ checkpoint: { pid, stop } }, bounds());
    await this.usingRoom(room, async () => {
      await this.pull(room.node, room.directory, place.directory, { ...bounds(), recursive: true });
      await place.finish({ verifies: stop });
      if (stop) await this.#end(pid, room);
    });
    return undefined;
  }

  /**
   * Makes a process of a checkpoint (`bproc_undump`): one of the caller's, with a pid, streams and an end of its own, as often as it is called.
   * The checkpoint stays as it is.
   *
   * @param source what {@link checkpoint} has made: a directory, the file of an archive, or a stream of one, which is read to its end; or
   *   `{ checkpoint }`, what a checkpoint that nodes keep is called: then the node has it from one of these.
   * @throws BprocError as {@link rexec} does; ENOENT where there is no checkpoint, or the node has not got all files that it needs; ENOTSUP where those are not
   *   what they were; EPROTO where it is damaged; EPERM for all but the user as whom the master and the slave run, since a checkpoint says
   *   itself whose rights its process has; ENOSYS where an engine has captured it that is newer than the node's; ENOTSUP where the
   *   node's CPU lacks what the process may use.
   */
  async restart(
    source: string | Readable | Pick<StoredCheckpoint, 'checkpoint'>,
    node: number,
    options: CopyStartOptions = {},
  ): Promise<RemoteProcess> {
    checkInteger('node', node);
    const { signal, timeoutMs = Number.POSITIVE_INFINITY } = options;
    const bounds = this.boundsOfAll({ timeoutMs, ...(signal && { signal }) });
    if (isStored(source)) {
      const room = await this.bringStored(source.checkpoint, node, bounds);
      // what came may be overwritten by what comes next
      const unread = Uint8Array.from(room.unread);
      return this.usingRoom(room, async () => {
        const made = await this.startFrom(node, room.directory, room.command, { ...options, ...bounds() });
        return withInput(made, unread);
      });
    }
    const { FoundPlace } = await import('./checkpoint-places.ts');
    await using place = await FoundPlace.find(source);
    const room = await this.askForRoom({ checkpointRoom: { node } }, bounds());
    return await this.usingRoom(room, async () => {
      await this.push(place.directory, node, room.directory, { ...bounds(), recursive: true, into: false });
      const made = await this.startFrom(node, room.directory, place.manifest.command, { ...options, ...bounds() });
      return withInput(made, place.unread);
    });
  }

  async #store(pid: number, { copies = [] }: CheckpointStore, stop: boolean, bounds: Bounds): Promise<string> {
    for (const node of copies) checkInteger('copies', node);
    const room = await this.askForRoom({ checkpoint: { pid, stop, keep: true } }, bounds(), async ({ node, kept }) => {
      if (kept !== null) await this.removeKept(node, ownId(kept.name), {});
    });
    return this.usingRoom(room, async () => {
      const { kept, node: source } = room;
      if (kept === null)
        throw new BprocError('ENOSYS', `the slave of node ${source} keeps no checkpoints: it is older`);
      const { bytes } = kept;
      const name = ownId(kept.name);
      const others = [...new Set(copies)].filter((node) => node !== source);
      const keep = { name, bytes, source };
      const told = others.map((node) =>
        this.askFor('keptList', { keptCheckpoints: { node, keep, only: name } }, bounds()),
      );
      const failed = (await Promise.allSettled(told)).find((each) => each.status === 'rejected');
      if (failed !== undefined) {
        // nobody would know what it is called
        const all = [source, ...others].map((node) => this.removeKept(node, name, {}).catch(() => {}));
        await Promise.all(all);
        throw failed.reason;
      }
      if (stop) await this.#end(pid, room);
      return idText(name);
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
}

/** The same process, which is first to read what its original had not. */
function withInput(made: RemoteProcess, unread: Uint8Array): RemoteProcess {
  if (unread.length > 0 && made.stdin.writable) made.stdin.write(unread);
  return made;
}

function isStore(target: string | Writable | CheckpointStore): target is CheckpointStore {
  return typeof target === 'object' && 'store' in target;
}

function isStored(
  source: string | Readable | Pick<StoredCheckpoint, 'checkpoint'>,
): source is Pick<StoredCheckpoint, 'checkpoint'> {
  return typeof source === 'object' && 'checkpoint' in source;
}
