/** A running process stops or goes on. */

import type { Change } from '../../wire/index.ts';
import { ProcessState } from '../../wire/index.ts';
import { idText } from '../ids.ts';
import type { MasterNode, MasterTurn } from './state.ts';
import { publishProcess } from './tables.ts';
import { inform } from './tell.ts';

/** Notes what a slave says of a process's state, and tells its client. */
export function noteChange(turn: MasterTurn, node: MasterNode, message: Change): void {
  const process = turn.state.processes.get(idText(message.puid));
  if (process === undefined || process.node !== node || process.end !== undefined || process.state === 'starting')
    return;
  process.state = message.state === ProcessState.STOPPED ? 'stopped' : 'running';
  publishProcess(turn, process);
  inform(turn, process.client, { change: message });
}
