/** Starting a slave with the machine's own parts. */
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Duplex } from 'node:stream';
import type { Clock } from '../../clock.ts';
import { systemClock } from '../../clock.ts';
import { BprocError } from '../../errors.ts';
import type { PidNamespace, Spawner } from '../../linux/index.ts';
import {
  makeMemoryDirectory,
  mayActForOthers,
  mayMount,
  mayUse,
  readBootId,
  removeForsakenDirectories,
} from '../../linux/index.ts';
import type { Random } from '../../random.ts';
import { systemRandom } from '../../random.ts';
import { fileEpochStore, fileNodeStore, fileRecordLog, memoryEpochStore } from '../../state/index.ts';
import { parseAddress } from '../../transport/index.ts';
import type { ConnectionSource, Connector } from '../connector.ts';
import { connectorTo, openConnection } from '../connector.ts';
import { checkHello } from '../hello-size.ts';
import { newId } from '../ids.ts';
import { CacheHome, DEFAULT_IMAGE_CACHE_BYTES, transferOf } from '../image/index.ts';
import { FileHashes, ownCpu } from '../migrate/index.ts';
import type { SlaveService } from '../service.ts';
import { checkRoot } from './directories.ts';
import type { EngineName } from './engine.ts';
import { bestEngine, createEngine } from './engine.ts';
import type { Engine } from './engine-lives.ts';
import { checkpointerBy } from './find-checkpointer.ts';
import { Gateway } from './gateway.ts';
import { guestRules } from './guests.ts';
import { createImages } from './images.ts';
import { createKept } from './kept-checkpoints.ts';
import { bootIdOf, machineAttributes, machineName } from './machine.ts';
import { memberOf } from './member.ts';
import type { PowerOrder } from './parts.ts';
import type { PeerNetwork } from './peer-network.ts';
import { NodePipes } from './pipes.ts';
import { Slave } from './slave.ts';
import { SocketPeers, type SocketPeersParts } from './socket-peers.ts';
import type { Confinement, Life } from './state.ts';

/** The last uid there can be. */
const LAST_UID = 2 ** 32 - 2;

/** How a slave is set up. Times are in milliseconds. */
export interface SlaveOptions {
  /** Addresses of the master, tried in order, or a function that makes connections. */
  readonly master: string | readonly string[] | ConnectionSource;
  /** Number of its node. @default the one it had before with this `stateDir`, or else what the master gives it */
  readonly node?: number;
  /**
   * Directory for what must survive the slave: its promise, its node's number, its certificate, the record of what it
   * runs.
   *
   * @default nothing survives
   */
  readonly stateDir?: string;
  /**
   * One-time token by which it joins a cluster at a `tls://` address: used where it has no certificate yet, or one that
   * was got by another token. Without one it asks to be let in, until an administrator approves it.
   */
  readonly token?: string;
  /**
   * SHA-256 of the public key of the CA to trust, in hexadecimal, where no token says it.
   *
   * @default whichever CA is shown the first time
   */
  readonly authority?: string;
  /** @default '' */
  readonly domain?: string;
  /** Shown in the node table, beside `cpus`, `memory`, `arch`, `kernel`, `spawner` and `cgroups`. */
  readonly attributes?: Readonly<Record<string, string>>;
  /** How its machine is called in the node table. @default the host name */
  readonly address?: string;
  /** How long processes run on without a master before they end. @default Infinity: until one returns */
  readonly masterLostMs?: number;
  /** Carries out orders to reboot, halt or switch off the machine. @default they are refused with EPERM */
  readonly power?: (order: PowerOrder) => Promise<void>;
  /**
   * Environment that every process gets on top of its own. Where it has no `BPROC_MASTER`, the slave
   * opens a unix socket by which its processes reach the master, and names it there.
   */
  readonly environment?: Readonly<Record<string, string>>;
  /**
   * The engine that creates processes: `holder`, a small native program, which is quicker and with a `stateDir` keeps
   * them while the slave is away; or `child_process`, Node's own; or one that the caller makes and disposes of.
   *
   * @default `holder` where it was built, else `child_process`
   */
  readonly spawner?: EngineName | Spawner;
  /**
   * With the engine `holder` and a `stateDir`: how long processes live on when the slave is killed, for its successor
   * to take up; 0: they end with it. @default Infinity: until one comes
   */
  readonly keepMs?: number;
  /**
   * With the engine `holder`: where processes get their pids. In a namespace of the node's own, which takes root
   * (`root`) or a machine that lets users make them (`user`), their global pid is the one they have themselves.
   * `none`: in the machine's. @default 'auto': in one of its own where the slave is root and may make it, else in the machine's
   */
  readonly pidNamespace?: PidNamespace;
  /**
   * The users whose processes it runs, root included, where it is root or has the capabilities SETUID, SETGID and KILL: from
   * the first to the last of these. Every other slave runs those of its own user.
   *
   * @default all; but root only where it is root
   */
  readonly users?: readonly [first: number, last: number];
  /**
   * Whether processes are kept from gaining rights by what they execute, as by setuid programs, and from all
   * capabilities. @default of other users than the slave's own, where the engine is `holder`
   */
  readonly noNewPrivileges?: boolean;
  /** Whether io_uring does not exist for processes; implies `noNewPrivileges`. @default false */
  readonly noIoUring?: boolean;
  /**
   * With the engine `holder`: whether each process gets a cgroup of its own, by which a kill reaches at one blow whatever
   * came of it. @default 'auto': where the slave may make cgroups
   */
  readonly cgroups?: 'auto' | 'none';
  /**
   * Directory that is its node's whole file system; it may be empty. A program of the node itself has to be in it, one that
   * is sent brings what it needs. It takes root with a holder, or an ordinary user's own namespace (`pidNamespace`
   * `user`, which is then the default). @default the machine's
   */
  readonly root?: string;
  /** Bytes of images that it keeps, in `stateDir` or else in a temporary directory. @default 1 GiB */
  readonly imageCacheBytes?: number;
  /**
   * Whether it fetches images from other slaves, and these from it, so that the master need not send them to every
   * node. It listens for them where it reaches its master by TLS, on the same network; or there where it is told, such
   * as `tls://10.0.0.7:4100`; and on this machine where its master is there.
   *
   * @default true
   */
  readonly peers?: boolean | string;
  /**
   * The CRIU by which processes move to other nodes and come from there: a path, or a name that is looked up in PATH.
   *
   * @default the environment variable `BPROC_CRIU`, or else `criu`
   */
  readonly criu?: string;
  /** What higher floors bring; one of these stands in for the usual one of its name, such as `nss`. */
  readonly services?: readonly SlaveService[];
  readonly clock?: Clock;
  readonly random?: Random;
  /** @internal What tells of its CPU, in place of `/proc/cpuinfo`. */
  readonly cpuInfo?: string;
  /** @internal How other slaves reach it, and it them. */
  readonly peerNetwork?: PeerNetwork;
  /** @internal Address of a socket that several slaves share, in place of one of its own. */
  readonly gateway?: string;
  /** @internal Replaces `master`: the test kit's network. */
  readonly connector?: Connector;
}

