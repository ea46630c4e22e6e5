/**
 * What is known about one node, and the rules its words and attributes obey.
 *
 * Follows BProc's node table (BProc 1.1 to 1.4): a state word, an owner, a group, three execute bits, an address and
 * named attributes. Added to it: flags beside the state, and who changed it last, when and why.
 */

import { BprocError } from '../errors.ts';

/** The front end, which owns the tables (`BPROC_NODE_MASTER`). */
export const NODE_MASTER = -1;
/** The node the caller runs on (`BPROC_NODE_SELF`). */
export const NODE_SELF = -2;
/** No node at all: the answer to a look-up that found none (`BPROC_NODE_NONE`). */
export const NODE_NONE = -3;
/** Every node, where a list of processes is asked for (`BPROC_NODE_ANY`). */
export const NODE_ANY = -4;

/** The state words that BProc itself used; a site may add its own, see {@link checkState}. */
export const BASE_STATES = ['down', 'boot', 'up', 'error', 'unavailable', 'reboot', 'halt', 'pwroff'] as const;
/** One of the {@link BASE_STATES}. */
export type BaseState = (typeof BASE_STATES)[number];

/** Longest state word in characters (`BPROC_STATE_LEN`). */
export const STATE_LENGTH_MAX = 15;
/** Longest flag in characters. */
export const FLAG_LENGTH_MAX = 31;
/** Longest attribute name in bytes, as in BProc. */
export const ATTRIBUTE_NAME_MAX = 63;
/** Longest attribute value in bytes of UTF-8; see {@link checkAttribute} for why it is wider than BProc's. */
export const ATTRIBUTE_VALUE_MAX = 1024;
/** Most attributes of one node; see {@link checkAttribute} for why it is wider than BProc's. */
export const ATTRIBUTE_COUNT_MAX = 64;

/** The flag of a node that finishes what it runs and takes nothing new. */
export const FLAG_DRAINING = 'draining';
/** The flag of a node that has fallen silent, while nothing proves that it is gone. */
export const FLAG_UNREACHABLE = 'unreachable';

/** The only bits of a node's mode that have a meaning: execute for owner, group and others. */
export const MODE_BITS = 0o111;

