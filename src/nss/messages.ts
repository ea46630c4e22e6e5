/** Questions and answers on the wire: PROTOCOL.md 13.5. */
import { BprocError } from '../errors.ts';
import type { Init, NssAnswer, NssQuestion } from '../wire/index.ts';
import { NSS_MESSAGES } from '../wire/index.ts';
import { type Database, type Entries, isDatabase, type NetgroupTriple, type ShadowEntry } from './entries.ts';
import {
  type Answer,
  addressKey,
  etherKey,
  found,
  hostKey,
  LONGEST_NAME,
  type Question,
  STATUSES,
  tryAgain,
  unavailable,
  WAYS,
} from './question.ts';

/** Name of the service. */
export const SERVICE = 'nss';

/** A question, and how many of its answer's entries are known already. */
export interface WireQuestion {
  readonly question: Question;
  readonly from: number;
}

/** One piece of an answer. */
export interface WireAnswer<D extends Database> {
  readonly answer: Answer<D>;
  /** How many entries come after these. */
  readonly rest: number;
}

/** Bytes of entries from which on the others are said in another answer: a message has at most 1 MiB. */
const PIECE_BYTES = 512 * 1024;

export function encodeQuestion({ database, by, key, detail }: Question, from = 0): Uint8Array {
  return NSS_MESSAGES.question.encode({ database, by, key, detail, from });
}

/** @throws BprocError EPROTO, EINVAL for what nobody can be asked. */
export function decodeQuestion(body: Uint8Array): WireQuestion {
  const { database, by, key, detail, from } = NSS_MESSAGES.question.decode(body);
  const way = WAYS.find((each) => each === by);
  if (!isDatabase(database) || way === undefined || !isKey(database, by, key) || !/^[!-~]{0,32}$/.test(detail)) {
    throw new BprocError('EINVAL', 'this is no question about a name');
  }
  return { question: { database, by: way, key, detail }, from };
}

/** Whether a key is in the form in which it is looked up. */
function isKey(database: Database, by: NssQuestion['by'], key: string): boolean {
  if (by === 'all') return key === '';
  if (by === 'number') return /^(?:0|[1-9]\d{0,9})$/.test(key);
  if (by === 'address') return (database === 'ethers' ? etherKey(key) : addressKey(key)) === key;
  if (key === '' || key.length > LONGEST_NAME || /\p{Cc}|\p{Surrogate}/u.test(key)) return false;
  return database !== 'hosts' || hostKey(key) === key;
}

/** How a database's entries are said. */
interface Form<D extends Database> {
  readonly say: (entries: readonly Entries[D][]) => Init<NssAnswer>;
  readonly read: (answer: NssAnswer) => readonly Entries[D][];
}

const FORMS: { readonly [D in Database]: Form<D> } = {
  passwd: {
    say: (entries) => ({
      users: entries.map(({ passwd: password, dir: directory, ...user }) => ({ ...user, password, directory })),
    }),
    read: ({ users }) =>
      users.map(({ name, password: passwd, uid, gid, gecos, directory: dir, shell }) => {
        return { name, passwd, uid, gid, gecos, dir, shell };
      }),
  },
  group: {
    say: (entries) => ({ groups: entries.map(({ passwd: password, ...group }) => ({ ...group, password })) }),
    read: ({ groups }) => groups.map(({ name, password: passwd, gid, members }) => ({ name, passwd, gid, members })),
  },
  shadow: {
    say: (entries) => ({ shadows: entries.map(({ passwd: password, ...shadow }) => ({ ...shadow, password })) }),
    read: ({ shadows }) => shadows.map(shadowOf),
  },
  hosts: {
    say: (hosts) => ({ hosts }),
    read: ({ hosts }) =>
      hosts.map(({ name, aliases, addresses }) => {
        return { name, aliases, addresses: addresses.filter((address) => addressKey(address) !== undefined) };
      }),
  },
  netgroup: {
    say: (netgroups) => ({ netgroups }),
    read: ({ netgroups }) =>
      netgroups.map(({ name, triples, groups }) => ({ name, triples: triples.map(tripleOf), groups })),
  },
  ethers: {
    say: (ethers) => ({ ethers }),
    read: ({ ethers }) => ethers.map(({ address, name }) => ({ address, name })),
  },
  services: {
    say: (services) => ({ services }),
    read: ({ services }) => services.map(({ name, aliases, port, protocol }) => ({ name, aliases, port, protocol })),
  },
};

function shadowOf({ name, password: passwd, ...ages }: NssAnswer['shadows'][number]): ShadowEntry {
  const { lastChange, min, max, warn, inactive, expire, flag } = ages;
  const known = Object.entries({ lastChange, min, max, warn, inactive, expire, flag });
  return { name, passwd, ...Object.fromEntries(known.filter(([, days]) => days !== null)) };
}

function tripleOf({ host, user, domain }: NetgroupTriple): NetgroupTriple {
  return { ...(host ? { host } : {}), ...(user ? { user } : {}), ...(domain ? { domain } : {}) };
}

/** As many entries of an answer, from one on, as one message holds. @returns with at least one, however large it is */
export function encodeAnswer<D extends Database>(database: D, answer: Answer<D>, from = 0): Uint8Array {
  const { status, entries, error } = answer;
  const { say } = FORMS[database];
  let end = from;
  for (let bytes = 0; end < entries.length && bytes < PIECE_BYTES; end += 1) {
    bytes += NSS_MESSAGES.answer.encode(say(entries.slice(end, end + 1))).length;
  }
  return NSS_MESSAGES.answer.encode({
    ...say(entries.slice(from, end)),
    status,
    rest: Math.max(0, entries.length - end),
    reason: error?.message ?? '',
  });
}

/** @throws BprocError EPROTO. */
export function decodeAnswer<D extends Database>(database: D, body: Uint8Array): WireAnswer<D> {
  const message = NSS_MESSAGES.answer.decode(body);
  const { status, rest, reason } = message;
  if (!STATUSES.some((each) => each === status)) throw new BprocError('EPROTO', 'an answer about a name says nothing');
  if (status === 'tryagain') return { answer: tryAgain(new BprocError('EAGAIN', reason)), rest: 0 };
  if (status === 'unavail') {
    return { answer: unavailable(reason === '' ? undefined : new BprocError('EIO', reason)), rest: 0 };
  }
  return { answer: found(FORMS[database].read(message)), rest };
}
