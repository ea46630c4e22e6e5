/** The environment of the calling program, which goes along with what it starts. */
import { encodeSpec } from '../../wire/index.ts';
import { checkVariable } from './option-checks.ts';

/** What another node's slave said to an ancestor of the caller, and is not true of its children. */
const JOB_VARIABLES = new Set([
  'BPROC_RANK',
  'BPROC_NODE',
  'BPROC_PID',
  'BPROC_PROGNAME',
  'BPROC_ID',
  'NODE_CHANNEL_FD',
]);

/** An environment as a start has it. */
export interface EncodedEnvironment {
  readonly variables: Readonly<Record<string, string>>;
  /** The part of an encoded Spec that says it. */
  readonly bytes: Uint8Array;
}

/** Checks and encodes an environment; variables that are undefined are not in it. */
export function encodeEnvironment(merged: Readonly<Record<string, string | undefined>>): EncodedEnvironment {
  const variables: Record<string, string> = {};
  const env: string[] = [];
  for (const [name, value] of Object.entries(merged)) {
    if (value === undefined) continue;
    checkVariable(name, value);
    variables[name] = value;
    env.push(`${name}=${value}`);
  }
  return { variables, bytes: encodeSpec({ env }) };
}

/**
 * Reads the environment of this program, which it may change at any time. To read it costs as much as much of a start
 * does, and to encode it as much again: that is done once, and again where something has changed.
 */
export class CallerEnvironment {
  #names: readonly string[] = [];
  #values: readonly (string | undefined)[] = [];
  #encoded: EncodedEnvironment | undefined;

  /** How it is now: the same object while it is the same. */
  get(): EncodedEnvironment {
    const { env } = process;
    const names = Object.keys(env);
    const values = names.map((name) => env[name]);
    if (this.#encoded !== undefined && isSame(names, this.#names) && isSame(values, this.#values)) return this.#encoded;
    const own = names.flatMap((name, index) => (JOB_VARIABLES.has(name) ? [] : [[name, values[index]] as const]));
    this.#encoded = encodeEnvironment(Object.fromEntries(own));
    this.#names = names;
    this.#values = values;
    return this.#encoded;
  }
}

function isSame(one: readonly (string | undefined)[], other: readonly (string | undefined)[]): boolean {
  return one.length === other.length && one.every((each, index) => each === other[index]);
}
