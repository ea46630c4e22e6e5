/** Masters and slaves as programs start them: with the services that belong to every cluster. */
import {
  connect,
  type Master,
  type MasterOptions,
  type Slave,
  type SlaveOptions,
  startMaster as startBareMaster,
  startSlave as startBareSlave,
} from '../bproc/index.ts';
import { withMasterServices, withSlaveServices } from './services.ts';

/**
 * Starts a master: the owner of the node table and the process table.
 *
 * @throws BprocError EADDRINUSE, EACCES and others where it cannot listen or keep its state; EINVAL for `tls://`
 *   without a `stateDir`; ENOENT for `usersBy: 'kernel'` without a holder; ENOSYS for `users: 'all'` where neither that nor a
 *   directory of root's that is open to all is there.
 */
export async function startMaster(options: MasterOptions = {}): Promise<Master> {
  let tell = (_: Master): void => {};
  const started = new Promise<Master>((resolve) => {
    tell = resolve;
  });
  const connectToIt = async () => {
    const master = await started;
    return connect({ master: () => master.connect(), domain: options.domain ?? '' });
  };
  const master = await startBareMaster(withMasterServices(options, connectToIt));
  tell(master);
  return master;
}

/**
 * Starts a slave: a node's agent. It looks for its master until it is disposed of.
 *
 * @throws BprocError EINVAL for a token or hash that is none; ENOENT, ENOTDIR, EACCES for a `root` that is no directory; EBUSY where another slave uses `stateDir`; EINVAL, EPERM for an address that
 *   cannot be; EINVAL, ENOSPC for attributes that cannot be; E2BIG where `attributes`, `address` and `domain` are
 *   more than a master lets itself be told at once, 3.4 KiB; ENOSYS without `/proc`.
 */
export function startSlave(options: SlaveOptions): Promise<Slave> {
  return startBareSlave(withSlaveServices(options));
}
