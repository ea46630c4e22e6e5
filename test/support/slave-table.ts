/** A slave's reducer fed by hand: what its master says goes through the codec, what it does is in `effects`. */
import type { SlaveEffect, SlaveEvent } from '../../src/bproc/slave/events.ts';
import type { SlaveState } from '../../src/bproc/slave/state.ts';
import { createSlaveState } from '../../src/bproc/slave/state.ts';
import { step } from '../../src/bproc/slave/step.ts';
import type { ProcessIdentity } from '../../src/linux/index.ts';
import { systemRandom } from '../../src/random.ts';
import type { ControlInit, Init, PidBlock, Spec } from '../../src/wire/index.ts';
import { encodeSpec } from '../../src/wire/index.ts';
import { received } from './master-table.ts';
import { idOf } from './raw-peer.ts';

const BOOT = idOf(50);
const EPOCH = { generation: 0, revision: 1 };
const LINK = 1;

/** A slave that is attached, with this block of pids; what it wants kept is taken for kept. */
export class SlaveTable {
  readonly state: SlaveState;
  effects: SlaveEffect[] = [];
  now = 0;
  #puid = 0;

  constructor(pids: PidBlock = { first: 4096, count: 4096 }, pidLimit = 0) {
    this.state = createSlaveState({
      life: { boot: BOOT, pidLimit },
      domain: '',
      wantedNode: 0,
      address: 'paper',
      attributes: {},
      masterLostMs: Number.POSITIVE_INFINITY,
      random: systemRandom(),
    });
    this.feed({ type: 'connect' });
    this.feed({ type: 'opened', link: LINK, takeover: false });
    this.say({ welcome: { major: 1, session: 1, epoch: EPOCH, node: 0, pids } });
    this.feed({ type: 'kept', error: undefined });
  }

  /** Lets something happen; returns what the slave does about it. */
  feed(event: SlaveEvent): readonly SlaveEffect[] {
    [, this.effects] = step(this.state, event, this.now);
    return this.effects;
  }

  say(message: ControlInit): readonly SlaveEffect[] {
    return this.feed({ type: 'control', link: LINK, message: received({ epoch: EPOCH, ...message }) });
  }

  /** Has it asked to start a program; returns its key. */
  ask(spec: Init<Spec> = {}): string {
    this.#puid += 1;
    const puid = idOf(this.#puid);
    this.say({ start: { spec: encodeSpec({ file: 'program', ...spec }), targets: [{ puid, node: 0, boot: BOOT }] } });
    return puid.toString('hex');
  }

  /** Starts a program that runs at once, as whom `identityOf` makes of its global pid; returns its key. */
  start(
    spec: Init<Spec> = {},
    identityOf = (_: number): ProcessIdentity => ({ pid: 100 + this.#puid, startTime: 1 }),
  ): string {
    const key = this.ask(spec);
    const pid = this.state.processes.get(key)?.pid ?? 0;
    this.feed({ type: 'started', key, identity: identityOf(pid), at: 0 });
    return key;
  }

  /** Lets time pass, and the one timer ring as often as it is set meanwhile. */
  pass(ms: number): SlaveEffect[] {
    const until = this.now + ms;
    const effects: SlaveEffect[] = [];
    for (let next = this.state.deadlines.next; next !== undefined && next <= until; next = this.state.deadlines.next) {
      this.now = Math.max(this.now, next);
      effects.push(...this.feed({ type: 'timer' }));
    }
    this.now = until;
    return effects;
  }

  /** What it tells its master now. */
  get told(): ControlInit[] {
    return this.effects.flatMap((effect) => (effect.type === 'send' ? [effect.message] : []));
  }
}
