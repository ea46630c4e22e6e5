/** An answer, as a packet: what it repeats of the question, and where it goes. */
import { BprocError } from '../../errors.ts';
import { overrideOf } from './asker.ts';
import type { BootWords } from './boot-options.ts';
import { bytesOf, EVERYBODY, NO_ADDRESS } from './ipv4.ts';
import type { Network } from './network.ts';
import { MESSAGE, OPTION, textBytes } from './options.ts';
import { type DhcpPacket, encodePacket, mostBytesFor } from './packet.ts';
import type { Answer, Question } from './question.ts';

/** Ports that answers go to. */
export interface AnswerPorts {
  readonly client: number;
  readonly relay: number;
}

/** What an answer says. */
export interface Said {
  readonly type: number;
  readonly network: Network;
  /** The address that the machine is given. */
  readonly address?: string;
  readonly hostname?: string | undefined;
  readonly words?: BootWords;
  /** Why not. */
  readonly message?: string;
  /** Whether the options of the network, and its lease, belong in it. */
  readonly tells?: 'lease' | 'options';
}

const REPLY = 2;
const LONGEST_ECHO = 64;
const LONGEST_HOSTNAME = 63;
const LEASE_OPTIONS: readonly number[] = [OPTION.leaseTime, OPTION.renewalTime, OPTION.rebindingTime];

/** Who the server is for a client: itself, or the relay that stands in for it. */
export function serverIdOf(packet: DhcpPacket, { server }: Network): string {
  return overrideOf(packet) ?? server;
}

/** @throws BprocError E2BIG for what fits in no packet that the machine takes. */
export function answerTo({ packet, arrived }: Question, said: Said, ports: AnswerPorts): Answer {
  const bytes = encodePacket(replyTo(packet, said), mostBytesFor(packet));
  return { bytes, to: destination(packet, arrived, said.type, ports), from: said.network.server, at: arrived.at };
}

function replyTo(packet: DhcpPacket, said: Said): DhcpPacket {
  const { words, type } = said;
  return {
    op: REPLY,
    hardware: packet.hardware,
    hardwareBytes: packet.hardwareBytes,
    hops: 0,
    xid: packet.xid,
    secs: 0,
    flags: packet.flags,
    ciaddr: type === MESSAGE.ack ? packet.ciaddr : NO_ADDRESS,
    yiaddr: said.address ?? NO_ADDRESS,
    siaddr: words?.siaddr ?? NO_ADDRESS,
    giaddr: packet.giaddr,
    clientHardware: packet.clientHardware,
    sname: '',
    file: words?.file ?? '',
    options: optionsOf(packet, said),
  };
}

function optionsOf(packet: DhcpPacket, said: Said): ReadonlyMap<number, Uint8Array> {
  const options = new Map<number, Uint8Array>([
    [OPTION.messageType, Uint8Array.of(said.type)],
    [OPTION.serverId, bytesOf(serverIdOf(packet, said.network))],
  ]);
  if (said.tells !== undefined) {
    for (const [code, value] of said.network.options) {
      if (said.tells === 'lease' || !LEASE_OPTIONS.includes(code)) options.set(code, value);
    }
  }
  if (said.hostname !== undefined) options.set(OPTION.hostname, textBytes(said.hostname.slice(0, LONGEST_HOSTNAME)));
  if (said.message !== undefined) options.set(OPTION.message, textBytes(said.message));
  for (const [code, value] of said.words?.options ?? []) options.set(code, value);
  // what somebody stuffs in here does not come out again
  const clientId = packet.options.get(OPTION.clientId);
  if (clientId !== undefined && clientId.length <= LONGEST_ECHO) options.set(OPTION.clientId, clientId);
  const relay = packet.options.get(OPTION.relayAgent);
  if (relay !== undefined && packet.giaddr !== NO_ADDRESS) options.set(OPTION.relayAgent, relay);
  return options;
}

/** Node cannot tell the kernel which MAC an address belongs to that is just being given, so all on the wire hear of it. */
function destination(packet: DhcpPacket, arrived: Question['arrived'], type: number, ports: AnswerPorts): Answer['to'] {
  if (packet.giaddr !== NO_ADDRESS) return { address: packet.giaddr, port: ports.relay };
  if (arrived.at === 'pxe') return { address: arrived.address, port: arrived.port };
  const isReached = packet.ciaddr !== NO_ADDRESS && type !== MESSAGE.nak;
  return { address: isReached ? packet.ciaddr : EVERYBODY, port: ports.client };
}

/** What of an error stays with the server: a question that cannot be answered is none of its failures. */
export function isOfQuestion(error: unknown): error is BprocError {
  return BprocError.is(error) && (error.code === 'E2BIG' || error.code === 'EPROTO');
}
