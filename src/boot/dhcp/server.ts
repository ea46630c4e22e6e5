/** What a server of DHCP answers that gives addresses (RFC 2131, 4.3), to one question on one network. */
import type { BootDecision } from '../machine.ts';
import { type AnswerPorts, answerTo, type Said, serverIdOf } from './answer.ts';
import { bootWords } from './boot-options.ts';
import type { DhcpEvent, DhcpEventKind } from './events.ts';
import { addressAt, addressOf, isIn, NO_ADDRESS, numberOf } from './ipv4.ts';
import type { Lease, LeaseTable } from './leases.ts';
import type { Network } from './network.ts';
import { MESSAGE, OPTION } from './options.ts';
import type { DhcpPacket } from './packet.ts';
import type { Answer, Question } from './question.ts';

/** What is known of a question. */
export interface Known {
  readonly type: number;
  readonly network: Network;
  readonly decision: BootDecision;
  readonly now: number;
}

/** What a server works with. */
export interface ServerParts {
  readonly leases: LeaseTable;
  readonly ports: AnswerPorts;
  readonly tell: (event: DhcpEvent) => void;
}

export class Server {
  readonly #parts: ServerParts;

  constructor(parts: ServerParts) {
    this.#parts = parts;
  }

  answer(question: Question, known: Known): Answer | undefined {
    switch (known.type) {
      case MESSAGE.discover:
        return this.#offer(question, known);
      case MESSAGE.request:
        return this.#request(question, known);
      case MESSAGE.inform:
        return this.#inform(question, known);
      case MESSAGE.decline:
        return this.#decline(question, known);
      case MESSAGE.release:
        return this.#release(question, known);
      default:
        return undefined;
    }
  }

