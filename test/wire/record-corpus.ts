/** Records the corpus of the fuzzer: what each side of a real cluster's connections sends. */
import type { Duplex } from 'node:stream';
import { text } from 'node:stream/consumers';
import { connect, type Master, startMaster, startSlave } from '../../src/index.ts';
import { Channel, MAX_GREETING_BYTES } from '../../src/wire/index.ts';
import { type Taps, tapped } from '../support/tap.ts';
import { cutFrames } from './mutations.ts';

/** Bytes of a recording that is kept: whole frames from its beginning. */
const KEPT_BYTES = 6 * MAX_GREETING_BYTES;

/** What a machine says of itself, so that no machine's own word is kept. */
const ATTRIBUTES = { cpus: '4', memory: '8589934592', arch: 'x86_64', kernel: '6.1.0' };

/** Runs a small cluster through its paces. Returns what went each way on each connection, by name. */
export async function recordSessions(): Promise<ReadonlyMap<string, Buffer>> {
  const taps = new Map<string, Taps>();
  const source = (master: Master, name: string) => (): Duplex => {
    const tap: Taps = { up: [], down: [] };
    taps.set(taps.has(name) ? `${name}-again` : name, tap);
    return tapped(master.connect(), tap).near;
  };
  const master = await startMaster({ silentAfterMs: 100 });
  const slave = await startSlave({
    master: source(master, 'slave'),
    node: 0,
    address: 'node0',
    attributes: ATTRIBUTES,
  });
  await slave.attached;
  const client = await connect({ master: source(master, 'client') });
  const changes = await client.notifier({ processes: true });
  const options = { inheritEnv: false, env: { PATH: '/usr/bin:/bin' }, cwd: '/' };
  const echo = await client.rexec(0, 'sh', ['-c', 'cat; echo over >&2; exit 3'], options);
  echo.stdin.end('some input\n');
  await Promise.all([text(echo.stdout), text(echo.stderr), echo.wait()]);
  await client.rexec(0, '/no/such/program', [], options).catch(() => {});
  const sleeper = await client.rexec(0, 'sleep', ['60'], { ...options, detached: true });
  await client.procList();
  await client.nodeList('all');
  await client.setNodeAttr(0, 'colour', 'blue');
  await client.reconnect(0);
  while (!taps.has('slave-again') || !slave.isAttached) await new Promise((resolve) => setImmediate(resolve));
  await sleeper.kill('SIGSTOP');
  await sleeper.terminate({ graceMs: 0 });
  await sleeper.wait();
  await changes.next();
  await changes.return();
  await client[Symbol.asyncDispose]();
  await slave[Symbol.asyncDispose]();
  await master[Symbol.asyncDispose]();
  const sessions = new Map<string, Buffer>();
  for (const [name, { up, down }] of taps) {
    sessions.set(`${name}-up`, beginning(Buffer.concat(up)));
    sessions.set(`${name}-down`, beginning(Buffer.concat(down)));
  }
  return sessions;
}

function beginning(bytes: Buffer): Buffer {
  const kept: Buffer[] = [];
  let size = 0;
  for (const frame of cutFrames(bytes)) {
    size += frame.length;
    if (size > KEPT_BYTES) break;
    kept.push(frame);
  }
  return Buffer.concat(kept);
}

/** A channel that hears nothing, for those who only want to know whether it throws. */
export function deafChannel(): Channel {
  const nothing = (): void => {};
  return new Channel({
    control: nothing,
    data: nothing,
    credit: nothing,
    stop: nothing,
    ping: nothing,
    close: nothing,
  });
}
