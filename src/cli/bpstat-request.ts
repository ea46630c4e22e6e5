/** What a command line of `bpstat` asks for. */
import type { OptionSpec } from './arguments.ts';
import { readArguments, UsageError } from './arguments.ts';
import type { NodeOrder } from './node-table.ts';
import type { Program } from './program.ts';
import { COMMON_OPTIONS } from './program.ts';

/** What `bpstat` says about itself. */
export const BPSTAT: Program = {
  name: 'bpstat',
  usage: ['[options] [NODES...]', '-p', '-P < output of ps'],
  help: `Shows nodes: all of them but the master, or those of node sets such as 0-3,7, up, notdown or master.

  -c, --compact   a line for each group of nodes that are alike (default)
  -l, --long      a line for each node
  -a, --address   the address of each node
  -s, --status    the state of each node
  -n, --number    the number of each node
  -t, --total     how many nodes there are
  -N              in the order of the numbers (default, but for -c)
  -S              in the order of the states (default for -c)
  -O              in the order of NODES
  -R              the other way round
  -U, --update    show it again whenever something changes, until ^C
  -p              the processes on nodes: PID and node
  -P              reads the output of ps and puts before each line the node of its process, where it has one
  -h, --help      this text
  -v, -V, --version

Flags such as draining follow the state in the long form, as in "up,draining", where 12 characters are
enough for both; a node that is unreachable is down. -P knows processes by their ghost on the front end, by
their pid in the cluster, and those of nodes on this machine also by their pid on it.
`,
};

const OPTIONS: readonly OptionSpec[] = [
  ...COMMON_OPTIONS,
  { name: 'v' },
  { name: 'compact', letter: 'c' },
  { name: 'long', letter: 'l' },
  { name: 'address', letter: 'a' },
  { name: 'status', letter: 's' },
  { name: 'number', letter: 'n' },
  { name: 'total', letter: 't' },
  { name: 'N' },
  { name: 'S' },
  { name: 'O' },
  { name: 'R' },
  { name: 'update', letter: 'U' },
  { name: 'p' },
  { name: 'P' },
];

/** What of the nodes is shown. */
export type NodeView = 'compact' | 'long' | 'address' | 'status' | 'number' | 'total';

const VIEWS: ReadonlySet<string> = new Set<NodeView>(['compact', 'long', 'address', 'status', 'number', 'total']);
const ORDERS: ReadonlyMap<string, NodeOrder> = new Map([
  ['N', 'number'],
  ['S', 'status'],
  ['O', 'given'],
] as const);

/** What is to be shown. */
export type BpstatRun =
  | {
      readonly show: 'nodes';
      readonly nodes: readonly string[];
      readonly view: NodeView;
      readonly order: NodeOrder;
      readonly reverse: boolean;
      readonly update: boolean;
    }
  | { readonly show: 'processes' }
  | { readonly show: 'ps' };

/**
 * Reads the command line of `bpstat`. Of several views and orders the last one counts.
 *
 * @throws UsageError where it cannot be.
 */
export function readRequest(args: readonly string[]): 'help' | 'version' | BpstatRun {
  const given = readArguments(args, OPTIONS);
  if (given.has('help')) return 'help';
  if (given.has('version') || given.has('v')) return 'version';
  if (given.has('p') || given.has('P')) {
    if (given.operands.length > 0) throw new UsageError('-p and -P take no nodes');
    return { show: given.has('P') ? 'ps' : 'processes' };
  }
  const names = given.options.map((option) => option.name);
  const view = names.findLast(isView) ?? 'compact';
  const order = ORDERS.get(names.findLast((name) => ORDERS.has(name)) ?? '');
  return {
    show: 'nodes',
    nodes: given.operands,
    view,
    order: order ?? (view === 'compact' ? 'status' : 'number'),
    reverse: given.has('R'),
    update: given.has('update'),
  };
}

function isView(name: string): name is NodeView {
  return VIEWS.has(name);
}
