/** Sending a process its input. */
import { MAX_DATA_BYTES } from '../../wire/index.ts';
import { streamOf } from '../ids.ts';
import type { ClientTurn } from './events.ts';
import type { ClientProcess } from './state.ts';

/** Sends what may be sent of one input. Nothing before the process runs: its stream has no id yet. */
export function pump(turn: ClientTurn, process: ClientProcess): void {
  const { link, congested } = turn.state;
  const { stdin } = process;
  if (link.phase !== 'attached' || congested || stdin === undefined || process.phase === 'starting') return;
  for (let piece = stdin.take(MAX_DATA_BYTES); piece !== undefined; piece = stdin.take(MAX_DATA_BYTES)) {
    turn.effects.push({ type: 'data', link: link.link, stream: streamOf(process.pid, 0), ...piece });
  }
}
