/** What the engine is asked for on behalf of a START: everything of it that a client has said is checked here once more. */
import { createHash } from 'node:crypto';
import { isIP } from 'node:net';
import { endianness } from 'node:os';
import { BprocError } from '../../errors.ts';
import type { ResourceLimits, SpawnRequest, StdioTarget, TerminalSize } from '../../linux/index.ts';
import { RESOURCES } from '../../linux/index.ts';
import type { ResourceLimit, Spec, Start, Stdio, Target, Terminal } from '../../wire/index.ts';
import { StdioKind } from '../../wire/index.ts';
import type { KnownSpec } from './known-spec.ts';
import type { Confinement, SlaveProcess, SlaveState, UserRange } from './state.ts';

/** What a standard descriptor can be that is none of the client's. */
const ON_THE_NODE: ReadonlySet<number> = new Set([StdioKind.IGNORE, StdioKind.FILE, StdioKind.CONNECT, StdioKind.PIPE]);
const MOST_UMASK = 0o777;
/** As long as that of a client: a copy has the other kind written over it. */
const DETACHED = `${'detached'.padEnd(32, '-')}.`;
const MOST_CHARACTERS = 65_535;
const RESOURCE_NAMES: ReadonlyMap<number, string> = new Map(Object.entries(RESOURCES).map(([name, id]) => [id, name]));

/** Which of stdin, stdout and stderr are streams. A terminal is one of each direction [PROTOCOL 5.6]. */
export function streamsOf({ stdin, stdout, stderr, terminal }: Spec): readonly [boolean, boolean, boolean] {
  if (terminal !== null) return [true, true, false];
  // a kind that is not known counts as the first one [PROTOCOL 2.3]
  const isStream = (stdio: Stdio | null) => stdio === null || !ON_THE_NODE.has(stdio.kind);
  return [isStream(stdin), isStream(stdout), isStream(stderr)];
}

/** What to run, and how it is connected. @throws BprocError EINVAL for a terminal of no size. */
export function spawnRequest(
  state: SlaveState,
  process: SlaveProcess,
  target: Target,
  { spec, env: commonEnv }: KnownSpec,
  launcher: string,
): SpawnRequest {
  return {
    file: spec.file,
    argv: spec.argv.length > 0 ? spec.argv : [spec.file],
    ...(spec.fileAgent ? { fileAgent: true } : {}),
    commonEnv,
    env: { BPROC_RANK: String(target.rank).padStart(7, '0'), BPROC_NODE: String(state.node) },
    cwd: spec.cwd || '/',
    ...(state.root === undefined ? {} : { root: state.root }),
    ...stdioOf(spec, launcher),
    marker: markerOf(process),
    windowBytes: process.window,
  };
}

function stdioOf(
  { stdin, stdout, stderr, terminal }: Spec,
  launcher: string,
): Pick<SpawnRequest, 'stdio' | 'terminal'> {
  const target = (stdio: Stdio | null): StdioTarget => stdioTarget(stdio, launcher);
  if (terminal === null) return { stdio: [target(stdin), target(stdout), target(stderr)] };
  return { stdio: ['terminal', 'terminal', 'terminal'], terminal: sizeOf(terminal) };
}

/** The size of a terminal. @throws BprocError EINVAL. */
export function sizeOf(terminal: Terminal | null): TerminalSize {
  const { rows, columns } = terminal ?? { rows: 0, columns: 0 };
  if ([rows, columns].every((count) => count >= 1 && count <= MOST_CHARACTERS)) return { rows, columns };
  const bounds = `it must be 1 to ${MOST_CHARACTERS} of each`;
  throw new BprocError('EINVAL', `a terminal of ${rows} rows and ${columns} columns cannot be: ${bounds}`);
}

/**
 * Whose rights it gets, and what it may use.
 *
 * @throws BprocError EPERM for a user that this slave runs nothing for; EINVAL for a umask or limits that cannot be.
 */
export function rightsOf(
  state: SlaveState,
  message: Start,
  { umask, limits }: Spec,
): Pick<SpawnRequest, 'user' | 'umask' | 'rlimits' | keyof Confinement> {
  if (umask !== null && umask > MOST_UMASK) throw new BprocError('EINVAL', `umask ${umask} is not 0 to 0o777`);
  const { user } = userOf(state, message);
  return {
    ...(user === undefined ? {} : { user }),
    ...confinementOf(state.config.confinement, user !== undefined),
    ...(umask === null ? {} : { umask }),
    ...(limits.length === 0 ? {} : { rlimits: limitsOf(limits) }),
  };
}

