/**
 * The engine CRIU, by its command line: it stands still at its action script, which is where a capture is complete and
 * where a process is there that does not run yet. CRIU itself is a program of the node, and never linked.
 */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { BprocError } from '../../../errors.ts';
import type { HeldProcess, Spawner, SpawnRequest, TerminalName } from '../../../linux/index.ts';
import { MADE_STDIN } from '../../../linux/index.ts';
import type {
  Capture,
  CapturedRights,
  Capturing,
  Checkpointer,
  Connections,
  Restoration,
  Restoring,
  TakenMemory,
} from '../checkpointer.ts';
import { treeOf } from '../tree-of.ts';
import type { AgentEnd } from './agent.ts';
import { adoptAgent, runAgent, startAgent } from './agent.ts';
import { isAtLeast } from './find-criu.ts';
import { watchPages } from './growing-pages.ts';
import { dropHostName } from './host-name.ts';
import { inspect } from './inspect.ts';
import { errorsIn, errorsOf } from './log.ts';
import { PACK_PLACE, PACKED, packCriu } from './packed.ts';
import { pageCutsIn } from './page-cuts.ts';
import { checkKeepsMemory, endStanding, LATER_OPTIONS, PAGES, PAGES_OPTIONS, PageLine, takesMemory } from './pages.ts';
import { unreadOf } from './pipe-data.ts';
import { numbersIn, renumber } from './renumber.ts';
import { rightsIn } from './rights.ts';
import { endConnections, socketsOf } from './sockets.ts';
import { wakeTimers } from './timers.ts';
import { Verdict } from './verdict.ts';

const DUMP_LOG = 'dump.log';
const RESTORE_LOG = 'restore.log';
const PAGES_LOG = 'pages.log';
const VERDICT = 'verdict';
/** Deleted files that are still open travel along up to this size. */
const MOST_DELETED_BYTES = 100 * 1024 * 1024;
const CONNECTION_OPTIONS: Record<Connections, readonly string[]> = {
  refuse: [],
  close: ['--tcp-close'],
  // whoever moves the address holds up its packets, on both nodes
  keep: ['--tcp-established', '--network-lock', 'skip'],
};
const ENVIRONMENT = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' };
/** What CRIU says of a thread that it could not stop, and that had not ended either: then it has captured nothing. */
const UNSEIZABLE = /: Unseizable non-zombie /;
const REMEDY =
  "run the slave as root, or with a pid namespace of its user's, on a kernel with CONFIG_CHECKPOINT_RESTORE; see `criu check`";

/** What it works with. */
export interface CriuParts {
  /** What holds the processes of the node now, and runs CRIU beside them. */
  readonly spawner: () => Spawner;
  readonly executable: string;
  readonly version: string;
  /** The program that CRIU runs at each stage: the holder's. */
  readonly hook: string;
  /** Where all that it needs to run in the root of a process is put. @default processes with a root of their own are refused */
  readonly packDirectory?: (() => string) | undefined;
  /** Whether the node's processes are in a user namespace of an ordinary user, whose rights CRIU has then. Default: whether this program is not root's. */
  readonly isRootless?: boolean | undefined;
}

/** The engine. */
export class Criu implements Checkpointer {
  readonly #parts: CriuParts;
  #packed: Promise<string> | undefined;

  constructor(parts: CriuParts) {
    this.#parts = parts;
  }

  get engine(): string {
    return `criu ${this.#parts.version}`;
  }

