/** What a slave asks an engine to start: the program, its surroundings, its rights and its limits. */

/** Where one of a process's three standard descriptors goes. */
export type StdioTarget =
  /** To the caller, through the sink. */
  | 'pipe'
  /** `/dev/null`. */
  | 'ignore'
  /**
   * The process's terminal, whose size is {@link SpawnRequest.terminal}: for stdin and stdout both, for stderr
   * too or not. All that is written to it is told as output of stdout.
   */
  | 'terminal'
  /**
   * A file of the node, opened there before the program starts: relative to the request's `cwd` and,
   * like that, inside its `root`. `flags` are those of open(2); a named pipe is refused (EINVAL), since
   * opening one could block.
   */
  | { readonly file: string; readonly flags: number; readonly mode: number }
  /** A TCP connection, which is made as the process's user before the program starts. ENOSYS for engines that cannot. */
  | ConnectTarget
  | SocketTarget;

/** Where a standard descriptor is connected to. */
export interface ConnectTarget {
  /** An address of IPv4 or IPv6. */
  readonly address: string;
  readonly port: number;
  /** What is sent before the program starts. */
  readonly first: Uint8Array;
}

/** A unix socket without a file that a standard descriptor is connected to, as to a {@link ConnectTarget}. */
export interface SocketTarget {
  /** Its name in the abstract namespace. */
  readonly socket: string;
  /** What is sent before the program starts. */
  readonly first: Uint8Array;
}

/** A connection that a program finds open. */
export interface Descriptor {
  readonly fd: number;
  readonly to: SocketTarget;
}

/** The lowest descriptor that a program can be given besides its standard ones. */
export const FIRST_DESCRIPTOR = 4;

/** What to start. */
export interface SpawnRequest {
  /**
   * The program: a path, or a name that is looked up in its PATH, both on the node. What is no
   * program and does not begin with `#!` fails with ENOEXEC, as with execve(2): no shell is tried.
   */
  readonly file: string;
  /**
   * Whether the engine's own file agent (PROTOCOL.md section 11) is run instead, which needs nothing on the node; `file`
   * is what messages call it, and `argv` does not count. ENOSYS for engines that have none.
   */
  readonly fileAgent?: boolean | undefined;
  /** The arguments, `argv[0]` included; engines that need a tool for `root` pass `file` as `argv[0]` then. */
  readonly argv: readonly string[];
  /** The environment, with {@link commonEnv}; nothing is inherited from the engine. */
  readonly env: Readonly<Record<string, string>>;
  /**
   * What is in the environment besides, where `env` has no variable of the same name. Where many requests share the
   * object, which must not change, it need not be read for each of them.
   */
  readonly commonEnv?: Readonly<Record<string, string>> | undefined;
  /** The working directory, inside `root` where there is one; it must exist (ENOENT, ENOTDIR). */
  readonly cwd: string;
  /** A directory that becomes the process's root; for engines without the privilege that is EPERM. */
  readonly root?: string;
  /**
   * What is to be seen elsewhere than it is, by the process and its descendants alone: bound in this order, by the
   * engine's paths, before `root` counts. EPERM without the privilege, ENOSYS for engines that cannot.
   */
  readonly binds?: readonly Bind[] | undefined;
  /**
   * A process of the engine's, by its pid there, whose file system this one has, with at most four `binds` into that and no `root`
   * of its own; what was mounted at the first one's target before goes. ENOSYS for engines that cannot.
   */
  readonly joins?: number | undefined;
  /** stdin, stdout and stderr. */
  readonly stdio: readonly [StdioTarget, StdioTarget, StdioTarget];
  /**
   * What it finds open besides: at most eight, from 4 to 63. Not with `fileAgent` nor `remake`. ENOSYS for
   * engines that cannot.
   */
  readonly descriptors?: readonly Descriptor[] | undefined;
  /** A file that is stdin instead, which the engine opens for reading by its own rights and root. */
  readonly input?: string | undefined;
  /**
   * Put into the environment of the process as {@link MARKER_VARIABLE}, by which
   * `Spawner.sweep` finds everything that came of it. 1 to 4096 printable ASCII characters
   * without spaces (EINVAL), another one for each process: descendants are told apart by it.
   */
  readonly marker: string;
  /** Whose rights it has; the engine's own where absent. EPERM where the engine may not give it these. */
  readonly user?: UserIdentity | undefined;
  /** Its umask, 0 to 0o777; the engine's own where absent. */
  readonly umask?: number | undefined;
  /** Its resource limits; those not named are the engine's own. ENOSYS for engines that cannot set them. */
  readonly rlimits?: ResourceLimits | undefined;
  /** Whether neither it nor its descendants may gain rights by execve. ENOSYS for engines that cannot. */
  readonly noNewPrivileges?: boolean | undefined;
  /**
   * Whether its capability bounding set is emptied, so that no program it runs gets any capability. EPERM for engines
   * without the capability SETPCAP, ENOSYS for those that cannot at all.
   */
  readonly noCapabilities?: boolean | undefined;
  /** Whether io_uring does not exist for it (ENOSYS); implies `noNewPrivileges`. ENOSYS for engines that cannot. */
  readonly noIoUring?: boolean | undefined;
  /**
   * Whether it keeps the engine's own capabilities, such as it has in a user namespace that it made; for programs of this
   * package's own choice, never of a client's. It has no effect with a `user` of its own. ENOSYS for engines that cannot.
   */
  readonly keepsRights?: boolean | undefined;
  /** The pid it is to have. EEXIST where that is taken, EPERM without the right, ENOSYS for engines that cannot. */
  readonly pid?: number | undefined;
  /** The size of its terminal, with stdio `terminal`. ENOSYS for engines that have none. */
  readonly terminal?: TerminalSize | undefined;
  /** What `HeldProcess` gives back, in a later life of the program; at most 1 MiB. Engines that keep nothing ignore it. */
  readonly tag?: Uint8Array | undefined;
  /**
   * The process is not what the program becomes, but what it makes, and ends with 0 once that runs, as CRIU does
   * with one that it restores. It finds the streams, of which `stdio` has to be made or which are `ignore`, as the
   * descriptors 4, 5 and 6, its own are `/dev/null`. ENOSYS for engines that cannot.
   */
  readonly remake?: Remake | undefined;
  /**
   * How much of each output the engine keeps for whoever reads it, in bytes: 4096 to 16 MiB, by default 1 MiB.
   * Where so much is kept the process has to wait. Engines that keep nothing ignore it.
   */
  readonly windowBytes?: number | undefined;
}

