/** Policies that narrow down which nodes another policy may choose from. */
import { parseExpression } from './expression.ts';
import { leastLoaded } from './policies.ts';
import { idleCpus, type MapNode, type Placement, type PlaceRequest, type Policy } from './policy.ts';

/**
 * Only nodes whose attributes are as an expression wants them, such as `memory >= 4GiB and arch == x86_64`.
 *
 * @throws BprocError EINVAL for what is no expression.
 */
export function byAttribute(expression: string, within: Policy = leastLoaded): Policy {
  const { refusal } = parseExpression(expression);
  return {
    name: `${within.name} where ${expression}`,
    place: (request, nodes) => {
      const why = new Map<number, string>();
      const fitting = nodes.filter(({ node, attributes }) => {
        const refused = refusal(attributes);
        if (refused !== undefined) why.set(node, refused);
        return refused === undefined;
      });
      const { slots, why: more } = within.place(request, fitting);
      return { slots, why: new Map([...why, ...(more ?? [])]) };
    },
  };
}

/** How a topology is written in the attributes of nodes. */
export interface TopologyOptions {
  /** The attribute that names a node's group, such as `rack`; several: from the smallest groups to the largest, such as `['switch', 'rack']`. */
  readonly by: string | readonly string[];
  /** Which policy chooses inside a group. @default leastLoaded */
  readonly within?: Policy;
}

/** Nodes that are near each other. */
interface Group {
  readonly name: string;
  readonly nodes: MapNode[];
  idle: number;
}

/**
 * Keeps a job together: in the smallest group that has enough idle processors, of the finest kind that has one. A job for which none is large
 * enough takes the largest groups, one after the other; one that all of them are too small for is left to the policy inside.
 */
export function topology({ by, within = leastLoaded }: TopologyOptions): Policy {
  const kinds = typeof by === 'string' ? [by] : by;
  return {
    name: `${within.name} by ${kinds.join(', ')}`,
    place: (request, nodes) => {
      let groups: readonly Group[] = [];
      for (const kind of kinds) {
        groups = groupsOf(nodes, kind, request.idleBelow);
        const smallest = groups.findLast(({ idle }) => idle >= request.np);
        if (smallest !== undefined) return inOne(request, nodes, smallest, within);
      }
      return inSeveral(request, nodes, groups, within);
    },
  };
}

/** By how many idle processors they have, the most first. */
function groupsOf(nodes: readonly MapNode[], kind: string, idleBelow: number): readonly Group[] {
  const groups = new Map<string, Group>();
  for (const node of nodes) {
    const value = Object.hasOwn(node.attributes, kind) ? node.attributes[kind] : undefined;
    const name = value === undefined ? `no ${kind}` : `${kind} ${value}`;
    const group = groups.get(name) ?? { name, nodes: [], idle: 0 };
    groups.set(name, group);
    group.nodes.push(node);
    group.idle += idleCpus(node, idleBelow);
  }
  // stable, so that among groups alike the first one is the last to be left
  return [...groups.values()].reverse().sort((a, b) => b.idle - a.idle);
}

function inOne(request: PlaceRequest, nodes: readonly MapNode[], group: Group, within: Policy): Placement {
  const placed = within.place(request, group.nodes);
  const inside = new Set(group.nodes);
  const others = nodes.filter((node) => !inside.has(node));
  const outside = others.map(({ node }) => [node, `all of it fits into ${group.name}`] as const);
  return { slots: placed.slots, why: new Map([...outside, ...(placed.why ?? [])]) };
}

function inSeveral(
  request: PlaceRequest,
  nodes: readonly MapNode[],
  groups: readonly Group[],
  within: Policy,
): Placement {
  const idle = groups.reduce((sum, group) => sum + group.idle, 0);
  if (idle < request.np) return within.place(request, nodes);
  const slots: number[] = [];
  for (const group of groups) {
    const np = Math.min(group.idle, request.np - slots.length);
    if (np > 0) slots.push(...within.place({ ...request, np, over: false }, group.nodes).slots);
  }
  return { slots };
}
