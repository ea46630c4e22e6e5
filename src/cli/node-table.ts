/** Nodes as `bpstat` prints them: BProc 2.2. */
import type { NodeInfo } from '../index.ts';
import { formatNodeSet, modeString } from '../index.ts';
import type { Names } from './names.ts';

/** Names of the owners of nodes. */
export interface Owners {
  readonly users: Names;
  readonly groups: Names;
}

/** Orders in which nodes are printed; `given`: as they were named. */
export type NodeOrder = 'number' | 'status' | 'given';

/** The nodes in an order. Equal ones stay as they were. */
export function sortNodes(nodes: readonly NodeInfo[], order: NodeOrder, reverse: boolean): readonly NodeInfo[] {
  const sorted = [...nodes];
  const byState = (a: NodeInfo, b: NodeInfo): number => (a.state < b.state ? -1 : a.state > b.state ? 1 : 0);
  if (order === 'number') sorted.sort((a, b) => a.node - b.node);
  if (order === 'status') sorted.sort((a, b) => byState(a, b) || a.node - b.node);
  return reverse ? sorted.reverse() : sorted;
}

const STATUS_WIDTH = 15;
const MODE_WIDTH = 10;
const OWNER_WIDTH = 8;
/** What the columns after the first take, with the blank before each. */
const FIXED_WIDTH = STATUS_WIDTH + MODE_WIDTH + 2 * OWNER_WIDTH + 4;
/** Narrowest column of nodes that can be read. */
const LEAST_NODES_WIDTH = 11;

/**
 * One line for each group of nodes with the same state, mode, user and group, as wide as the terminal.
 * Numbers that do not fit go on in the next line.
 */
export function compactTable(nodes: readonly NodeInfo[], owners: Owners, columns: number): string {
  const width = columns - FIXED_WIDTH;
  if (width < LEAST_NODES_WIDTH) return 'Window too small.\n';
  const line = (first: string, rest: readonly string[]): string => {
    const [status = '', mode = '', user = '', group = ''] = rest;
    const fixed = [
      status.padEnd(STATUS_WIDTH),
      mode.padEnd(MODE_WIDTH),
      pad(user, OWNER_WIDTH),
      pad(group, OWNER_WIDTH),
    ];
    return `${[first.padEnd(width), ...fixed].join(' ').trimEnd()}\n`;
  };
  let text = line('Node(s)', ['Status', 'Mode', 'User', 'Group']);
  for (const members of groupNodes(nodes)) {
    const [first] = members;
    const numbers = wrapNodeSet(formatNodeSet(members.map((info) => info.node)), width);
    numbers.forEach((part, at) => {
      text += line(part, at > 0 ? [] : [first.state, modeString(first.mode), ...ownersOf(first, owners)]);
    });
  }
  return text;
}

function groupNodes(nodes: readonly NodeInfo[]): readonly (readonly [NodeInfo, ...NodeInfo[]])[] {
  const groups = new Map<string, [NodeInfo, ...NodeInfo[]]>();
  for (const info of nodes) {
    const key = [info.state, info.mode, info.owner, info.group].join(' ');
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [info]);
    else group.push(info);
  }
  return [...groups.values()];
}

/** A node set in lines of at most `width` characters, each but the last one ending with a comma. */
export function wrapNodeSet(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let rest = text;
  while (rest.length > width) {
    const comma = rest.lastIndexOf(',', width - 1);
    const end = comma === -1 ? width : comma + 1;
    lines.push(rest.slice(0, end));
    rest = rest.slice(end);
  }
  return [...lines, rest];
}

const LONG_STATUS_WIDTH = 12;
const LONG_OWNER_WIDTH = 10;

/** One line for each node: `"%4d %-15s %-12s %s\t%-10.10s %-10.10s"`. */
export function longTable(nodes: readonly NodeInfo[], owners: Owners): string {
  let text = 'Node Address         Status       Mode          User       Group\n';
  for (const info of nodes) {
    const [user, group] = ownersOf(info, owners);
    const place = `${String(info.node).padStart(4)} ${info.address.padEnd(15)}`;
    const who = `${pad(user, LONG_OWNER_WIDTH)} ${pad(group, LONG_OWNER_WIDTH)}`;
    text += `${place} ${statusOf(info).padEnd(LONG_STATUS_WIDTH)} ${modeString(info.mode)}\t${who}`.trimEnd();
    text += '\n';
  }
  return text;
}

/** The state with the flags, where there is room for them. */
function statusOf({ state, flags }: NodeInfo): string {
  const all = [state, ...flags].join(',');
  return all.length <= LONG_STATUS_WIDTH ? all : state;
}

function ownersOf({ owner, group }: NodeInfo, { users, groups }: Owners): readonly [string, string] {
  return [users.nameOf(owner), groups.nameOf(group)];
}

function pad(text: string, width: number): string {
  return text.slice(0, width).padEnd(width);
}
