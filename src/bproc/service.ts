/**
 * Services: what a higher floor needs inside the roles. Each has a name, messages of its own, and a part in slaves, in
 * masters, or in both, which is handed to the role when that starts. PROTOCOL.md section 13.
 */
import type { Clock } from '../clock.ts';
import { BprocError } from '../errors.ts';
import type { Descriptor, ExitStatus } from '../linux/index.ts';
import type { NodeInfo } from './node-info.ts';
import type { Credentials } from './permissions.ts';

/** Most bytes of one message of a service. */
export const MOST_SERVICE_BYTES = 1024 * 1024;

/** Who asks a service, as the master knows him. */
export interface ServiceCaller extends Credentials {
  /** Whether that is the administrator: uid 0, or the user as whom the master runs. */
  readonly isAdministrator: boolean;
}

/** Bounds of one question. */
export interface AskOptions {
  /** Milliseconds until it rejects with ETIMEDOUT. @default 10000 */
  readonly timeoutMs?: number;
  /** Ends the waiting; it rejects with ECANCELED. */
  readonly signal?: AbortSignal;
}

/** What a slave is to its services. */
export interface SlaveHome {
  readonly clock: Clock;
  /** Number of its node; undefined until a master has said it. */
  readonly node: number | undefined;
  /** Directory that is the root of the node's file system. */
  readonly root: string;
  /** Whether what it starts can be given descriptors, as an {@link Outfit} may. */
  readonly hasDescriptors: boolean;
  /** The processes that it started or took in, and that have not ended. */
  processes(): readonly LocalProcess[];
  /** Tells the master's part of the service something; false where no master is there. */
  send(body: Uint8Array): boolean;
  /** Asks the master's part. @throws BprocError its answer where that is a failure; ECONNRESET without a master, ETIMEDOUT, ECANCELED. */
  ask(body: Uint8Array, options?: AskOptions): Promise<Uint8Array>;
}

/** A process of a slave, for its services. */
export interface LocalProcess {
  /** Global. */
  readonly pid: number;
  /** By which the machine's own `/proc` knows it; 0: it does not run yet. */
  readonly localPid: number;
  readonly uid: number;
  readonly command: string;
  /** Of the start, in hexadecimal. */
  readonly puid: string;
  /** Of the client that started it, in hexadecimal; it is that of its job. */
  readonly client: string;
}

/** A process that is to have something of a service's. */
export interface OutfitWish {
  /** What its client has for the service. */
  readonly body: Uint8Array;
  /** Its place among the processes of its start. */
  readonly rank: number;
  readonly puid: string;
  /** As whom it will run. */
  readonly uid: number;
  readonly client: string;
}

/** Which service a process is to have something of, as its start says. */
export interface WantedOutfit extends Pick<OutfitWish, 'body' | 'rank'> {
  readonly service: string;
}

/** What a service gives a process. */
export interface Outfit {
  /** Over what it has anyway. */
  readonly env: Readonly<Record<string, string>>;
  /** What it finds open. */
  readonly descriptors?: readonly Descriptor[];
  /** It runs. @param pid by which the machine's own `/proc` knows it; 0 where that is not known. */
  started?(pid: number): void;
  /** It has ended. @param status undefined: nobody knows how. */
  ended?(status: ExitStatus | undefined): void;
}

/** A service's part in one slave. What it throws is the answer of whoever asked. */
export interface SlaveServing extends Partial<AsyncDisposable> {
  /** A master has the slave; whatever was told to an earlier one may not be known to it. */
  attached?(): void;
  detached?(): void;
  /** The master's part says something. */
  message?(body: Uint8Array): void;
  /** The master's part asks. */
  asked?(body: Uint8Array): Promise<Uint8Array>;
  /** A client asks, through its master. */
  request?(body: Uint8Array, caller: ServiceCaller): Promise<Uint8Array>;
  /** A process is about to be started. What it throws keeps it from that. It may be asked again for the same. */
  outfit?(wish: OutfitWish): Promise<Outfit>;
}

/** A service as a slave is given it. */
export interface SlaveService {
  readonly name: string;
  serve(home: SlaveHome): SlaveServing;
}

/** What a master is to its services. */
export interface MasterHome {
  readonly clock: Clock;
  /** Every node, the master's own (-1) included, by number. */
  nodes(): readonly NodeInfo[];
  /** @returns undefined for a node that does not exist. */
  nodeInfo(node: number): NodeInfo | undefined;
  /** Whether somebody may place work on a node now. */
  mayPlace(caller: Credentials, node: number): boolean;
  /** Nodes whose slave is there. */
  attached(): readonly number[];
  /** Tells a slave's part something; false where the slave is not there. */
  send(node: number, body: Uint8Array): boolean;
  /** Asks a slave's part. @throws BprocError its answer where that is a failure; BE_NODEDOWN, ETIMEDOUT, ECANCELED. */
  ask(node: number, body: Uint8Array, options?: AskOptions): Promise<Uint8Array>;
}

/** A service's part in one master. What it throws is the answer of whoever asked. */
export interface MasterServing extends Partial<AsyncDisposable> {
  /** A slave is there, and has said what it holds. */
  attached?(node: number): void;
  detached?(node: number): void;
  /** A slave's part says something. */
  message?(node: number, body: Uint8Array): void;
  /** A slave's part asks. */
  asked?(node: number, body: Uint8Array): Promise<Uint8Array>;
  /** A client asks. @param signal is aborted when nobody waits for the answer any more. */
  request?(body: Uint8Array, caller: ServiceCaller, signal: AbortSignal): Promise<Uint8Array>;
}

/** A service as a master is given it. */
export interface MasterService {
  readonly name: string;
  serve(home: MasterHome): MasterServing;
}

const NAME = /^[a-z][a-z0-9-]{0,31}$/;

/** Whose part is whose, by name. @throws BprocError EINVAL for a name that cannot be or is there twice. */
export function partsByName<Home, Part>(
  services: readonly { readonly name: string; serve(home: Home): Part }[],
  homeOf: (name: string) => Home,
): ReadonlyMap<string, Part> {
  const parts = new Map<string, Part>();
  for (const service of services) {
    const { name } = service;
    if (!NAME.test(name)) throw new BprocError('EINVAL', `a service cannot be called ${JSON.stringify(name)}`);
    if (parts.has(name)) throw new BprocError('EINVAL', `there are two services called ${name}`);
    parts.set(name, service.serve(homeOf(name)));
  }
  return parts;
}

/** @throws BprocError E2BIG. */
export function checkServiceBody(service: string, body: Uint8Array): void {
  if (body.length <= MOST_SERVICE_BYTES) return;
  const bound = `at most ${MOST_SERVICE_BYTES} can be sent at once`;
  throw new BprocError('E2BIG', `a message of service ${service} has ${body.length} bytes: ${bound}`);
}

/** The error of a service that is not there. */
export function noService(service: string, where: string): BprocError {
  const name = JSON.stringify(service.slice(0, 40));
  return new BprocError('ENOSYS', `${where} has no service ${name}, or none that can be asked this`);
}
