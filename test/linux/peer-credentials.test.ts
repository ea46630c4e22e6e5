/** Whoever asks the kernel who connects: by a program, of which nothing is to be left. */
import { once } from 'node:events';
import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { findHolder, PeerAsker } from '../../src/linux/index.ts';
import { scratchTree } from '../support/scratch.ts';
import { runs, until } from './recorder.ts';

// it says who it is, and answers nobody
const STUCK =
  '#!/bin/sh\necho $$ > "$(dirname "$0")/pid.new"\nmv "$(dirname "$0")/pid.new" "$(dirname "$0")/pid"\nexec sleep 600\n';

let scratch: ReturnType<typeof scratchTree>;
let accepted: Socket;
let close: () => Promise<void>;

beforeEach(async () => {
  scratch = scratchTree({ stuck: STUCK });
  chmodSync(join(scratch.path, 'stuck'), 0o755);
  const server = createServer();
  server.listen(join(scratch.path, 'socket'));
  await once(server, 'listening');
  const arrival = once(server, 'connection');
  const socket = connect(join(scratch.path, 'socket'));
  [accepted] = await arrival;
  close = async () => {
    socket.destroy();
    accepted.destroy();
    server.close();
    await once(server, 'close');
  };
});

afterEach(async () => {
  await close();
  scratch[Symbol.dispose]();
});

it('learns who has connected', async () => {
  await using asker = new PeerAsker(findHolder(), systemClock());
  expect(await asker.ask(accepted)).toMatchObject({ pid: process.pid, uid: process.geteuid?.() });
});

it('that is disposed of ends its program, refuses who waits, and asks no more', async () => {
  const asker = new PeerAsker(join(scratch.path, 'stuck'), systemClock());
  const asked = asker.ask(accepted).catch((error: unknown) => error);
  const file = join(scratch.path, 'pid');
  await until(() => existsSync(file), 'the program');
  const pid = Number(readFileSync(file, 'utf8'));
  const waiting = asker.ask(accepted).catch((error: unknown) => error);
  expect(runs(pid)).toBe(true);
  await asker[Symbol.asyncDispose]();
  expect(runs(pid)).toBe(false);
  for (const each of [asked, waiting]) expect(await each).toMatchObject({ code: 'ECANCELED' });
  await expect(asker.ask(accepted)).rejects.toMatchObject({ code: 'ECANCELED' });
});

it('says so where there is no such program', async () => {
  await using asker = new PeerAsker(join(scratch.path, 'none'), systemClock());
  await expect(asker.ask(accepted)).rejects.toMatchObject({
    code: 'EPERM',
    message: expect.stringContaining('ENOENT'),
  });
});
