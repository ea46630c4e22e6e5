/** What is too long to be told a master is refused where it is set, and what is not reaches it. */
import { expect, test } from 'vitest';
import { connect, startMaster, startSlave } from '../../src/index.ts';

const long = (count: number, bytes: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => [`a${n}`, 'x'.repeat(bytes)]));

test.each([
  ['attributes', { attributes: long(4, 1000) }],
  ['address', { address: 'n'.repeat(4000) }],
  ['domain', { domain: 'd'.repeat(4000) }],
  ['attributes', { attributes: long(3, 900), address: 'n'.repeat(250), domain: 'd'.repeat(600) }],
])('a slave whose %s is too long does not start [PROTOCOL 2.4]', async (option, options) => {
  await using master = await startMaster();
  const started = startSlave({ master: () => master.connect(), ...options });
  await expect(started).rejects.toMatchObject({
    code: 'E2BIG',
    message: expect.stringContaining(`shorten '${option}'`),
  });
});

test('nor one whose attributes cannot be', async () => {
  const master = 'unix:/nowhere';
  await expect(startSlave({ master, attributes: { a: 'x'.repeat(1025) } })).rejects.toMatchObject({ code: 'ENOSPC' });
  await expect(startSlave({ master, attributes: long(60, 1) })).rejects.toMatchObject({ code: 'ENOSPC' });
  await expect(startSlave({ master, attributes: { 'a=b': '' } })).rejects.toMatchObject({ code: 'EINVAL' });
});

test('a client whose domain is too long does not connect', async () => {
  await using master = await startMaster();
  const connected = connect({ master: () => master.connect(), domain: 'd'.repeat(4000) });
  await expect(connected).rejects.toMatchObject({ code: 'E2BIG', message: expect.stringContaining("'domain'") });
});

test('attributes that fit just so are in the table, and the slave finds back', async () => {
  await using master = await startMaster();
  await using client = await connect({ master: () => master.connect() });
  const attributes = long(3, 1024);
  let own: ReturnType<typeof master.connect> | undefined;
  await using slave = await startSlave({
    master: () => {
      own = master.connect();
      return own;
    },
    node: 0,
    address: 'n'.repeat(100),
    attributes,
  });
  await slave.attached;
  await expect.poll(() => client.nodeList()).toMatchObject([{ node: 0, state: 'up', attributes }]);
  // what it has learnt by now is in the next one
  own?.destroy();
  const first = own;
  await expect.poll(() => own !== first).toBe(true);
  await expect.poll(() => client.nodeStatus(0), { timeout: 20_000 }).toBe('up');
});
