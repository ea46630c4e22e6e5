/** The service `nss`: the master answers about names, and slaves keep what it said. PROTOCOL.md 13.5. */
import { type MasterService, NODE_MASTER, type ServiceCaller, type SlaveService } from '../bproc/index.ts';
import { AnswerCache, type CacheLimits } from './answer-cache.ts';
import { BeoSource, type NodeNameOptions } from './beo.ts';
import { type DnsOptions, DnsSource } from './dns.ts';
import { FilesSource } from './files.ts';
import { KickbackSource } from './kickback.ts';
import { decodeQuestion, encodeAnswer, SERVICE } from './messages.ts';
import { Nss } from './nss.ts';
import { answerOf, type NssSource, type Question, unavailable } from './question.ts';
import { parseSwitch, type Switch } from './switch.ts';
import { serveUserdb, type Userdb } from './userdb.ts';
import { SwitchedSource } from './walk.ts';

/** How a master answers about names. */
export interface MasterNamesOptions extends NodeNameOptions {
  /** Which of its sources it asks, as in `nsswitch.conf`. @default `files` for all, then `beo` and `dns` where there are such names */
  readonly switch?: string;
  /** Directory whose `etc` the source `files` reads. @default '/' */
  readonly root?: string;
  readonly dns?: DnsOptions;
  /** More sources, by the words by which `switch` names them. */
  readonly sources?: Readonly<Record<string, NssSource>>;
  /** For how long it keeps what its sources say, in milliseconds; that there is no such entry for a second at most. @default 5000 */
  readonly ttlMs?: number;
  /** How long one of its sources may take, in milliseconds. @default 5000 */
  readonly timeoutMs?: number;
}

const MASTER_SWITCH = `
passwd:    files
group:     files
shadow:    files
hosts:     files beo dns
netgroup:  files beo
ethers:    files beo
services:  files
`;

/** A cluster of thousands takes a second or two to ask for something at once. */
const MASTER_TTL_MS = 5000;
const MASTER_NEGATIVE_TTL_MS = 1000;
const TIMEOUT_MS = 5000;
const MOST_KEPT = 10_000;

/** Limits where nothing else was said: what changes on the front end is known everywhere within a minute. */
export const USUAL_LIMITS: CacheLimits = { ttlMs: 60_000, negativeTtlMs: 5000, maxEntries: MOST_KEPT };

/**
 * The master's part.
 *
 * @throws BprocError EINVAL for a switch or names that cannot be, when the master starts.
 */
export function masterNames(options: MasterNamesOptions = {}): MasterService {
  const plan = parseSwitch(`${MASTER_SWITCH}\n${options.switch ?? ''}`);
  return {
    name: SERVICE,
    serve: (home) => {
      const { clock } = home;
      const files = new FilesSource(clock, options.root);
      const dns = new DnsSource(options.dns);
      const parts = { clock, timeoutMs: () => options.timeoutMs ?? TIMEOUT_MS };
      const far = new SwitchedSource({ ...parts, plan: MACHINES, sources: sourcesOf({ files, dns }) });
      const view = { self: NODE_MASTER, nodes: () => home.nodes() };
      const beo = new BeoSource({ view, clock, options, near: files, far });
      const sources = sourcesOf({ files, beo, dns, ...options.sources });
      const ttlMs = options.ttlMs ?? MASTER_TTL_MS;
      const negativeTtlMs = Math.min(ttlMs, MASTER_NEGATIVE_TTL_MS);
      const limits = { ttlMs, negativeTtlMs, maxEntries: MOST_KEPT };
      const all = new AnswerCache(new SwitchedSource({ ...parts, plan, sources }), clock, limits);
      const answer = async (body: Uint8Array, isForRoot: boolean): Promise<Uint8Array> => {
        const { question, from } = decodeQuestion(body);
        const isAllowed = isForRoot || question.database !== 'shadow';
        const said = isAllowed ? await answerOf(all, question) : unavailable();
        return encodeAnswer(question.database, said, from);
      };
      return {
        // a node is told no passwords: it may be in other hands than its users'
        asked: (_, body) => answer(body, false),
        request: (body, { uid }) => answer(body, uid === 0),
      };
    },
  };
}

/** Where the name of a machine is looked up that is not this one. */
export const MACHINES: Pick<Switch, 'databases'> = parseSwitch('hosts: files dns');

/** Sources by name. */
export function sourcesOf(sources: Readonly<Record<string, NssSource>>): ReadonlyMap<string, NssSource> {
  return new Map(Object.entries(sources));
}

/** How a slave answers about names. */
export interface SlaveNamesOptions extends Partial<CacheLimits> {
  /**
   * Path of a unix socket at which it answers systemd's user database protocol, such as
   * `/run/systemd/userdb/io.bproc.Names`. @default none
   */
  readonly userdb?: string;
  /** Told of a socket that cannot be opened. */
  readonly onTrouble?: (error: Error) => void;
}

/** The slave's part: it asks the master, once for each thing however many ask at a time, and keeps the answers. */
export function slaveNames(options: SlaveNamesOptions = {}): SlaveService {
  return {
    name: SERVICE,
    serve: (home) => {
      const kickback = new KickbackSource((body) => home.ask(body));
      const cache = new AnswerCache(kickback, home.clock, { ...USUAL_LIMITS, ...limitsOf(options) });
      let userdb: Promise<Userdb | undefined> | undefined;
      if (options.userdb !== undefined) {
        userdb = serveUserdb(new Nss(cache), { path: options.userdb }).catch((error) => {
          options.onTrouble?.(error);
          return undefined;
        });
      }
      return {
        request: async (body: Uint8Array, _: ServiceCaller) => {
          const { question, from } = decodeQuestion(body);
          return encodeAnswer(question.database, await answerFor(question, cache), from);
        },
        [Symbol.asyncDispose]: async () => {
          await (await userdb)?.[Symbol.asyncDispose]();
        },
      };
    },
  };
}

async function answerFor(question: Question, cache: NssSource) {
  return question.database === 'shadow' ? unavailable() : answerOf(cache, question);
}

function limitsOf({ ttlMs, negativeTtlMs, maxEntries }: SlaveNamesOptions): Partial<CacheLimits> {
  return {
    ...(ttlMs === undefined ? {} : { ttlMs }),
    ...(negativeTtlMs === undefined ? {} : { negativeTtlMs }),
    ...(maxEntries === undefined ? {} : { maxEntries }),
  };
}
