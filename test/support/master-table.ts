/** A master's reducer fed by hand: what its peers say goes through the codec, what it does is in `effects`. */
import type { MasterEffect, MasterEvent } from '../../src/bproc/master/events.ts';
import { createMasterState } from '../../src/bproc/master/records.ts';
import type { MasterState } from '../../src/bproc/master/state.ts';
import { step } from '../../src/bproc/master/step.ts';
import type { Random } from '../../src/random.ts';
import { systemRandom } from '../../src/random.ts';
import type { Control, ControlInit, Hello, Init } from '../../src/wire/index.ts';
import { decodeControl, encodeControl, PROTOCOL, Role } from '../../src/wire/index.ts';
import { idOf } from './raw-peer.ts';

/** A message as its receiver has it. */
export function received(message: ControlInit): Control {
  return decodeControl(Buffer.from(encodeControl(message)));
}

/** A master of nobody's but the test's. */
export class MasterTable {
  readonly state: MasterState;
  effects: MasterEffect[] = [];
  now = 0;
  #nextLink = 1;

  constructor(random: Random = systemRandom()) {
    this.state = createMasterState(
      {
        domain: '',
        epoch: { generation: 0, revision: 1 },
        id: idOf(255),
        authority: { admin: 0 },
        group: 0,
        nodes: [],
        admitNewNodes: true,
        joinState: 'up',
        joinMode: 0o111,
        clientGraceMs: 1000,
        silentAfterMs: 1000,
        lostAfterMs: Number.POSITIVE_INFINITY,
        endRetentionMs: 1000,
        greetingMs: 1000,
        heartbeatMs: 1000,
        random,
        mayStart: undefined,
        credentialsOf: (uid) => ({ uid, gids: [uid] }),
        challengeDirectory: '/dev/shm',
      },
      0,
    );
  }

  /** Number of the connection that comes next. */
  get nextLink(): number {
    return this.#nextLink;
  }

  /** Lets something happen; returns what the master does about it. */
  feed(event: MasterEvent): readonly MasterEffect[] {
    [, this.effects] = step(this.state, event, this.now, 0);
    return this.effects;
  }

  say(link: number, message: ControlInit): readonly MasterEffect[] {
    return this.feed({ type: 'control', link, message: received(message) });
  }

  /** A connection that has said HELLO. */
  greet(role: Hello['role'], identity: Uint8Array, more: Init<Hello> = {}): number {
    const link = this.#nextLink;
    this.#nextLink += 1;
    this.feed({ type: 'opened', link, peer: `peer ${link}`, credentials: { uid: 0, gids: [0] } });
    const { majorMin, majorMax, minor } = PROTOCOL;
    this.say(link, { hello: { majorMin, majorMax, minor, role, identity, ...more } });
    return link;
  }

  /** A slave that holds nothing. */
  slave(node: number | undefined, boot: Uint8Array, more: Init<Hello> = {}): number {
    const link = this.greet(Role.SLAVE, boot, { node, ...more });
    this.say(link, { inventory: { last: true } });
    return link;
  }

  client(identity: Uint8Array): number {
    return this.greet(Role.CLIENT, identity);
  }

  /** What is sent to a link now. */
  sent(link: number): ControlInit[] {
    return this.effects.flatMap((effect) => (effect.type === 'send' && effect.link === link ? [effect.message] : []));
  }
}
