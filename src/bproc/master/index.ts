/** The owner of the node table and the process table. */

export type { HandleOptions, MasterOptions } from './master.ts';
export { Master, startMaster } from './master.ts';
