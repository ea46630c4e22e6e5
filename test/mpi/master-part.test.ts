import { describe, expect, it } from 'vitest';
import type { MasterHome, MasterServing, ServiceCaller } from '../../src/index.ts';
import { masterJobs } from '../../src/mpi/index.ts';
import { VirtualClock } from '../../src/testing/index.ts';
import type { Init, MpiCommand, MpiJob, MpiMember, MpiShare } from '../../src/wire/index.ts';
import { MPI_MESSAGES } from '../../src/wire/index.ts';

const ID = 'ab'.repeat(16);
const USER: ServiceCaller = { uid: 1000, gids: [], isAdministrator: false };
const OTHER: ServiceCaller = { uid: 1001, gids: [], isAdministrator: false };
const ROOT: ServiceCaller = { uid: 0, gids: [], isAdministrator: true };

/** Two ranks on node 0, one each on nodes 1 and 2. */
const JOB: Init<MpiJob> = {
  id: ID,
  size: 4,
  universe: 4,
  nodes: [
    { node: 0, host: 'n0', stretches: [0, 2] },
    { node: 1, host: 'n1', stretches: [2, 1] },
    { node: 2, host: 'n2', stretches: [3, 1] },
  ],
  apps: [3, 1],
  uid: USER.uid,
};
const ALL: Init<MpiMember>[] = [{ job: ID, rank: -2 }];

/** The part alone, in a home that keeps what nodes are told. */
class Alone {
  readonly clock = new VirtualClock();
  readonly told: { readonly node: number; readonly command: MpiCommand }[] = [];
  readonly part: MasterServing;

  constructor() {
    const home: MasterHome = {
      clock: this.clock,
      nodes: () => [],
      nodeInfo: (node) => ({ node }) as ReturnType<MasterHome['nodeInfo']>,
      mayPlace: () => true,
      attached: () => [0, 1, 2],
      send: (node, body) => this.told.push({ node, command: MPI_MESSAGES.command.decode(body) }) > 0,
      ask: () => Promise.reject(new Error('nobody is asked')),
    };
    this.part = masterJobs().serve(home);
  }

  async ask(question: Parameters<typeof MPI_MESSAGES.question.encode>[0], caller = USER) {
    const body = MPI_MESSAGES.question.encode(question);
    const answer = await this.part.request?.(body, caller, new AbortController().signal);
    return MPI_MESSAGES.answer.decode(answer ?? new Uint8Array());
  }

  notice(node: number, notice: Parameters<typeof MPI_MESSAGES.notice.encode>[0]): void {
    this.part.message?.(node, MPI_MESSAGES.notice.encode(notice));
  }

  share(node: number, text: string, more: Init<MpiShare> = {}): void {
    this.notice(node, { share: { fence: 'f', members: ALL, round: 1, data: Buffer.from(text), ...more } });
  }

  /** What nodes were told since this was last asked. */
  news(): readonly string[] {
    return this.told.splice(0).map(({ node, command: { open, close, shares, gone } }) => {
      if (open !== null) return `${node}: open`;
      if (close !== '') return `${node}: close`;
      if (gone !== null) return `${node}: rank ${gone.rank} is gone`;
      const pieces = shares?.pieces.map(({ index, data }) => `${index}=${Buffer.from(data)}`).join(' ') ?? '';
      return `${node}: ${shares?.failure?.message ?? pieces}${shares?.more === true ? ' ...' : ''}`;
    });
  }
}

async function opened(): Promise<Alone> {
  const alone = new Alone();
  await alone.ask({ open: JOB });
  expect(alone.news()).toEqual(['0: open', '1: open', '2: open']);
  return alone;
}

