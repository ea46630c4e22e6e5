/** Which nodes a command line means. */
import { isIP } from 'node:net';
import type { Client, NodeInfo } from '../index.ts';
import { BprocError, NODE_NONE } from '../index.ts';

/**
 * The nodes of a node set; what is none may be the address of a node.
 *
 * @throws BprocError EINVAL for a set that cannot be read, BE_INVALIDNODE for a node that does not exist.
 */
export async function chooseNodes(client: Client, spec: string): Promise<readonly NodeInfo[]> {
  if (spec.trim() === '')
    throw new BprocError('EINVAL', 'the node set is empty: give nodes such as 0-3, allup or master');
  if (isIP(spec) === 0) return client.nodeList(spec);
  const node = await client.nodeNumber(spec);
  if (node === NODE_NONE)
    throw new BprocError('BE_INVALIDNODE', `no node has the address ${spec}; bpstat -l lists them`);
  return [await client.nodeInfo(node)];
}
