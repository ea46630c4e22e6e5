/** Connections of users of one machine, in bounds that one user cannot use up for all. */
import { expect, test } from 'vitest';
import { MasterTable } from '../support/master-table.ts';

const MOST = 1024;

test('a flood of connections of nobody yet does not push out whoever came before it', () => {
  const random = { bytes: (count: number) => Buffer.alloc(count, 0x80) };
  const master = new MasterTable(random);
  const closed: number[] = [];
  for (let link = 1; link <= 2 * MOST; link += 1) {
    const credentials = { uid: -1, gids: [] };
    const effects = master.feed({ type: 'opened', link, peer: 'unix', credentials, proof: { kind: 'unproven' } });
    for (const effect of effects) {
      if (effect.type !== 'close') continue;
      expect(effect.reason).toMatchObject({ code: 'EAGAIN' });
      closed.push(effect.link);
    }
  }
  expect(closed.length).toBe(MOST);
  expect(closed).not.toContain(1);
});
