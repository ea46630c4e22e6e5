/** Global pids on a node: which one each process gets, and whether that is the one it has itself. PROTOCOL.md 4.2. */
import type { TreeEntry } from '../../linux/index.ts';
import type { PidBlock } from '../../wire/index.ts';
import { BLOCK_SIZE } from '../pid-blocks.ts';
import type { SlaveTurn } from './events.ts';
import { tell } from './reports.ts';
import type { SlaveProcess, SlaveState } from './state.ts';

/** Pids left when the slave asks for another block. */
const FEW_PIDS = 512;

/** A pid that nothing here has, neither started nor forked; one that its process can have itself, where there is one. */
export function takePid(
  state: SlaveState,
  isTaken: (pid: number) => boolean = (pid) => isGiven(state, pid),
): number | undefined {
  return state.pids.take(isTaken, state.life.pidLimit);
}

function isGiven({ byPid, forkedPids, away }: SlaveState, pid: number): boolean {
  return byPid.has(pid) || forkedPids.has(pid) || away.has(pid);
}

/** Asks for more before there are none left. */
export function askForPids(turn: SlaveTurn): void {
  const { state } = turn;
  if (state.askedForPids || state.pids.size - state.byPid.size - state.forkedPids.size >= FEW_PIDS) return;
  state.askedForPids = true;
  tell(turn, { pidBlock: { first: 0, count: 0 } });
}

/** The master gave a further block of pids. */
export function gotPids(turn: SlaveTurn, block: PidBlock): void {
  turn.state.askedForPids = false;
  if (block.count === 0) return;
  turn.state.pids.add({ first: block.first, count: block.count });
  preferPids(turn);
}

/** The block that a pid of an earlier life of the daemon is from is still this node's. */
export function keepBlockOf(state: SlaveState, pid: number): void {
  state.pids.add({ first: pid - (pid % BLOCK_SIZE), count: BLOCK_SIZE });
}

/** What is forked here is to get pids of this node, where the engine has a say in it. */
export function preferPids({ state, effects }: SlaveTurn): void {
  const block = state.pids.blocks.find(({ first, count }) => first + count <= state.life.pidLimit);
  if (block !== undefined) effects.push({ type: 'preferPids', first: block.first, count: block.count });
}

/** Whether what was forked here may have this pid itself, and be known by it. */
export function mayBeForked({ life, pids }: SlaveState, pid: number): boolean {
  return pid < life.pidLimit && pids.has(pid);
}

/**
 * A process is elsewhere: its pid is given to nobody here, neither by this slave nor, where it is this node's, by the kernel, and nor are
 * those of what came of it.
 */
export function pidAway({ state, effects }: SlaveTurn, pid: number, others: readonly number[] = []): void {
  state.away.add(pid);
  if (!mayBeForked(state, pid)) return;
  const more = new Set(others.filter((other) => other !== pid && mayBeForked(state, other)));
  effects.push({ type: 'keepPids', pids: [pid, ...more] });
}

/** It is back, or has ended. */
export function pidBack({ state, effects }: SlaveTurn, pid: number): void {
  if (state.away.delete(pid) && mayBeForked(state, pid)) effects.push({ type: 'freePids', pid });
}

/** Another engine has to be told which pids processes have that are elsewhere. */
export function keepAllAway(turn: SlaveTurn): void {
  for (const pid of turn.state.away) pidAway(turn, pid);
}

/**
 * Global pids of all that was listed, by the pid in the engine's namespace. What was forked keeps the pid that it was
 * listed with before, or has the one that it has itself, where that is this node's to give and nobody else's; else it is
 * mapped. Those that are gone are forgotten.
 */
export function placeEntries(
  { state }: SlaveTurn,
  entries: readonly TreeEntry[],
  ownOf: (entry: TreeEntry) => SlaveProcess | undefined,
): ReadonlyMap<number, number> {
  const known = state.forked;
  state.forked = new Map();
  state.forkedPids = new Map();
  const pids = new Map<number, number>();
  const give = (entry: TreeEntry, pid: number): void => {
    const identity = `${entry.pid}:${entry.startTime}`;
    pids.set(entry.pid, pid);
    state.forked.set(identity, pid);
    state.forkedPids.set(pid, identity);
  };
  const forked: TreeEntry[] = [];
  for (const entry of entries) {
    const own = ownOf(entry)?.pid;
    const before = known.get(`${entry.pid}:${entry.startTime}`);
    if (own !== undefined) pids.set(entry.pid, own);
    else if (before !== undefined) give(entry, before);
    else forked.push(entry);
  }
  const mapped = forked.filter((entry) => {
    if (!mayBeForked(state, entry.pid) || isGiven(state, entry.pid)) return true;
    give(entry, entry.pid);
    return false;
  });
  // nobody is to be known by a pid that somebody else has himself
  const local = new Set(state.life.pidLimit > 0 ? entries.map(({ pid }) => pid) : []);
  for (const entry of mapped) {
    const pid = takePid(state, (each) => isGiven(state, each) || local.has(each));
    if (pid === undefined) pids.set(entry.pid, 0);
    else give(entry, pid);
  }
  return pids;
}
