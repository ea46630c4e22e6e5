/** What servers of a job's nodes say to each other: events that are for all of it, and what their ranks have put. */
import { BprocError } from '../../errors.ts';
import type { Member } from '../node-home.ts';
import type { PmixEvent } from './events.ts';
import { writeInfos } from './events.ts';
import { Packer } from './packer.ts';
import { Unpacker } from './unpacker.ts';

/** An event, as servers of other nodes read it. */
export function tellEvent({ code, source, range, infos }: PmixEvent): Buffer {
  return writeInfos(new Packer().i32(code).proc(source).u8(range), infos).done();
}

/** @throws BprocError EPROTO. */
export function readEvent(bytes: Uint8Array): PmixEvent {
  const from = new Unpacker(bytes);
  return { code: from.i32(), source: from.proc(), range: from.u8(), infos: from.infos() };
}

/** What some ranks of a node have put, or what is to be known of some jobs. */
export interface Share {
  readonly put: readonly { readonly member: Member; readonly items: Uint8Array }[];
  readonly jobs: readonly { readonly job: string; readonly items: Uint8Array }[];
}

/** Several as one. */
export function joinShares(shares: readonly Share[]): Share {
  return { put: shares.flatMap(({ put }) => put), jobs: shares.flatMap(({ jobs }) => jobs) };
}

export function writeShare({ put, jobs }: Share): Buffer {
  const to = new Packer().u32(put.length);
  for (const { member, items } of put) to.proc(member).object(items);
  to.u32(jobs.length);
  for (const { job, items } of jobs) to.string(job).object(items);
  return to.done();
}

/** @throws BprocError EPROTO. */
export function readShare(bytes: Uint8Array): Share {
  const from = new Unpacker(bytes);
  const put = several(from, () => ({ member: from.proc(), items: from.object() }));
  const jobs = several(from, () => ({ job: from.string() ?? '', items: from.object() }));
  return { put, jobs };
}

function several<T>(from: Unpacker, one: () => T): readonly T[] {
  const length = from.u32();
  if (length > from.left) throw new BprocError('EPROTO', `a share of ${length} parts that are not there`);
  return Array.from({ length }, one);
}
