/** What a master tells of its queue. */
import type { Init, QueueAnswer, QueueEntry, QueueList } from '../../wire/index.ts';
import type { Backlog } from './backlog.ts';
import { compareTurns, type Entry } from './entry.ts';

/** Jobs in one answer. */
const MOST_ENTRIES = 500;
const STATES = { running: 0, waiting: 1, held: 2, ended: 3 } as const;

/** Those that are asked for, as many as fit. @throws BprocError ESRCH for one that is named and not known. */
export function listed(backlog: Backlog, { jobs, ended, from }: QueueList): Init<QueueAnswer> {
  const found = jobs.length > 0 ? jobs.flatMap((id) => backlog.job(id)) : [...backlog.entries(ended)];
  if (jobs.length === 0) found.sort((a, b) => STATES[a.state] - STATES[b.state] || compareTurns(a, b));
  const shown = found.slice(from, from + MOST_ENTRIES);
  return { entries: shown.map(entryOf), rest: Math.max(0, found.length - from - shown.length) };
}

function entryOf(entry: Entry): Init<QueueEntry> {
  const { id, task, spec, uid, state, reason, submittedAt, startedAt, endedAt, slots, outcome } = entry;
  return {
    job: id,
    task: task === undefined ? 0 : task + 1,
    name: spec.name,
    uid,
    state,
    reason,
    np: spec.np,
    priority: spec.priority,
    limitMs: spec.limitMs,
    submittedAt,
    startedAt,
    endedAt,
    slots: [...slots],
    end: outcome?.end ?? '',
    code: outcome?.code ?? 0,
  };
}
