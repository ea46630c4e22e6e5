/** What a client says first, and how it is answered. It is not authenticated: who may say it, whoever accepts the connection has to know. */
import { BprocError } from '../../errors.ts';
import { STATUS } from './numbers.ts';

/** Who a client says it is. */
export interface Greeting {
  readonly job: string;
  readonly rank: number;
  /** Of its library, such as `4.2.2rc2`. */
  readonly version: string;
}

/** PMIX_SIMPLE_CLIENT: a process that was started with its name; others are tools and launchers. */
const CLIENT = 0;
/** Buffers whose values have no types of their own. */
const NOT_DESCRIBED = 1;

/** @throws BprocError EPROTO for what is no greeting, ENOTSUP for one of a client that is not served. */
export function readGreeting(payload: Buffer): Greeting {
  let at = 0;
  const take = (bytes: number): number => {
    if (bytes > payload.length - at) throw new BprocError('EPROTO', 'the greeting of a client of PMIx has no end');
    at += bytes;
    return at - bytes;
  };
  const text = (): string => {
    const end = payload.indexOf(0, at);
    if (end < 0) throw new BprocError('EPROTO', 'the greeting of a client of PMIx has a string without an end');
    const found = payload.toString('utf8', at, end);
    at = end + 1;
    return found;
  };
  const security = text();
  take(payload.readUInt32BE(take(4)));
  const kind = payload.readUInt8(take(1));
  if (security !== 'none') throw unserved(`security ${JSON.stringify(security.slice(0, 20))}`);
  if (kind !== CLIENT) throw unserved(`a process of kind ${kind}`);
  const job = text();
  const rank = payload.readInt32BE(take(4));
  const version = text();
  const encoding = text();
  const described = payload.readUInt8(take(1));
  if (encoding !== 'v3' || described !== NOT_DESCRIBED) {
    throw unserved(`encoding ${JSON.stringify(encoding.slice(0, 20))}, buffers of kind ${described}`);
  }
  return { job, rank, version };
}

/** @param index the server's number for the client; undefined: it is not served. */
export function greetingAnswer(index: number | undefined): Buffer {
  const answer = Buffer.alloc(index === undefined ? 4 : 8);
  answer.writeInt32BE(index === undefined ? STATUS.NO_PERMISSIONS : STATUS.SUCCESS, 0);
  if (index !== undefined) answer.writeUInt32BE(index, 4);
  return answer;
}

function unserved(what: string): BprocError {
  return new BprocError('ENOTSUP', `a client of PMIx has ${what}, which this server does not speak with`);
}
