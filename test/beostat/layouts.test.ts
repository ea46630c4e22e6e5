import { expect, test } from 'vitest';
import { createStats, masterStats, type Source, slaveStats } from '../../src/beostat/index.ts';
import { Layout, wireLayout } from '../../src/beostat/layout.ts';
import { HeardLayouts, SharedLayouts, ToldLayouts } from '../../src/beostat/layouts.ts';
import { startVirtualCluster } from '../../src/testing/index.ts';
import { STAT_MESSAGES } from '../../src/wire/index.ts';

const layoutOf = (...devices: string[]) => new Layout([{ name: 'x', fields: ['a', 'b'], devices, counts: true }]);
/** As it comes over the wire. */
const wireOf = (layout: Layout) => {
  const report = STAT_MESSAGES.report.decode(STAT_MESSAGES.report.encode({ layout: wireLayout(layout) }));
  if (report.layout === null) throw new Error('it has none');
  return report.layout;
};
const question = (known: readonly Layout[], share = true) =>
  STAT_MESSAGES.question.decode(STAT_MESSAGES.question.encode({ share, known: known.map(({ digest }) => digest) }));
const answerOf = (told: ToldLayouts) =>
  STAT_MESSAGES.answer.decode(STAT_MESSAGES.answer.encode({ layouts: told.told })).layouts;

test('those that are the same are one object, and no others', () => {
  const layouts = new SharedLayouts();
  const one = layouts.of(wireOf(layoutOf('p', 'q')));
  expect(layouts.of(wireOf(layoutOf('p', 'q')))).toBe(one);
  const others = [
    layoutOf('p'),
    layoutOf('q', 'p'),
    layoutOf('pq'),
    new Layout([{ name: 'y', fields: ['a', 'b'], devices: ['p', 'q'], counts: true }]),
    new Layout([{ name: 'x', fields: ['a', 'b'], devices: ['p', 'q'], counts: false }]),
    new Layout([{ name: 'x', fields: ['a'], devices: ['b', 'p', 'q'], counts: true }]),
  ];
  expect(new Set([one, ...others.map((other) => layouts.of(wireOf(other)))]).size).toBe(7);
});

test('an answer says each once, and not to who has it', () => {
  const [one, two] = [layoutOf('p'), layoutOf('q')];
  const told = new ToldLayouts(question([two]));
  expect([one, two, one, two].map((layout) => told.tell(layout).said)).toEqual([
    { layoutAt: 1 },
    { layoutAt: 2 },
    { layoutAt: 1 },
    { layoutAt: 2 },
  ]);
  expect(answerOf(told).map(({ layout }) => layout?.sources[0]?.devices)).toEqual([['p'], undefined]);
  // who does not ask for it so is told as ever
  const plain = new ToldLayouts(question([one], false));
  expect(plain.tell(one).said).toEqual({ layout: wireLayout(one) });
  expect(plain.told).toEqual([]);
});

test('who asks has those that were said, and refuses one that was left out and never said', () => {
  const heard = new HeardLayouts();
  const [one, two] = [layoutOf('p'), layoutOf('q')];
  const first = new ToldLayouts(question([]));
  first.tell(one);
  const [had] = heard.hear(answerOf(first), heard.known);
  const { known } = heard;
  // others have come meanwhile, and it has forgotten the first
  for (let more = 0; more < 100; more += 1) {
    const told = new ToldLayouts(question([]));
    told.tell(layoutOf(`other ${more}`));
    heard.hear(answerOf(told), heard.known);
  }
  expect(heard.known.size).toBe(64);
  const second = new ToldLayouts(question([one]));
  second.tell(one);
  expect(heard.hear(answerOf(second), known)[0]).toBe(had);
  const lie = new ToldLayouts(question([two]));
  lie.tell(two);
  expect(() => heard.hear(answerOf(lie), heard.known)).toThrowError(expect.objectContaining({ code: 'EPROTO' }));
});

test('the nodes of a cluster share theirs, through reconnecting too, and from question to question', async () => {
  const source = (devices: readonly string[]): Source => ({
    name: 'x',
    fields: ['a'],
    counts: true,
    read: () => ({ devices, figures: devices.map(() => 1) }),
  });
  await using world = await startVirtualCluster({
    nodes: 3,
    master: { services: [masterStats()] },
    services: (node) => {
      const sources = [source(node === 2 ? ['p', 'q'] : ['p'])];
      return [slaveStats({ places: { proc: '/nonexistent', sys: '/nonexistent' }, sources })];
    },
  });
  const stats = createStats(world.client);
  const of = async () => (await world.run(stats.loads([], { fresh: true }))).map(({ layout }) => layout);
  const [one, same, other] = await of();
  expect([same, other?.devicesOf('x')]).toEqual([one, ['p', 'q']]);
  expect(same).toBe(one);
  world.crashSlave(1);
  const crashed = world.clock.wallTime();
  world.startSlave(1);
  await world.run(60_000);
  expect((await of()).map((layout) => [one, other].indexOf(layout))).toEqual([0, 0, 1]);
  // what was before goes on after it
  const past = await world.run(stats.history(1));
  expect(past.every(({ layout }) => layout === one)).toBe(true);
  expect(past[0]?.seenAt).toBeLessThan(crashed);
});
