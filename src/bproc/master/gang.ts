/** Starts that wait for each other: their client says when they run, PROTOCOL.md 10.5. */
import type { Go, Ready } from '../../wire/index.ts';
import { idText } from '../ids.ts';
import type { MasterClient, MasterNode, MasterTurn } from './state.ts';
import { command, inform, isHeard } from './tell.ts';

/** A slave has all that these need. */
export function ready(turn: MasterTurn, node: MasterNode, { puids }: Ready): void {
  const byClient = new Map<MasterClient, Uint8Array[]>();
  for (const puid of puids) {
    const process = turn.state.processes.get(idText(puid));
    if (process?.client === undefined || process.node !== node || process.state !== 'starting') continue;
    add(byClient, process.client, puid);
  }
  for (const [client, own] of byClient) inform(turn, client, { ready: { puids: own } });
}

/** A client lets its processes run. */
export function go(turn: MasterTurn, client: MasterClient, { puids }: Go): void {
  const byNode = new Map<MasterNode, Uint8Array[]>();
  for (const puid of puids) {
    const process = turn.state.processes.get(idText(puid));
    if (process?.client !== client || process.state !== 'starting' || process.cancelled) continue;
    if (!isHeard(process.node)) continue;
    process.gated = false;
    add(byNode, process.node, puid);
  }
  for (const [node, own] of byNode) command(turn, node, { go: { puids: own } });
}

function add<Key>(groups: Map<Key, Uint8Array[]>, key: Key, puid: Uint8Array): void {
  const group = groups.get(key);
  if (group === undefined) groups.set(key, [puid]);
  else group.push(puid);
}
