/** Starts that wait for each other: none runs before each is ready or has failed. PROTOCOL.md 10.5. */
import type { Ready } from '../../wire/index.ts';
import { idText } from '../ids.ts';
import type { ClientTurn } from './events.ts';
import type { ClientProcess, Gang } from './state.ts';
import { tell } from './tell.ts';

/** Processes that one message lets run. */
const PER_GO = 16_384;

/** These are asked for. */
export function assemble({ state }: ClientTurn, processes: readonly ClientProcess[]): void {
  for (const process of processes) {
    if (process.start.gang !== true) continue;
    const gang: Gang = state.gangs.get(process.start) ?? { unready: new Set(), ready: new Set() };
    state.gangs.set(process.start, gang);
    gang.unready.add(process);
  }
}

/** A slave has all that these need; it says so again where it has heard no answer. */
export function ready(turn: ClientTurn, { puids }: Ready): void {
  const { processes, gangs } = turn.state;
  const late: ClientProcess[] = [];
  for (const puid of puids) {
    const process = processes.get(idText(puid));
    if (process === undefined || process.phase !== 'starting' || process.cancelled) continue;
    const gang = gangs.get(process.start);
    if (gang === undefined) late.push(process);
    else if (gang.unready.delete(process)) gang.ready.add(process);
    if (gang?.unready.size === 0) release(turn, process);
  }
  letRun(turn, late);
}

/** A process is waited for no more: it runs, or will not. */
export function drop(turn: ClientTurn, process: ClientProcess): void {
  const gang = turn.state.gangs.get(process.start);
  if (gang === undefined) return;
  gang.ready.delete(process);
  if (gang.unready.delete(process) && gang.unready.size === 0) release(turn, process);
}

/** The program does not want one of them any more, nor any of the others: nobody lets them run. */
export function disband({ state }: ClientTurn, { start }: ClientProcess): void {
  state.gangs.delete(start);
}

function release(turn: ClientTurn, { start }: ClientProcess): void {
  const gang = turn.state.gangs.get(start);
  turn.state.gangs.delete(start);
  letRun(turn, [...(gang?.ready ?? [])]);
}

function letRun(turn: ClientTurn, processes: readonly ClientProcess[]): void {
  for (let at = 0; at < processes.length; at += PER_GO) {
    tell(turn, { go: { puids: processes.slice(at, at + PER_GO).map(({ puid }) => puid) } });
  }
}
