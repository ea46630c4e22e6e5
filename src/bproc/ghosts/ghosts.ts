/**
 * Ghosts: for every process on a node a small process of this machine that looks like it, so that `ps`, `top` and `kill`
 * on the front end work as if it ran there. A client like any other: the table says what there is, signals go by `kill`.
 */
import { systemClock } from '../../clock.ts';
import { BprocError } from '../../errors.ts';
import type { Client, ProcessInfo } from '../client/index.ts';
import { NODE_MASTER } from '../node-info.ts';
import type { Logger } from '../observe.ts';
import { Forwarder } from './forwarder.ts';
import { Ghost } from './ghost.ts';
import { GhostHolder } from './holder.ts';
import { TableNotes } from './table-notes.ts';

/** How ghosts are made. */
export interface GhostOptions {
  /** How many there are at once, at most; processes beyond it have none until others end. 1 to 65536. @default 4096 */
  readonly most?: number;
  /** Told where ghosts could not be made. */
  readonly logger?: Logger;
}

const MOST = 65_536;
const SIGKILL = 9;
const TOO_MANY = 'too many';

/** A process of the table. */
interface Followed {
  info: ProcessInfo;
  ghost: Ghost | undefined;
  readonly forwarder: Forwarder;
}

/**
 * Makes ghosts on this machine of all that runs on nodes, until it is disposed of: of all users where this program is
 * root, else of its own user alone, so that whoever may signal a ghost may signal its process. Where root makes them they
 * have the pids of their processes, as far as those are free here.
 *
 * A signal to a ghost goes to its process, with the scope that `kill` has for it; a process that stops, goes on or ends
 * shows in its ghost. One that is killed although its process cannot be reached comes back.
 *
 * @param client of the administrator, at the master of the cluster; not disposed of with the ghosts.
 * @throws BprocError EINVAL for `most`, EPERM for a client that is not the administrator's, ENOENT where the holder
 *   was not built, ENOSYS at a master of an earlier version.
 */
export async function startGhosts(client: Client, options: GhostOptions = {}): Promise<Ghosts> {
  const { most = 4096, logger } = options;
  if (!Number.isInteger(most) || most < 1 || most > MOST) {
    throw new BprocError('EINVAL', `most is ${most}: it must be a whole number from 1 to ${MOST}`);
  }
  await client.noteGhosts(new Map());
  const ghosts = new Ghosts(client, most, logger, await GhostHolder.start());
  try {
    await ghosts.begin();
  } catch (error) {
    await ghosts[Symbol.asyncDispose]();
    throw error;
  }
  return ghosts;
}

/** The ghosts of a machine. Disposing of them leaves none. */
export class Ghosts implements AsyncDisposable {
  readonly #client: Client;
  readonly #most: number;
  readonly #logger: Logger | undefined;
  readonly #clock = systemClock();
  readonly #uid = process.geteuid?.() ?? 0;
  readonly #processes = new Map<string, Followed>();
  readonly #ghosts = new Set<Ghost>();
  /** Processes that have to wait for a ghost, since there are too many. */
  readonly #waiting = new Set<Followed>();
  readonly #notes: TableNotes;
  readonly #over = new AbortController();
  readonly #holder: GhostHolder;
  #following: Promise<void> = Promise.resolve();
  #made = 0;
  /** Kinds of trouble that were told of and are not over. */
  readonly #warned = new Set<string>();
  #disposed: Promise<void> | undefined;

