/** Where slaves fetch what they lack of images: PROTOCOL.md 10.3. */
import type { Fetched, Lack, PeerAddress } from '../../wire/index.ts';
import { idBytes, idText } from '../ids.ts';
import { makeTicket, TICKET_KEY_BYTES } from '../tickets.ts';
import type { Assignment } from './source-tree.ts';
import { SourceTree } from './source-tree.ts';
import type { MasterNode, MasterState, MasterTurn } from './state.ts';
import { send } from './tell.ts';

/** Images whose sources are remembered. */
const MOST_TREES = 64;
/** Bytes of an image's name; and characters of an address. */
const NAME_BYTES = 32;
const LONGEST_ADDRESS = 255;

/** A slave says where others can fetch from it. */
export function peerAddress(turn: MasterTurn, node: MasterNode, { address, key }: PeerAddress): void {
  const isFit = address !== '' && address.length <= LONGEST_ADDRESS && key.length === TICKET_KEY_BYTES;
  node.peer = isFit ? { address, key: Buffer.from(key) } : undefined;
  for (const [name, tree] of turn.state.trees) {
    assign(turn, name, tree, isFit ? tree.opened(node.node, turn.now) : []);
  }
}

/** A slave lacks something of an image. */
export function lack(turn: MasterTurn, node: MasterNode, { image, number, node: source }: Lack): void {
  if (image.length !== NAME_BYTES) return;
  const name = idText(image);
  // of a pipe there is one source [PROTOCOL 11.6]
  if (source !== null) return tell(turn, name, { receiver: node.node, source, number: nextNumber(turn.state) });
  const tree = turn.state.trees.get(name) ?? plant(turn.state, name);
  if (tree !== undefined) return assign(turn, name, tree, tree.lacks(node.node, number, turn.now));
  // more images are under way than can be kept apart
  tell(turn, name, { receiver: node.node, source: undefined, number: nextNumber(turn.state) });
}

/** A slave has all of an image, or gives it up. */
export function fetched(turn: MasterTurn, node: MasterNode, { image, failure }: Fetched): void {
  if (image.length !== NAME_BYTES) return;
  const name = idText(image);
  const tree = turn.state.trees.get(name) ?? (failure === null ? plant(turn.state, name) : undefined);
  if (tree === undefined) return;
  const now = turn.now;
  assign(turn, name, tree, failure === null ? tree.has(node.node, now) : tree.gaveUp(node.node, now));
  if (tree.isEmpty) turn.state.trees.delete(name);
}

/** A slave's connection is gone. */
export function peerAway(turn: MasterTurn, node: MasterNode): void {
  node.peer = undefined;
  for (const [name, tree] of turn.state.trees) assign(turn, name, tree, tree.gaveUp(node.node, turn.now));
}

/** Something takes longer than it should. */
export function sourceDue(turn: MasterTurn, name: string): void {
  const tree = turn.state.trees.get(name);
  if (tree !== undefined) assign(turn, name, tree, tree.due(turn.now));
}

/** The sources of an image that nobody has lacked yet; undefined where too many others are under way. */
function plant(state: MasterState, name: string): SourceTree | undefined {
  const { trees, nodes } = state;
  if (trees.size >= MOST_TREES) {
    const idle = [...trees].find(([, each]) => each.isIdle);
    if (idle === undefined) return undefined;
    trees.delete(idle[0]);
  }
  const tree = new SourceTree(
    (node) => nodes.get(node)?.peer !== undefined,
    () => nextNumber(state),
  );
  trees.set(name, tree);
  return tree;
}

function nextNumber(state: MasterState): number {
  state.lastSource += 1;
  return state.lastSource;
}

function assign(turn: MasterTurn, name: string, tree: SourceTree, assignments: readonly Assignment[]): void {
  for (const each of assignments) tell(turn, name, each);
  const { dueAt } = tree;
  if (dueAt === undefined) turn.state.deadlines.clear(`tree ${name}`);
  else turn.state.deadlines.set(`tree ${name}`, dueAt);
}

function tell(turn: MasterTurn, name: string, { receiver, source, number }: Assignment): void {
  const { nodes } = turn.state;
  const link = nodes.get(receiver)?.link;
  if (link === undefined) return;
  const image = idBytes(name);
  const peer = source === undefined ? undefined : nodes.get(source)?.peer;
  if (source === undefined || peer === undefined) return send(turn, link, { source: { image, number } });
  const ticket = makeTicket(peer.key, { image, node: receiver, number });
  send(turn, link, { source: { image, number, node: source, address: peer.address, ticket } });
}
