/** A client: what programs hold to use a cluster. */
import { join } from 'node:path';
import type { Clock } from '../../clock.ts';
import { systemClock } from '../../clock.ts';
import type { BprocError } from '../../errors.ts';
import type { Random } from '../../random.ts';
import { systemRandom } from '../../random.ts';
import { bound } from '../bound.ts';
import type { ConnectionSource, Connector } from '../connector.ts';
import { connectorTo } from '../connector.ts';
import { checkHello } from '../hello-size.ts';
import { newId } from '../ids.ts';
import { UserKeeper } from '../join/index.ts';
import { checkInteger } from './calls.ts';
import type { NotifierOptions } from './notifier.ts';
import { Notifier } from './notifier.ts';
import { OwnSelf } from './own-self.ts';
import { ServiceCalls } from './service-calls.ts';
import { Session } from './session.ts';

/** How a program connects to a cluster. */
export interface ConnectOptions {
  /**
   * Addresses of the master, tried in order, or a function that makes connections.
   *
   * @default `BPROC_MASTER`, else `unix:` in `$XDG_RUNTIME_DIR/bproc` or `/run/bproc`
   */
  readonly master?: string | readonly string[] | ConnectionSource;
  /**
   * File with the key and certificate to show at `tls://` addresses.
   *
   * @default the one that `bpctl login` stored for the cluster there
   */
  readonly identity?: string;
  /** Which of the master's domains. @default `BPROC_DOMAIN`, else '' */
  readonly domain?: string;
  /** How long the first connection may take, in milliseconds. @default 10000 */
  readonly connectTimeoutMs?: number;
  /** Bound of every call that sets none, in milliseconds. @default 60000 */
  readonly timeoutMs?: number;
  /** How long a lost master is looked for before everything that waits fails. @default 60000 */
  readonly giveUpMs?: number;
  /** Starts of one node that may be under way at once; more wait their turn in this client. At least 1. @default 32 */
  readonly startsPerNode?: number;
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
  readonly random?: Random;
  /** @internal Replaces `master`: the test kit's network. */
  readonly connector?: Connector;
}

const NAME_OF_SOCKET = 'bproc/master.sock';

/** Where `connect()` looks for a master when it is not told. */
export function defaultMaster(env: NodeJS.ProcessEnv = process.env): string {
  if (env['BPROC_MASTER']) return env['BPROC_MASTER'];
  return `unix:${join(env['XDG_RUNTIME_DIR'] || '/run', NAME_OF_SOCKET)}`;
}

/**
 * Connects to a cluster.
 *
 * @throws BprocError ENOENT or ECONNREFUSED where no master listens, EACCES or EPERM where one may
 *   not or has no valid certificate, EPROTO for a master of another version, E2BIG for a `domain` too long to be told, ETIMEDOUT, ECANCELED.
 */
export async function connect(options: ConnectOptions = {}): Promise<Client> {
  const clock = options.clock ?? systemClock({ keepAlive: true });
  const random = options.random ?? systemRandom();
  const master = options.master ?? defaultMaster();
  const domain = options.domain ?? process.env['BPROC_DOMAIN'] ?? '';
  checkHello({ domain });
  const keeper = new UserKeeper({ clock, domain, file: options.identity });
  const self = new OwnSelf();
  const connector = options.connector ?? connectorFor(master, self, clock, keeper);
  const config = {
    id: newId(random),
    pid: self.pid,
    domain,
    giveUpMs: options.giveUpMs ?? 60_000,
    startsPerNode: checkInteger('startsPerNode', options.startsPerNode ?? 32, 1),
    random,
  };
  const session = new Session(config, clock, connector, self);
  session.events.once('closed', () => keeper[Symbol.dispose]());
  const client = new Client(session, clock, random, options.timeoutMs ?? 60_000);
  const bounds = {
    timeoutMs: options.connectTimeoutMs ?? 10_000,
    ...(options.signal ? { signal: options.signal } : {}),
  };
  const met = bound<Client>(clock, bounds, () => void session[Symbol.asyncDispose]());
  session.events.once('attached', () => met.resolve(client));
  session.events.once('closed', (error) => met.reject(error));
  session.dispatch({ type: 'connect' });
  return met.promise;
}

/** Connects to where the master is to be found each time. @throws BprocError as {@link connectorTo} does. */
function connectorFor(
  master: string | readonly string[] | ConnectionSource,
  self: OwnSelf,
  clock: Clock,
  keeper: UserKeeper,
): Connector {
  const masters = typeof master === 'string' ? [master] : master;
  const fixed = connectorTo(masters, clock, { keeper });
  if (typeof masters === 'function' || self.puid === '') return fixed;
  return (_, tell) => connectorTo(self.addresses(masters), clock, { keeper })('', tell);
}

/** A connection to a cluster that outlives its connections. Disposing it ends what it started and did not detach. */
export class Client extends ServiceCalls implements AsyncDisposable {
  #notifiers = 0;

  /** Whether a master is connected now; a lost one is being looked for. */
  get isConnected(): boolean {
    return this.session.state.link.phase === 'attached';
  }

  /** Calls back on `attached`, `detached` and `closed`; returns a function that stops it. */
  on<K extends 'attached' | 'detached' | 'closed'>(event: K, listener: (reason?: BprocError) => void): () => void {
    this.session.events.on(event, listener);
    return () => this.session.events.off(event, listener);
  }

  /**
   * Follows the changes of the cluster (`bproc_notifier`): what changes after this call is seen.
   *
   * The iteration throws what keeps the master from following along: ETIMEDOUT, EAGAIN with more than
   * 64 of them; ECONNRESET when the master is given up. Its signal ends it without an error.
   */
  notifier(options: NotifierOptions = {}): Notifier {
    this.#notifiers += 1;
    return new Notifier(this.session, this.#notifiers, options, this.timeoutMs);
  }

  /** Leaves the cluster: what was not detached ends. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.session[Symbol.asyncDispose]();
  }
}
