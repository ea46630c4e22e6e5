/** A command's way to its master. */
import type { Client } from '../index.ts';
import { BprocError, connect, defaultMaster } from '../index.ts';

const NOBODY_THERE: ReadonlySet<string> = new Set(['ENOENT', 'ECONNREFUSED']);

/**
 * Connects to where `BPROC_MASTER` points, or to this machine's master.
 *
 * @throws BprocError as `connect`, with what to do about it.
 */
export async function connectToMaster(master = defaultMaster()): Promise<Client> {
  try {
    return await connect({ master });
  } catch (cause) {
    const error = BprocError.from(cause);
    // over TLS the error itself says it
    if (master.startsWith('tls:') || master !== defaultMaster()) throw error;
    throw new BprocError(error.code, `${error.message}\n${remedyFor(error)}`, { cause });
  }
}

/** Does something with a connection to the master, which is closed afterwards. */
export async function withMaster<T>(action: (client: Client) => Promise<T>, master?: string): Promise<T> {
  const client = await connectToMaster(master);
  try {
    return await action(client);
  } finally {
    await client[Symbol.asyncDispose]();
  }
}

function remedyFor(error: BprocError): string {
  const where = process.env['BPROC_MASTER'] ? 'BPROC_MASTER says' : 'the default is';
  if (NOBODY_THERE.has(error.code)) {
    const start = 'start a master there with "bpmaster" (or "bpmaster --local 4" for a cluster on this machine)';
    return `No master runs at ${defaultMaster()}, as ${where}: ${start}, or set BPROC_MASTER to the address of yours.`;
  }
  if (error.code === 'EACCES' || error.code === 'EPERM') {
    return `The master at ${defaultMaster()} is another user's: use your own, or ask for that one's address.`;
  }
  return `Look whether the master at ${defaultMaster()} is well, or set BPROC_MASTER to the address of another.`;
}