  #offer(question: Question, known: Known): Answer | undefined {
    this.#tell('discover', question);
    const address = this.#addressFor(question, known);
    if (address === undefined) return undefined;
    this.#tell('offer', question, address);
    return this.#say(question, known, { type: MESSAGE.offer, address });
  }

  #request(question: Question, known: Known): Answer | undefined {
    const { packet, machine } = question;
    const { leases } = this.#parts;
    const server = addressIn(packet, OPTION.serverId);
    this.#tell('request', question);
    if (server !== undefined && server !== serverIdOf(packet, known.network)) {
      if (leases.of(machine.mac)?.state === 'offered') leases.forget(machine.mac);
      this.#tell('elsewhere', question, undefined, `it takes the offer of ${server}`);
      return undefined;
    }
    const has = packet.ciaddr === NO_ADDRESS ? undefined : packet.ciaddr;
    const wanted = has ?? addressIn(packet, OPTION.requestedAddress);
    if (wanted === undefined) return undefined;
    const due = this.#dueTo(question, known, wanted);
    if (due === undefined) {
      // it may be another server's: who has just started and knows of no lease does not know better
      const isOurs = server !== undefined || !isIn(known.network.subnet, numberOf(wanted)) || leases.of(machine.mac);
      if (!isOurs) return undefined;
    }
    if (due !== wanted) return this.#refuse(question, known, wanted);
    return this.#bind(question, known, due);
  }

  #bind(question: Question, known: Known, address: string): Answer | undefined {
    const { network, now } = known;
    const isReserved = known.decision.address === address;
    const { mac } = question.machine;
    const lease = this.#parts.leases.bind(numberOf(address), mac, now + network.leaseMs, isReserved);
    this.#tell('ack', question, address);
    const answer = this.#say(question, known, { type: MESSAGE.ack, address });
    // what the policy says need not be kept
    return isReserved ? answer : { ...answer, keep: lease };
  }

  #refuse(question: Question, known: Known, wanted: string): Answer {
    const message = `${wanted} is not for ${question.machine.mac}`;
    this.#tell('nak', question, wanted, message);
    return answerTo(question, { type: MESSAGE.nak, network: known.network, message }, this.#parts.ports);
  }

  #inform(question: Question, known: Known): Answer | undefined {
    if (question.packet.ciaddr === NO_ADDRESS) return undefined;
    this.#tell('inform', question);
    return this.#say(question, known, { type: MESSAGE.ack });
  }

  #decline(question: Question, { decision, now }: Known): undefined {
    const { packet, machine } = question;
    const declined = addressIn(packet, OPTION.requestedAddress);
    const lease = this.#parts.leases.of(machine.mac);
    if (declined === undefined || (lease?.address !== numberOf(declined) && decision.address !== declined)) return;
    // what the policy reserves is the machine's all the same: an operator has to find who else uses it
    if (lease?.isReserved === false) this.#parts.leases.decline(machine.mac, now);
    this.#tell('declined', question, declined, `${machine.mac} has seen somebody else use ${declined}`);
  }

  /** In the store it ends when it would have ended anyhow. */
  #release(question: Question, known: Known): undefined {
    const { packet, machine, arrived } = question;
    const lease = this.#parts.leases.of(machine.mac);
    const isItself = packet.giaddr !== NO_ADDRESS || arrived.address === packet.ciaddr;
    if (lease === undefined || !isItself || lease.address !== numberOf(packet.ciaddr)) return;
    this.#parts.leases.end(machine.mac, known.now);
    this.#tell('release', question, packet.ciaddr);
  }

  /** The address that a machine without one may have. */
  #addressFor(question: Question, { network, decision, now }: Known): string | undefined {
    const { machine, packet } = question;
    const { leases } = this.#parts;
    if (decision.address !== undefined) return this.#reserved(question, decision.address, network, now);
    if (network.pool === undefined) return undefined;
    const wanted = addressIn(packet, OPTION.requestedAddress);
    const address = leases.offer(network.pool, machine.mac, wanted === undefined ? undefined : numberOf(wanted), now);
    if (address !== undefined) return addressOf(address);
    const { first, last } = network.pool;
    this.#tell('exhausted', question, undefined, `all from ${addressOf(first)} to ${addressOf(last)} are given`);
    return undefined;
  }

  /** Of what a machine asks for, what is due to it: itself, another address, or none. */
  #dueTo(question: Question, { network, decision, now }: Known, wanted: string): string | undefined {
    if (decision.address !== undefined) return this.#reserved(question, decision.address, network, now);
    const { leases } = this.#parts;
    const { machine, packet } = question;
    const number = numberOf(wanted);
    if (network.pool === undefined || number < network.pool.first || number > network.pool.last) return undefined;
    const lease = leases.of(machine.mac);
    if (lease !== undefined) return lease.address === number ? wanted : undefined;
    // an offer of ours that was made to another since, when all else was taken: who takes it first has it
    return packet.options.has(OPTION.serverId) && leases.isFree(number, machine.mac, now) ? wanted : undefined;
  }

  #reserved(question: Question, address: string, network: Network, now: number): string | undefined {
    const number = numberOf(address);
    if (!isIn(network.subnet, number)) {
      this.#tell('conflict', question, address, `${address} is not on the network that ${question.machine.mac} is on`);
      return undefined;
    }
    const other = this.#parts.leases.at(number);
    if (other === undefined || other.isReserved || this.#parts.leases.isFree(number, question.machine.mac, now)) {
      return address;
    }
    this.#tell('conflict', question, address, `${holder(other)} has ${address}, from a pool that it should not be in`);
    return undefined;
  }

  #say(question: Question, { network, decision }: Known, said: Pick<Said, 'type' | 'address'>): Answer {
    const words = bootWords(question.machine, decision, network.server);
    const tells = said.address === undefined ? 'options' : 'lease';
    const { ports } = this.#parts;
    return answerTo(question, { ...said, network, words, tells, hostname: decision.hostname }, ports);
  }

  #tell(kind: DhcpEventKind, { machine }: Question, address?: string, reason?: string): void {
    this.#parts.tell({
      kind,
      machine,
      ...(address === undefined ? {} : { address }),
      ...(reason === undefined ? {} : { reason }),
    });
  }
}

function addressIn({ options }: DhcpPacket, code: number): string | undefined {
  const value = options.get(code);
  return value?.length === 4 ? addressAt(value, 0) : undefined;
}

function holder({ mac, state }: Lease): string {
  return state === 'declined' ? 'somebody' : mac;
}
