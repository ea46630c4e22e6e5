/** Which slave a master lets serve a node [PROTOCOL 3.4 to 3.7]. */
import { expect, test } from 'vitest';
import { Role } from '../../src/wire/index.ts';
import { MasterTable } from '../support/master-table.ts';
import { idOf } from '../support/raw-peer.ts';

/** A block of pids that is node 7's own. */
function blockOf7(): { first: number; count: number } {
  const block = new MasterTable().state.blocks.allocate(7);
  if (block === undefined) throw new Error('no block');
  return block;
}

function rivals() {
  const table = new MasterTable();
  const first = table.slave(0, idOf(1));
  const rival = table.greet(Role.SLAVE, idOf(2), { node: 0, pids: [blockOf7()] });
  expect(table.effects).toContainEqual(expect.objectContaining({ type: 'probe', link: first }));
  return { table, first, rival };
}

const REFUSED = [{ refuse: expect.objectContaining({ failure: expect.objectContaining({ code: 'EEXIST' }) }) }];

test('a rival with pids of another node is refused when the first one does not answer', () => {
  const { table, first, rival } = rivals();
  table.feed({ type: 'probed', link: first, alive: false });
  expect(table.sent(rival)).toMatchObject(REFUSED);
  expect(table.state.nodes.get(0)?.link).toBe(first);
});

test('a rival with pids of another node is refused when the first one goes', () => {
  const { table, first, rival } = rivals();
  table.feed({ type: 'closed', link: first, reason: undefined });
  expect(table.sent(rival)).toMatchObject(REFUSED);
  expect(table.state.nodes.get(0)?.link).toBeUndefined();
});

test('a rival is let in when the first one says goodbye', () => {
  const table = new MasterTable();
  const first = table.slave(0, idOf(1));
  const rival = table.greet(Role.SLAVE, idOf(2), { node: 0 });
  table.say(first, { goodbye: { reason: 'shut down' } });
  expect(table.sent(rival)).toMatchObject([{ welcome: { node: 0 } }]);
});

test.each([
  ['a name with =', { attributes: { 'a=b': 'c' } }, 'EINVAL'],
  ['a long value', { attributes: { a: 'x'.repeat(1025) } }, 'ENOSPC'],
  [
    'many attributes',
    { attributes: Object.fromEntries(Array.from({ length: 65 }, (_, n) => [`a${n}`, ''])) },
    'ENOSPC',
  ],
  ['a long address', { address: 'x'.repeat(256) }, 'EINVAL'],
  ['an address of two lines', { address: 'one\ntwo' }, 'EINVAL'],
])('a slave with %s is refused, and makes no node', (_what, more, code) => {
  const table = new MasterTable();
  const link = table.greet(Role.SLAVE, idOf(1), { node: 3, ...more });
  expect(table.sent(link)).toMatchObject([{ refuse: { failure: { code } } }]);
  expect(table.state.nodes.size).toBe(0);
});
