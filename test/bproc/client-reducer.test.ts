import { expect, test } from 'vitest';
import type { ClientEffect, ClientEvent } from '../../src/bproc/client/events.ts';
import type { ClientProcess } from '../../src/bproc/client/state.ts';
import { createClientState } from '../../src/bproc/client/state.ts';
import { step } from '../../src/bproc/client/step.ts';
import { idText } from '../../src/bproc/ids.ts';
import { SeededRandom } from '../../src/testing/index.ts';
import type { Control } from '../../src/wire/index.ts';

const BOOT = Buffer.alloc(16, 7);
const COMMON = { spec: Buffer.from('spec') };

function clientOf(startsPerNode: number) {
  const config = { id: Buffer.alloc(16, 9), domain: '', giveUpMs: 1000, startsPerNode, random: new SeededRandom(1) };
  const state = createClientState(config);
  const take = (event: ClientEvent): ClientEffect[] => step(state, event, 0)[1];
  let link = 0;
  const say = (message: unknown) => take({ type: 'control', link, message: message as Control });
  const attach = (): ClientEffect[] => {
    link += 1;
    take({ type: 'connect' });
    take({ type: 'opened', link });
    const welcome = { major: 1, session: link, epoch: { generation: 0, revision: 5 } };
    return say({ body: 'welcome', welcome });
  };
  const detach = () => {
    take({ type: 'closed', link, reason: undefined });
    state.deadlines.clear('connect');
  };
  const answer = ({ puid }: ClientProcess) => say({ body: 'startFailed', startFailed: { puid, failure: null } });
  return { state, take, attach, detach, say, answer };
}

let last = 0;

function wanted(node: number, count: number): ClientProcess[] {
  return Array.from({ length: count }, () => {
    last += 1;
    const puid = Buffer.alloc(16);
    puid.writeUInt32BE(last);
    const process = { key: idText(puid), puid, node, boot: BOOT, rank: 0, start: COMMON, sent: 0, pid: 0 };
    return {
      ...process,
      phase: 'starting',
      cancelled: false,
      stdin: undefined,
      outputs: [undefined, undefined],
      ended: undefined,
    };
  });
}

/** Keys of what is asked for, a list a message. */
function asked(effects: readonly ClientEffect[]): string[][] {
  const messages = effects.flatMap((effect) =>
    effect.type === 'send' && effect.message.start ? [effect.message.start] : [],
  );
  return messages.map(({ targets }) => (targets ?? []).map(({ puid }) => idText(puid ?? Buffer.alloc(0))));
}

const keys = (processes: readonly ClientProcess[]): string[] => processes.map(({ key }) => key);

test('a node is asked for so many at once, and for half as many more when that many are answered', () => {
  const client = clientOf(4);
  client.attach();
  const processes = [...wanted(1, 10), ...wanted(2, 3)];
  expect(asked(client.take({ type: 'start', processes }))).toEqual([
    keys([...processes.slice(0, 4), ...processes.slice(10)]),
  ]);
  const [first, second, third, fourth] = processes;
  if (!(first && second && third && fourth)) throw new Error('unreachable');
  expect(asked(client.answer(first))).toEqual([]);
  expect(asked(client.answer(second))).toEqual([keys(processes.slice(4, 6))]);
  const started = { puid: third.puid, pid: 4096, node: 1, localPid: 1, startTime: 1, stdinWindow: 0 };
  expect(asked(client.say({ body: 'started', started }))).toEqual([]);
  expect(asked(client.answer(fourth))).toEqual([keys(processes.slice(6, 8))]);
  for (const process of processes.slice(4)) client.answer(process);
  expect(client.state.starts.size).toBe(0);
});

test('what is not wanted any more before its turn is never asked for', () => {
  const client = clientOf(2);
  client.attach();
  const processes = wanted(1, 5);
  client.take({ type: 'start', processes });
  const [first, second, third] = processes;
  if (!(first && second && third)) throw new Error('unreachable');
  const effects = client.take({ type: 'cancel', key: third.key });
  expect(effects).toEqual([]);
  expect(client.state.processes.has(third.key)).toBe(false);
  expect([...asked(client.answer(first)), ...asked(client.answer(second))].flat()).toEqual(keys(processes.slice(3)));
});

test('after a reconnect it repeats what it asked for, and only that', () => {
  const client = clientOf(2);
  client.attach();
  const processes = wanted(1, 5);
  client.take({ type: 'start', processes });
  client.detach();
  const effects = client.attach();
  const messages = effects.flatMap((effect) => (effect.type === 'send' ? [effect.message.start] : []));
  expect(asked(effects).flat()).toEqual(keys(processes.slice(0, 2)));
  expect(messages.filter((start) => start?.repeated === true)).toHaveLength(2);
});

test('what is wanted while no master is there is asked for when one is, as new', () => {
  const client = clientOf(2);
  client.attach();
  client.detach();
  const processes = wanted(1, 3);
  expect(client.take({ type: 'start', processes })).toEqual([]);
  const effects = client.attach();
  expect(asked(effects)).toEqual([keys(processes.slice(0, 2))]);
  const messages = effects.flatMap((effect) =>
    effect.type === 'send' && effect.message.start ? [effect.message.start] : [],
  );
  expect(messages.every(({ repeated }) => repeated !== true)).toBe(true);
});

test('ends are acknowledged a few together, and before anything that is asked after them', () => {
  const client = clientOf(4);
  client.attach();
  const unknown = [Buffer.alloc(16, 0xe1), Buffer.alloc(16, 0xe2), Buffer.alloc(16, 0xe3)];
  const end = (puid: Uint8Array) =>
    client.say({ body: 'ended', ended: { puid, stdoutBytes: 0, stderrBytes: 0, end: null } });
  const sent = (effects: readonly ClientEffect[]) =>
    effects.flatMap((effect) => (effect.type === 'send' ? Object.keys(effect.message) : []));
  const [first, second, third] = unknown;
  if (!(first && second && third)) throw new Error('unreachable');
  expect([...end(first), ...end(second)]).toEqual([]);
  const due = client.state.deadlines.next ?? 0;
  expect(due).toBeLessThanOrEqual(10);
  expect(sent(step(client.state, { type: 'timer' }, due)[1])).toEqual(['endAck', 'endAck']);
  end(third);
  expect(sent(client.take({ type: 'request', id: 1, order: { listNodes: {} } }))).toEqual(['endAck', 'request']);
  expect(client.state.deadlines.next).toBeUndefined();
});

test('a move is said to be repeated where it was sent before, and no other time', () => {
  const client = clientOf(4);
  const moves = (effects: readonly ClientEffect[]) =>
    effects.flatMap((effect) => {
      const request = effect.type === 'send' ? effect.message.request : undefined;
      return request !== undefined && 'move' in request ? [request.move?.repeated ?? false] : [];
    });
  const ask = (id: number) => client.take({ type: 'request', id, order: { move: { pid: 4711, node: 1 } } });
  client.attach();
  expect(moves(ask(1))).toEqual([false]);
  client.detach();
  expect(moves(ask(2))).toEqual([]);
  expect(moves(client.attach())).toEqual([true, false]);
  client.detach();
  expect(moves(client.attach())).toEqual([true, true]);
});
