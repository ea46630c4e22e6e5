import { describe, expect, test } from 'vitest';
import { choose, map, masterMaps, reserve } from '../../src/beomap/index.ts';
import { Reservations } from '../../src/beomap/reservations.ts';
import { type Client, type Cluster, connect, type MasterService, startCluster } from '../../src/index.ts';
import { MAP_MESSAGES } from '../../src/wire/index.ts';

const code = (expected: string) => expect.objectContaining({ code: expected });
/** So that maps go by processors alone, whatever this machine does. */
const figureless = { name: 'beostat', serve: () => ({}) };
const options = { master: { services: [figureless] } };
const attributes = { cpus: '2' };
const four = [{ attributes }, { attributes }, { attributes }, { attributes }];

function strangerAt(cluster: Cluster): Promise<Client> {
  return connect({ master: () => cluster.master.connect({ credentials: { uid: 4711, gids: [] } }) });
}

/** The master's part with a time of its own; `onHold` is called before each question that is to hold slots. */
function timedMaps(time: { readonly now: number }, onHold: () => void): MasterService {
  return {
    name: 'beomap',
    serve: (home) => {
      const part = masterMaps().serve({ ...home, clock: { ...home.clock, now: () => time.now } });
      return {
        request: async (body, caller, signal) => {
          if (MAP_MESSAGES.question.decode(body).hold.length > 0) onHold();
          return (await part.request?.(body, caller, signal)) ?? body;
        },
      };
    },
  };
}

describe('slots that are reserved', () => {
  const wishes = { noLocal: true, env: {} } as const;

  test('are given to one of those who ask at once, and come back', async () => {
    await using cluster = await startCluster({ nodes: four, ...options });
    await using other = await strangerAt(cluster);
    const all = await Promise.all(
      [cluster.client, other, cluster.client, other].map((client) => reserve(client, { np: 2, ...wishes })),
    );
    const slots = all.flatMap(({ map: { slots: given } }) => given);
    expect(slots.sort((a, b) => a - b)).toEqual([0, 0, 1, 1, 2, 2, 3, 3]);
    await expect(map(other, { np: 1, noOver: true, ...wishes })).rejects.toMatchObject({ code: 'EAGAIN' });
    const [first] = all;
    await first?.[Symbol.asyncDispose]();
    expect(first?.isHeld).toBe(false);
    expect((await map(other, { np: 2, noOver: true, ...wishes })).slots).toEqual(first?.map.slots);
    await Promise.all(all.map((each) => each[Symbol.asyncDispose]()));
  });

  test('come back when the lease of a caller who is gone is over', async () => {
    const time = { now: 0 };
    await using cluster = await startCluster({
      nodes: [{ attributes }],
      master: { services: [figureless, timedMaps(time, () => {})] },
    });
    const gone = await connect({ master: () => cluster.master.connect() });
    const leaseMs = 3_600_000;
    await reserve(gone, { np: 2, leaseMs, ...wishes });
    const wanted = { np: 2, noOver: true, ...wishes };
    await expect(reserve(cluster.client, wanted)).rejects.toMatchObject({ code: 'EAGAIN' });
    // it crashes: nothing is given back
    await gone[Symbol.asyncDispose]();
    time.now += leaseMs - 1;
    await expect(reserve(cluster.client, wanted)).rejects.toMatchObject({ code: 'EAGAIN' });
    time.now += 1;
    await using held = await reserve(cluster.client, wanted);
    expect(String(held.map)).toBe('0:0');
  });

  test('stay reserved while their caller lives', async () => {
    // half a lease passes whenever slots are held
    const time = { now: 0 };
    let holds = 0;
    const service = timedMaps(time, () => {
      holds += 1;
      time.now += 150;
    });
    await using cluster = await startCluster({ nodes: [{ attributes }], master: { services: [service, figureless] } });
    await using held = await reserve(cluster.client, { np: 2, leaseMs: 300, ...wishes });
    await expect.poll(() => holds, { timeout: 20_000 }).toBeGreaterThan(6);
    await expect(map(cluster.client, { np: 1, noOver: true, ...wishes })).rejects.toMatchObject({ code: 'EAGAIN' });
    expect(held.isHeld).toBe(true);
  });

  test('may be shared where there are too few', async () => {
    await using cluster = await startCluster({ nodes: [{ attributes }], ...options });
    await using first = await reserve(cluster.client, { np: 2, ...wishes });
    await using second = await reserve(cluster.client, { np: 3, ...wishes });
    expect(`${first.map} ${second.map}`).toBe('0:0 0:0:0');
    await expect(reserve(cluster.client, { np: 1, leaseMs: 7, ...wishes })).rejects.toMatchObject({ code: 'EINVAL' });
  });

  test('are nobody else’s to take or give back', async () => {
    await using cluster = await startCluster({ nodes: four, ...options });
    await using other = await strangerAt(cluster);
    const id = new Uint8Array(16).fill(7);
    const say = (client: Client, question: Parameters<typeof MAP_MESSAGES.question.encode>[0]) =>
      client.askService('beomap', MAP_MESSAGES.question.encode(question));
    const hold = [{ node: 0, slots: 2, most: 2 }];
    await say(cluster.client, { id, hold, leaseMs: 60_000 });
    await expect(say(other, { id })).rejects.toMatchObject({ code: 'EPERM' });
    await expect(say(other, { id, hold, leaseMs: 60_000 })).rejects.toMatchObject({ code: 'EPERM' });
    await cluster.client.chmod(1, 0);
    const not = { id: new Uint8Array(16), leaseMs: 60_000 };
    await expect(say(other, { ...not, hold: [{ node: 1, slots: 1, most: 2 }] })).rejects.toMatchObject({
      code: 'EPERM',
    });
    await expect(say(other, { ...not, hold: [{ node: 9, slots: 1, most: 2 }] })).rejects.toMatchObject({
      code: 'BE_INVALIDNODE',
    });
    await expect(say(other, { ...not, hold, id: new Uint8Array(3) })).rejects.toMatchObject({ code: 'EINVAL' });
    await expect(say(other, { hold, leaseMs: 60_000 })).rejects.toMatchObject({ code: 'EINVAL' });
    await expect(other.askService('beomap', new Uint8Array(99).fill(255))).rejects.toMatchObject({ code: 'EPROTO' });
    const { held } = MAP_MESSAGES.answer.decode(await say(other, {}));
    expect(held.map(({ node, slots }) => [node, slots])).toEqual([[0, 2]]);
  });
});

