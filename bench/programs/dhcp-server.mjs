/** A server of DHCP that gives addresses from a pool, as its argument in JSON says, and keeps them on disk. */
import { startDhcp } from 'bproc/boot';
import { answer } from './answer.mjs';

const server = await startDhcp({ ...JSON.parse(process.argv[2]), policy: { decide: () => ({}) } });

answer({ leases: () => server.leases().length }, () => server[Symbol.asyncDispose]());
