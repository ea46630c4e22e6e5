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
    // what cannot write is not silent by its own will: it is heard of when it is let go on
    if (isHeldUp(process)) process.heardAt = turn.now;
    const quietUntil = process.heardAt + process.silenceMs;
    if (quietUntil > turn.now) {
      turn.state.deadlines.set(`quiet ${process.key}`, quietUntil);
      return;
    }
    process.timedOut ??= 'silence';
    terminate(turn, process, process.killGraceMs);
  }
}

/** Whether a process is stopped, or what it writes has to wait for its client. */
function isHeldUp(process: SlaveProcess): boolean {
  return (
    process.phase === 'stopped' ||
    process.outlets.some((outlet) => outlet.paused && !outlet.ended && outlet.stream !== undefined)
  );
}
