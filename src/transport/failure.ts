/** Errors as they cross the wire: PROTOCOL.md 7.5. */
import { BprocError, isCode } from '../errors.ts';
import type { Failure, Init } from '../wire/index.ts';

/** Characters of an error's text on the wire: it may quote what a peer said, and must fit into any message. */
const LONGEST_TEXT = 4096;

/** An error as a message. */
export function failureOf(error: BprocError): Init<Failure> {
  const { code, message, node, pid } = error;
  return { code, message: message.length > LONGEST_TEXT ? `${message.slice(0, LONGEST_TEXT)}...` : message, node, pid };
}

/** The error a message stands for; a code this version does not know is EIO. */
export function reasonOf(failure: Failure): BprocError {
  return new BprocError(isCode(failure.code) ? failure.code : 'EIO', failure.message || 'no reason given', {
    ...(failure.node === null ? {} : { node: failure.node }),
    ...(failure.pid === null ? {} : { pid: failure.pid }),
  });
}
