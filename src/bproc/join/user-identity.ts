/** Where users keep what shows masters who they are. */
import { readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../../clock.ts';
import { BprocError } from '../../errors.ts';
import type { TlsAddress, TlsTrust } from '../../transport/index.ts';
import { certificateFacts, formatAddress, shownAuthority } from '../../transport/index.ts';
import type { IdentityStore } from './identity-file.ts';
import { authorityHash, fileIdentityStore } from './identity-file.ts';
import { Membership, type TlsKeeper } from './membership.ts';

const SUFFIX = '.pem';

/** The directory of a user's certificates, one file a cluster. */
export function userIdentityDirectory(env: NodeJS.ProcessEnv = process.env): string {
  return join(env['XDG_CONFIG_HOME'] || join(env['HOME'] || homedir(), '.config'), 'bproc');
}

/** Where a user's certificate of one cluster is kept. `fingerprint` is the hash of its CA's key. */
export function userIdentityStore(fingerprint: string, directory = userIdentityDirectory()): IdentityStore {
  return fileIdentityStore(join(directory, `${fingerprint.slice(0, 16)}${SUFFIX}`));
}

/** How a user is found. */
export interface UserKeeperOptions {
  readonly clock: Clock;
  readonly domain: string;
  /** The file to use. @default the one in the user's directory that is of the cluster at the address */
  readonly file?: string | undefined;
}

/** Shows masters the certificates that `bpctl login` got. Disposing it ends their renewal. */
export class UserKeeper implements TlsKeeper, Disposable {
  readonly #options: UserKeeperOptions;
  readonly #members = new Map<string, Membership>();

  constructor(options: UserKeeperOptions) {
    this.#options = options;
  }

  async trustFor(address: TlsAddress, signal?: AbortSignal): Promise<TlsTrust> {
    const store = await this.#storeFor(address, signal);
    const { clock, domain } = this.#options;
    const bundle = store.load();
    if (bundle?.certificate === undefined) throw noLogin(address, `${store.name} holds no certificate`);
    const { notAfter } = certificateFacts(bundle.certificate);
    if (notAfter <= clock.wallTime()) {
      throw noLogin(address, `the one in ${store.name} was valid until ${new Date(notAfter).toISOString()}`);
    }
    let member = this.#members.get(store.name);
    if (member === undefined) {
      member = new Membership({ store, clock, domain, role: 'client', address: '' });
      this.#members.set(store.name, member);
    }
    return member.trustFor(address, signal);
  }

  async #storeFor(address: TlsAddress, signal: AbortSignal | undefined): Promise<IdentityStore> {
    const { file } = this.#options;
    if (file !== undefined) return fileIdentityStore(file);
    const directory = userIdentityDirectory();
    const stores = filesIn(directory).map((name) => fileIdentityStore(join(directory, name)));
    const [first] = stores;
    if (first === undefined) throw noLogin(address, `${directory} holds none`);
    if (stores.length === 1) return first;
    // several clusters: the right one is that whose CA is shown there
    const hash = certificateFacts(await shownAuthority(address, signal)).keyHash();
    const found = stores.find((store) => hash === hashIn(store));
    if (found === undefined) throw noLogin(address, `none in ${directory} is of the cluster there`);
    return found;
  }

  [Symbol.dispose](): void {
    for (const member of this.#members.values()) member[Symbol.dispose]();
  }
}

function hashIn(store: IdentityStore): string | undefined {
  const bundle = store.load();
  return bundle === undefined ? undefined : authorityHash(bundle);
}

function filesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory)
      .filter((name) => name.endsWith(SUFFIX))
      .sort();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw BprocError.from(error);
  }
}

function noLogin(address: TlsAddress, why: string): BprocError {
  const remedy = `run "bpctl login" on the master's machine, or "bpctl login --master ${formatAddress(address)} --token T"`;
  return new BprocError('EPERM', `a certificate is needed for ${formatAddress(address)}, and ${why}: ${remedy}`);
}
