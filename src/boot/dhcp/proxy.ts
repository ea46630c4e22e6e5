/** Beside somebody else's server: addresses come from there, and from here only what to boot (PXE 2.1's proxyDHCP). */
import type { BootDecision } from '../machine.ts';
import { type AnswerPorts, answerTo } from './answer.ts';
import { proxyWords } from './boot-options.ts';
import { isIn, numberOf } from './ipv4.ts';
import type { Network } from './network.ts';
import { MESSAGE, OPTION } from './options.ts';
import type { Answer, Question } from './question.ts';

const UUID_BYTES = 17;

/** To a DISCOVER: that there is something to boot. Undefined: nothing for it, or it is no firmware that asks. */
export function proxyOffer(
  question: Question,
  { network, decision, ports }: { network: Network; decision: BootDecision; ports: AnswerPorts },
): Answer | undefined {
  const words = proxyWords(question.machine, decision, { server: network.server, isSecond: false });
  if (words === undefined) return undefined;
  const options = new Map([...words.options, ...echoed(question, [OPTION.uuid])]);
  return answerTo(question, { type: MESSAGE.offer, network, words: { ...words, options } }, ports);
}

/** To a REQUEST at port 4011: what it is. Undefined: it does not come from the network, or there is nothing for it. */
export function proxyAck(
  question: Question,
  { network, decision, ports }: { network: Network; decision: BootDecision; ports: AnswerPorts },
): Answer | undefined {
  if (!isIn(network.subnet, numberOf(question.arrived.address))) return undefined;
  const words = proxyWords(question.machine, decision, { server: network.server, isSecond: true });
  if (words === undefined) return undefined;
  const options = new Map([...words.options, ...echoed(question, [OPTION.uuid, OPTION.vendor])]);
  return answerTo(question, { type: MESSAGE.ack, network, words: { ...words, options } }, ports);
}

/** Firmware takes no answer in which its UUID, or the entry of the menu that it has chosen, is not said again. */
function echoed({ packet }: Question, codes: readonly number[]): readonly (readonly [number, Uint8Array])[] {
  return codes.flatMap((code) => {
    const value = packet.options.get(code);
    return value !== undefined && value.length <= UUID_BYTES ? [[code, value] as const] : [];
  });
}
