/** What two ranks of Open MPI have said on one node, said again: byte for byte as long, and answered as they need it. */
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { pmix } from '../../../src/mpi/pmix/index.ts';
import { COMMAND, STATUS, TYPE } from '../../../src/mpi/pmix/numbers.ts';
import { Packer, value } from '../../../src/mpi/pmix/packer.ts';
import { type MemoryJob, MemoryJobs } from '../../support/memory-jobs.ts';
import { PmixPeer, portIn } from '../../support/pmix-peer.ts';

/** A command of the transcript, with the lines that say more of it. */
interface Said {
  readonly rank: number;
  readonly command: string;
  readonly tag: number;
  readonly length: number;
  readonly more: string[];
}

/** The name of the job of the transcript has as many characters; ours have more. */
const TRANSCRIPT_JOB = 'bpr7277';
const COMMAND_BYTES = 5;
/** JOB_CONTROL is not served, and Open MPI does not mind. */
const JOB_CONTROL = 18;

let jobs: MemoryJobs;
let job: MemoryJob;
let peers: readonly PmixPeer[];

beforeEach(async () => {
  jobs = new MemoryJobs(pmix);
  job = jobs.make({ slots: [0, 0] });
  const outfit = await job.servers.get(0)?.outfit(0);
  const port = outfit === undefined ? 0 : portIn(outfit);
  peers = await Promise.all([0, 1].map((rank) => PmixPeer.greeted(port, { job: job.layout.id, rank })));
});

afterEach(async () => {
  for (const peer of peers) peer[Symbol.dispose]();
  await jobs[Symbol.asyncDispose]();
});

function readTranscript(): readonly Said[] {
  const said: Said[] = [];
  for (const line of readFileSync('test/fixtures/mpi/pmix-open-mpi.txt', 'utf8').split('\n')) {
    const [, rank, command = '', tag, length] = /^r(\d) -> (\w+) tag=(\d+) len=(\d+)$/.exec(line) ?? [];
    if (rank !== undefined)
      said.push({ rank: Number(rank), command, tag: Number(tag), length: Number(length), more: [] });
    else if (line.startsWith(' ')) said.at(-1)?.more.push(line.trim());
  }
  return said;
}

/** The body of a command, as libpmix writes it down. */
function bodyOf({ command, more, length }: Said): Buffer {
  const own = job.layout.id;
  const to = new Packer();
  switch (command) {
    case 'COMMIT':
      return commitOf(more);
    case 'FENCENB': {
      to.count().size(1).count().proc({ job: own, rank: -2 });
      // the first collects what was put
      const isData = length > COMMAND_BYTES + 4 + 10 + 4 + 4 + TRANSCRIPT_JOB.length + 1 + 4 + 4 + 10;
      to.count().size(isData ? 1 : 0);
      return (isData ? to.count().info('pmix.collect', value.bool(true)) : to).done();
    }
    case 'GETNB': {
      const [, rank, key = '', immediate] = /^get \w+\.(-?\d+) key=(\S+) infos=\[(.*)\]$/.exec(more[0] ?? '') ?? [];
      to.count().string(own).count().u32(Number(rank));
      to.count().size(immediate === '' ? 0 : 1);
      if (immediate !== '') to.count().info('pmix.immediate', value.bool(true));
      return to.count().string(key).done();
    }
    case 'REGEVENTS':
      // which codes they were, the transcript does not tell, but how many: each has 4 bytes
      return eventsOf(to, length - COMMAND_BYTES - (4 + 10) * 2);
    case 'DEREGEVENTS':
      return length > COMMAND_BYTES ? to.count().i32(-3).done() : to.done();
    default:
      return to.done();
  }
}

function eventsOf(to: Packer, bytes: number): Buffer {
  if (bytes === 0) return to.count().size(0).count().size(0).done();
  const codes = (bytes - 4) / 4;
  to.count().size(codes).count(codes);
  for (let code = 0; code < codes; code++) to.i32(-3);
  return to.count().size(0).done();
}

/** The items of each scope, by their sizes. */
function commitOf(more: readonly string[]): Buffer {
  const to = new Packer();
  let items = new Packer();
  let scope = 0;
  const close = (): void => {
    if (scope > 0) to.count().u8(scope).count().u8(1).object(items.done());
  };
  for (const line of more) {
    const [, next] = /^scope=(\d)/.exec(line) ?? [];
    if (next !== undefined) {
      close();
      scope = Number(next);
      items = new Packer();
      continue;
    }
    const [, key = '', type, size] = /^(\S+) type=(\d+) (\d+)$/.exec(line) ?? [];
    expect(Number(type)).toBe(TYPE.BYTE_OBJECT);
    items.kval(key, value.object(Buffer.alloc(Number(size), key)));
  }
  close();
  return to.done();
}

/** How long a message would be with the transcript's name of the job. */
function lengthOf(command: string, body: Buffer): number {
  const names = command === 'FENCENB' || command === 'GETNB' ? 1 : 0;
  return COMMAND_BYTES + body.length - names * (job.layout.id.length - TRANSCRIPT_JOB.length);
}

const NUMBERS: Readonly<Record<string, number>> = { ...COMMAND, JOB_CONTROL };

test('two ranks of Open MPI get the answers that they got', async () => {
  const transcript = readTranscript();
  expect(transcript.length).toBe(32);
  /** Answers to those who wait for the other rank. */
  const waiting = new Map<number, Promise<number>>();
  for (const said of transcript) {
    const { rank, command } = said;
    const peer = peers[rank];
    const number = NUMBERS[command];
    if (peer === undefined || number === undefined) throw new Error(`what is ${command}?`);
    const body = bodyOf(said);
    if (command !== 'JOB_CONTROL')
      expect({ command, length: lengthOf(command, body) }).toEqual({ command, length: said.length });
    // whoever is in a fence asks nothing more before it is over
    expect((await waiting.get(rank)) ?? STATUS.SUCCESS).toBe(STATUS.SUCCESS);
    waiting.delete(rank);
    if (command === 'DEREGEVENTS') peer.send(number, body);
    else if (command === 'FENCENB') waiting.set(rank, peer.statusOf(number, body));
    else if (command === 'REQ') expect((await peer.ask(number)).one().string()).toBe(job.layout.id);
    else expect({ command, status: await peer.statusOf(number, body) }).toEqual({ command, status: expectedOf(said) });
  }
  expect(job.servers.get(0)?.rankEnded?.({ rank: 0, node: 0, code: 0 })).toBeUndefined();
});

function expectedOf({ command, more }: Said): number {
  if (command === 'JOB_CONTROL') return STATUS.NOT_SUPPORTED;
  return more.some((line) => line.includes('hwlocxml2')) ? STATUS.NOT_FOUND : STATUS.SUCCESS;
}
