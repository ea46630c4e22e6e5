/** A slave's promise to its newest master [PROTOCOL 3.3]: durable first, or it is none. */
import { expect, test } from 'vitest';
import { connectorTo } from '../../src/bproc/connector.ts';
import { Slave } from '../../src/bproc/slave/slave.ts';
import { systemClock } from '../../src/clock.ts';
import { BprocError } from '../../src/errors.ts';
import { startMaster } from '../../src/index.ts';
import { systemRandom } from '../../src/random.ts';
import type { EpochStore, StoredEpoch } from '../../src/state/index.ts';
import { PaperSpawner } from '../support/paper-spawner.ts';
import { idOf } from '../support/raw-peer.ts';

/** Has no room the first time. */
class FullOnce implements EpochStore {
  readonly tries: StoredEpoch[] = [];
  saved: StoredEpoch | undefined;

  load(): StoredEpoch | undefined {
    return undefined;
  }

  save(epoch: StoredEpoch): void {
    this.tries.push({ ...epoch });
    if (this.tries.length === 1) throw new BprocError('ENOSPC', 'no room for the promise');
    this.saved = { ...epoch };
  }
}

test('a slave that cannot keep its promise does not attach, and promises anew when it tries again', async () => {
  const master = await startMaster();
  const promises = new FullOnce();
  const clock = systemClock();
  const slave = new Slave({
    config: {
      life: { boot: idOf(1), pidLimit: 0 },
      domain: '',
      wantedNode: 0,
      address: 'paper',
      attributes: {},
      masterLostMs: Number.POSITIVE_INFINITY,
      random: systemRandom(),
    },
    clock,
    spawner: new PaperSpawner(),
    connector: connectorTo(() => Promise.resolve(master.connect()), clock),
    promises,
    power: undefined,
    environment: {},
    owned: [],
  });
  const reasons: BprocError[] = [];
  const savedWhenAttached: (StoredEpoch | undefined)[] = [];
  slave.on('detached', (reason) => reasons.push(reason));
  slave.on('attached', () => savedWhenAttached.push(promises.saved));
  await slave.attached;
  expect(reasons).toMatchObject([{ code: 'ENOSPC' }]);
  expect(promises.tries).toHaveLength(2);
  expect(savedWhenAttached).toEqual([promises.tries[1]]);
  await slave[Symbol.asyncDispose]();
  await master[Symbol.asyncDispose]();
});