/**
 * Starts a slave: a node's agent. It looks for its master until it is disposed of.
 *
 * @throws BprocError EINVAL for a token or hash that is none; ENOENT, ENOTDIR, EACCES for a `root` that is no directory; EBUSY where another slave uses `stateDir`; EINVAL, EPERM for an address that
 *   cannot be; EINVAL, ENOSPC for attributes that cannot be; E2BIG where `attributes`, `address` and `domain` are
 *   more than a master lets itself be told at once, 3.4 KiB; ENOSYS without `/proc`.
 */
export async function startSlave(options: SlaveOptions): Promise<Slave> {
  const { stateDir } = options;
  if (stateDir !== undefined) await mkdir(stateDir, { recursive: true, mode: 0o700 });
  const owned: AsyncDisposable[] = [];
  try {
    return await assemble(options, owned);
  } catch (error) {
    for (const part of owned) await part[Symbol.asyncDispose]();
    throw error;
  }
}

/** Without SETPCAP a bounding set cannot be emptied; who gains no rights is given nothing by it anyway. */
function confinementOf({ noNewPrivileges, noIoUring = false }: SlaveOptions): Confinement {
  return { noNewPrivileges, noCapabilities: mayUse('SETPCAP'), noIoUring };
}

/** Sockets by which slaves reach each other. @throws BprocError EINVAL for a place that cannot be. */
function socketPeersOf(
  { peers = true }: SlaveOptions,
  masters: readonly string[] | ConnectionSource,
  parts: SocketPeersParts,
): SocketPeers | undefined {
  if (peers === false || typeof masters === 'function') return undefined;
  if (peers === true) return new SocketPeers(parts);
  const at = parseAddress(peers);
  if (at.kind === 'tls') return new SocketPeers({ ...parts, at });
  throw new BprocError('EINVAL', `peers come by TLS or not at all: ${peers} is no tls://host:port`);
}

/** Where the other end of a connection is; undefined: on this machine, or nobody knows. */
function remoteAddressOf(duplex: Duplex): string | undefined {
  const address: unknown = Reflect.get(duplex, 'remoteAddress');
  return typeof address === 'string' ? address.replace(/^::ffff:/, '') : undefined;
}

