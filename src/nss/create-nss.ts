/** Names for a program: its sources, put together. */
import type { Client } from '../bproc/index.ts';
import { NODE_MASTER } from '../bproc/index.ts';
import { type Clock, systemClock } from '../clock.ts';
import { BprocError } from '../errors.ts';
import { AnswerCache, type CacheLimits } from './answer-cache.ts';
import { BeoSource, type NodeNameOptions } from './beo.ts';
import { type DnsOptions, DnsSource } from './dns.ts';
import { FilesSource } from './files.ts';
import { JobSource } from './job.ts';
import { KickbackSource } from './kickback.ts';
import { SERVICE } from './messages.ts';
import type { NodeView } from './node-view.ts';
import { Nss } from './nss.ts';
import type { NssSource } from './question.ts';
import { MACHINES, sourcesOf, USUAL_LIMITS } from './service.ts';
import { parseSwitch } from './switch.ts';
import { SwitchedSource } from './walk.ts';

/** What of a client is used. */
export type NssClient = Pick<Client, 'askService' | 'currNode' | 'isConnected' | 'nodeList'>;

/** How a program looks names up. Times are in milliseconds. */
export interface NssOptions extends NodeNameOptions {
  /** Text as in `nsswitch.conf`. @default for each database that it does not name, {@link DEFAULT_SWITCH} */
  readonly switch?: string;
  /** How long a source may take, in milliseconds, before it counts as TRYAGAIN. @default 5000 */
  readonly timeoutMs?: number;
  /** The same of single sources, such as `{ dns: 2000 }`. */
  readonly timeouts?: Readonly<Record<string, number>>;
  /** Directory whose `etc` the source `files` reads. @default '/' */
  readonly root?: string;
  readonly dns?: DnsOptions;
  /** For how long, and how much of what the master says is kept. @default a minute, 5 s of what does not exist, 10,000 answers */
  readonly cache?: Partial<CacheLimits>;
  /** More sources, by the words by which `switch` names them. */
  readonly sources?: Readonly<Record<string, NssSource>>;
  readonly clock?: Clock;
}

const TIMEOUT_MS = 5000;

/**
 * Looks names up as the C library does, for a program on the front end or on a node. What the sources `beo` and `kickback`
 * say comes by the client; without one they have nothing but `master` and `self`, which are this machine.
 *
 * @throws BprocError EINVAL for a switch, names or addresses that cannot be.
 */
export function createNss(bp: NssClient | undefined, options: NssOptions = {}): Nss {
  const clock = options.clock ?? systemClock({ keepAlive: true });
  const { timeoutMs = TIMEOUT_MS, timeouts = {} } = options;
  const limitOf = (source: string): number =>
    (Object.hasOwn(timeouts, source) ? timeouts[source] : undefined) ?? timeoutMs;
  const parts = { clock, timeoutMs: limitOf };
  const files = new FilesSource(clock, options.root);
  const dns = new AnswerCache(new DnsSource(options.dns), clock, { ...USUAL_LIMITS, ...options.cache });
  const far = new SwitchedSource({ ...parts, plan: MACHINES, sources: sourcesOf({ files, dns }) });
  const beo = new BeoSource({ view: viewOf(bp), clock, options, near: files, far });
  const kickback = new KickbackSource(async (body) => {
    if (bp !== undefined) return bp.askService(SERVICE, body, { timeoutMs: limitOf('kickback') });
    throw new BprocError('ENOSYS', 'there is no cluster to be asked');
  });
  const sources = sourcesOf({
    files,
    beo,
    kickback: new AnswerCache(kickback, clock, { ...USUAL_LIMITS, ...options.cache }),
    dns,
    job: new JobSource(),
    ...options.sources,
  });
  return new Nss(new SwitchedSource({ ...parts, plan: parseSwitch(options.switch ?? ''), sources }), clock);
}

function viewOf(bp: NssClient | undefined): NodeView {
  return {
    self: bp?.currNode() ?? NODE_MASTER,
    nodes: () => {
      if (bp?.isConnected === true) return bp.nodeList('master,all');
      throw new BprocError('ECONNRESET', 'no master is there to say which nodes there are');
    },
  };
}