  async check(): Promise<void> {
    const { executable, version, spawner } = this.#parts;
    // of all that it looks at, an ordinary user has not the right to some that only what has TCP connections needs
    const argv = [executable, 'check', ...(this.#isRootless ? ['--unprivileged', '--feature', 'clone3_set_tid'] : [])];
    const program = { file: executable, argv, env: ENVIRONMENT, cwd: '/', keepsRights: this.#isRootless };
    const end = await runAgent(spawner(), agentRequest(program));
    if (isWell(end)) return;
    const why = errorsOf(end.said) || end.said.trim() || howItEnded(end);
    throw new BprocError('ENOSYS', `CRIU ${version} cannot work here: ${why}; ${REMEDY}`);
  }

  async checkLater(side: 'source' | 'target'): Promise<void> {
    if (this.#isRootless) throw new BprocError('ENOTSUP', 'memory can be sent later only where the slave is root');
    if (side === 'source') return checkKeepsMemory();
    const { executable, version, spawner } = this.#parts;
    const argv = [executable, 'check', '--feature', 'uffd-noncoop'];
    const end = await runAgent(spawner(), agentRequest({ file: executable, argv, env: ENVIRONMENT, cwd: '/' }));
    if (isWell(end)) return;
    const why = errorsOf(end.said) || end.said.trim() || howItEnded(end);
    throw new BprocError(
      'ENOTSUP',
      `CRIU ${version} cannot take memory later here: ${why}; it takes CONFIG_USERFAULTFD`,
    );
  }

  async take({ pid, directory }: Pick<Restoring, 'pid' | 'directory'>): Promise<TakenMemory> {
    const line = await PageLine.open(directory);
    const argv = ['lazy-pages', '--page-server', ...PAGES_OPTIONS, '--log-file', PAGES_LOG, '--images-dir', directory];
    const program = { argv: [this.#parts.executable, ...argv, '-v2'], env: ENVIRONMENT, cwd: '/' };
    const agent = startAgent(this.#parts.spawner(), agentRequest(this.#withPages(program, 'take', { pid, directory })));
    const whole = agent.ended.then(async (end) => {
      agent.forget();
      if (isWell(end)) return;
      const why = (await errorsIn(join(directory, PAGES_LOG))) || end.said.trim() || howItEnded(end);
      throw new BprocError('ECONNRESET', `the memory of process ${pid} does not come any more: ${why}`, { pid });
    });
    whole.catch(() => {});
    const dispose = async (): Promise<void> => {
      await line[Symbol.asyncDispose]();
      await whole.catch(() => {});
    };
    try {
      const source = await Promise.race([line.connected, whole.then(() => line.connected)]);
      const ready = Promise.race([takesMemory(directory), whole]);
      return { source, ready, whole, [Symbol.asyncDispose]: dispose };
    } catch (error) {
      await dispose();
      throw error;
    }
  }

  canRestore(engine: string): boolean {
    const version = /^criu (\d+\.\d+[.\d]*)$/.exec(engine)?.[1];
    // it reads what earlier ones have written
    return version !== undefined && isAtLeast(this.#parts.version, version);
  }

  inspect(pid: number, connections: Connections = 'refuse', hasTerminal = false): Promise<readonly string[]> {
    const allowsConnections = connections !== 'refuse' && !this.#isRootless;
    const isRootless = this.#isRootless;
    return inspect({ pid, mostDeletedBytes: MOST_DELETED_BYTES, allowsConnections, isRootless, hasTerminal });
  }

  async capture(what: Capturing): Promise<Capture> {
    try {
      return await this.#capture(what);
    } catch (error) {
      // it may have been about to become another program, to end a thread, or to wait for a disk
      if (!UNSEIZABLE.test(BprocError.from(error).message)) throw error;
      return this.#capture(what);
    }
  }

  async #capture({
    pid,
    directory,
    connections = 'refuse',
    tag,
    ways,
    terminal,
    hasOwnRoot = false,
    grows,
    leavesMemory = false,
  }: Capturing): Promise<Capture> {
    const shown = hasOwnRoot ? await this.#shown(directory) : [];
    const sockets = ways === undefined ? [] : await socketsOf(ways.outerPid);
    const verdict = await Verdict.open(join(directory, VERDICT));
    const line = leavesMemory ? await PageLine.open(directory) : undefined;
    const options = [
      ...CONNECTION_OPTIONS[connections],
      ...(leavesMemory ? LATER_OPTIONS : []),
      ...[...sockets].flatMap((inode) => ['--external', `unix[${inode}]`]),
      ...(terminal === undefined ? [] : ['--external', nameOf(terminal)]),
    ];
    const argv = ['dump', '--tree', String(pid), '--log-file', DUMP_LOG, ...options];
    const plain = this.#program(argv, directory, hasOwnRoot);
    const program = leavesMemory ? this.#withPages(plain, 'give', { pid, directory, hasOwnRoot }) : plain;
    const place = hasOwnRoot
      ? { joins: pid, binds: shown.map(({ source, path: target }) => ({ source, target })) }
      : {};
    using _pages = grows && watchPages(directory, grows);
    // nothing ever kills it: a process whose capture is cut short may be lost
    const agent = startAgent(this.#parts.spawner(), { ...agentRequest(program), ...place, tag });
    const finish = async (go: boolean): Promise<AgentEnd> => {
      verdict.give(go);
      try {
        return await agent.ended;
      } finally {
        await line?.[Symbol.asyncDispose]();
        await verdict[Symbol.asyncDispose]();
      }
    };
    try {
      const early = await Promise.race([verdict.asked, agent.ended]);
      if (early !== undefined) throw await this.#failure(pid, directory, early);
      await wakeTimers(directory);
      await dropHostName(directory, pid);
      if (ways !== undefined) await endConnections(directory, ways.sockets);
    } catch (error) {
      // that it could not even be started is what it fails with
      await finish(false).catch(() => {});
      agent.forget();
      throw error;
    }
    const notes = { note: (bytes: Uint8Array) => agent.note(bytes), forget: () => agent.forget() };
    if (line !== undefined) {
      // it changes no more, and nothing has to wait for it
      const standing = treeOf(ways?.outerPid ?? pid);
      standing.catch(() => {});
      const over = agent.ended.then(() => finish(true)).then(() => {});
      over.catch(() => {});
      const give = (): Promise<Duplex> => {
        verdict.give(true);
        return line.connected;
      };
      return {
        ...notes,
        later: { give, over },
        commit: async () => endStanding(await standing),
        abort: async () => {
          // where nobody is left to give memory to, the original runs on
          await line[Symbol.asyncDispose]();
          await finish(false);
          agent.forget();
        },
      };
    }
    return {
      ...notes,
      commit: async () => {
        const end = await finish(true);
        if (!isWell(end)) throw await this.#failure(pid, directory, end);
      },
      abort: async () => {
        await finish(false);
        agent.forget();
      },
    };
  }

  async restore({
    pipes,
    directory,
    terminal,
    connections = 'refuse',
    hasOwnRoot = false,
    leavesMemory = false,
    env = {},
  }: Restoring): Promise<Restoration> {
    const shown = hasOwnRoot ? await this.#shown(directory) : [];
    const verdict = await Verdict.open(join(directory, VERDICT));
    const inherited = pipes.flatMap((pipe, fd) => {
      return pipe === 0 ? [] : ['--inherit-fd', `fd[${MADE_STDIN + fd}]:pipe:[${pipe}]`];
    });
    // what an image is made of has lost what its files' modes were
    const modes = hasOwnRoot ? ['--skip-file-rwx-check'] : [];
    const later = leavesMemory ? ['--lazy-pages'] : [];
    const its = terminal === undefined ? [] : ['--inherit-fd', `fd[${MADE_STDIN}]:${nameOf(terminal)}`];
    const options = [...inherited, ...its, ...modes, ...CONNECTION_OPTIONS[connections], ...later];
    const argv = ['restore', '--restore-detached', '--log-file', RESTORE_LOG, ...options];
    return {
      program: withEnvironment(this.#program(argv, directory, hasOwnRoot), env),
      shown,
      prepared: verdict.asked,
      settle: (go) => verdict.give(go),
      explain: () => errorsIn(join(directory, RESTORE_LOG)),
      [Symbol.asyncDispose]: () => verdict[Symbol.asyncDispose](),
    };
  }

  renumber(directory: string, from: number, to: number): Promise<readonly number[]> {
    return renumber(directory, from, to);
  }

  numbersIn(directory: string): Promise<readonly number[]> {
    return numbersIn(directory);
  }

  rightsIn(directory: string): Promise<CapturedRights> {
    return rightsIn(directory);
  }

  cuts(directory: string, bytes: number): Promise<ReadonlyMap<string, readonly number[]>> {
    return pageCutsIn(directory, bytes);
  }

  unread(directory: string, pipe: number): Promise<Buffer> {
    return unreadOf(directory, pipe);
  }

  get #isRootless(): boolean {
    return this.#parts.isRootless ?? process.geteuid?.() !== 0;
  }

  /** What is seen in the root of a process that has one of its own: itself, and there the images. */
  async #shown(directory: string): Promise<Restoration['shown']> {
    const { executable, hook, packDirectory } = this.#parts;
    if (packDirectory === undefined) throw new BprocError('ENOSYS', 'nothing with a root of its own is captured here');
    this.#packed ??= (async () => {
      const pack = packDirectory();
      await packCriu(executable, hook, pack);
      return pack;
    })().catch((error: unknown) => {
      this.#packed = undefined;
      throw error;
    });
    return [
      { source: await this.#packed, path: PACK_PLACE, kind: 'directory' },
      { source: directory, path: PACKED.images, kind: 'directory' },
    ];
  }

  /** The same program, with a socket by which it gives or takes the memory of a process. */
  #withPages<T extends Pick<AgentProgram, 'argv'>>(
    program: T,
    way: 'give' | 'take',
    { pid, directory, hasOwnRoot = false }: Pick<Capturing, 'pid' | 'directory' | 'hasOwnRoot'>,
  ): T & Pick<AgentProgram, 'file'> {
    const file = hasOwnRoot ? PACKED.hook : this.#parts.hook;
    const path = join(hasOwnRoot ? PACKED.images : directory, PAGES);
    return { ...program, file, argv: [file, '--pages', way, path, String(pid), ...program.argv] };
  }

  #program(argv: readonly string[], directory: string, isInside: boolean): AgentProgram {
    const { executable, hook } = this.#parts;
    const [file = executable, ...before] = isInside ? PACKED.argv : [executable];
    const images = isInside ? PACKED.images : directory;
    const common = [
      '--images-dir',
      images,
      '--manage-cgroups=ignore',
      '--ghost-limit',
      String(MOST_DELETED_BYTES),
      '--file-locks',
      ...(this.#isRootless ? ['--unprivileged'] : []),
    ];
    return {
      file,
      argv: [file, ...before, ...argv, ...common, '--action-script', isInside ? PACKED.hook : hook, '-v2'],
      env: { ...ENVIRONMENT, BPROC_VERDICT: join(images, VERDICT) },
      cwd: '/',
      keepsRights: this.#isRootless,
    };
  }

  async #failure(pid: number, directory: string, end: AgentEnd): Promise<BprocError> {
    const why = (await errorsIn(join(directory, DUMP_LOG))) || end.said.trim() || howItEnded(end);
    return new BprocError('ENOTSUP', `process ${pid} cannot be captured and runs on: ${why}`, { pid });
  }
}
/** A capture of an earlier life of this program. */
export interface LeftCapture extends Pick<Capture, 'note' | 'forget'> {
  /** Whether the original is gone for good, once that is certain; else it runs on. Rejects where the engine is lost. */
  readonly isGone: Promise<boolean>;
}

/**
 * Takes up a capture that an earlier life of this program began: nobody is left to say that it may go on, but that may
 * have been said before.
 */
export function takeUpCapture(spawner: Spawner, held: HeldProcess): LeftCapture {
  const agent = adoptAgent(spawner, held);
  const isGone = agent.ended.then(isWell);
  // nobody may ask any more
  isGone.catch(() => {});
  return { isGone, note: (bytes) => agent.note(bytes), forget: () => agent.forget() };
}

type AgentProgram = Restoration['program'];

function agentRequest(program: AgentProgram): SpawnRequest {
  return { ...program, stdio: ['ignore', 'pipe', 'pipe'], marker: `criu-${randomBytes(8).toString('hex')}` };
}

function withEnvironment(program: AgentProgram, env: Readonly<Record<string, string>>): AgentProgram {
  const lines = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  return lines.length === 0 ? program : { ...program, env: { ...program.env, BPROC_ENVIRONMENT: lines.join('\n') } };
}

/** What CRIU calls a terminal that others have made. */
function nameOf({ device, fileSystem }: TerminalName): string {
  return `tty[${device.toString(16)}:${fileSystem.toString(16)}]`;
}

function howItEnded({ status }: AgentEnd): string {
  return `criu ended with ${status.kind === 'exited' ? `code ${status.code}` : `signal ${status.signal}`}`;
}

function isWell({ status }: AgentEnd): boolean {
  return status.kind === 'exited' && status.code === 0;
}
