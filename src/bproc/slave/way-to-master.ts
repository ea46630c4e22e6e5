/** How a process reaches the socket of its slave's gateway, and so its master, from the root it has. */
import { basename, dirname, join } from 'node:path';
import type { SpawnRequest, StdioTarget } from '../../linux/index.ts';
import type { Address } from '../../transport/index.ts';
import { formatAddress, MAX_SOCKET_PATH, parseAddress } from '../../transport/index.ts';
import type { Surroundings } from '../image/index.ts';
import type { SlaveParts } from './parts.ts';

/** Where the gateway's directory is seen in the root of an image: nothing else has such a name. */
const SEEN_AT = '/.bproc';

/** What it is told, and what it has to see. */
export interface WayToMaster extends Pick<Surroundings, 'shown'> {
  readonly env: Readonly<Record<string, string>>;
}

const NONE: WayToMaster = { env: {} };

/**
 * The way to a gateway.
 *
 * @param gateway its address; absent: there is none.
 * @param root what kind of root the process has: in another one than the machine's nothing can be seen, but in an image's
 *   what is bound into it. That is the socket's directory, so that it finds the socket of the slave's successor too.
 */
export function wayToMaster(gateway: string | undefined, root: 'machine' | 'other' | 'image'): WayToMaster {
  if (gateway === undefined || root === 'other') return NONE;
  const address = parseAddress(gateway);
  if (root === 'machine') return { env: { BPROC_MASTER: ofOneLength(address) } };
  if (address.kind !== 'unix') return NONE;
  const path = join(SEEN_AT, basename(address.path));
  return {
    env: { BPROC_MASTER: formatAddress({ kind: 'unix', path }) },
    shown: [{ source: dirname(address.path), path: SEEN_AT, kind: 'directory' }],
  };
}

/**
 * An address that is as long as any other slave's, so that it can be written over that one's in the environment of a process which has come
 * from there: slashes change nothing of a path.
 */
function ofOneLength(address: Address): string {
  if (address.kind !== 'unix') return formatAddress(address);
  const { path } = address;
  const slashes = '/'.repeat(MAX_SOCKET_PATH - Buffer.byteLength(path));
  return formatAddress({ kind: 'unix', path: `${dirname(path)}/${slashes}${basename(path)}` });
}

/** What a process that comes from another node is to find in its environment, where that is as long. */
export function wayFromNow({ gateway, environment }: Pick<SlaveParts, 'gateway' | 'environment'>): WayToMaster['env'] {
  const { BPROC_MASTER } = { ...environment, ...wayToMaster(gateway, 'machine').env };
  return BPROC_MASTER === undefined ? {} : { BPROC_MASTER };
}

/** The sockets by which processes of a slave are connected to the master. */
export function gatewaysOf({ gateway, environment }: Pick<SlaveParts, 'gateway' | 'environment'>): readonly string[] {
  return [gateway, environment['BPROC_MASTER']].flatMap((text) => {
    const address = text?.startsWith('unix:/') === true ? parseAddress(text) : undefined;
    return address?.kind === 'unix' ? [address.path] : [];
  });
}

const THIS_MACHINE = '127.0.0.1';

/** The same request, in which connections to nowhere are ones to the master's machine. */
export function towardsMaster(request: SpawnRequest, host = THIS_MACHINE): SpawnRequest {
  const known = (target: StdioTarget): StdioTarget =>
    typeof target === 'object' && 'address' in target && target.address === '' ? { ...target, address: host } : target;
  const [stdin, stdout, stderr] = request.stdio;
  return { ...request, stdio: [known(stdin), known(stdout), known(stderr)] };
}
