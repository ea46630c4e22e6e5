/** The faults of a simulation: of frames, of connections, of roles and of clocks. */
import { SeededRandom } from './seeded-random.ts';
import type { Actor } from './simulation-jobs.ts';
import type { Ledger } from './simulation-ledger.ts';
import type { Fault, SimulationPlan } from './simulation-plan.ts';
import type { Trace } from './simulation-trace.ts';
import type { FrameFate, FrameInfo } from './virtual-line.ts';
import type { World } from './world.ts';
import { MASTER_ADDRESS } from './world.ts';

const HOUR_MS = 3_600_000;
/** How long an administrator waits for an order to be carried out. */
const ORDER_MS = 3000;

/** Makes a world unreliable, until it is told to stop. */
export class FaultInjector {
  readonly #world: World;
  readonly #plan: SimulationPlan;
  readonly #actors: readonly Actor[];
  readonly #ledger: Ledger;
  readonly #trace: Trace;
  readonly #random: SeededRandom;
  readonly #recorded = new Map<string, { readonly session: number; readonly frame: Buffer }>();
  #refuses = false;
  #stopped = false;

  constructor(world: World, plan: SimulationPlan, actors: readonly Actor[], ledger: Ledger, trace: Trace) {
    this.#world = world;
    this.#plan = plan;
    this.#actors = actors;
    this.#ledger = ledger;
    this.#trace = trace;
    this.#random = new SeededRandom(plan.seed + 2 ** 40);
    const { network } = world;
    network.fate = (info, frame) => this.#fate(info, frame);
    network.refuses = () => this.#refuses;
    const straight = network.route;
    network.route = (from, address) => this.#route(address) ?? straight(from, address);
    this.#later();
  }

  /** With rivals about, an address may lead to any of them. */
  #route(address: string): string | undefined {
    const { masters } = this.#world;
    if (this.#stopped || address !== MASTER_ADDRESS || masters.length < 2 || this.#random.chance(0.6)) return undefined;
    return this.#random.pick(masters).host.name;
  }

