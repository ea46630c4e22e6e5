/** Starts that wait until others are as far as they are: PROTOCOL.md 10.5. */
import type { Go } from '../../wire/index.ts';
import { idText } from '../ids.ts';
import type { SlaveTurn } from './events.ts';
import { tell } from './reports.ts';
import type { SlaveProcess } from './state.ts';

/** Whether a process has all that it needs, and waits for GO. */
function isReady({ phase, gate }: SlaveProcess): boolean {
  return phase === 'starting' && gate === 'ready';
}

/** It has all that it needs. */
export function becomeReady(turn: SlaveTurn, process: SlaveProcess): void {
  process.gate = 'ready';
  tellReady(turn, [process]);
}

/** Says of which processes GO is waited for; what was said before may not have arrived. */
export function tellReady(turn: SlaveTurn, processes: Iterable<SlaveProcess>): void {
  const puids = [...processes].filter(isReady).map(({ puid }) => puid);
  if (puids.length > 0) tell(turn, { ready: { puids } });
}

/** Everybody is ready, or has failed. Gives those that can run now. */
export function go({ state }: SlaveTurn, { puids }: Go): readonly SlaveProcess[] {
  const released: SlaveProcess[] = [];
  for (const puid of puids) {
    const process = state.processes.get(idText(puid));
    if (process?.phase !== 'starting' || process.gate === 'open') continue;
    const { gate } = process;
    process.gate = 'open';
    if (gate === 'ready') released.push(process);
  }
  return released;
}
