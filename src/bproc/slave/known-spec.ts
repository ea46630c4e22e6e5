/** What is to be run, read once for many starts: programs are started many at a time, and most of a start's cost is to read it. */
import type { Spec } from '../../wire/index.ts';
import { decodeSpec } from '../../wire/index.ts';

/** A specification that was read. */
export interface KnownSpec {
  /** As it came. */
  readonly bytes: Buffer;
  readonly spec: Spec;
  /** Its environment, the same object for every start. */
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Reads a specification, if it is not the one that is known.
 *
 * @throws BprocError EPROTO on anything that is not a Spec.
 */
export function readSpec(known: KnownSpec | undefined, bytes: Uint8Array): KnownSpec {
  if (known?.bytes.equals(bytes) === true) return known;
  // a copy: what came shares memory with everything that came with it
  const own = Buffer.from(bytes);
  const spec = decodeSpec(own);
  const env: Record<string, string> = {};
  for (const assignment of spec.env) {
    const equals = assignment.indexOf('=', 1);
    if (equals > 0) env[assignment.slice(0, equals)] = assignment.slice(equals + 1);
  }
  env['BPROC_PROGNAME'] = spec.file;
  return { bytes: own, spec, env };
}
