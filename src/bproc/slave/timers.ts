/** What a slave does when a deadline has come. One timer serves them all. */
import { connect } from './attach.ts';
import { SIGKILL, signalTree, terminate } from './ends.ts';
import type { SlaveTurn } from './events.ts';
import type { SlaveProcess } from './state.ts';

/** Deadlines that have come. */
export function due(turn: SlaveTurn): void {
  for (const deadline of turn.state.deadlines.due(turn.now)) {
    if (deadline === 'connect') {
      connect(turn);
    } else if (deadline === 'orphan') {
      for (const process of turn.state.processes.values()) terminate(turn, process, process.killGraceMs);
    } else if (deadline === 'shutdown') {
      turn.effects.push({ type: 'stoppedAll' });
    } else {
      const [clock, key = ''] = deadline.split(' ');
      const process = turn.state.processes.get(key);
      if (process !== undefined) expire(turn, process, clock);
    }
  }
}

function expire(turn: SlaveTurn, process: SlaveProcess, clock: string | undefined): void {
  if (clock === 'kill') {
    signalTree(turn, process, SIGKILL);
  } else if (clock === 'life') {
    process.timedOut ??= 'lifetime';
    terminate(turn, process, process.killGraceMs);
  } else if (clock === 'quiet') {
    const quietUntil = process.heardAt + process.silenceMs;
    if (quietUntil > turn.now) {
      turn.state.deadlines.set(`quiet ${process.key}`, quietUntil);
      return;
    }
    process.timedOut ??= 'silence';
    terminate(turn, process, process.killGraceMs);
  }
}
