/** The owner of the node table and the process table. */

export type { MovedProcess } from './config.ts';
export { Master } from './master.ts';
export type { HandleOptions, MasterOptions } from './master-options.ts';
export { startMaster } from './start-master.ts';