describe('a table of reservations', () => {
  const slots = (node: number, count: number, most = 4) => ({ node, slots: count, most });

  test('holds all of what is wanted, or nothing more', () => {
    const table = new Reservations();
    table.hold(0, 'a', 1, [slots(0, 3)], 1000);
    expect(() => table.hold(0, 'b', 1, [slots(1, 1), slots(0, 2)], 1000)).toThrow(code('EAGAIN'));
    expect(table.held(0, '')).toEqual([slots(0, 3)].map(({ node, slots: count }) => ({ node, slots: count })));
    table.hold(0, 'b', 2, [slots(0, 2, 5)], 1000);
    // what it has it keeps, though others have taken more since
    table.hold(500, 'a', 1, [slots(0, 3)], 1000);
    expect(() => table.hold(500, 'a', 1, [slots(0, 4)], 1000)).toThrow(code('EAGAIN'));
    expect(table.held(500, 'a')).toEqual([{ node: 0, slots: 2 }]);
    expect(table.held(1000, '')).toEqual([{ node: 0, slots: 3 }]);
    expect(table.held(1500, '')).toEqual([]);
  });

  test('has bounds', () => {
    const table = new Reservations();
    for (let each = 0; each < 1024; each += 1) table.hold(0, `r${each}`, 1, [slots(each, 1)], 1000);
    expect(() => table.hold(0, 'more', 1, [slots(0, 1)], 1000)).toThrow(code('EDQUOT'));
    table.hold(0, 'other', 2, [slots(0, 1)], 1000);
    expect(() => table.hold(0, 'x', 2, [slots(0, 1), slots(0, 1)], 1000)).toThrow(code('EINVAL'));
    expect(() => table.hold(0, 'x', 2, [slots(0, 1)], 1e9)).toThrow(code('EINVAL'));
    table.hold(1000, 'more', 1, [slots(0, 1)], 1000);
  });
});

test('a policy sees what is reserved as busy', () => {
  const node = { node: 0, cpus: 2, load: [1, 0], attributes: {}, state: 'up', mayPlace: true };
  expect(choose([node], { np: 1, noLocal: true, noOver: true }).map.size).toBe(1);
});
