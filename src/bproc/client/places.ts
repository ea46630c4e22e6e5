/** Where processes are to be started. */
import { BprocError } from '../../errors.ts';
import { ReceiveStream } from '../../wire/index.ts';
import { idText } from '../ids.ts';
import { NODE_MASTER } from '../node-info.ts';
import { checkInteger } from './calls.ts';
import type { Plan } from './start-options.ts';
import type { ClientProcess } from './state.ts';
import { createInput } from './state.ts';

/** One node, or several: a list or a node set. */
export type Nodes = number | readonly number[] | string;

/** A node, in the life that it is known to have, and the rank of the process there. */
export interface Place {
  readonly node: number;
  readonly rank: number;
  readonly boot: Uint8Array;
  readonly error: BprocError | undefined;
}

/** Numbers that the wire would cut to size, and a set that was left empty, must not become other nodes. */
export function checkNodes(nodes: unknown): void {
  const list: readonly unknown[] = Array.isArray(nodes) ? nodes : [nodes];
  if (typeof nodes === 'string') {
    if (nodes.trim() === '') throw new BprocError('EINVAL', 'the node set is empty: say all for every node');
    return;
  }
  for (const node of list) {
    if (typeof node !== 'number')
      throw new BprocError('EINVAL', 'nodes are a number, a list of numbers, or a node set');
    checkInteger('node', node, NODE_MASTER);
  }
}

/** A process that is to be started in its place. */
export function createProcess(place: Place, plan: Plan, puid: Uint8Array): ClientProcess {
  const { start, window, stdio } = plan;
  const isStream = (index: 0 | 1 | 2) => stdio[index] === 'stream' || typeof stdio[index] === 'number';
  return {
    key: idText(puid),
    puid,
    node: place.node,
    boot: place.boot,
    rank: place.rank,
    start,
    sent: 0,
    phase: 'starting',
    cancelled: false,
    pid: 0,
    stdin: isStream(0) ? createInput() : undefined,
    outputs: [isStream(1) ? new ReceiveStream(window) : undefined, isStream(2) ? new ReceiveStream(window) : undefined],
    ended: undefined,
  };
}
