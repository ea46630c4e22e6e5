/** A client whose program is a copy begins anew [PROTOCOL 12.7]. */
import { expect, test } from 'vitest';
import { createClientState } from '../../src/bproc/client/state.ts';
import { step } from '../../src/bproc/client/step.ts';
import { SeededRandom } from '../../src/testing/index.ts';
import type { Control } from '../../src/wire/index.ts';

test('it says another identity and pid, and asks nothing of what the original has asked', () => {
  const random = new SeededRandom(1);
  const config = { id: Buffer.alloc(16, 9), pid: 4097, domain: '', giveUpMs: 1000, startsPerNode: 4, random };
  const state = createClientState(config);
  const take = (event: Parameters<typeof step>[1]) => step(state, event, 0)[1];
  const sent = (effects: ReturnType<typeof take>) =>
    effects.flatMap((effect) => (effect.type === 'send' ? [effect.message] : []));
  const welcome = { body: 'welcome', welcome: { major: 1, session: 1, epoch: { generation: 0, revision: 5 } } };
  const attach = (link: number) => {
    take({ type: 'connect' });
    const hello = sent(take({ type: 'opened', link }));
    return [...hello, ...sent(take({ type: 'control', link, message: welcome as unknown as Control }))];
  };
  attach(1);
  take({ type: 'request', id: 1, order: { move: { pid: 4097, node: 1 } } });
  take({ type: 'subscribe', id: 1, request: 2, cursor: '1:1', processes: true });
  const id = Buffer.alloc(16, 8);
  take({ type: 'copied', id, pid: 8193 });
  take({ type: 'closed', link: 1, reason: undefined });
  expect(attach(2)).toMatchObject([{ hello: { identity: id, pid: 8193 } }, { claim: { entries: [], last: true } }]);
});
