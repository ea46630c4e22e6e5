import { describe, expect, it } from 'vitest';
import { describeEnd, exitCodeOf, isSuccess, type ProcessEnd } from '../../src/bproc/process-end.ts';

const table: readonly [end: ProcessEnd, line: string, code: number][] = [
  [{ kind: 'exited', code: 0 }, 'exited with code 0', 0],
  [{ kind: 'exited', code: 255 }, 'exited with code 255', 255],
  [{ kind: 'signaled', signal: 'SIGKILL', core: false }, 'killed by SIGKILL', 137],
  [{ kind: 'signaled', signal: 'SIGTERM', core: false }, 'killed by SIGTERM', 143],
  [{ kind: 'signaled', signal: 'SIGSEGV', core: true }, 'killed by SIGSEGV (core dumped)', 139],
  [{ kind: 'signaled', signal: 'SIGWHATEVER', core: false }, 'killed by SIGWHATEVER', 255],
  [{ kind: 'signaled', signal: 'toString', core: false }, 'killed by toString', 255],
  [{ kind: 'lost', reason: 'node 3 started again' }, 'lost: node 3 started again', 255],
  [{ kind: 'lost', reason: ' two\nlines\u001b[2J ' }, 'lost: two lines [2J', 255],
  [{ kind: 'lost', reason: '' }, 'lost', 255],
  [{ kind: 'timedOut', limit: 'lifetime' }, 'killed because it ran longer than its lifetime limit', 124],
  [{ kind: 'timedOut', limit: 'silence' }, 'killed because it wrote nothing for longer than its silence limit', 124],
];

describe('the end of a process', () => {
  it.each(table)('%j', (end, line, code) => {
    expect(describeEnd(end)).toBe(line);
    expect(exitCodeOf(end)).toBe(code);
  });

  it('takes the number of a signal from a given table', () => {
    const end: ProcessEnd = { kind: 'signaled', signal: 'SIGRTMIN+1', core: false };
    expect(exitCodeOf(end)).toBe(255);
    expect(exitCodeOf(end, (name) => (name === 'SIGRTMIN+1' ? 35 : undefined))).toBe(163);
  });

  it('is a success only where the process says so', () => {
    expect(table.filter(([end]) => isSuccess(end))).toEqual([table[0]]);
  });
});