/** The first descriptor of the streams of a process that is made by a program. */
export const MADE_STDIN = 4;

/** Bytes of each output that a process may have written elsewhere and nobody has had. */
export const MOST_WRITTEN_BYTES = 32 * 1024 * 1024;

/** A process that was elsewhere before. */
export interface Remake {
  /** The pid that it will have. */
  readonly pid: number;
  /** Up to where its input was taken, and from where on its outputs are told. */
  readonly offsets: readonly [number, number, number];
  /** What it has written from there on to stdout and stderr, at most 32 MiB each. */
  readonly written: readonly [Uint8Array, Uint8Array];
  /** Of its terminal, where it has one. */
  readonly terminal?: RemadeTerminal | undefined;
}

/** A terminal in place of another one. */
export interface RemadeTerminal {
  /** The user whose it is. */
  readonly owner: number;
  /** What was typed at the other one and not read, and whether that is read by characters: `TerminalPlace`. */
  readonly typed: Uint8Array;
  readonly isRaw: boolean;
}

/** A file or directory, with what is mounted in it, that is seen at another path too, which exists. */
export interface Bind {
  readonly source: string;
  readonly target: string;
  /** Whether nothing can be changed there: read-only, and without set-user-ID programs and device files. */
  readonly frozen?: boolean | undefined;
}

/** Whose rights a process has, by number. */
export interface UserIdentity {
  readonly uid: number;
  readonly gid: number;
  /** The supplementary groups, all of them; at most 256. */
  readonly groups: readonly number[];
}

/** The resources a process can be limited in, each with its number on Linux. */
export const RESOURCES = {
  cpu: 0,
  fsize: 1,
  data: 2,
  stack: 3,
  core: 4,
  rss: 5,
  nproc: 6,
  nofile: 7,
  memlock: 8,
  as: 9,
  locks: 10,
  sigpending: 11,
  msgqueue: 12,
  nice: 13,
  rtprio: 14,
  rttime: 15,
} as const;

/** Soft and hard limits by resource, in the units of setrlimit(2); `Infinity` is no limit. */
export type ResourceLimits = {
  readonly [resource in keyof typeof RESOURCES]?: { readonly soft: number; readonly hard: number };
};

/** The size of a terminal in characters, 1 to 65535 each. */
export interface TerminalSize {
  readonly rows: number;
  readonly columns: number;
}

/** The whole environment of a request, but for its marker. */
export function environmentOf({ env, commonEnv }: Pick<SpawnRequest, 'env' | 'commonEnv'>): Record<string, string> {
  return { ...commonEnv, ...env };
}

/** The PATH in the environment of a request. */
export function pathOf({ env, commonEnv }: Pick<SpawnRequest, 'env' | 'commonEnv'>): string | undefined {
  return env['PATH'] ?? commonEnv?.['PATH'];
}

/** The environment variable that carries a process's marker to all its descendants. */
export const MARKER_VARIABLE = 'BPROC_ID';
