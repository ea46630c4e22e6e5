/** What a client asks, by the number of its command. */
import { BprocError } from '../../errors.ts';
import { collective } from './collective-commands.ts';
import { type Desk, inTime, type Request, statusItem } from './desk.ts';
import { writeInfos } from './events.ts';
import { tellEvent } from './far.ts';
import { answer } from './gets.ts';
import { jobInfo } from './job-info.ts';
import { COMMAND, KEY, RANGE, STATUS } from './numbers.ts';
import { Packer } from './packer.ts';
import { answersTo, readQuery } from './queries.ts';
import { isSet, textOf, timeoutMsOf } from './reading.ts';
import { readSpawn } from './spawns.ts';
import type { Unpacker } from './unpacker.ts';

/** Does what a client asks. What it throws is the answer. */
export type Command = (desk: Desk, request: Request, from: Unpacker) => void | Promise<void>;

/** TIME, which is not read. */
const TIME_BYTES = 8;

/** @throws BprocError ENOSYS for a command that is not served. */
export function commandOf(from: Unpacker): Command {
  const number = from.one().u8();
  const command = COMMANDS.get(number);
  if (command === undefined) throw new BprocError('ENOSYS', `command ${number} of PMIx is not served`);
  return command;
}

const COMMANDS: ReadonlyMap<number, Command> = new Map<number, Command>([
  [COMMAND.REQ, tellJob],
  [COMMAND.ABORT, abort],
  [COMMAND.COMMIT, commit],
  [COMMAND.FENCENB, collective('fence')],
  [COMMAND.GETNB, get],
  [COMMAND.FINALIZE, finalize],
  [COMMAND.PUBLISHNB, publish],
  [COMMAND.LOOKUPNB, lookup],
  [COMMAND.UNPUBLISHNB, unpublish],
  [COMMAND.SPAWNNB, spawn],
  [COMMAND.CONNECTNB, collective('connect')],
  [COMMAND.DISCONNECTNB, collective('disconnect')],
  [COMMAND.NOTIFY, notify],
  [COMMAND.REGEVENTS, registerEvents],
  [COMMAND.DEREGEVENTS, deregisterEvents],
  [COMMAND.QUERY, query],
  [COMMAND.LOG, log],
]);

function tellJob({ home, jobs }: Desk, { reply }: Request): void {
  const { id } = home.job;
  reply(
    new Packer()
      .count()
      .string(id)
      .raw(jobs.get(id) ?? Buffer.alloc(0))
      .done(),
  );
}

function abort({ home }: Desk, { caller, reply }: Request, from: Unpacker): void {
  const status = from.one().i32();
  const message = from.one().string() ?? '';
  reply(statusItem(STATUS.SUCCESS).done());
  home.abort(caller.member.rank, exitCodeOf(status), message);
}

/** What is left of a status in an exit code; what is none is no success either. */
function exitCodeOf(status: number): number {
  const code = status & 0xff;
  return code === 0 && status !== 0 ? 1 : code;
}

function commit({ put }: Desk, { caller, reply }: Request, from: Unpacker): void {
  put.commit(caller.member, from);
  reply(statusItem(STATUS.SUCCESS).done());
}

async function get(desk: Desk, { caller, reply }: Request, from: Unpacker): Promise<void> {
  const job = from.one().string() ?? '';
  const rank = from.one().rank();
  const infos = from.infos();
  const key = from.left > 0 ? from.one().string() : undefined;
  const immediate = isSet(infos, KEY.IMMEDIATE) || isSet(infos, KEY.OPTIONAL);
  const timeoutMs = timeoutMsOf(infos);
  const found = await inTime(desk, caller, timeoutMs, (signal) =>
    answer(desk, { about: { job, rank }, key, immediate, isPatient: timeoutMs !== undefined, signal }),
  );
  reply(statusItem(STATUS.SUCCESS).raw(found).done());
}

