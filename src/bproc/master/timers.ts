/** What a master does when a deadline has come. One timer serves them all. */
import { isOnItsWay, startGrace } from './client-grace.ts';
import { clientGone } from './clients.ts';
import { acknowledge, lose } from './ends.ts';
import { greetingDue } from './greeting.ts';
import { repeatedDue } from './repeated-moves.ts';
import { fellSilent } from './slaves.ts';
import { sourceDue } from './sources.ts';
import type { MasterTurn } from './state.ts';

/** Deadlines that have come. */
export function due(turn: MasterTurn): void {
  const { state } = turn;
  for (const deadline of state.deadlines.due(turn.now)) {
    const [clock, key = ''] = deadline.split(' ');
    const process = state.processes.get(key);
    if (clock === 'greet') greetingDue(turn, Number(key));
    if (clock === 'list') state.listings.get(deadline)?.finish(turn);
    if (clock === 'lose' && process !== undefined) lose(turn, process, 'its node did not return in time');
    if (clock === 'keep' && process?.end !== undefined) acknowledge(turn, process);
    if (clock === 'move') repeatedDue(turn, key);
    if (clock === 'tree') sourceDue(turn, key);
    const client = clock === 'client' ? state.clients.get(key) : undefined;
    if (client !== undefined) (isOnItsWay(turn, client) ? startGrace : clientGone)(turn, client);
    const node = clock === 'silent' ? state.nodes.get(Number(key)) : undefined;
    if (node !== undefined) fellSilent(turn, node);
  }
}
