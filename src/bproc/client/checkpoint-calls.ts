/** Checkpoints of running processes: PROTOCOL.md 12.5. */
import { mkdir, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { BprocError } from '../../errors.ts';
import type { Room } from '../../wire/index.ts';
import type { CallOptions } from '../bound.ts';
import { checkInteger } from './calls.ts';
import type { RemoteProcess } from './remote-process.ts';
import { StartCalls } from './start-calls.ts';
import type { ForkOptions } from './start-options.ts';

/** Calls about checkpoints. */
export abstract class CheckpointCalls extends StartCalls {
  /**
   * Writes down a running process, which goes on, in a new directory of this machine, mode 0700 (`bproc_dump`), which is on the disk when
   * this resolves. {@link restart} makes processes of it, at any time, on any node with such a CPU and no older CRIU. It has what {@link rfork} gives a copy; what came
   * on its streams and was not read is not in it, and neither are the files that it has open or mapped, which the other node must have.
   *
   * Whoever can read the directory can read all that the process had in memory.
   *
   * @throws BprocError BE_INVALIDPROC for a pid that is none, or was forked and not started; EPERM for all but the user as whom the
   *   master and the slave run; ENOTSUP for what cannot be captured, with the reason: what has children above all; ENOSYS where the slave cannot capture
   *   processes, with what is to be done; EEXIST where the directory is there already, and what keeps it from being made or written.
   */
  async checkpoint(pid: number, directory: string, options: CallOptions = {}): Promise<void> {
    checkInteger('pid', pid, 1);
    const path = resolve(directory);
    await mkdir(path, { mode: 0o700 }).catch((cause: unknown) => {
      throw BprocError.from(cause);
    });
    try {
      const bounds = this.boundsOfAll({ timeoutMs: Number.POSITIVE_INFINITY, ...options });
      const { room } = await this.askFor('room', { checkpoint: { pid } }, bounds());
      await this.#using(room, () => this.pull(room.node, room.directory, path, { ...bounds(), recursive: true }));
      const { syncDirectory } = await import('../migrate/index.ts');
      await syncDirectory(path);
    } catch (error) {
      await rm(path, { recursive: true, force: true });
      throw error;
    }
  }

  /**
   * Makes a process of a checkpoint (`bproc_undump`): one of the caller's, with a pid, streams and an end of its own, as often as it is called.
   * The checkpoint stays as it is.
   *
   * @param directory that {@link checkpoint} has made.
   * @throws BprocError as {@link rexec} does; ENOENT where there is no checkpoint, or the node has not got all files that it needs; EIO where those are not what they were; EPROTO where it is damaged; EPERM for all but the user as whom the
   *   master and the slave run, since a checkpoint says itself whose rights its process has; ENOSYS where an engine has captured it that is newer than the node's;
   *   ENOTSUP where the node's CPU lacks what the process may use.
   */
  async restart(directory: string, node: number, options: ForkOptions = {}): Promise<RemoteProcess> {
    checkInteger('node', node);
    const { readCheckpoint } = await import('../migrate/index.ts');
    const { command } = await readCheckpoint(resolve(directory));
    const { signal, timeoutMs = Number.POSITIVE_INFINITY } = options;
    const bounds = this.boundsOfAll({ timeoutMs, ...(signal && { signal }) });
    const { room } = await this.askFor('room', { checkpointRoom: { node } }, bounds());
    return this.#using(room, async () => {
      await this.push(resolve(directory), node, room.directory, { ...bounds(), recursive: true, into: false });
      return this.startFrom(node, room.directory, command, { ...options, ...bounds() });
    });
  }

  /** What is not wanted any more is removed, however that ends; where it cannot be, its slave does so in time. */
  async #using<T>({ node, directory }: Room, act: () => Promise<T>): Promise<T> {
    try {
      return await act();
    } finally {
      await this.ask({ checkpointRoom: { node, remove: directory } }, {}).catch(() => {});
    }
  }
}
