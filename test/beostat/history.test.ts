import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { History, type PastSample } from '../../src/beostat/history.ts';
import { Layout } from '../../src/beostat/layout.ts';
import { SharedLayouts } from '../../src/beostat/layouts.ts';
import { growth, NodeLoad } from '../../src/beostat/load.ts';
import { NodeStats } from '../../src/beostat/node-stats.ts';
import { pack } from '../../src/beostat/packing.ts';
import { STAT_MESSAGES } from '../../src/wire/index.ts';

const layoutOf = (devices: readonly string[]) => new Layout([{ name: 'x', fields: ['a', 'b'], devices, counts: true }]);
const sampleOf = (layout: Layout, seenAt: number, value: number): PastSample => {
  return { seenAt, layout, figures: new Float64Array(layout.size).fill(value), missing: 0 };
};

describe('the past of a node', () => {
  test('is what was added, for as long as it is kept', () => {
    const values = fc.array(fc.tuple(fc.nat(1000), fc.boolean()), { maxLength: 400 });
    fc.assert(
      fc.property(values, (added) => {
        const [one, two] = [layoutOf(['p']), layoutOf(['p', 'q'])];
        const history = new History(Number.POSITIVE_INFINITY);
        const samples = added.map(([value, isTwo], index) => sampleOf(isTwo ? two : one, index + 1, value));
        for (const sample of samples) history.add(sample);
        expect([...history.since(0)]).toEqual(samples);
        expect([...history.since(samples.length / 2)]).toEqual(
          samples.filter(({ seenAt }) => seenAt > samples.length / 2),
        );
      }),
      { numRuns: 50 },
    );
  });

  test('is forgotten by and by, and takes a bounded room', () => {
    const layout = layoutOf(['p']);
    const history = new History(10_000);
    for (let i = 1; i <= 5000; i += 1) history.add(sampleOf(layout, i * 100, i));
    const kept = [...history.since(0)];
    expect(kept.at(-1)?.seenAt).toBe(500_000);
    expect(kept.length).toBeGreaterThanOrEqual(100);
    expect(kept.length).toBeLessThanOrEqual(100 + 2 * 64);
    expect(history.size).toBeLessThan(20_000);
  });
});

describe('counters', () => {
  test('that wrap at 32 bits go on, and those that begin anew are unknown', () => {
    expect(growth(5, 9)).toBe(4);
    expect(growth(2 ** 32 - 10, 5)).toBe(15);
    expect(growth(1000, 5)).toBeUndefined();
    expect(growth(2 ** 40, 5)).toBeUndefined();
  });

  test('have a rate by the time of the node’s own clock, and none where they went back', () => {
    const layout = new Layout([
      { name: 'load', fields: ['uptime'], devices: [''], counts: false },
      { name: 'network', fields: ['receivedBytes'], devices: ['eth0'], counts: true },
    ]);
    const at = (seenAt: number, uptime: number, bytes: number): PastSample => {
      return { seenAt, layout, figures: Float64Array.from([uptime, bytes]), missing: 0 };
    };
    const own = { node: 1, isUsable: true, isStale: false, ageMs: 0 };
    // the master's clock was set back between the two
    const load = new NodeLoad(own, at(100, 3000, 5000), at(90_000, 1000, 1000));
    expect(load.rate('network', 'eth0', 'receivedBytes')).toBe(2000);
    expect(
      new NodeLoad(own, at(2, 3000, 10), at(1, 1000, 1000)).rate('network', 'eth0', 'receivedBytes'),
    ).toBeUndefined();
    // a machine that has booted meanwhile counts from 0, which is no counter of 32 bits that has wrapped
    expect(
      new NodeLoad(own, at(2, 100, 5), at(1, 3000, 2 ** 32 - 9)).rate('network', 'eth0', 'receivedBytes'),
    ).toBeUndefined();
    expect(new NodeLoad(own, at(2, 3000, 10), undefined).rate('network', 'eth0', 'receivedBytes')).toBeUndefined();
  });
});

describe('what a slave reports', () => {
  const wire = { sources: [{ name: 'x', fields: ['a'], devices: ['p'], counts: true }] };
  const figures = (value: number, base?: number) =>
    pack(Float64Array.from([value]), base === undefined ? undefined : Float64Array.from([base]));

  test('builds on what came before', () => {
    const stats = new NodeStats(1000, new SharedLayouts());
    const whole = STAT_MESSAGES.report.encode({ number: 1, layout: wire, figures: figures(7) });
    expect(stats.take(whole, 1000, 1)).toBe('kept');
    // one that says all is answered at once, so that the next one need not; then every fourth is
    expect(stats.isAnswerDue).toBe(true);
    expect(stats.order(50)).toEqual({ have: 1, intervalMs: 50, anew: false });
    const next = (number: number, base: number) =>
      stats.take(STAT_MESSAGES.report.encode({ number, base, figures: figures(number, 7) }), 1000 * number, number);
    for (const number of [2, 3, 4]) {
      expect(next(number, 1)).toBe('kept');
      expect(stats.isAnswerDue).toBe(false);
    }
    expect(next(5, 1)).toBe('kept');
    expect(stats.isAnswerDue).toBe(true);
    expect(stats.history.newest?.figures).toEqual(Float64Array.from([5]));
    expect(stats.order(50)).toEqual({ have: 5, intervalMs: 50, anew: false });
    // nothing before a base that was taken is one any more, and who goes back has to say all
    expect(stats.take(STAT_MESSAGES.report.encode({ number: 6, base: 5, figures: figures(8, 5) }), 6000, 6)).toBe(
      'kept',
    );
    expect(next(7, 1)).toBe('malformed');
    expect(stats.order(50)).toEqual({ have: 6, intervalMs: 50, anew: true });
  });

  test('that makes no sense makes it begin anew, and what is on its way is passed over', () => {
    const stats = new NodeStats(1000, new SharedLayouts());
    stats.take(STAT_MESSAGES.report.encode({ number: 1, layout: wire, figures: figures(7) }), 1000, 1);
    expect(stats.take(STAT_MESSAGES.report.encode({ number: 2, base: 1, figures: Buffer.of(255) }), 2000, 2)).toBe(
      'malformed',
    );
    expect(stats.order(50)).toMatchObject({ anew: true });
    expect(stats.take(STAT_MESSAGES.report.encode({ number: 3, base: 1, figures: figures(9, 7) }), 3000, 3)).toBe(
      'passed',
    );
    expect(stats.take(STAT_MESSAGES.report.encode({ number: 4, layout: wire, figures: figures(8) }), 4000, 4)).toBe(
      'kept',
    );
  });

  test('may be anything at all', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 64 })), (bodies) => {
        const stats = new NodeStats(1000, new SharedLayouts());
        for (const [index, body] of bodies.entries()) {
          expect(['kept', 'passed', 'malformed']).toContain(stats.take(body, index * 1000, index));
        }
      }),
      { numRuns: 500 },
    );
  });

  test('more often than anybody asks is not kept', () => {
    const stats = new NodeStats(1_000_000, new SharedLayouts());
    for (let i = 1; i <= 1000; i += 1) {
      stats.take(STAT_MESSAGES.report.encode({ number: i, layout: wire, figures: figures(i) }), 1000, i);
    }
    // each has a layout of its own, as a slave has whose devices change all the time
    expect([...stats.history.since(0)].length).toBeLessThan(10);
  });
});
