/** PMIx, as Open MPI speaks it: a server on each node of a job. */
import { LoopbackPeers } from '../../linux/index.ts';
import type { Protocol } from '../node-home.ts';
import { PmixServer } from './server.ts';

/** The protocol of Open MPI's programs. */
export function pmix(): Protocol {
  const peers = new LoopbackPeers();
  return { name: 'pmix', serve: (home) => new PmixServer(home, peers) };
}