describe('a job (PROTOCOL.md 14.1)', () => {
  it.each([
    ['an id that can be guessed', { id: '1' }],
    ['a rank on no node', { size: 5, apps: [5] }],
    [
      'a node that is there twice',
      { nodes: [...(JOB.nodes ?? []), { node: 2, host: 'n9', stretches: [4, 1] }], size: 5, apps: [5] },
    ],
    ['two nodes of one name', { nodes: JOB.nodes?.map((node) => ({ ...node, host: 'same' })) ?? [] }],
    ['programs without ranks', { apps: [4, 0] }],
    ['programs of too many ranks', { apps: [4, 1] }],
    ['no ranks', { size: 0, nodes: [], apps: [] }],
  ])('cannot have %s', async (_, wrong) => {
    await expect(new Alone().ask({ open: { ...JOB, ...wrong } })).rejects.toMatchObject({ code: 'EINVAL' });
  });

  it('is its user’s, and the administrator’s', async () => {
    const alone = await opened();
    await expect(alone.ask({ open: JOB })).rejects.toMatchObject({ code: 'EEXIST' });
    await expect(alone.ask({ close: ID }, OTHER)).rejects.toMatchObject({ code: 'EPERM' });
    await expect(alone.ask({ watch: { job: ID, after: 0 } }, OTHER)).rejects.toMatchObject({ code: 'EPERM' });
    await alone.ask({ close: ID }, ROOT);
    expect(alone.news()).toEqual(['0: close', '1: close', '2: close']);
    await expect(alone.ask({ close: ID })).rejects.toMatchObject({ code: 'ESRCH' });
  });

  it('is run as another user by the administrator alone', async () => {
    await expect(new Alone().ask({ open: JOB }, OTHER)).rejects.toMatchObject({ code: 'EPERM' });
    await new Alone().ask({ open: JOB }, ROOT);
  });

  it('tells who watches what happens, and who closes it what was not heard', async () => {
    const alone = await opened();
    const first = alone.ask({ watch: { job: ID, after: 0 } });
    alone.notice(1, { abort: { job: ID, rank: 2, code: 7, message: 'enough' } });
    const { events } = await first;
    expect(events.map(({ number, abort }) => [number, abort?.code])).toEqual([[1, 7]]);
    alone.notice(2, { log: { job: ID, rank: 3, text: 'hello' } });
    const { events: rest } = await alone.ask({ close: ID });
    expect(rest.map(({ log }) => log?.text)).toContain('hello');
    // nodes that have nothing to do with it say nothing of it
    alone.notice(5, { abort: { job: ID, rank: 2, code: 7 } });
  });

  it('that nobody watches is closed after a while', async () => {
    const alone = await opened();
    expect(alone.clock.nextAt).toBe(alone.clock.now() + 300_000);
    expect(alone.news()).toEqual([]);
    alone.clock.step();
    expect(alone.news()).toEqual(['0: close', '1: close', '2: close']);
    await expect(alone.ask({ watch: { job: ID, after: 0 } })).rejects.toMatchObject({ code: 'ESRCH' });
  });

  it('comes to another master with a slave that has it', async () => {
    const alone = new Alone();
    alone.notice(1, { held: JOB });
    alone.share(0, 'a');
    alone.share(1, 'b');
    alone.share(2, 'c');
    expect(alone.news()).toEqual(['0: 0=a 1=b 2=c', '1: 0=a 1=b 2=c', '2: 0=a 1=b 2=c']);
  });
});

describe('a fence (PROTOCOL.md 14.2)', () => {
  it('gives all of them every share, in the order of the nodes, once all are there', async () => {
    const alone = await opened();
    alone.share(2, 'c');
    alone.share(0, 'a', { more: true });
    alone.share(0, 'A');
    expect(alone.news()).toEqual([]);
    alone.share(1, 'b');
    expect(alone.news()).toEqual([0, 1, 2].map((node) => `${node}: 0=a 0=A 1=b 2=c`));
    for (const node of [0, 1, 2]) alone.share(node, 'again', { round: 2 });
    expect(alone.news()).toHaveLength(3);
  });

  it('is said again to a node whose connection broke, before and after it was whole', async () => {
    const alone = await opened();
    alone.share(0, 'half', { more: true });
    alone.part.detached?.(0);
    alone.share(0, 'a');
    alone.share(1, 'b');
    alone.share(2, 'c');
    expect(alone.news()).toEqual([0, 1, 2].map((node) => `${node}: 0=a 1=b 2=c`));
    alone.part.detached?.(1);
    alone.share(1, 'b');
    expect(alone.news()).toEqual(['1: 0=a 1=b 2=c']);
  });

  it('fails where a member ends that it waits for, and not where that had given its share', async () => {
    const alone = await opened();
    alone.share(0, 'a');
    alone.notice(0, { gone: { job: ID, rank: 1, node: 0 } });
    expect(alone.news()).toEqual(['1: rank 1 is gone', '2: rank 1 is gone']);
    alone.notice(2, { gone: { job: ID, rank: 3, node: 2 } });
    const failed = 'rank 3 has ended, and others wait for it in fence f';
    expect(alone.news().slice(2)).toEqual([0, 1, 2].map((node) => `${node}: ${failed}`));
  });

  it('passes much data on in pieces, and is no business of other nodes', async () => {
    const alone = await opened();
    const big = 'x'.repeat(200_000);
    for (const node of [0, 1, 2]) alone.share(node, big);
    const told = alone.news();
    expect(told.filter((each) => each.endsWith('...'))).toHaveLength(6);
    expect(told).toHaveLength(9);
    alone.share(7, 'z', { round: 2 });
    expect(alone.news()).toEqual(['7: node 7 has no share in fence f']);
  });
});