/** One node as the master knows it (`bproc_node_info_t`). */
export interface NodeInfo {
  /** Number of the node, 0 and up; numbers may have holes. */
  readonly node: number;
  /** State word: one of {@link BASE_STATES} or a site's own. */
  readonly state: string;
  /** What holds besides the state, such as `draining` or `unreachable`. */
  readonly flags: readonly string[];
  /** Why it is in this state, for people; empty where nobody said. */
  readonly reason: string;
  /** Who put it in this state, for people. */
  readonly who: string;
  /** When its state or flags last changed, in ms since 1970. */
  readonly changedAt: number;
  /** Execute bits, a subset of {@link MODE_BITS}: who may place work here. */
  readonly mode: number;
  /** Uid of the owner. */
  readonly owner: number;
  /** Gid of the group. */
  readonly group: number;
  /** Where its slave connects from; empty while it is down. */
  readonly address: string;
  /** Named values set by the administrator. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** What of a node changed, as the changes of the cluster tell it. */
export type NodeChange = 'joined' | 'left' | 'state' | 'permissions' | 'attributes' | 'address';

/** Whether `word` obeys the rules of {@link checkState}. */
export function isStateWord(word: string): boolean {
  return word.length <= STATE_LENGTH_MAX && /^[A-Za-z][A-Za-z0-9]*$/.test(word);
}

/**
 * Checks a state word and returns it (`bproc_nodesetstatus`, BProc 1.3).
 *
 * It is 1 to 15 characters, a letter first and letters and digits after it. A word that a node set reads otherwise
 * (`all`, `master`, `self`, `n5`, or one that begins with `not`) is allowed, but no node set can select it by name.
 *
 * @throws {BprocError} EINVAL for an empty word or another character; ENOSPC for a word that is too long.
 */
export function checkState(word: string): string {
  if (word === '') throw new BprocError('EINVAL', 'a node state cannot be empty; give a word such as up or error');
  if (word.length > STATE_LENGTH_MAX) {
    const why = `has ${word.length} characters, at most ${STATE_LENGTH_MAX} are allowed; choose a shorter word`;
    throw new BprocError('ENOSPC', `node state ${quote(word)} ${why}`);
  }
  if (!/^[A-Za-z]/.test(word)) {
    throw new BprocError('EINVAL', `node state ${quote(word)} does not begin with a letter A-Z or a-z`);
  }
  if (!isStateWord(word)) {
    throw new BprocError('EINVAL', `node state ${quote(word)} has a character other than A-Z, a-z and 0-9; drop it`);
  }
  return word;
}

/** Whether `word` obeys the rules of {@link checkFlag}. */
export function isFlag(word: string): boolean {
  return word.length <= FLAG_LENGTH_MAX && /^[a-z][a-z0-9]*$/.test(word);
}

/**
 * Checks a flag and returns it: 1 to 31 lower-case letters and digits, a letter first.
 *
 * @throws {BprocError} EINVAL for an empty flag or another character; ENOSPC for one that is too long.
 */
export function checkFlag(flag: string): string {
  if (flag.length > FLAG_LENGTH_MAX) {
    const why = `has ${flag.length} characters, at most ${FLAG_LENGTH_MAX} are allowed; choose a shorter word`;
    throw new BprocError('ENOSPC', `node flag ${quote(flag)} ${why}`);
  }
  if (isFlag(flag)) return flag;
  const rule = 'it must be a letter a-z followed by letters a-z and digits';
  throw new BprocError('EINVAL', `node flag ${quote(flag)} is not a lower-case word; ${rule}`);
}

/**
 * Checks the name of an attribute and returns it: 1 to 63 visible ASCII characters, none of them `=`.
 *
 * @throws {BprocError} EINVAL for an empty name or a character that is not allowed; ENOSPC for one that is too long.
 */
export function checkAttributeName(name: string): string {
  if (name === '') throw new BprocError('EINVAL', 'a node attribute needs a name of at least one character');
  if (name.length > ATTRIBUTE_NAME_MAX) {
    const why = `has ${name.length} characters, at most ${ATTRIBUTE_NAME_MAX} are allowed; choose a shorter name`;
    throw new BprocError('ENOSPC', `node attribute ${quote(name)} ${why}`);
  }
  if (/^[!-<>-~]*$/.test(name)) return name;
  const rule = 'only visible ASCII characters other than = are allowed';
  throw new BprocError('EINVAL', `node attribute ${quote(name)} has a character that a name cannot have; ${rule}`);
}

/**
 * Checks the name and the value of an attribute (`bproc_setnodeattr`). The value is text, at most 1024 bytes in UTF-8.
 *
 * BProc kept attributes in kernel memory and allowed 64 bytes each, 32 a node. Here they live in the master's table
 * and carry what a slave says about itself (a container image, a device path, a URL), which does not fit into that.
 *
 * @throws {BprocError} EINVAL for a bad name or for a value that is no valid Unicode; ENOSPC for one that is too long.
 */
export function checkAttribute(name: string, value: string): void {
  checkAttributeName(name);
  if (/\p{Surrogate}/u.test(value)) {
    throw new BprocError('EINVAL', `the value of node attribute ${name} is not valid Unicode; encode bytes as base64`);
  }
  const size = Buffer.byteLength(value);
  if (size > ATTRIBUTE_VALUE_MAX) {
    const why = `has ${size} bytes, at most ${ATTRIBUTE_VALUE_MAX} are allowed; keep long data in a file and name it`;
    throw new BprocError('ENOSPC', `the value of node attribute ${name} ${why}`);
  }
}

/**
 * The attributes with one set, as a new record (`bproc_setnodeattr`).
 *
 * @throws {BprocError} what {@link checkAttribute} throws; ENOSPC where the node already has 64 others.
 */
export function withAttribute(
  attributes: Readonly<Record<string, string>>,
  name: string,
  value: string,
): Readonly<Record<string, string>> {
  checkAttribute(name, value);
  if (!Object.hasOwn(attributes, name) && Object.keys(attributes).length >= ATTRIBUTE_COUNT_MAX) {
    const why = `the node already has ${ATTRIBUTE_COUNT_MAX} attributes; change one of those instead`;
    throw new BprocError('ENOSPC', `cannot set node attribute ${name}: ${why}`);
  }
  return { ...attributes, [name]: value };
}

/**
 * The value of one attribute of a node (`bproc_getnodeattr`).
 *
 * @throws {BprocError} EINVAL or ENOSPC for a name that no attribute can have; ENODATA where the node has none of it.
 */
export function attributeOf(info: Pick<NodeInfo, 'node' | 'attributes'>, name: string): string {
  checkAttributeName(name);
  const value = Object.hasOwn(info.attributes, name) ? info.attributes[name] : undefined;
  if (value !== undefined) return value;
  const remedy = 'attributes are dropped when a node goes down, set it again after that';
  throw new BprocError('ENODATA', `node ${info.node} has no attribute ${name}; ${remedy}`, { node: info.node });
}

/**
 * Checks the mode of a node and returns it (`bproc_chmod`, BProc 1.4): any of the three execute bits, nothing else.
 *
 * @throws {BprocError} EINVAL for what is no whole number from 0 up; EPERM where any other bit is set, as in BProc.
 */
export function checkMode(mode: number): number {
  if (!Number.isSafeInteger(mode) || mode < 0) {
    throw new BprocError('EINVAL', `node mode ${mode} is not a whole number from 0 up; give one such as 0o111`);
  }
  // The comparison comes first: the bit operators see only the low 32 bits of a number.
  if (mode <= MODE_BITS && (mode & ~MODE_BITS) === 0) return mode;
  const rule = 'only the execute bits 0o111 can be set on a node (read and write are reserved)';
  throw new BprocError('EPERM', `node mode 0o${mode.toString(8)} has bits that a node does not have; ${rule}`);
}

/** A mode as `ls` and `bpstat` print it: `---x--x--x` for 0o111, `----------` for 0. */
export function modeString(mode: number): string {
  let text = '-';
  for (let bit = 8; bit >= 0; bit--) text += (mode >> bit) & 1 ? 'rwx'.charAt(2 - (bit % 3)) : '-';
  return text;
}

/** Whether work can be sent to a node at all: it is not `down` and has not fallen silent. */
export function isReachable(info: Pick<NodeInfo, 'state' | 'flags'>): boolean {
  return info.state !== 'down' && !info.flags.includes(FLAG_UNREACHABLE);
}

/** Whether a node takes new work from ordinary users: it is `up`, reachable and not draining. */
export function isUp(info: Pick<NodeInfo, 'state' | 'flags'>): boolean {
  return info.state === 'up' && isReachable(info) && !info.flags.includes(FLAG_DRAINING);
}

/** A word somebody typed, made fit for one line of a message: control characters escaped, long ones cut. */
function quote(word: string): string {
  return JSON.stringify(word.length > 40 ? `${word.slice(0, 40)}...` : word);
}
