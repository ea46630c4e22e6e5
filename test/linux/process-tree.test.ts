import { describe, expect, it } from 'vitest';
import type { HolderProcess } from '../../src/linux/holder-process.ts';
import { HolderTable } from '../../src/linux/holder-table.ts';
import { markerOwner, type ProcessRecord, placeProcesses } from '../../src/linux/index.ts';

/** A process of this parent and session, started at its own pid. */
const record = (pid: number, ppid: number, sid: number, startTime = pid): ProcessRecord => ({
  ...{ pid, ppid, sid, pgid: sid, startTime, uid: 0, state: 'S', command: 'x', threads: 1 },
});

const origin = (pid: number, marker = `m${pid}`, startTime = pid) => ({ pid, startTime, marker });

const place = (
  records: readonly ProcessRecord[],
  origins: ReturnType<typeof origin>[],
  markers: [number, string][] = [],
) => Object.fromEntries(placeProcesses(records, origins, new Map(markers), markerOwner(origins)));

describe('placing processes', () => {
  it('goes up the line of parents, in whatever order they are listed', () => {
    const records = [record(13, 12, 99), record(1, 0, 1), record(12, 11, 11), record(11, 10, 10), record(10, 1, 10)];
    expect(place(records, [origin(10)])).toEqual({ 10: 10, 11: 10, 12: 10, 13: 10 });
  });

  it('goes by the session of a living origin', () => {
    expect(place([record(1, 0, 1), record(10, 1, 10), record(12, 1, 10)], [origin(10)])).toEqual({ 10: 10, 12: 10 });
  });

  it('does not go by the session of an origin that ended, nor of another one with its pid', () => {
    expect(place([record(1, 0, 1), record(12, 1, 10)], [origin(10)])).toEqual({});
    expect(place([record(1, 0, 1), record(10, 1, 10, 50), record(60, 10, 10)], [origin(10)])).toEqual({});
  });

  it('goes by markers, and on from there to those without', () => {
    const records = [record(1, 0, 1), record(12, 1, 12), record(13, 12, 13), record(14, 1, 14)];
    const markers: [number, string][] = [
      [12, 'm10'],
      [14, 'strange'],
    ];
    expect(place(records, [origin(10)], markers)).toEqual({ 12: 10, 13: 10 });
  });

  it('prefers the own marker to the parents, and the first of two origins with one marker', () => {
    const records = [record(10, 1, 10), record(11, 10, 11), record(20, 1, 20), record(21, 1, 21)];
    expect(place(records, [origin(10), origin(20)], [[11, 'm20']])).toMatchObject({ 11: 20 });
    expect(place([record(21, 1, 21)], [origin(10, 'm'), origin(20, 'm')], [[21, 'm']])).toEqual({ 21: 10 });
  });

  it('goes by the namespace of those without a marker', () => {
    const spaces = new Map([[77, 10]]);
    const records = [12, 13, 14].map((pid) => ({ ...record(pid, 1, pid), uts: pid === 14 ? 78 : 77 }));
    const placed = placeProcesses(records, [origin(10)], new Map([[13, 'strange']]), () => undefined, spaces);
    expect(Object.fromEntries(placed)).toEqual({ 12: 10 });
  });

  it('does not take one for a child that is older than its parent', () => {
    expect(place([record(10, 1, 10, 100), record(12, 10, 12, 50)], [origin(10, 'm', 100)])).toEqual({ 10: 10 });
  });

  it('comes to an end where a torn snapshot goes in circles', () => {
    expect(place([record(5, 6, 5, 1), record(6, 5, 6, 1)], [origin(10)])).toEqual({});
  });
});

it('a namespace whose number another start has got is the other one’s from then on', () => {
  const table = new HolderTable();
  const process = (pid: number): HolderProcess =>
    ({ id: pid, marker: `m${pid}`, uts: 77, running: { pid, startTime: pid } }) as HolderProcess;
  const [first, second] = [process(10), process(20)];
  table.begun(first);
  const origin = table.originOf(first, { pid: 10, startTime: 10 });
  expect(origin.uts).toBe(77);
  table.begun(second);
  expect(origin.uts).toBeUndefined();
  expect(table.originOf(second, { pid: 20, startTime: 20 }).uts).toBe(77);
});
