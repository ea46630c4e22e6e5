import { expect, test } from 'vitest';
import type { SlaveEffect, SlaveEvent } from '../../src/bproc/slave/events.ts';
import { createSlaveState } from '../../src/bproc/slave/state.ts';
import { step } from '../../src/bproc/slave/step.ts';
import { SeededRandom } from '../../src/testing/index.ts';
import { Channel, type Control, type ControlInit, encodeSpec } from '../../src/wire/index.ts';

const BOOT = Buffer.alloc(16, 7);
const EPOCH = { generation: 0, revision: 5 };
const PUID = Buffer.alloc(16, 1);

/** A message as its receiver gets it: every field there. */
function received(message: ControlInit): Control {
  let found: Control | undefined;
  const ignore = (): void => {};
  const sink = { data: ignore, credit: ignore, stop: ignore, ping: ignore, close: ignore };
  const receiver = new Channel({ ...sink, control: (control) => (found = control) });
  const sender = new Channel({ ...sink, control: ignore });
  sender.sendControl(message);
  for (const bytes of sender.take(Number.POSITIVE_INFINITY)) receiver.receive(bytes, 0, Number.POSITIVE_INFINITY);
  if (found === undefined) throw new Error('nothing was received');
  return found;
}

/** A slave that a master of epoch 5 has just welcomed. */
function attachedSlave() {
  const state = createSlaveState({
    life: { boot: BOOT, pidLimit: 0 },
    domain: '',
    wantedNode: 3,
    address: '',
    attributes: {},
    masterLostMs: Number.POSITIVE_INFINITY,
    random: new SeededRandom(1),
  });
  const take = (event: SlaveEvent): SlaveEffect[] => step(state, event, 0)[1];
  const say = (message: ControlInit) => take({ type: 'control', link: 1, message: received(message) });
  take({ type: 'connect' });
  take({ type: 'opened', link: 1, takeover: false });
  say({ welcome: { major: 1, session: 9, epoch: EPOCH, node: 3, pids: { first: 4096, count: 4096 } } });
  take({ type: 'kept', error: undefined });
  return { say, take, state };
}

const start = {
  epoch: EPOCH,
  start: { targets: [{ puid: PUID, node: 3, boot: BOOT }], spec: encodeSpec({ file: 'true', argv: ['true'] }) },
};
const cancel = { epoch: EPOCH, cancel: { puid: PUID, node: 3, boot: BOOT } };
const spawns = (effects: readonly SlaveEffect[]): number => effects.filter(({ type }) => type === 'spawn').length;
const said = (effects: readonly SlaveEffect[]): string[] =>
  effects.flatMap((effect) => (effect.type === 'send' ? Object.keys(effect.message) : []));

// No master of this library breaks these rules of its side, so the simulation cannot tell whether a slave keeps its own.
test('a start that is over in an earlier life of the daemon does not happen again, nor was it cancelled', () => {
  const { say, take } = attachedSlave();
  take({ type: 'held', held: [], remembered: [PUID], wallTime: 0 });
  for (const message of [start, cancel]) {
    const effects = say(message);
    expect(spawns(effects)).toBe(0);
    expect(effects).toMatchObject([{ message: { startFailed: { puid: PUID, failure: { code: 'EEXIST' } } } }]);
  }
});

test('a start that is sent twice happens once', () => {
  const { say } = attachedSlave();
  expect(spawns(say(start))).toBe(1);
  expect(spawns(say(start))).toBe(0);
});

test('a start that is sent after its cancellation never happens', () => {
  const { say } = attachedSlave();
  expect(said(say(cancel))).toContain('cancelled');
  const effects = say(start);
  expect(spawns(effects)).toBe(0);
  expect(said(effects)).toContain('cancelled');
});

test('a start that has begun is ended by its cancellation', () => {
  const { say, take } = attachedSlave();
  const [spawn] = say(start).filter((effect) => effect.type === 'spawn');
  if (spawn === undefined) throw new Error('nothing was spawned');
  expect(said(say(cancel))).toEqual([]);
  const effects = take({ type: 'started', key: spawn.key, identity: { pid: 50, startTime: 1 }, at: 0 });
  expect(effects).toContainEqual(expect.objectContaining({ type: 'signal', signal: 9, scope: 'tree' }));
});

test('a start that failed fails again, and for the same reason', () => {
  const { say } = attachedSlave();
  const elsewhere = { ...start, start: { ...start.start, spec: Buffer.from([0xff]) } };
  const first = say(elsewhere);
  expect(said(first)).toContain('startFailed');
  expect(say(start)).toEqual(first);
});

// A client of this library checks them itself.
test.each([
  ['a umask', { umask: 0o1000 }],
  ['a resource', { limits: [{ resource: 16, soft: 1, hard: 1 }] }],
  ['limits the wrong way round', { limits: [{ resource: 7, soft: 2, hard: 1 }] }],
  ['a soft limit that is none below a hard one', { limits: [{ resource: 7, hard: 1 }] }],
  ['a terminal without a size', { terminal: {} }],
  ['a terminal that is too large', { terminal: { rows: 1, columns: 65_536 } }],
])('what a hostile client asks for is refused [PROTOCOL 4.1]: %s', (_, wrong) => {
  const { say, state } = attachedSlave();
  const effects = say({ ...start, start: { ...start.start, spec: encodeSpec({ file: 'true', ...wrong }) } });
  expect(effects).toMatchObject([{ message: { startFailed: { failure: { code: 'EINVAL' } } } }]);
  expect([state.processes.size, state.byPid.size]).toEqual([0, 0]);
});
