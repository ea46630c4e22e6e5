/** Errors as they cross the wire. */
import { BprocError, isCode } from '../errors.ts';
import type { Failure, Init } from '../wire/index.ts';

/** An error as a message. */
export function failureOf(error: BprocError): Init<Failure> {
  return { code: error.code, message: error.message, node: error.node, pid: error.pid };
}

/** The error a message stands for; a code this version does not know is EIO. */
export function reasonOf(failure: Failure): BprocError {
  return new BprocError(isCode(failure.code) ? failure.code : 'EIO', failure.message || 'no reason given', {
    ...(failure.node === null ? {} : { node: failure.node }),
    ...(failure.pid === null ? {} : { pid: failure.pid }),
  });
}