function finalize({ events }: Desk, { caller, reply }: Request): void {
  caller.finalized();
  events.forget(caller);
  reply(statusItem(STATUS.SUCCESS).done());
}

async function publish({ names }: Desk, { caller, reply }: Request, from: Unpacker): Promise<void> {
  from.one().u32();
  await names.publish(caller.member.rank, from.infos());
  reply(statusItem(STATUS.SUCCESS).done());
}

async function lookup(desk: Desk, { caller, reply }: Request, from: Unpacker): Promise<void> {
  from.one().u32();
  const keys = readKeys(from);
  const infos = from.infos();
  const found = await inTime(desk, caller, timeoutMsOf(infos), (signal) => desk.names.lookup(keys, infos, signal));
  if (found.length === 0) throw new BprocError('ENOENT', 'none of the names is published');
  const to = statusItem(STATUS.SUCCESS).count().size(found.length).count(found.length);
  for (const { owner, key, value } of found) to.proc(owner).string(key).value(value);
  reply(to.done());
}

async function unpublish({ names }: Desk, { caller, reply }: Request, from: Unpacker): Promise<void> {
  from.one().u32();
  const isAny = await names.unpublish(caller.member.rank, readKeys(from), from.infos());
  reply(statusItem(isAny ? STATUS.SUCCESS : STATUS.NOT_FOUND).done());
}

/** A number of strings, each an item of its own. */
function readKeys(from: Unpacker): readonly string[] {
  return Array.from({ length: from.one().size() }, () => from.one().key());
}

async function spawn({ home, jobs }: Desk, { caller, reply }: Request, from: Unpacker): Promise<void> {
  const child = await home.spawn(readSpawn(from, caller.member.rank));
  const items = jobInfo(
    child,
    child.nodes.find(({ node }) => node === home.node),
  );
  jobs.learn(child.id, items);
  reply(statusItem(STATUS.SUCCESS).count().string(child.id).raw(items).done());
}

function notify({ home, events }: Desk, { caller, reply }: Request, from: Unpacker): void {
  const code = from.one().i32();
  const range = from.one().u8();
  const event = { code, range, source: caller.member, infos: from.infos() };
  reply(statusItem(STATUS.SUCCESS).done());
  if (range === RANGE.PROC_LOCAL) return;
  events.happened(event);
  if (range !== RANGE.LOCAL) home.tell(tellEvent(event));
}

function registerEvents({ events }: Desk, { caller, reply }: Request, from: Unpacker): void {
  const codes = from.list((one) => one.i32());
  if (!events.register(caller, codes)) throw new BprocError('EDQUOT', 'a client wants to hear of too many events');
  reply(statusItem(STATUS.SUCCESS).done());
  events.tellKept(caller);
}

/** It is not answered. */
function deregisterEvents({ events }: Desk, { caller }: Request, from: Unpacker): void {
  const codes: number[] = [];
  while (from.left > 0) codes.push(from.one().i32());
  events.deregister(caller, codes);
}

function query(desk: Desk, { reply }: Request, from: Unpacker): void {
  const queries = from.list(readQuery);
  const found = answersTo(queries, desk.home, desk.running());
  if (found.length === 0) throw new BprocError('ENOENT', 'nothing is known of what was asked');
  // where only some are known it is a success too: clients throw the answers of any other away
  reply(writeInfos(statusItem(STATUS.SUCCESS), found).done());
}

function log({ home }: Desk, { caller, reply }: Request, from: Unpacker): void {
  from.one().skip(TIME_BYTES);
  let isRead = false;
  for (const { key, value } of from.infos()) {
    const text = textOf(value);
    if (text === undefined || (key !== KEY.LOG_STDOUT && key !== KEY.LOG_STDERR)) continue;
    isRead = true;
    home.log(caller.member.rank, key === KEY.LOG_STDOUT ? 'stdout' : 'stderr', text);
  }
  if (!isRead) throw new BprocError('ENOSYS', 'there is nobody to read what was logged');
  reply(statusItem(STATUS.SUCCESS).done());
}
