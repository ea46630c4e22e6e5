/**
 * Copies from one node to others by way of none but them: each reads what comes in a pipe from a node that has it already, and
 * lets two others read it there as it comes [PROTOCOL 11.6].
 */
import { randomBytes } from 'node:crypto';
import { BprocError } from '../../errors.ts';
import type { FileAgent } from './copy-agents.ts';
import type { NodeFiles } from './copy-options.ts';
import { encodeRecord } from './copy-records.ts';
import { Taking } from './copy-taking.ts';
import { giveUpUnreachable } from './copy-transfer.ts';
import type { Copying, CopyOutcome } from './copying.ts';

const NAME_BYTES = 32;
/** Nodes that read from one: more of them would have less of its network each, fewer would make a longer way. */
const FAN_OUT = 2;

/** What becomes of a node that is to have a copy. */
type Taker = CopyOutcome | Taking | 'elsewhere';

/** A node that others can read from. */
interface Parent {
  readonly node: number;
  /** Undefined for the node whose files they are. */
  readonly taking: Taking | undefined;
}

/**
 * Copies files of a node to others.
 *
 * @returns for each in order what it has made, or the error; undefined where it cannot have it from another node.
 */
export async function direct(
  copying: Copying,
  source: NodeFiles,
  nodes: readonly number[],
  target: string,
): Promise<readonly (CopyOutcome | undefined)[]> {
  const pipe = randomBytes(NAME_BYTES);
  const [agent] = await copying.agents([source.node], { stdout: { pipe } });
  if (agent === undefined || isElsewhere(agent)) return nodes.map(() => undefined);
  if (BprocError.is(agent)) throw agent;
  const tree = new DirectTree(copying, pipe, copying.takeOrder(target), source.node);
  const takers = await tree.grow(nodes);
  const takings = takers.filter((taker) => taker instanceof Taking);
  await give(agent, copying.giveOrder(source), takings, tree);
  return Promise.all(takers.map((taker) => outcomeOf(taker)));
}

/** The takers, each with where it reads. */
class DirectTree {
  readonly #copying: Copying;
  readonly #pipe: Uint8Array;
  readonly #first: Uint8Array;
  readonly #from: number;
  readonly #children = new Map<Taking, Taking[]>();

  constructor(copying: Copying, pipe: Uint8Array, first: Uint8Array, from: number) {
    this.#copying = copying;
    this.#pipe = pipe;
    this.#first = first;
    this.#from = from;
  }

  /** Starts a taker on each node, in each round twice as many as before; one that cannot be started is no parent. */
  async grow(nodes: readonly number[]): Promise<readonly Taker[]> {
    const takers: Taker[] = nodes.map(() => 'elsewhere');
    let parents: readonly Parent[] = [{ node: this.#from, taking: undefined }];
    for (let next = 0; next < nodes.length && parents.length > 0; ) {
      const rounds = parents.map((parent, at) => {
        const begin = next + at * FAN_OUT;
        return { parent, begin, nodes: nodes.slice(begin, begin + FAN_OUT) };
      });
      next += parents.length * FAN_OUT;
      const begun = await Promise.all(rounds.map((round) => this.#begin(round.parent, round.nodes)));
      for (const [at, { begin }] of rounds.entries()) {
        for (const [index, taker] of (begun[at] ?? []).entries()) takers[begin + index] = taker;
      }
      parents = begun.flat().flatMap((taking) => {
        const { node } = taking instanceof Taking ? taking.agent : { node: undefined };
        return taking instanceof Taking && node !== undefined ? [{ node, taking }] : [];
      });
    }
    return takers;
  }

  /** Those who read from a taker have nothing to read any more. */
  abandon(taking: Taking): void {
    for (const child of this.#children.get(taking) ?? []) {
      child.breakOff();
      this.abandon(child);
    }
  }

  async #begin({ node, taking: parent }: Parent, nodes: readonly number[]): Promise<readonly Taker[]> {
    if (nodes.length === 0) return [];
    const agents = await this.#copying.agents(nodes, { stdin: { pipe: this.#pipe, node, first: this.#first } });
    return agents.map((agent) => {
      if (isElsewhere(agent)) return 'elsewhere';
      if (BprocError.is(agent)) return agent;
      const taking = this.#copying.taking(agent, this.#from);
      if (parent !== undefined) this.#children.set(parent, [...(this.#children.get(parent) ?? []), taking]);
      return taking;
    });
  }
}

/** Has the giver give, once everybody listens; resolves when nobody does any more. */
async function give(giver: FileAgent, order: Uint8Array, takings: readonly Taking[], tree: DirectTree): Promise<void> {
  giver.stdin.on('error', () => {});
  giver.stdout.resume();
  const [only] = takings;
  if (only !== undefined) giver.stdin.write(order);
  const isOne = takings.length === 1;
  if (isOne) {
    only?.onHave(({ type, flags, payload }) => void giver.stdin.write(encodeRecord(type, flags, payload)));
  }
  const unwatch = isOne ? [] : takings.map((taking) => giveUpUnreachable(taking, () => tree.abandon(taking)));
  await Promise.all(takings.map(({ result }) => result));
  for (const stop of unwatch) stop();
  giver.stop();
  await Promise.all(takings.map(({ gone }) => gone));
}

async function outcomeOf(taker: Taker): Promise<CopyOutcome | undefined> {
  if (taker === 'elsewhere') return undefined;
  if (!(taker instanceof Taking)) return taker;
  const result = await taker.result;
  if (taker.isBrokenOff) return undefined;
  return BprocError.is(result) ? result : { ...result, isDirect: true };
}

/** Whether it has no pipes, or none from where it was to read. */
function isElsewhere(agent: unknown): boolean {
  return BprocError.is(agent) && agent.code === 'ENOSYS';
}
