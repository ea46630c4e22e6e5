/** How a master speaks: to a slave with its epoch on every command, to a client if it is there. */

import type { BprocError } from '../../errors.ts';
import { failureOf } from '../../transport/index.ts';
import type { ControlInit, Init, NodeRecord, ProcessRecord, ResponseChoice } from '../../wire/index.ts';
import { ProcessState } from '../../wire/index.ts';
import { noteAnswer } from './answers.ts';
import type { MasterClient, MasterNode, MasterProcess, MasterTurn } from './state.ts';

/** Sends on a link, as the domain's master. */
export function send(turn: MasterTurn, link: number, message: ControlInit): void {
  const { domain, epoch } = turn.state.config;
  turn.effects.push({ type: 'send', link, message: { ...message, epoch, ...(domain === '' ? {} : { domain }) } });
}

/** Whether a node's slave is there and has said all that it holds. */
export function isHeard(node: MasterNode): node is MasterNode & { readonly link: number } {
  return node.link !== undefined && node.ready;
}

/** Commands a node's slave; one that is away hears it all again from the reconciliation. */
export function command(turn: MasterTurn, node: MasterNode, message: ControlInit): void {
  if (isHeard(node)) send(turn, node.link, message);
}

/** Tells a client; one that is away asks again when it returns. */
export function inform(turn: MasterTurn, client: MasterClient | undefined, message: ControlInit): void {
  if (client?.link !== undefined) send(turn, client.link, message);
}

/** Answers a client's request. */
export function respond(turn: MasterTurn, client: MasterClient, id: number, body: ResponseChoice = {}): void {
  noteAnswer(client, id, body);
  inform(turn, client, { response: { id, ...body } });
}

/** Fails a client's request. */
export function reject(turn: MasterTurn, client: MasterClient, id: number, error: BprocError): void {
  const failure = failureOf(error);
  noteAnswer(client, id, { failure });
  inform(turn, client, { response: { id, failure } });
}

const WIRE_STATE = {
  starting: ProcessState.STARTING,
  running: ProcessState.RUNNING,
  stopped: ProcessState.STOPPED,
  unknown: ProcessState.UNKNOWN,
  exited: ProcessState.EXITED,
} as const;

/** A process's state as the wire has it. */
export function wireState(process: MasterProcess): ProcessState {
  return WIRE_STATE[process.state];
}

/** A ghost goes with whoever made it. */
function ghostOf({ ghost }: MasterProcess): number {
  return ghost?.client.link === undefined ? 0 : ghost.pid;
}

/** A process as the table shows it. */
export function processRecord(process: MasterProcess): Init<ProcessRecord> {
  return {
    pid: process.pid,
    pgid: process.pid,
    sid: process.pid,
    node: process.node.node,
    localPid: process.localPid,
    startTime: process.startTime,
    mapped: process.mapped,
    state: wireState(process),
    command: process.command,
    uid: process.uid,
    startedAt: process.startedAt,
    puid: process.puid,
    detached: process.detached,
    end: process.end?.end,
    ghost: ghostOf(process),
  };
}

/** A node as the table shows it. */
export function nodeRecord(node: MasterNode): Init<NodeRecord> {
  const { state, flags, reason, who, changedAt, mode, owner, group, address, attributes } = node;
  return { node: node.node, state, flags, reason, who, changedAt, mode, owner, group, address, attributes };
}
