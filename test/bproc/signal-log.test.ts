/** Signals over the death of a slave's daemon: at most once, and nobody is told what is not known [PROTOCOL 6.4]. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { SignalLog } from '../../src/bproc/slave/signal-log.ts';
import { fileRecordLog } from '../../src/state/index.ts';
import { idOf } from '../support/raw-peer.ts';
import { scratchTree } from '../support/scratch.ts';
import { SlaveTable } from '../support/slave-table.ts';

test('what was noted is known to the next life, and what was under way is unknown there', () => {
  using scratch = scratchTree({});
  const first = new SignalLog(fileRecordLog(scratch.path, 'signals', 'program'));
  first.note('a 1', 'pending');
  first.note('a 1', 'delivered');
  first.note('a 2', 'pending');
  first.note('a 2', 'missed');
  first.note('b 1', 'pending');
  const second = new SignalLog(fileRecordLog(scratch.path, 'signals', 'program'));
  expect([...second.outcomes.entries()]).toEqual([
    ['a 1', 'delivered'],
    ['a 2', 'missed'],
    ['b 1', 'unknown'],
  ]);
  const third = new SignalLog(fileRecordLog(scratch.path, 'signals', 'program'));
  expect([...third.outcomes.entries()]).toEqual([...second.outcomes.entries()]);
});

test('no more is remembered than a slave has to, and the file does not grow for ever', () => {
  using scratch = scratchTree({});
  const log = new SignalLog(fileRecordLog(scratch.path, 'signals', 'program'));
  for (let order = 0; order < 20_000; order += 1) log.note(`a ${order}`, 'delivered');
  const lines = readFileSync(join(scratch.path, 'signals'), 'utf8').split('\n').length;
  expect(lines).toBeLessThan(17_000);
  const next = new SignalLog(fileRecordLog(scratch.path, 'signals', 'program'));
  expect([...next.outcomes.entries()].length).toBeLessThan(8192);
  expect(next.outcomes.get(`a ${20_000 - 4096}`)).toBe('delivered');
  expect(next.outcomes.get('a 19999')).toBe('delivered');
});

test('a slave answers an order that its earlier life may have carried out, and does not repeat it', () => {
  const slave = new SlaveTable();
  const key = slave.start();
  const pid = slave.state.processes.get(key)?.pid ?? 0;
  const client = idOf(9);
  const order = (clientRequest: number) =>
    slave.say({ request: { id: clientRequest, kill: { pid, signal: 10, client, clientRequest } } });
  const sid = client.toString('hex');
  for (const [index, outcome] of (['unknown', 'delivered', 'missed'] as const).entries())
    slave.state.done.set(`${sid} ${index + 1}`, outcome);
  order(1);
  expect(slave.effects).toMatchObject([{ message: { response: { id: 1, failure: { code: 'BE_SLAVEDIED' } } } }]);
  order(2);
  expect(slave.told).toEqual([{ response: { id: 2, failure: undefined } }]);
  order(3);
  expect(slave.told).toMatchObject([{ response: { id: 3, failure: { code: 'BE_INVALIDPROC' } } }]);
  order(4);
  expect(slave.effects.map(({ type }) => type)).toEqual(['noteSignal', 'signal']);
});

test('a log that is damaged is said to be', () => {
  using scratch = scratchTree({ signals: 'no record\n' });
  const log = fileRecordLog(scratch.path, 'signals', 'program');
  expect(() => new SignalLog(log)).toThrow(/signals holds a line that is no record/);
});
