/** How a process reaches the socket of its slave's gateway, and so its master, from the root it has. */
import { basename, dirname, join } from 'node:path';
import type { SpawnRequest, StdioTarget } from '../../linux/index.ts';
import { formatAddress, parseAddress } from '../../transport/index.ts';
import type { Surroundings } from '../image/index.ts';

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
  if (root === 'machine') return { env: { BPROC_MASTER: gateway } };
  const address = parseAddress(gateway);
  if (address.kind !== 'unix') return NONE;
  const path = join(SEEN_AT, basename(address.path));
  return {
    env: { BPROC_MASTER: formatAddress({ kind: 'unix', path }) },
    shown: [{ source: dirname(address.path), path: SEEN_AT, kind: 'directory' }],
  };
}

const THIS_MACHINE = '127.0.0.1';

/** The same request, in which connections to nowhere are ones to the master's machine. */
export function towardsMaster(request: SpawnRequest, host = THIS_MACHINE): SpawnRequest {
  const known = (target: StdioTarget): StdioTarget =>
    typeof target === 'object' && 'address' in target && target.address === '' ? { ...target, address: host } : target;
  const [stdin, stdout, stderr] = request.stdio;
  return { ...request, stdio: [known(stdin), known(stdout), known(stderr)] };
}