/** Whether a slave runs processes of a user. */
export function runsFor({ others, own, first, last }: UserRange, uid: number): boolean {
  return others ? uid >= first && uid <= last : uid === own;
}

function userOf({ config, node }: SlaveState, { uid, gids }: Start): Pick<SpawnRequest, 'user'> {
  const { users } = config;
  if (users === undefined) return {};
  const isAllowed = runsFor(users, uid);
  const [gid, ...groups] = gids;
  if (isAllowed && uid === users.own) return {};
  if (isAllowed && gid !== undefined) return { user: { uid, gid, groups } };
  const allowed = users.others ? `users ${users.first} to ${users.last}` : `its own user, ${users.own}, alone`;
  const noGroup = "the master knows no group of it: it is not in its machine's /etc/passwd";
  const why = isAllowed ? noGroup : `its slave runs processes of ${allowed}`;
  throw new BprocError('EPERM', `node ${node} runs nothing as uid ${uid}: ${why}`, { node: node ?? 0 });
}

function confinementOf(confinement: Confinement | undefined, isOther: boolean): Partial<Confinement> {
  if (confinement === undefined) return {};
  const noNewPrivileges = confinement.noNewPrivileges ?? isOther;
  const noCapabilities = noNewPrivileges && confinement.noCapabilities;
  return { noNewPrivileges, noCapabilities, noIoUring: confinement.noIoUring };
}

/** Of a resource that is named twice the last limits count. */
function limitsOf(limits: readonly ResourceLimit[]): ResourceLimits {
  const found: Record<string, { readonly soft: number; readonly hard: number }> = {};
  for (const { resource, soft: softLimit, hard: hardLimit } of limits) {
    const name = RESOURCE_NAMES.get(resource);
    if (name === undefined) throw new BprocError('EINVAL', `there is no limit for a resource ${resource}`);
    const soft = softLimit ?? Number.POSITIVE_INFINITY;
    const hard = hardLimit ?? Number.POSITIVE_INFINITY;
    if (soft > hard) throw new BprocError('EINVAL', `the limits of ${name} are ${soft}, ${hard}: soft exceeds hard`);
    found[name] = { soft, hard };
  }
  return found;
}

/** What a process's descendants are found by: everything of one client begins alike. */
export function markerOf(process: Pick<SlaveProcess, 'detached' | 'client' | 'key'>): string {
  return `${process.detached ? DETACHED : markOf(process.client)}${process.key}`;
}

/** How the markers of a client's processes begin. Not with its id: who has that and runs as the client's user, is the client. */
export function markOf(client: string): string {
  return `${createHash('sha256').update(client).digest('hex').slice(0, 32)}.`;
}

function stdioTarget(stdio: Stdio | null, launcher: string): StdioTarget {
  switch (stdio?.kind) {
    case StdioKind.IGNORE:
    // made when it is about to be started
    case StdioKind.PIPE:
      return 'ignore';
    case StdioKind.FILE:
      return { file: stdio.file, flags: stdio.flags, mode: stdio.mode };
    case StdioKind.CONNECT:
      return connectTarget(stdio, launcher);
    default:
      return 'pipe';
  }
}

const ANY_ADDRESS: ReadonlySet<string> = new Set(['0.0.0.0', '::']);
const PREAMBLE_BYTES = 8;

/** An empty address is this slave's master's; room for a preamble is filled by {@link introduce}. */
function connectTarget({ address, port, preamble }: Stdio, launcher: string): StdioTarget {
  if (isIP(address) === 0 || port < 1 || port > MOST_CHARACTERS)
    throw new BprocError('EINVAL', `nothing can be connected to ${JSON.stringify(address)} port ${port}`);
  const first = Buffer.alloc(preamble ? PREAMBLE_BYTES : 0);
  return { address: ANY_ADDRESS.has(address) ? launcher : address, port, first };
}

/** The same request, in which connections begin with who they are of, where that was asked for: the pid and the descriptor. */
export function introduce(request: SpawnRequest, pid: number): SpawnRequest {
  const [stdin, stdout, stderr] = request.stdio;
  const known = (target: StdioTarget, fd: number): StdioTarget => {
    if (typeof target === 'string' || !('address' in target) || target.first.length === 0) return target;
    const first = Buffer.alloc(PREAMBLE_BYTES);
    const write = endianness() === 'LE' ? first.writeInt32LE : first.writeInt32BE;
    write.call(first, pid, 0);
    write.call(first, fd, 4);
    return { ...target, first };
  };
  return { ...request, stdio: [known(stdin, 0), known(stdout, 1), known(stderr, 2)] };
}
