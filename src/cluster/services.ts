/** What higher floors bring to every master and slave, unless its options bring something else by the same name. */
import { join } from 'node:path';
import { masterMaps, masterQueue, Reservations } from '../beomap/index.ts';
import { masterStats, slaveStats } from '../beostat/index.ts';
import type { Client, MasterOptions, MasterService, SlaveOptions, SlaveService } from '../bproc/index.ts';
import { masterJobs, pmi1, pmix, slaveJobs } from '../mpi/index.ts';
import { masterNames, slaveNames } from '../nss/index.ts';

const OF_SLAVES: readonly (() => SlaveService)[] = [slaveNames, slaveStats, () => slaveJobs([pmi1, pmix()])];

/** The options of a master with the standard services. @param connect connects to it, once it is there. */
export function withMasterServices(options: MasterOptions, connect: () => Promise<Client>): MasterOptions {
  const reservations = new Reservations();
  const stateDir = options.stateDir === undefined ? undefined : join(options.stateDir, 'queue');
  const standard: readonly (() => MasterService)[] = [
    () => masterMaps(reservations),
    masterNames,
    masterJobs,
    () => masterQueue({ stateDir, connect, reservations }),
    masterStats,
  ];
  return { ...options, services: withStandard(standard, options.services) };
}

/** The options of a slave with the standard services. */
export function withSlaveServices(options: SlaveOptions): SlaveOptions {
  return { ...options, services: withStandard(OF_SLAVES, options.services) };
}

function withStandard<S extends { readonly name: string }>(
  standard: readonly (() => S)[],
  given: readonly S[] = [],
): readonly S[] {
  const names = new Set(given.map(({ name }) => name));
  return [...standard.map((make) => make()).filter(({ name }) => !names.has(name)), ...given];
}
