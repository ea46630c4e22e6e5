/** A client's calls about processes that it need not have started itself. */
import { BprocError } from '../../errors.ts';
import type { SignalLike, TerminalSize } from '../../linux/index.ts';
import { signalNumber } from '../../linux/index.ts';
import type { Init, ProcessList, ProcessPlace, ProcessRecord } from '../../wire/index.ts';
import { ProcessState, Scope } from '../../wire/index.ts';
import type { CallOptions } from '../bound.ts';
import { idBytes, idText } from '../ids.ts';
import { comparePlaces, placeOf } from '../list-parts.ts';
import { NODE_ANY, NODE_MASTER, NODE_NONE } from '../node-info.ts';
import type { ProcessEnd } from '../process-end.ts';
import { checkInteger } from './calls.ts';
import { endOf } from './ends.ts';
import { moveBounded, type ProcessMoveOptions } from './moving.ts';
import { NodeCalls } from './node-calls.ts';
import type { KillOptions, TerminateOptions } from './remote-process.ts';
import { DEFAULT_GRACE_MS } from './start-options.ts';
import { checkSize } from './terminal-options.ts';

/** A process of the cluster's table. */
export interface ProcessInfo {
  /** Global pid; 0 where the node had none left to give. */
  readonly pid: number;
  /** Global pid of its parent; 0 where that is no process of the cluster. */
  readonly ppid: number;
  /** Global pids of its process group and session; 0 where they are led by no process of the cluster. */
  readonly pgid: number;
  readonly sid: number;
  readonly node: number;
  /** `exited` until its end is taken; `unknown` while its node is silent. */
  readonly state: 'starting' | 'running' | 'stopped' | 'exited' | 'unknown';
  readonly command: string;
  readonly uid: number;
  /** Pid and start time (clock ticks after boot) on its node, as `ps` shows them there; a pid of 0 is not known. */
  readonly localPid: number;
  readonly startTime: number;
  /** Whether it knows itself by another pid than `pid`: `getpid()` is that one only where its node has a pid namespace of its own. */
  readonly mapped: boolean;
  /** Milliseconds since 1970; 0 for a process that another one forked. */
  readonly startedAt: number;
  /** Identity of its start; empty for a process that another one forked. */
  readonly puid: string;
  readonly detached: boolean;
  /** Pid of its ghost on the front end; 0 where it has none. */
  readonly ghost: number;
  readonly end?: ProcessEnd;
}

/** Processes of the cluster's table, and what is not in the list because its node has not answered. */
export interface ProcessTable extends ReadonlyArray<ProcessInfo> {
  /** Nodes that did not say what their processes have forked: of those only what was started is listed, as it was last heard of. */
  readonly missing: readonly number[];
}

/** Which processes are listed. */
export interface ProcListOptions extends CallOptions {
  /** Only those of this node. @default all */
  readonly node?: number;
  /** Only what was started, without asking the nodes what that forked. @default false */
  readonly startedOnly?: boolean;
}

const STATES = {
  [ProcessState.UNSPECIFIED]: 'unknown',
  [ProcessState.STARTING]: 'starting',
  [ProcessState.RUNNING]: 'running',
  [ProcessState.STOPPED]: 'stopped',
  [ProcessState.EXITED]: 'exited',
  [ProcessState.UNKNOWN]: 'unknown',
} as const;

/** A record of the wire as the public type. */
export function processInfoOf(record: ProcessRecord): ProcessInfo {
  const { pid, ppid, pgid, sid, node, command, uid, localPid, startTime, mapped, startedAt, detached, ghost } = record;
  const place = { node, command, uid, localPid, startTime, mapped };
  const end = record.end === null ? {} : { end: endOf(record.end) };
  const puid = record.puid.length === 0 ? '' : idText(record.puid);
  const state = STATES[record.state] ?? 'unknown';
  return { pid, ppid, pgid, sid, ...place, state, startedAt, puid, detached, ghost, ...end };
}

/** After which process the next part of a list begins; undefined behind the last part. */
function nextPlace(list: ProcessList, after: Init<ProcessPlace> | undefined): Init<ProcessPlace> | undefined {
  if (!list.more) return undefined;
  const last = list.processes.at(-1);
  if (last === undefined || (after !== undefined && comparePlaces(last, after) <= 0)) {
    throw new BprocError('EPROTO', 'the master goes on without end about its processes');
  }
  return placeOf(last);
}

/** What a clock can count; longer than anybody waits. */
const LONGEST_GRACE_MS = Number.MAX_SAFE_INTEGER;

/** Signals about work as a whole rather than to one program: HUP INT QUIT KILL TERM CONT STOP TSTP. */
const TREE_SIGNALS = new Set([1, 2, 3, 9, 15, 18, 19, 20]);
const SCOPES = { process: Scope.PROCESS, group: Scope.GROUP, tree: Scope.TREE } as const;

