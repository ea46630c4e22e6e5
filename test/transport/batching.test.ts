import { expect, test } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { Connection, memoryPair } from '../../src/transport/index.ts';

/** A connection that nobody answers, and the chunks that arrive at its other end. */
function record(): { readonly connection: Connection; readonly chunks: Buffer[]; readonly arrived: Promise<void> } {
  const [mine, theirs] = memoryPair();
  const chunks: Buffer[] = [];
  const arrived = new Promise<void>((resolve) => {
    theirs.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      resolve();
    });
  });
  return { connection: new Connection(mine, systemClock(), 'test'), chunks, arrived };
}

test('what a turn and its promises send leaves in one write', async () => {
  const { connection, chunks, arrived } = record();
  connection.send({ goodbye: { reason: 'first' } });
  // as a program does that starts the next process on hearing of the end of the last one
  await Promise.resolve();
  await Promise.resolve();
  connection.send({ goodbye: { reason: 'second' } });
  process.nextTick(() => connection.send({ goodbye: { reason: 'third' } }));
  await arrived;
  expect(chunks).toHaveLength(1);
  for (const reason of ['first', 'second', 'third']) expect(chunks[0]?.includes(reason)).toBe(true);
  connection.destroy();
});

test('stream bytes do not wait for the end of the turn, and take the messages before them along', async () => {
  const { connection, chunks, arrived } = record();
  connection.send({ goodbye: { reason: 'first' } });
  connection.sendData(4, 0, Buffer.from('bytes'), false);
  let isOver = false;
  setImmediate(() => {
    isOver = true;
  });
  await arrived;
  expect(isOver).toBe(false);
  const all = Buffer.concat(chunks);
  expect(all.indexOf('first')).toBeGreaterThan(0);
  expect(all.indexOf('bytes')).toBeGreaterThan(all.indexOf('first'));
  connection.destroy();
});
