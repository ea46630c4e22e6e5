/** PMIx (PROTOCOL.md 14.4), as Open MPI speaks it: a server on each node of a job. */
import { LoopbackPeers } from '../../linux/index.ts';
import type { Protocol } from '../node-home.ts';
import { Collectives } from './collectives.ts';
import { PmixServer } from './server.ts';

/** The protocol of Open MPI's programs, on one node. */
export function pmix(): Protocol {
  const node = { peers: new LoopbackPeers(), collectives: new Collectives() };
  return { name: 'pmix', serve: (home) => new PmixServer(home, node) };
}
