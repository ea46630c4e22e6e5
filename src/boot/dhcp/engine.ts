/**
 * The server of DHCP, as a pure engine: a datagram and the time in, datagrams out. Sockets, timers and the disk are its
 * driver's, so that it runs on a virtual network as well.
 */
import type { BootDecision, BootPolicy } from '../machine.ts';
import { type AnswerPorts, isOfQuestion } from './answer.ts';
import { linkOf, machineOf } from './asker.ts';
import type { DhcpEvent } from './events.ts';
import { addressAt, isIn, NO_ADDRESS, numberOf } from './ipv4.ts';
import { LeaseTable } from './leases.ts';
import type { Network } from './network.ts';
import { MESSAGE, OPTION } from './options.ts';
import { type DhcpPacket, decodePacket } from './packet.ts';
import { proxyAck, proxyOffer } from './proxy.ts';
import type { Answer, Arrived, Question } from './question.ts';
import { Server } from './server.ts';
import { UuidWatch, WaitingRoom } from './watch.ts';

/** What the engine works with. */
export interface DhcpEngineOptions {
  readonly networks: readonly Network[];
  readonly policy: BootPolicy;
  readonly ports: AnswerPorts;
  readonly tell: (event: DhcpEvent) => void;
}

const QUESTION = 1;
/** A packet that so many relays have passed on goes in a circle. */
const MOST_HOPS = 16;

export class DhcpEngine {
  readonly leases = new LeaseTable();
  readonly #options: DhcpEngineOptions;
  readonly #server: Server;
  readonly #uuids = new UuidWatch();
  readonly #waiting = new WaitingRoom();

  constructor(options: DhcpEngineOptions) {
    this.#options = options;
    this.#server = new Server({ leases: this.leases, ports: options.ports, tell: options.tell });
  }

  /** When {@link due} has something to say, in milliseconds since 1970. */
  get dueAt(): number | undefined {
    return this.#waiting.dueAt;
  }

  /** @param now milliseconds since 1970. */
  receive(arrived: Arrived, now: number): readonly Answer[] {
    return this.#receive(arrived, now, false);
  }

  /** Answers that were deferred until now. */
  due(now: number): readonly Answer[] {
    return this.#waiting.take(now).flatMap((arrived) => this.#receive(arrived, now, true));
  }

  #receive(arrived: Arrived, now: number, isDue: boolean): readonly Answer[] {
    const { tell } = this.#options;
    try {
      const question = this.#questionOf(arrived);
      const answer = question && this.#answer(question, now, isDue);
      return answer === undefined ? [] : [answer];
    } catch (error) {
      if (!isOfQuestion(error)) throw error;
      tell({ kind: 'malformed', address: arrived.address, reason: error.message, error });
      return [];
    }
  }

  #questionOf(arrived: Arrived): Question | undefined {
    const packet = decodePacket(arrived.bytes);
    // other servers' answers come here too
    if (packet.op !== QUESTION || packet.hops > MOST_HOPS) return undefined;
    const machine = machineOf({ packet, ip: arrived.address });
    return machine && { arrived, packet, machine };
  }

  #answer(question: Question, now: number, isDue: boolean): Answer | undefined {
    const { policy, tell } = this.#options;
    const { machine, packet, arrived } = question;
    const type = packet.options.get(OPTION.messageType)?.[0];
    if (type === undefined || type > MESSAGE.inform || !this.#isServed(packet)) return undefined;
    if (type === MESSAGE.discover && this.#waiting.repeats(machine.mac, arrived)) return undefined;
    const decision = policy.decide(machine);
    if (decision === undefined) {
      tell({ kind: 'unknown', machine });
      return undefined;
    }
    const other = this.#uuids.otherUuid(machine);
    if (other !== undefined) {
      tell({
        kind: 'duplicate',
        machine,
        reason: `machines ${other} and ${machine.uuid} both show the MAC ${machine.mac}`,
      });
    }
    const deferMs = isDue || type !== MESSAGE.discover ? 0 : (decision.deferMs ?? 0);
    if (deferMs > 0) {
      this.#waiting.add(machine.mac, arrived, now + deferMs);
      tell({ kind: 'deferred', machine, reason: `for ${deferMs} ms` });
      return undefined;
    }
    const network = this.#networkOf(packet, decision);
    if (network === undefined) return undefined;
    return arrived.at === 'pxe' || network.mode === 'proxy'
      ? this.#byProxy(question, type, network, decision)
      : this.#server.answer(question, { type, network, decision, now });
  }

  #byProxy(question: Question, type: number, network: Network, decision: BootDecision): Answer | undefined {
    const { ports, tell } = this.#options;
    const { machine } = question;
    const known = { network, decision, ports };
    const isSecond = question.arrived.at === 'pxe';
    if (!isSecond && type !== MESSAGE.discover) return undefined;
    if (isSecond && type !== MESSAGE.request && type !== MESSAGE.inform) return undefined;
    const answer = isSecond ? proxyAck(question, known) : proxyOffer(question, known);
    if (answer === undefined) return undefined;
    tell({ kind: isSecond ? 'request' : 'discover', machine });
    tell({ kind: isSecond ? 'boot' : 'offer', machine });
    return answer;
  }

  /** The policy is not even asked about machines of networks that are not served. */
  #isServed(packet: DhcpPacket): boolean {
    if (packet.giaddr !== NO_ADDRESS) return this.#containing(linkOf(packet)) !== undefined;
    return packet.ciaddr === NO_ADDRESS || this.#containing(packet.ciaddr) !== undefined;
  }

  /**
   * Where the machine is. A relay says so, and so does the address that a machine has; of one without any that asks on the
   * wire only the address that it is to have, or that just one network gives any.
   */
  #networkOf(packet: DhcpPacket, { address }: BootDecision): Network | undefined {
    if (packet.giaddr !== NO_ADDRESS) return this.#containing(linkOf(packet));
    if (packet.ciaddr !== NO_ADDRESS) return this.#containing(packet.ciaddr);
    const wanted = packet.options.get(OPTION.requestedAddress);
    const { networks } = this.#options;
    const own = address === undefined ? undefined : networks.find(({ subnet }) => isIn(subnet, numberOf(address)));
    const asked = wanted?.length === 4 ? this.#containing(addressAt(wanted, 0)) : undefined;
    const pooled = asked?.pool === undefined ? networks.find(({ pool }) => pool !== undefined) : asked;
    return own ?? pooled ?? networks.find(({ mode }) => mode === 'proxy') ?? networks[0];
  }

  #containing(address: string): Network | undefined {
    const number = numberOf(address);
    return this.#options.networks.find(({ subnet }) => isIn(subnet, number));
  }
}
