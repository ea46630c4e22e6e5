/** The commands in which processes wait for each other. */
import type { Member } from '../node-home.ts';
import { type CollectiveKind, membersHere } from './collectives.ts';
import { type Desk, inTime, type Request, statusItem, unlessAborted } from './desk.ts';
import type { Share } from './far.ts';
import { jobInfo } from './job-info.ts';
import { KEY, STATUS } from './numbers.ts';
import { Packer } from './packer.ts';
import { isSet, timeoutMsOf } from './reading.ts';
import type { Unpacker } from './unpacker.ts';

/** The command of a kind of collective. */
export function collective(kind: CollectiveKind) {
  return async (desk: Desk, { caller, reply }: Request, from: Unpacker): Promise<void> => {
    const members = from.list((one) => one.proc());
    const infos = from.infos();
    const isData = kind === 'connect' || isSet(infos, KEY.COLLECT_DATA);
    const exchange = {
      give: () => giveShare(desk, kind, isData ? members : []),
      take: (share: Share) => takeShare(desk, share),
    };
    const joined = desk.collectives.join({ kind, member: caller.member, members }, exchange);
    await inTime(desk, caller, timeoutMsOf(infos), (signal) => unlessAborted(joined, signal));
    const to = statusItem(STATUS.SUCCESS);
    if (kind === 'connect') tellJobs(to, desk, members);
    reply(to.done());
  };
}

/** What the node's ranks among the members have put for others, and in a connection what there is to know of their job. */
function giveShare({ home, put }: Desk, kind: CollectiveKind, members: readonly Member[]): Share {
  return {
    put: membersHere(home, members).map((member) => ({ member, items: put.blob(member, 'remote') })),
    jobs: kind === 'connect' ? [{ job: home.job.id, items: jobInfo(home.job, undefined) }] : [],
  };
}

function takeShare({ home, put, jobs }: Desk, share: Share): void {
  for (const { member, items } of share.put) {
    const isOwn = membersHere(home, [member]).length > 0;
    if (!isOwn && items.length > 0) put.learn(member, items);
  }
  for (const { job, items } of share.jobs) {
    if (jobs.get(job) === undefined) jobs.learn(job, Buffer.from(items));
  }
}

/** What a client has to know of each other job. */
function tellJobs(to: Packer, { home, jobs }: Desk, members: readonly Member[]): void {
  const others = new Set(members.map(({ job }) => job).filter((job) => job !== home.job.id));
  for (const job of others) {
    const items = jobs.get(job);
    if (items !== undefined) to.count().object(new Packer().count().string(job).raw(items).done());
  }
}
