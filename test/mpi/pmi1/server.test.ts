import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BprocError } from '../../../src/errors.ts';
import { appsOf, type JobLayout, nodesOf } from '../../../src/mpi/index.ts';
import { KeyValueSpace } from '../../../src/mpi/pmi1/kvs.ts';
import { formatLine, LineReader, parseLine } from '../../../src/mpi/pmi1/line.ts';
import { type Pmi1Home, Pmi1Node, Pmi1Rank } from '../../../src/mpi/pmi1/server.ts';

function jobOf(slots: readonly number[]): JobLayout {
  const nodes = nodesOf(slots, (node) => `n${node}`);
  const apps = appsOf([slots.length]);
  return { id: 'a'.repeat(32), size: slots.length, universe: 7, nodes, apps, parent: undefined, presets: new Map() };
}

/** A job of one node, whose ranks' lines are kept. */
class Talk {
  readonly said: string[][];
  readonly ranks: readonly Pmi1Rank[];
  readonly node: Pmi1Node;

  constructor(slots: readonly number[], more: Partial<Pmi1Home> = {}) {
    const job = jobOf(slots);
    const refuse = async (): Promise<never> => Promise.reject(new BprocError('ENOSYS', 'not here'));
    const home: Pmi1Home = {
      job,
      node: slots[0] ?? 0,
      fence: async (_name, _members, data) => [data],
      publish: refuse,
      lookup: refuse,
      unpublish: refuse,
      spawn: refuse,
      abort: () => {},
      ...more,
    };
    this.node = new Pmi1Node(home);
    this.said = slots.map(() => []);
    this.ranks = slots.map((_, rank) => new Pmi1Rank(this.node, rank, (text) => void this.said[rank]?.push(text)));
  }

  /** What a rank is answered. */
  async ask(rank: number, text: string): Promise<string> {
    this.ranks[rank]?.hear(text);
    await new Promise((resolve) => setImmediate(resolve));
    return this.said[rank]?.splice(0).join('') ?? '';
  }
}

