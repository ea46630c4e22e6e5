/** The owner of the node table and the process table. */

export { Master } from './master.ts';
export type { HandleOptions, MasterOptions } from './master-options.ts';
export { startMaster } from './start-master.ts';
export type { MovedProcess } from './state.ts';
