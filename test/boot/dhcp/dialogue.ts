/** Questions to an engine of DHCP, as clients write them, and its answers in words. */
import type { AnswerPorts } from '../../../src/boot/dhcp/answer.ts';
import { DhcpEngine } from '../../../src/boot/dhcp/engine.ts';
import type { DhcpEvent } from '../../../src/boot/dhcp/events.ts';
import { addressAt, bytesOf, NO_ADDRESS } from '../../../src/boot/dhcp/ipv4.ts';
import { type DhcpNetworkOptions, networksOf } from '../../../src/boot/dhcp/network.ts';
import { MESSAGE, OPTION } from '../../../src/boot/dhcp/options.ts';
import { type DhcpPacket, decodePacket, encodePacket } from '../../../src/boot/dhcp/packet.ts';
import type { Answer, Arrived } from '../../../src/boot/dhcp/question.ts';
import type { BootDecision, BootPolicy, Machine } from '../../../src/boot/index.ts';

export const PORTS: AnswerPorts = { client: 68, relay: 67 };
export const NETWORK: DhcpNetworkOptions = { subnet: '10.77.0.0/24', server: '10.77.0.1', routers: ['10.77.0.1'] };

/** A question, as far as it is not the usual one. */
export interface Asked {
  readonly type: keyof typeof MESSAGE;
  readonly mac?: string;
  readonly xid?: number;
  readonly ciaddr?: string;
  readonly giaddr?: string;
  readonly options?: ReadonlyMap<number, Uint8Array>;
  readonly from?: string;
  readonly at?: Arrived['at'];
}

/** An answer, as a client sees it. */
export interface Heard {
  readonly type: string;
  readonly packet: DhcpPacket;
  readonly address: string;
  readonly server: string;
  readonly to: Answer['to'];
  readonly answer: Answer;
}

export const MAC = '52:54:00:12:34:01';

export class Dialogue {
  readonly events: DhcpEvent[] = [];
  readonly asked: Machine[] = [];
  readonly engine: DhcpEngine;
  now = 1_700_000_000_000;

  constructor(networks: readonly DhcpNetworkOptions[], decide: BootPolicy['decide'] | Record<string, BootDecision>) {
    const known = typeof decide === 'function' ? decide : ({ mac }: Machine) => decide[mac];
    this.engine = new DhcpEngine({
      networks: networksOf(networks),
      policy: {
        decide: (machine) => {
          this.asked.push(machine);
          return known(machine);
        },
      },
      ports: PORTS,
      tell: (event) => this.events.push(event),
    });
  }

  get kinds(): readonly string[] {
    return this.events.map(({ kind }) => kind);
  }

  ask(asked: Asked): Heard | undefined {
    const from = { address: asked.from ?? asked.ciaddr ?? NO_ADDRESS, port: 68 };
    return this.hear({ bytes: questionBytes(asked), ...from, at: asked.at ?? 'dhcp' });
  }

  hear(arrived: Arrived): Heard | undefined {
    const answers = this.engine.receive(arrived, this.now);
    if (answers.length > 1) throw new Error('one question has one answer');
    return answers[0] && heard(answers[0]);
  }

  /** The whole exchange, by which a machine gets an address; or where it ends. */
  boot(mac: string, options: ReadonlyMap<number, Uint8Array> = new Map()): Heard | undefined {
    const offer = this.ask({ type: 'discover', mac, options });
    if (offer === undefined) return undefined;
    return this.take(offer, mac, options);
  }

  /** What follows an offer. */
  take(offer: Heard, mac: string, options: ReadonlyMap<number, Uint8Array> = new Map()): Heard | undefined {
    const chosen = [
      [OPTION.serverId, bytesOf(offer.server)],
      [OPTION.requestedAddress, bytesOf(offer.address)],
    ] as const;
    return this.ask({ type: 'request', mac, options: new Map([...options, ...chosen]) });
  }
}

export function heard(answer: Answer): Heard {
  const packet = decodePacket(answer.bytes);
  const type = packet.options.get(OPTION.messageType)?.[0];
  const name = Object.entries(MESSAGE).find(([, number]) => number === type)?.[0] ?? 'none';
  const server = addressAt(packet.options.get(OPTION.serverId) ?? new Uint8Array(), 0);
  return { type: name, packet, address: packet.yiaddr, server, to: answer.to, answer };
}

export function questionBytes(asked: Asked): Uint8Array {
  const hardware = new Uint8Array(16);
  hardware.set((asked.mac ?? MAC).split(':').map((byte) => Number.parseInt(byte, 16)));
  const options = new Map([[OPTION.messageType, Uint8Array.of(MESSAGE[asked.type])], ...(asked.options ?? [])]);
  const packet: DhcpPacket = {
    op: 1,
    hardware: 1,
    hardwareBytes: 6,
    hops: 0,
    xid: asked.xid ?? 7,
    secs: 0,
    flags: 0,
    ciaddr: asked.ciaddr ?? NO_ADDRESS,
    yiaddr: NO_ADDRESS,
    siaddr: NO_ADDRESS,
    giaddr: asked.giaddr ?? NO_ADDRESS,
    clientHardware: hardware,
    sname: '',
    file: '',
    options,
  };
  return encodePacket(packet, 9000);
}
