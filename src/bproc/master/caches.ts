/** What nodes keep of images, asked of their slaves and ordered there (`bproc_nodecachepurgeok`): PROTOCOL.md 10.7. */
import { BprocError } from '../../errors.ts';
import { reasonOf } from '../../transport/index.ts';
import { type Cache, CacheAction, type NodeFacts } from '../../wire/index.ts';
import { withAttribute } from '../node-info.ts';
import { assertAdminister } from '../permissions.ts';
import { ask } from './asks.ts';
import { nodeAt } from './node-requests.ts';
import type { MasterClient, MasterNode, MasterTurn } from './state.ts';
import { publishNode } from './tables.ts';
import { reject, respond } from './tell.ts';

/** Passes the request on, and the answer back. */
export function askCache(turn: MasterTurn, client: MasterClient, id: number, cache: Cache): void {
  const node = nodeAt(turn, cache.node);
  if (cache.action !== CacheAction.UNSPECIFIED) {
    assertAdminister(
      cache.node,
      `purge the cache of node ${cache.node}`,
      client.credentials,
      turn.state.config.authority,
    );
  }
  ask(turn, node, { cache }, (later, answer) => {
    if (BprocError.is(answer)) return reject(later, client, id, answer);
    if (answer.failure !== null) return reject(later, client, id, reasonOf(answer.failure));
    if (answer.body !== 'cacheState') {
      const why = `the slave of node ${cache.node} does not say what it keeps: it is of an older version`;
      return reject(later, client, id, new BprocError('ENOSYS', why, { node: cache.node }));
    }
    respond(later, client, id, { cacheState: answer.cacheState });
  });
}

/** A slave has news of itself. What cannot be an attribute is passed over. */
export function nodeFacts(turn: MasterTurn, node: MasterNode, { attributes }: NodeFacts): void {
  try {
    let all = node.attributes;
    for (const [name, value] of Object.entries(attributes)) all = withAttribute(all, name, value);
    node.attributes = all;
  } catch (error) {
    if (!BprocError.is(error)) throw error;
    return;
  }
  publishNode(turn, node, 'attributes');
}
