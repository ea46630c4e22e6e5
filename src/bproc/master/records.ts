/** What a master's state and the entries of its tables are when they are made. */
import type { Init, Start } from '../../wire/index.ts';
import { Deadlines } from '../deadlines.ts';
import { idText, ownId } from '../ids.ts';
import { NODE_MASTER } from '../node-info.ts';
import { BlockRegistry } from '../pid-blocks.ts';
import type { MasterConfig } from './config.ts';
import { EventLog } from './event-log.ts';
import type { MasterClient, MasterNode, MasterProcess, MasterState } from './state.ts';

/** A master that has met nobody yet. */
export function createMasterState(config: MasterConfig, wallTime: number): MasterState {
  const state: MasterState = {
    config,
    addresses: [],
    links: new Map(),
    strangers: new Set(),
    ofUsers: new Map(),
    unproven: new Set(),
    nodes: new Map(),
    expected: new Map(),
    clients: new Map(),
    goneClients: new Set(),
    processes: new Map(),
    byPid: new Map(),
    travelled: new Set(),
    waiting: new Map(),
    repeatedMoves: new Map(),
    givenUp: new Set(),
    blocks: new BlockRegistry(),
    asks: new Map(),
    nextAsk: 1,
    listings: new Map(),
    trees: new Map(),
    lastSource: 0,
    // of an earlier master's moves slaves may still speak
    lastMove: config.random.bytes(4).reduce((sum, byte) => sum * 256 + byte, 0) * 1024,
    carried: [],
    events: new EventLog(),
    deadlines: new Deadlines(),
    stopping: false,
  };
  for (const node of config.nodes) state.nodes.set(node, createNode(node, wallTime));
  return state;
}

/** A node that no slave has served yet. */
export function createNode(node: number, wallTime: number): MasterNode {
  return {
    node,
    state: 'down',
    flags: [],
    reason: node === NODE_MASTER ? '' : 'no slave has come yet',
    who: 'master',
    changedAt: wallTime,
    mode: 0,
    owner: 0,
    group: 0,
    address: '',
    attributes: {},
    boot: Buffer.alloc(0),
    link: undefined,
    ready: false,
    before: undefined,
    barred: false,
    inventory: [],
    moveNews: [],
    freed: [],
    processes: new Set(),
    asks: new Map(),
    challenger: undefined,
    peer: undefined,
    loss: undefined,
  };
}

/** What a process's record is made of; the rest is not known yet. */
export interface ProcessFacts {
  readonly puid: Uint8Array;
  readonly uid: number;
  readonly detached?: boolean;
  readonly isWanted?: boolean;
  readonly command?: string;
  readonly lostAfterMs?: number;
  readonly startedAt?: number;
  readonly start?: Init<Start>;
  /** The life of the node that it is bound to, where that may not be the present one. */
  readonly boot?: Uint8Array;
}

/** A process that does not run yet, as far as the table knows. */
export function createProcess(client: MasterClient | undefined, node: MasterNode, facts: ProcessFacts): MasterProcess {
  return {
    key: idText(facts.puid),
    puid: Buffer.from(facts.puid),
    node,
    boot: facts.boot === undefined ? node.boot : ownId(facts.boot),
    client,
    uid: facts.uid,
    detached: facts.detached ?? false,
    isWanted: facts.isWanted ?? false,
    command: facts.command ?? '',
    lostAfterMs: facts.lostAfterMs ?? 0,
    pid: 0,
    localPid: 0,
    mapped: false,
    startTime: 0,
    startedAt: facts.startedAt ?? 0,
    stdinWindow: 0,
    state: 'starting',
    sent: false,
    gated: false,
    start: facts.start,
    check: undefined,
    cancelled: false,
    ghost: undefined,
    end: undefined,
    moves: 0,
    move: undefined,
    home: undefined,
    waiters: new Map(),
  };
}