/** Calls about processes. */
export abstract class ProcessCalls extends NodeCalls {
  /**
   * Every process of the cluster, those that remote processes forked included (`bproc_proclist`). Ordered by node and pid.
   * A node that cannot be asked, or has not answered within five seconds, fails nothing: it is named as `missing`.
   */
  async procList(options: ProcListOptions = {}): Promise<ProcessTable> {
    const isOne = options.node !== undefined && options.node !== NODE_ANY;
    const node = isOne ? checkInteger('node', options.node ?? 0, NODE_MASTER) : undefined;
    const question = { node, startedOnly: options.startedOnly, partial: true };
    const bounds = this.boundsOfAll(options);
    const found: ProcessInfo[] = [];
    const missing = new Set<number>();
    let after: Init<ProcessPlace> | undefined;
    do {
      const { processList } = await this.askFor('processList', { listProcesses: { ...question, after } }, bounds());
      for (const record of processList.processes) found.push(processInfoOf(record));
      for (const each of processList.missing) missing.add(each);
      after = nextPlace(processList, after);
    } while (after !== undefined);
    found.sort((a, b) => a.node - b.node || a.pid - b.pid);
    // not among what is listed: a list of nothing is to equal any other
    return Object.defineProperty(found as ProcessInfo[] & ProcessTable, 'missing', {
      value: [...missing].sort((a, b) => a - b),
    });
  }

  /**
   * The node a process runs on; -3 for a pid that is none (`bproc_pidnode`).
   *
   * @throws BprocError EAGAIN where it may be on a node that has not answered.
   */
  async pidNode(pid: number, options: CallOptions = {}): Promise<number> {
    checkInteger('pid', pid, 1);
    const processes = await this.procList(options);
    const info = processes.find((each) => each.pid === pid);
    if (info !== undefined) return info.node;
    const { missing } = processes;
    if (missing.length === 0) return NODE_NONE;
    throw new BprocError(
      'EAGAIN',
      `nodes ${missing.join(',')} have not said whether process ${pid} is there: ask again`,
      {
        pid,
      },
    );
  }

  /**
   * The node where a process's record is kept: the master, -1; -3 for a pid that is none (`bproc_pidghostnode`).
   *
   * @throws BprocError as {@link pidNode}.
   */
  async pidGhostNode(pid: number, options: CallOptions = {}): Promise<number> {
    return (await this.pidNode(pid, options)) === NODE_NONE ? NODE_NONE : NODE_MASTER;
  }

  /**
   * Sends a signal to a process anywhere; a negative pid means its process group, as for `kill(2)`.
   *
   * @throws BprocError BE_INVALIDPROC where there is no such process (any more), EINVAL for an
   *   unknown signal, EPERM for another user's process, BE_NODEDOWN while its node is silent.
   */
  async kill(pid: number, signal: SignalLike = 'SIGTERM', options: KillOptions = {}): Promise<void> {
    const number = signalNumber(signal);
    checkInteger('pid', Math.abs(pid), 1);
    const scope = pid < 0 ? 'group' : (options.scope ?? (TREE_SIGNALS.has(number) ? 'tree' : 'process'));
    await this.ask({ kill: { pid: Math.abs(pid), signal: number, scope: SCOPES[scope] } }, options);
  }

  /**
   * Ends a process and all that came of it: TERM, then KILL after the grace time. Resolves once
   * TERM is sent. Aborting `signal` before the KILL takes the KILL back.
   *
   * @throws BprocError as {@link kill}.
   */
  async terminate(pid: number, options: TerminateOptions = {}): Promise<void> {
    const { graceMs = DEFAULT_GRACE_MS, signal, ...bounds } = options;
    checkInteger('pid', pid, 1);
    if (!(graceMs >= 0)) throw new BprocError('EINVAL', `graceMs is ${graceMs}: it must be 0 or more milliseconds`);
    if (signal?.aborted === true) throw new BprocError('ECANCELED', 'the call was cancelled by its signal');
    const spare = (): void => {
      // one that has ended meanwhile needs no sparing
      this.ask({ terminate: { pid, cancel: true } }, {}).catch(() => {});
    };
    // before TERM is asked for: orders arrive in the order they were given
    signal?.addEventListener('abort', spare, { once: true });
    const forget = (): void => signal?.removeEventListener('abort', spare);
    await this.ask({ terminate: { pid, graceMs: Math.min(graceMs, LONGEST_GRACE_MS) } }, bounds).catch(
      (error: unknown) => {
        forget();
        throw error;
      },
    );
    if (signal !== undefined) this.clock.after(graceMs, forget);
  }