/** The parts of a slave, made one after another; what is to be disposed of with it is in `owned`, last made first. */
async function assemble(options: SlaveOptions, owned: AsyncDisposable[]): Promise<Slave> {
  await removeForsakenDirectories();
  const clock = options.clock ?? systemClock({ keepAlive: true });
  const random = options.random ?? systemRandom();
  const masters = typeof options.master === 'string' ? [options.master] : options.master;
  const { domain = '', address: name = machineName(), stateDir, environment = {} } = options;
  const attributes = { ...machineAttributes(), ...options.attributes };
  checkHello({ domain, address: name, attributes: { spawner: '', cgroups: '', ...attributes } });
  const { node, token, authority } = options;
  const kept = stateDir === undefined ? undefined : fileNodeStore(stateDir);
  const self = { stateDir, domain, address: name, node, nodes: kept, token, authority };
  const { keeper, nodes } = memberOf({ ...self, masters, clock });
  if (keeper !== undefined) owned.unshift({ [Symbol.asyncDispose]: async () => keeper[Symbol.dispose]() });
  const sockets = socketPeersOf(options, masters, { clock, membership: keeper, stateDir });
  let masterHost: string | undefined;
  const connector =
    options.connector ??
    connectorTo(masters, clock, {
      keeper,
      reached: (address, duplex) => {
        sockets?.reached(address, duplex);
        // its master is to know where others find it as soon as it has it: what moves there would be refused
        void images.listen();
        masterHost = remoteAddressOf(duplex);
      },
      isTaken: (stream) => transferOf(stream) !== undefined,
    });
  const given = options.spawner ?? bestEngine();
  const { keepMs, cgroups } = options;
  const root = options.root === undefined ? undefined : resolve(options.root);
  if (root !== undefined) await checkRoot(root);
  const pidNamespace = options.pidNamespace ?? (root === undefined || mayMount() ? 'auto' : 'user');
  const make = async (): Promise<Spawner> => {
    return typeof given === 'object' ? given : createEngine(given, { stateDir, keepMs, pidNamespace, cgroups });
  };
  const spawner = await make();
  const lifeOf = ({ instance = newId(random), pidLimit = 0 }: Spawner): Life => {
    return { boot: bootIdOf(readBootId(), instance), pidLimit };
  };
  const renew = async (): Promise<Engine> => {
    const another = await make();
    return { spawner: another, life: lifeOf(another) };
  };
  if (spawner !== given) owned.unshift(spawner);
  const hasWay = environment['BPROC_MASTER'] !== undefined;
  const needsGateway = !hasWay && options.gateway === undefined && options.connector === undefined;
  const own = process.geteuid?.() ?? 0;
  const [first, last] = options.users ?? [own === 0 ? 0 : 1, LAST_UID];
  const users = { own, first, last, others: mayActForOthers() };
  const directory = stateDir === undefined ? undefined : join(stateDir, 'images');
  const maxBytes = options.imageCacheBytes ?? DEFAULT_IMAGE_CACHE_BYTES;
  const home = new CacheHome({ directory, maxBytes, isShared: users.others });
  const network = options.peers === false ? undefined : (options.peerNetwork ?? sockets);
  const mounts = spawner.engine === 'holder' && (mayMount() || pidNamespace === 'user');
  const pipes = new NodePipes({ clock, network });
  owned.push({ [Symbol.asyncDispose]: async () => pipes[Symbol.dispose]() });
  const checkpoints = createKept({ stateDir, clock, random, network });
  owned.push(checkpoints);
  const images = createImages({ home, clock, random, mounts, network, pipes, kept: checkpoints });
  owned.push(images);
  const criu = options.criu ?? process.env['BPROC_CRIU'] ?? 'criu';
  let slave: Slave | undefined;
  const rules = guestRules(spawner.engine, clock, () => (slave === undefined ? [] : [slave]));
  const gateway = needsGateway
    ? await Gateway.create({ connect: () => openConnection(masters, undefined, keeper), rules, clock, stateDir })
    : undefined;
  if (gateway !== undefined) owned.unshift(gateway);
  slave = new Slave({
    config: {
      life: lifeOf(spawner),
      domain,
      wantedNode: node,
      address: name,
      attributes: { spawner: spawner.engine, cgroups: spawner.usesCgroups ? 'used' : 'unused', ...attributes },
      masterLostMs: options.masterLostMs ?? Number.POSITIVE_INFINITY,
      random,
      users,
      confinement: confinementOf(options),
      keeps: spawner.keeps ?? false,
      moves: spawner.engine === 'holder',
      root,
    },
    clock,
    spawner,
    renew: typeof given === 'object' ? undefined : renew,
    connector,
    promises: stateDir === undefined ? memoryEpochStore() : fileEpochStore(stateDir, 'promise'),
    nodes,
    signals:
      stateDir === undefined || spawner.keeps !== true ? undefined : fileRecordLog(stateDir, 'signals', 'program'),
    power: options.power,
    environment,
    gateway: gateway?.address ?? (hasWay ? undefined : options.gateway),
    images,
    pipes,
    kept: checkpoints,
    moving: {
      network,
      checkpointer: checkpointerBy(criu, () => join(home.open().directory, 'criu')),
      machine: { hashes: new FileHashes(), cpu: () => ownCpu(options.cpuInfo) },
      directory: makeMemoryDirectory,
    },
    masterHost: () => masterHost,
    services: options.services,
    owned,
  });
  return slave;
}