  #fate(info: FrameInfo, frame: Buffer): FrameFate | undefined {
    const { drop, duplicate, delay, overtaken, replay, latestMs } = this.#plan.frames;
    if (this.#stopped) return undefined;
    const recorded = replay > 0 ? this.#record(info, frame) : undefined;
    const dice = this.#random.fraction();
    if (dice < drop) return { drop: true };
    if (dice < drop + duplicate) return { duplicate: true };
    if (dice < drop + duplicate + delay) return { delayMs: this.#random.fraction() * latestMs };
    if (dice < drop + duplicate + delay + overtaken) return { overtakenMs: this.#random.fraction() * latestMs };
    if (recorded !== undefined && dice > 1 - replay) return { precededBy: recorded };
    return undefined;
  }

  /** Remembers a frame; returns one of the same number from an earlier connection between the same hosts. */
  #record(info: FrameInfo, frame: Buffer): Buffer | undefined {
    const key = `${info.from} ${info.to} ${info.sequence}`;
    const earlier = this.#recorded.get(key);
    this.#recorded.set(key, { session: info.session, frame });
    const isOther = earlier !== undefined && earlier.session !== 0 && earlier.session !== info.session;
    return isOther ? earlier.frame : undefined;
  }

  #later(): void {
    if (this.#plan.faults.length === 0) return;
    const wait = -Math.log(1 - this.#random.fraction()) * this.#plan.faultEveryMs;
    this.#world.clock.after(wait, () => {
      if (this.#stopped) return;
      this.#strike(this.#random.pick(this.#plan.faults));
      this.#later();
    });
  }

  #soon(most: number, act: () => void): void {
    this.#world.clock.after(this.#random.between(0, most), () => {
      if (!this.#stopped) act();
    });
  }

  #strike(fault: Fault): void {
    const { network, clock, nodes } = this.#world;
    const random = this.#random;
    this.#trace.event(`FAULT ${fault}`);
    switch (fault) {
      case 'cut':
      case 'halfOpen': {
        const side = fault === 'cut' ? 'both' : random.pick(['dialler', 'listener'] as const);
        if (network.connections.length > 0) random.pick(network.connections).cut(side);
        break;
      }
      case 'partition':
        this.#partition();
        break;
      case 'masterCrash':
        this.#world.crashMaster(this.#world.master, { silent: random.chance(0.3) });
        this.#soon(2500, () => this.#startMaster());
        break;
      case 'rivalMaster':
        if (this.#world.masters.length < 3) this.#startMaster();
        break;
      case 'slaveCrash': {
        const { node, slave } = random.pick(nodes);
        if (slave === undefined) break;
        this.#trace.event(`the slave of node ${node} crashes`);
        this.#world.crashSlave(node, { silent: random.chance(0.3), arrives: random.fraction() });
        this.#soon(random.pick([50, 3000]), () => this.#startSlave(node));
        break;
      }
      case 'holderCrash':
        this.#crashHolder(random.pick(nodes).node);
        break;
      case 'upgrade':
        this.#upgrade(random.pick(nodes).node);
        break;
      case 'clientCrash': {
        const actor = random.pick(this.#actors);
        if (actor.isGone || !random.chance(0.2)) break;
        actor.gone('its program died');
        actor.host.crash({ silent: random.chance(0.3) });
        break;
      }
      case 'wallJump':
        clock.jumpWall(random.between(-HOUR_MS, HOUR_MS));
        break;
      case 'refusal':
        this.#refuses = true;
        this.#soon(1500, () => {
          this.#refuses = false;
        });
        break;
      default:
        this.#administer(fault);
    }
  }

  /** Its slave goes with it, at once or later, or starts another holder; where none is kept it cannot. */
  #crashHolder(node: number): void {
    if (this.#world.nodes[node]?.slave === undefined) return;
    this.#trace.event(`the holder of node ${node} dies`);
    this.#world.crashHolder(node);
    const crash = (): void => {
      this.#world.crashSlave(node, { silent: this.#random.chance(0.3), arrives: this.#random.fraction() });
      this.#soon(3000, () => this.#startSlave(node));
    };
    if (this.#random.chance(0.4)) crash();
    else if (!this.#plan.keeps || this.#random.chance(0.2)) this.#soon(3000, crash);
  }

  #upgrade(node: number): void {
    if (this.#world.nodes[node]?.slave === undefined) return;
    this.#trace.event(`the slave of node ${node} leaves`);
    void this.#world.leaveSlave(node).then(() => {
      if (this.#stopped) this.#startSlave(node);
      else this.#soon(1000, () => this.#startSlave(node));
    });
  }

  #partition(): void {
    const { network, masters, nodes } = this.#world;
    const random = this.#random;
    if (masters.length === 0) return;
    const master = random.pick(masters).host.name;
    const others = [...nodes.flatMap(({ host }) => host ?? []), ...this.#actors.map(({ host }) => host)];
    const other = random.pick(others).name;
    if (random.chance(0.6)) network.partition(master, other);
    else if (random.chance(0.5)) network.block(master, other);
    else network.block(other, master);
    this.#soon(random.pick([200, 2000, 9000]), () => network.heal(master, other));
  }

  #startMaster(): void {
    const { epoch, host } = this.#world.startMaster({ stateless: !this.#plan.keepsEpoch });
    this.#trace.event(`master ${host.name} starts with epoch ${epoch}`);
  }

  #startSlave(node: number): void {
    if (this.#world.nodes[node]?.slave !== undefined) return;
    this.#world.startSlave(node);
    this.#trace.event(`node ${node} starts`);
  }

  /** What an administrator might do in the middle of it all; nobody waits for the outcome. */
  #administer(fault: Fault): void {
    const random = this.#random;
    const { node } = random.pick(this.#world.nodes);
    const actor = random.pick(this.#actors);
    if (actor.isGone) return;
    const forget = (): void => {};
    if (fault === 'takeover') {
      actor.client.reconnect(node, { timeoutMs: ORDER_MS }).then(forget, forget);
    } else if (fault === 'nodeDown' && random.chance(0.3)) {
      this.#ledger.setDown.add(node);
      actor.client.setNodeStatus(node, 'down', { timeoutMs: ORDER_MS }).then(forget, forget);
    }
  }

  /** No more faults, and everything that was broken is mended. */
  stop(): void {
    this.#stopped = true;
    this.#refuses = false;
    this.#trace.event('FAULTS END');
    this.#world.network.heal();
    for (const rival of this.#world.masters) if (rival !== this.#world.master) this.#world.crashMaster(rival);
    const { master } = this.#world;
    if (master !== undefined && this.#world.isNewest(master)) this.#trace.event(`master ${master.host.name} stays`);
    else this.#replaceMaster();
    for (const { node, boot } of this.#world.nodes) {
      if (boot === undefined) this.#world.crashSlave(node);
      this.#startSlave(node);
    }
  }

  /** One whose epoch is older than what others have seen would be refused for ever, and rightly so. */
  #replaceMaster(): void {
    this.#world.crashMaster();
    const wallOffsetMs = this.#plan.keepsEpoch ? 0 : this.#world.newestRevision - this.#world.clock.wallTime() + 1;
    const { epoch, host } = this.#world.startMaster({ stateless: !this.#plan.keepsEpoch, wallOffsetMs });
    this.#trace.event(`master ${host.name} starts with epoch ${epoch}`);
  }

  /** Nodes that were set down are let in again. */
  async pardon(): Promise<void> {
    if (this.#ledger.setDown.size === 0) return;
    // the last order of an administrator may still be on its way
    await this.#world.sleep(ORDER_MS + 1000);
    const admin = await this.#world.connect();
    for (const node of this.#ledger.setDown) await admin.setNodeStatus(node, 'up').catch(() => {});
  }
}