  /** @internal Use {@link startGhosts}. */
  constructor(client: Client, most: number, logger: Logger | undefined, holder: GhostHolder) {
    this.#client = client;
    this.#most = most;
    this.#logger = logger;
    this.#holder = holder;
    // only `bpstat -P` and the like go by it
    this.#notes = new TableNotes(client, ({ code, message }) => {
      if (!this.#over.signal.aborted) this.#warn(code, `the table was not told of ghosts: ${message}`);
    });
  }

  /** How many there are. */
  get count(): number {
    return this.#ghosts.size;
  }

  /** @internal Follows the table from now on. */
  async begin(): Promise<void> {
    const changes = this.#client.notifier({ processes: true, signal: this.#over.signal });
    await changes.ready;
    await this.#readAll();
    this.#following = this.#follow(changes);
  }

  async #follow(changes: ReturnType<Client['notifier']>): Promise<void> {
    try {
      for await (const change of changes) {
        if (change.kind === 'process') this.#show(change.info);
        else if (change.kind === 'gap') await this.#readAll();
      }
    } catch (cause) {
      const error = BprocError.from(cause);
      this.#logger?.warn({ code: error.code }, `all ghosts end, since the master is gone: ${error.message}`);
      // what fails of it, whoever disposes of them hears again
      void this[Symbol.asyncDispose]().catch(() => undefined);
    }
  }

  async #readAll(): Promise<void> {
    const list = await this.#client.procList({ startedOnly: true });
    const listed = new Set(list.map(({ puid }) => puid));
    for (const [puid, followed] of this.#processes) {
      if (!listed.has(puid)) this.#forget(followed, { kind: 'lost', reason: 'it is not in the table any more' });
    }
    for (const info of list) this.#show(info);
  }

  #show(info: ProcessInfo): void {
    // what runs on this machine can be seen without
    if (info.node === NODE_MASTER || info.pid === 0 || info.puid === '') return;
    const known = this.#processes.get(info.puid);
    if (info.end !== undefined) {
      if (known !== undefined) this.#forget(known, info.end);
      return;
    }
    if (known !== undefined) {
      known.info = info;
      known.ghost?.show(info.state);
      return;
    }
    // unknown ones may be there by the word of a client alone, who is not to signal whatever has that pid in truth
    if (info.state !== 'running' && info.state !== 'stopped') return;
    if (this.#uid !== 0 && info.uid !== this.#uid) return;
    const followed: Followed = {
      info,
      ghost: undefined,
      forwarder: new Forwarder(
        (signal) => this.#client.kill(info.pid, signal),
        (signal, error) => this.#unsent(followed, signal, error),
      ),
    };
    this.#processes.set(info.puid, followed);
    this.#make(followed);
  }

  #forget(followed: Followed, end: NonNullable<ProcessInfo['end']>): void {
    this.#processes.delete(followed.info.puid);
    this.#waiting.delete(followed);
    followed.ghost?.end(end);
  }

  #make(followed: Followed): void {
    const { spawner } = this.#holder;
    if (this.#over.signal.aborted || spawner === undefined) return;
    if (this.#ghosts.size >= this.#most) {
      this.#waiting.add(followed);
      this.#warn(
        TOO_MANY,
        `there are ${this.#most} ghosts, which is the limit: further processes have none until others end`,
      );
      return;
    }
    const { info } = followed;
    this.#made += 1;
    const isRoot = this.#uid === 0;
    const ghost: Ghost = new Ghost({
      spawner,
      clock: this.#clock,
      info,
      uid: isRoot && info.uid !== 0 ? info.uid : undefined,
      pid: isRoot ? info.pid : undefined,
      marker: `ghost-${process.pid}-${this.#made}`,
      listener: {
        appeared: (pid) => {
          for (const kind of this.#warned) if (kind !== TOO_MANY) this.#warned.delete(kind);
          this.#notes.add(info.puid, pid);
        },
        signalled: (signal) => {
          if (!this.#over.signal.aborted) followed.forwarder.add(signal);
        },
        gone: (signal) => this.#gone(followed, ghost, signal),
        failed: (error) => {
          this.#gone(followed, ghost, undefined);
          this.#warn(error.code, `process ${info.pid} of uid ${info.uid} has no ghost: ${error.message}`);
        },
        lost: () => this.#lost(),
      },
    });
    followed.ghost = ghost;
    this.#ghosts.add(ghost);
  }

  /** Of one kind of trouble one line is enough, until it is over. */
  #warn(kind: string, message: string): void {
    if (!this.#warned.has(kind)) this.#logger?.warn({ kind }, message);
    this.#warned.add(kind);
  }

  #gone(followed: Followed, ghost: Ghost, signal: number | undefined): void {
    this.#ghosts.delete(ghost);
    followed.ghost = undefined;
    // killed by our own dispose, which concerns no process
    if (this.#over.signal.aborted) return;
    if (this.#isFollowed(followed)) {
      this.#notes.add(followed.info.puid, 0);
      if (signal !== undefined) followed.forwarder.add(signal);
      // it was not yet set up; one that was killed is to be gone, unless its process proves to stay
      if (signal !== undefined && signal !== SIGKILL) this.#make(followed);
    }
    const [next] = this.#waiting;
    if (next === undefined) this.#warned.delete(TOO_MANY);
    if (next === undefined || this.#ghosts.size >= this.#most) return;
    this.#waiting.delete(next);
    this.#make(next);
  }

  /** A signal did not reach its process, which its node may be too silent for. */
  #unsent(followed: Followed, signal: number, error: BprocError): void {
    if (!this.#isFollowed(followed) || error.code === 'BE_INVALIDPROC') return;
    this.#logger?.warn({ code: error.code }, `signal ${signal} did not reach ${followed.info.pid}: ${error.message}`);
    if (followed.ghost === undefined) this.#make(followed);
    else followed.ghost.restore();
  }

  #isFollowed(followed: Followed): boolean {
    return this.#processes.get(followed.info.puid) === followed;
  }

  /** The holder was killed; that is not meant for the processes. */
  #lost(): void {
    if (this.#over.signal.aborted || this.#holder.spawner === undefined) return;
    this.#ghosts.clear();
    this.#waiting.clear();
    for (const followed of this.#processes.values()) {
      followed.ghost = undefined;
      this.#notes.add(followed.info.puid, 0);
    }
    this.#warn('holder', 'the holder of the ghosts is gone: they are made anew');
    this.#holder.revive(
      () => {
        for (const followed of this.#processes.values()) this.#make(followed);
      },
      (error) => this.#warn(error.code, `there are no ghosts: ${error.message}`),
    );
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#disposed ??= this.#dispose();
    return this.#disposed;
  }

  async #dispose(): Promise<void> {
    this.#over.abort();
    await this.#following;
    const shown = [...this.#processes].filter(([, { ghost }]) => ghost !== undefined);
    await this.#notes.retract(shown.map(([puid]) => puid));
    await this.#holder[Symbol.asyncDispose]();
  }
}
