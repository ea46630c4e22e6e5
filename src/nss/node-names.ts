/**
 * What nodes are called (BProc and Scyld's BeoNSS): `.N`, `nN`, `.-1`, `n-1`, `master`, `.-2`, `self`, and names of the
 * site's own.
 */
import { BprocError } from '../errors.ts';
import { hostKey } from './question.ts';

/** One more way in which a site names its nodes (`nodename` of Scyld's configuration). */
export interface NodeNaming {
  /** With `%N` for the number, or `%0WN` for W digits at least (1 to 9), such as `node%03N`. */
  readonly format: string;
  /** The number in the name of node 0. @default 0 */
  readonly first?: number;
  /**
   * Added to the addresses of nodes, for names of their other interfaces: `0.0.1.0` makes of 10.0.0.7 the address 10.0.1.7.
   *
   * @default none
   */
  readonly addressOffset?: string;
  /** Name of a netgroup of all of these names. */
  readonly netgroup?: string;
}

/** What a name means. */
export interface NamedNode {
  /** -1: the master; -2: the node where it is asked. */
  readonly node: number;
  /** That of the naming, as a number. */
  readonly addressOffset: number;
}

interface Form {
  readonly naming: NodeNaming;
  readonly pattern: RegExp;
  readonly width: number;
  readonly offset: number;
}

/** Greatest node number that is looked for. */
const MOST = 2 ** 31 - 1;

/** The canonical name of a node, by which alone it is known to reverse look-ups. */
export function canonicalName(node: number): string {
  return `n${node}`;
}

/** How this site names its nodes. */
export class NodeNames {
  readonly #forms: readonly Form[];

  /** @throws BprocError EINVAL for a format or an offset that cannot be. */
  constructor(namings: readonly NodeNaming[] = []) {
    this.#forms = namings.map(formOf);
  }

  get namings(): readonly NodeNaming[] {
    return this.#forms.map(({ naming }) => naming);
  }

  /** @returns undefined for a name that is no node's, whether or not such a node exists. */
  parse(name: string): NamedNode | undefined {
    const key = hostKey(name);
    if (key === 'master') return { node: -1, addressOffset: 0 };
    if (key === 'self') return { node: -2, addressOffset: 0 };
    const number = /^n(-1|0|[1-9]\d{0,9})$/.exec(key)?.[1] ?? /^\.(-[12]|0|[1-9]\d{0,9})$/.exec(key)?.[1];
    if (number !== undefined) return Number(number) > MOST ? undefined : { node: Number(number), addressOffset: 0 };
    for (const { naming, pattern, width, offset } of this.#forms) {
      const digits = pattern.exec(key)?.[1];
      if (digits === undefined || digits !== String(Number(digits)).padStart(width, '0')) continue;
      const node = Number(digits) - (naming.first ?? 0);
      if (node >= 0 && node <= MOST) return { node, addressOffset: offset };
    }
    return undefined;
  }

  /** What one of the site's ways calls a node. */
  format({ format, first = 0 }: NodeNaming, node: number): string {
    return format.replace(PLACE, (_, width = '') => String(node + first).padStart(Number(width), '0'));
  }
}

const PLACE = /%(?:0([1-9]))?N/;

function formOf(naming: NodeNaming): Form {
  const { format, first = 0, addressOffset = '0.0.0.0' } = naming;
  const [whole = '', width = '0'] = PLACE.exec(format) ?? [];
  const [before = '', after = '', ...more] = whole === '' ? [] : format.split(whole);
  const fits = (part: string): boolean => /^[A-Za-z0-9._-]*$/.test(part);
  if (
    whole === '' ||
    more.length > 0 ||
    !fits(before) ||
    !fits(after) ||
    format.length > 255 ||
    before + after === ''
  ) {
    const rule = 'it must have %N once, and beside it letters, digits, dots and dashes';
    throw new BprocError('EINVAL', `nodes cannot be called ${JSON.stringify(format.slice(0, 40))}: ${rule}`);
  }
  if (!Number.isInteger(first) || first < 0 || first > MOST) {
    throw new BprocError('EINVAL', `first is ${first}: it must be a whole number from 0 up`);
  }
  const text = (part: string): string => part.toLowerCase().replaceAll('.', '\\.');
  const pattern = new RegExp(`^${text(before)}(\\d{1,10})${text(after)}$`);
  return { naming, pattern, width: Number(width), offset: ipv4Number(addressOffset) };
}

/** An address of IPv4 as a number. @throws BprocError EINVAL. */
export function ipv4Number(text: string): number {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)?.slice(1).map(Number);
  if (parts === undefined || parts.some((part) => part > 255)) {
    throw new BprocError('EINVAL', `${JSON.stringify(text.slice(0, 40))} is no address of IPv4`);
  }
  return parts.reduce((sum, part) => sum * 256 + part, 0);
}

/** The number as an address of IPv4; undefined for one that is none. */
export function ipv4Text(number: number): string | undefined {
  if (number < 0 || number > 2 ** 32 - 1) return undefined;
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.');
}