  /**
   * Gives the terminal of a process (`pty`) another size; its foreground processes get SIGWINCH.
   *
   * @throws BprocError as {@link kill}; ENOTTY for a process without a terminal; EINVAL for a size that is not 1 to
   *   65535 of each.
   */
  async resize(pid: number, size: TerminalSize, options: CallOptions = {}): Promise<void> {
    await this.ask({ resize: { pid: checkInteger('pid', pid, 1), size: checkSize('size', size) } }, options);
  }

  /**
   * The end of any process of the cluster. Ends of detached processes are kept for it.
   *
   * @throws BprocError BE_INVALIDPROC for a pid that is none, or whose end was taken before;
   *   ECANCELED, ETIMEDOUT by `options`. Without `timeoutMs` it waits as long as the process lives.
   */
  async wait(pid: number, options: CallOptions = {}): Promise<ProcessEnd> {
    const bounds = { ...options, timeoutMs: options.timeoutMs ?? Number.POSITIVE_INFINITY };
    const response = await this.session.waiting.ask({ wait: { pid: checkInteger('pid', pid, 1) } }, bounds);
    if (response.body !== 'ended') throw new BprocError('EPROTO', 'the master did not say how it ended', { pid });
    return endOf(response.ended.end);
  }

  /**
   * Lets a process that was started, with all that came of it, go on on another node (`bproc_move`, of any process). It
   * keeps its pid, and its streams stay connected: nothing of them is lost or comes twice. Resolves when it runs there; on
   * its own node it stays as it is. Where it rejects, the process runs on where it was. `timeoutMs`, without end by default, and `signal`
   * call it off, which is too late in the last moments: then it resolves as if they had not been given.
   *
   * Without a pid it is the calling program, or, of a program that it has come of, what was started by this library: the call resolves
   * where that goes on. Its clients find their connections gone there, and connect anew; what they have under way goes on.
   *
   * @throws BprocError BE_INVALIDPROC for a pid that is none, or was forked and not started, and for a calling program that was not started by this library; BE_INVALIDNODE, BE_NODEDOWN for the node;
   *   EPERM for another user's process, and for an address, which only the administrator moves; EACCES for a node that the caller may not use; ENOTSUP for what cannot be moved, with the reason; ENOSYS where a slave cannot move
   *   processes, with what is to be done; EBUSY for one that is on its way; ENOSPC where the other node has no room for it; ETIMEDOUT, ECANCELED by `options`: only
   *   where the message says that it is not known, it may still come to the other node.
   */
  move(node: number, options?: ProcessMoveOptions): Promise<void>;
  move(pid: number, node: number, options?: ProcessMoveOptions): Promise<void>;
  async move(first: number, second?: number | ProcessMoveOptions, third?: ProcessMoveOptions): Promise<void> {
    const isOwn = typeof second !== 'number';
    const options = (isOwn ? second : third) ?? {};
    const node = checkInteger('node', isOwn ? first : second);
    const pid = isOwn ? await this.ownPid(options) : checkInteger('pid', first, 1);
    await moveBounded({ waiting: this.session.waiting, clock: this.clock, pid, node }, options);
  }

  /** @internal The pid of the process that the calling program is, or has come of. @throws BprocError BE_INVALIDPROC where that was not started by this library. */
  protected async ownPid(options: CallOptions): Promise<number> {
    const { self } = this.session;
    if (self !== undefined && self.puid !== '') {
      if (self.isStarted) return self.pid;
      const processes = await this.procList({ ...options, startedOnly: true });
      const own = processes.find(({ puid }) => puid === self.puid);
      if (own !== undefined) return own.pid;
    }
    throw new BprocError(
      'BE_INVALIDPROC',
      'the calling program was not started in this cluster: say the pid of a process that was',
    );
  }

  /** @internal Notes in the table which processes have a ghost of this client's, by puid; 0 for none any more. */
  async noteGhosts(pids: ReadonlyMap<string, number>): Promise<void> {
    const ghosts = [...pids].map(([puid, pid]) => ({ puid: idBytes(puid), pid }));
    await this.ask({ ghosts: { ghosts } }, {});
  }

  /**
   * Takes a process out of the process space: it runs on as its node's own, and its end is told now
   * as if it had exited with `code` (`bproc_detach`, of any process). Its streams close.
   *
   * @throws BprocError as {@link kill}; EINVAL for a code that is not 0 to 255.
   */
  async detach(pid: number, code = 0, options: CallOptions = {}): Promise<void> {
    if (checkInteger('code', code) > 255) throw new BprocError('EINVAL', `code is ${code}: it must be 0 to 255`);
    await this.ask({ detach: { pid: checkInteger('pid', pid, 1), code } }, options);
  }
}
