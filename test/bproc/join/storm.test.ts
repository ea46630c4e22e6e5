/** Many slaves that come back at once over TLS [PROTOCOL 3.2, 8.5]. */
import { expect, test } from 'vitest';
import type { Slave } from '../../../src/index.ts';
import { connect } from '../../../src/index.ts';
import { TlsCluster } from '../../support/tls-cluster.ts';

const SLAVES = 40;

test('all of them return, few shake hands at a time, and nobody else is lost', async () => {
  await using cluster = await TlsCluster.start({ handshakes: { atOnce: 4 }, silentAfterMs: 60_000 });
  const { file } = await cluster.client.login({ file: `${cluster.directory}/me.pem` });
  await using remote = await connect({ master: cluster.address, identity: file });
  const slaves: Slave[] = [];
  for (let node = 0; node < SLAVES; node += 1) slaves.push(await cluster.slave({ token: await cluster.token(node) }));
  await Promise.all(slaves.map((slave) => slave.attached));
  await expect.poll(async () => (await remote.nodeList('allup')).length, { timeout: 20_000 }).toBe(SLAVES);
  const lost: unknown[] = [];
  remote.on('detached', (reason) => lost.push(reason));
  const returned = slaves.map(
    (slave) =>
      new Promise<void>((resolve) => {
        slave.on('attached', resolve);
      }),
  );
  // each opens a second connection, and gives up the first when it is taken in
  await Promise.all(slaves.map((_, node) => remote.reconnect(node)));
  await Promise.all(returned);
  expect(await remote.nodeList('allup')).toHaveLength(SLAVES);
  expect(lost).toEqual([]);
});