describe('what MPICH says and is answered', () => {
  it('is what its own launcher answered, line by line', async () => {
    const lines = readFileSync('test/fixtures/mpi/pmi1-mpich.txt', 'utf8').trim().split('\n');
    const talk = new Talk([0, 0]);
    const own = (text: string) => text.replaceAll('kvs_27284_0', talk.node.kvsname).replace(/\\n$/, '\n');
    const heard: string[][] = [[], []];
    for (const line of lines) {
      const [, side, digit, text = ''] = /^([CS])> r(\d) (.*)$/.exec(line) ?? [];
      const rank = Number(digit);
      if (side === 'S') heard[rank]?.push(own(text));
      else talk.ranks[rank]?.hear(own(text));
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(talk.said).toEqual(heard);
    expect(talk.ranks.map(({ phase }) => phase)).toEqual(['finalized', 'finalized']);
  });

  it.each([
    ['cmd=get_universe_size', 'cmd=universe_size size=7'],
    ['cmd=get kvsname=x key=none', 'cmd=get_result rc=-1 msg=key_none_not_found value=unknown'],
    ['cmd=put kvsname=x key= value=', 'cmd=put_result rc=0 msg=success'],
    [`cmd=put kvsname=x key=${'k'.repeat(65)} value=v`, 'cmd=put_result rc=-1 msg=keylen_exceeded'],
    ['cmd=init pmi_version=2 pmi_subversion=0', 'cmd=response_to_init pmi_version=1 pmi_subversion=1 rc=-1'],
    ['cmd=lookup_name service=s', 'cmd=lookup_result rc=1 msg=ENOSYS'],
  ])('%s', async (line, answer) => {
    expect(await new Talk([0]).ask(0, `${line}\n`)).toBe(`${answer}\n`);
  });

  it('has each value as it was put, with its spaces, equals signs and what looks like a field', async () => {
    const talk = new Talk([0, 0]);
    const value = 'a=b  value=c key=d  -';
    await talk.ask(0, `cmd=put kvsname=x key=k value=${value}\n`);
    expect(await talk.ask(1, 'cmd=get kvsname=x key=k\n')).toBe(`cmd=get_result rc=0 msg=success value=${value}\n`);
  });

  it('gives other nodes what was put with the barrier, once, in one message', async () => {
    const given: string[] = [];
    const fence: Pmi1Home['fence'] = async (_name, _members, data) => {
      given.push(Buffer.from(data).toString());
      return [data, Buffer.from('far value of another node\n')];
    };
    const talk = new Talk([0, 0, 1], { fence });
    await talk.ask(0, 'cmd=put kvsname=x key=near value=1\ncmd=barrier_in\n');
    expect(given).toEqual([]);
    expect(await talk.ask(1, 'cmd=barrier_in\n')).toBe('cmd=barrier_out\n');
    expect(await talk.ask(0, 'cmd=get kvsname=x key=far\n')).toContain('value=value of another node\n');
    await talk.ask(0, 'cmd=barrier_in\n');
    await talk.ask(1, 'cmd=barrier_in\n');
    expect(given).toEqual(['near 1\n', '']);
  });

  it('has names published, looked up and taken back', async () => {
    const names = new Map<string, Uint8Array>();
    const talk = new Talk([0], {
      publish: async ({ scope, name, value }) =>
        scope === 'user' && !names.has(name) && names.set(name, value) === names,
      lookup: async (_scope, name) => names.get(name),
      unpublish: async (_scope, name) => names.delete(name),
    });
    const port = 'tag#0$description#a b$port#1';
    expect(await talk.ask(0, `cmd=publish_name service=my service port=${port}\n`)).toBe(
      'cmd=publish_result info=ok rc=0 msg=success\n',
    );
    expect(await talk.ask(0, `cmd=publish_name service=my service port=${port}\n`)).toContain('rc=1 msg=key_already');
    expect(await talk.ask(0, 'cmd=lookup_name service=my service\n')).toBe(
      `cmd=lookup_result port=${port} info=ok rc=0 msg=success\n`,
    );
    expect(await talk.ask(0, 'cmd=unpublish_name service=my service\n')).toContain('rc=0');
    expect(await talk.ask(0, 'cmd=unpublish_name service=my service\n')).toContain('rc=1 msg=service_not_found');
  });

  it('has several programs started by one spawn, which is answered after the last', async () => {
    const wishes: unknown[] = [];
    const spawn: Pmi1Home['spawn'] = async (wish) => {
      wishes.push({ ...wish, presets: [...wish.presets] });
      return jobOf([0]);
    };
    const talk = new Talk([0], { spawn });
    const preset = 'preput_num=1\npreput_key_0=PARENT_ROOT_PORT_NAME\npreput_val_0=tag#0 x=y\n';
    const first = `mcmd=spawn\nnprocs=2\nexecname=/bin/sh\ntotspawns=2\nspawnssofar=1\narg1=-c\narg2=echo a=b c\nargcnt=2\n${preset}info_num=2\ninfo_key_0=host\ninfo_val_0=n1,n2\ninfo_key_1=wdir\ninfo_val_1=/tmp\nendcmd\n`;
    expect(await talk.ask(0, first)).toBe('');
    const second =
      'mcmd=spawn\nnprocs=1\nexecname=ls\ntotspawns=2\nspawnssofar=2\nargcnt=0\npreput_num=0\ninfo_num=0\nendcmd\n';
    expect(await talk.ask(0, second)).toBe('cmd=spawn_result rc=0 errcodes=0,0,0\n');
    expect(wishes).toEqual([
      {
        rank: 0,
        apps: [
          { argv: ['/bin/sh', '-c', 'echo a=b c'], np: 2, hosts: ['n1', 'n2'], cwd: '/tmp' },
          { argv: ['ls'], np: 1 },
        ],
        presets: [['PARENT_ROOT_PORT_NAME', 'tag#0 x=y']],
      },
    ]);
    expect(await new Talk([0]).ask(0, second)).toBe('cmd=spawn_result rc=-1\n');
  });
});

describe('the grammar', () => {
  const word = fc.string({ unit: fc.constantFrom(...'abcXYZ019-_#$;/.'), minLength: 1, maxLength: 12 });
  const line = fc.string({ unit: fc.constantFrom(...'ab =value"\\\t') });

  it('reads what it writes, whatever the value is', () => {
    fc.assert(
      fc.property(word, word, line, (cmd, kvsname, value) => {
        const fields = { cmd, kvsname, value };
        expect(Object.fromEntries(parseLine(formatLine(fields).slice(0, -1)))).toEqual(fields);
      }),
    );
  });

  it('takes lines from bytes however they are cut', () => {
    fc.assert(
      fc.property(fc.array(line), fc.integer({ min: 1, max: 7 }), (lines, step) => {
        const reader = new LineReader();
        const bytes = Buffer.from(lines.map((each) => `${each}\n`).join(''));
        const read: string[] = [];
        for (let at = 0; at < bytes.length; at += step) read.push(...reader.push(bytes.subarray(at, at + step)));
        expect(read).toEqual(lines);
      }),
    );
  });

  it('carries the pairs of one node to another', () => {
    fc.assert(
      fc.property(fc.dictionary(word, line), (pairs) => {
        const [one, other] = [new KeyValueSpace(), new KeyValueSpace()];
        for (const [key, value] of Object.entries(pairs)) one.put(key, value);
        other.merge(one.take());
        for (const [key, value] of Object.entries(pairs)) expect(other.get(key)).toBe(value);
        expect(one.take()).toHaveLength(0);
      }),
    );
  });

  it('refuses what is none, and never says anything else than lines', () => {
    const anything = fc.string({ unit: fc.constantFrom(...'cmd=spawnutge _inko\nvarexeprob 0123') });
    fc.assert(
      fc.property(fc.array(anything), (texts) => {
        const talk = new Talk([0]);
        try {
          for (const text of texts) talk.ranks[0]?.hear(text);
        } catch (error) {
          expect(['EPROTO', 'E2BIG', 'EINVAL']).toContain(BprocError.from(error).code);
        }
        for (const said of talk.said.flat()) expect(said).toMatch(/^cmd=[^\n]*\n$/);
      }),
      { numRuns: 2000 },
    );
    expect(() => new LineReader().push('x'.repeat(70_000))).toThrow(/more than/);
    expect(() => parseLine('hello')).toThrow(/no line of PMI-1/);
  });
});
