/** Lines of `/etc/passwd` and its like, from whoever has written them. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DATABASES, type Database } from '../../src/nss/entries.ts';
import { LINES, linesOf } from '../../src/nss/lines.ts';
import { readTable } from '../../src/nss/table.ts';

const word = fc.stringMatching(/^[a-z_][a-z0-9_-]{0,12}$/);
const text = fc.stringMatching(/^[^:\n\r\0]{0,20}$/);
const id = fc.integer({ min: 0, max: 2 ** 32 - 2 });
const days = fc.option(fc.integer({ min: -1, max: 999_999 }), { nil: undefined });
const octet = fc.integer({ min: 0, max: 255 });
const address = fc.oneof(fc.ipV4(), fc.constantFrom('::1', 'fe80::1', '2001:db8::7'));
const hex = octet.map((byte) => byte.toString(16).padStart(2, '0'));
const ether = fc.array(hex, { minLength: 6, maxLength: 6 }).map((bytes) => bytes.join(':'));
const words = fc.array(word, { maxLength: 4 });

/** Whether or not every field is set, what is not there is not in the entry. */
function known<T extends object>(entry: T): T {
  return Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== undefined)) as T;
}

const entries: Readonly<Record<Database, fc.Arbitrary<object>>> = {
  passwd: fc.record({ name: word, passwd: text, uid: id, gid: id, gecos: text, dir: text, shell: text }),
  group: fc.record({ name: word, passwd: text, gid: id, members: words }),
  shadow: fc
    .record({
      name: word,
      passwd: text,
      lastChange: days,
      min: days,
      max: days,
      warn: days,
      inactive: days,
      expire: days,
      flag: days,
    })
    .map(known),
  hosts: fc.record({ name: word, aliases: words, addresses: fc.tuple(address) }),
  ethers: fc.record({ address: ether, name: word }),
  services: fc.record({
    name: word,
    aliases: words,
    port: fc.integer({ min: 0, max: 65_535 }),
    protocol: fc.constantFrom('tcp', 'udp'),
  }),
  netgroup: fc.record({
    name: word,
    triples: fc.array(
      fc
        .record({
          host: fc.option(word, { nil: undefined }),
          user: fc.option(word, { nil: undefined }),
          domain: fc.option(word, { nil: undefined }),
        })
        .map(known),
      { maxLength: 4 },
    ),
    groups: words,
  }),
};

/** Lines that look like the right ones, and those that do not. */
const anyLine = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc
    .array(fc.constantFrom(':', ',', '/', '(', ')', '#', ' ', '\t', '\0', '-', '+', '1', '::1', '10.0.0.1', 'a', 'é'))
    .map((all) => all.join('')),
);

describe.each([...DATABASES])('a line of %s', (database) => {
  const { read, write } = LINES[database] as {
    read(line: string): object | undefined;
    write(entry: object): string | undefined;
  };

  test('is read as it was written', () => {
    fc.assert(
      fc.property(entries[database], (entry) => {
        const line = write(entry);
        // what would be read otherwise is not written at all, and that is rare
        fc.pre(line !== undefined);
        expect(line).not.toMatch(/\n/);
        expect(read(line)).toEqual(entry);
      }),
    );
  });

  test('however it is broken makes an entry or none, and never an error', () => {
    fc.assert(
      fc.property(anyLine, (line) => {
        const entry = read(line);
        if (entry === undefined) return;
        for (const written of linesOf(database, entry as never)) expect(read(written)).toEqual(entry);
      }),
      { numRuns: 500 },
    );
  });

  test('is passed over where it is none, and the others are read', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyLine), async (lines) => {
        const table = await readTable(database, `${lines.map((line) => line.replaceAll(/[\n\\]/g, '')).join('\n')}\n`);
        const { entries: all } = table.answer({ database, by: 'all', key: '', detail: '' } as never);
        expect(all.length).toBeLessThanOrEqual(lines.length);
      }),
      { numRuns: 50 },
    );
  });
});

describe('what does not fit on a line', () => {
  test.each([
    ['passwd', { name: 'a:b', passwd: '', uid: 1, gid: 1, gecos: '', dir: '', shell: '' }],
    ['passwd', { name: 'a', passwd: '', uid: 1, gid: 1, gecos: 'x\nroot::0:0::/:/bin/sh', dir: '', shell: '' }],
    ['group', { name: 'a', passwd: '', gid: 1, members: ['b,c'] }],
    ['hosts', { name: 'a\n10.0.0.1', aliases: [], addresses: ['10.0.0.2'] }],
    ['hosts', { name: 'a b', aliases: [], addresses: ['10.0.0.2'] }],
    ['netgroup', { name: 'a', triples: [{ host: 'b)(,root,' }], groups: [] }],
  ] as const)('of %s is not written', (database, entry) => {
    expect(linesOf(database as Database, entry as never)).toEqual([]);
  });
});

test('files as they are on machines', async () => {
  const passwd = await readTable(
    'passwd',
    'root:x:0:0:root:/root:/bin/bash\n# a remark\n+::::::\nbroken:x:-1:0::/:/bin/sh\nbig:x:4294967295:0::/:\n' +
      'alice:x:1000:1000:Alice,,,:/home/alice:/bin/bash',
  );
  expect(passwd.answer({ database: 'passwd', by: 'all', key: '', detail: '' }).entries.map(({ name }) => name)).toEqual(
    ['root', 'alice'],
  );
  const netgroup = await readTable('netgroup', 'nodes (n1,,) \\\n  (n2, alice ,dom) others # end\n(n3,,)\n');
  expect(netgroup.answer({ database: 'netgroup', by: 'all', key: '', detail: '' }).entries).toEqual([
    { name: 'nodes', triples: [{ host: 'n1' }, { host: 'n2', user: 'alice', domain: 'dom' }], groups: ['others'] },
  ]);
  const hosts = await readTable('hosts', '10.0.0.1 one ONE.example # x\n::1 six\n10.0.0.300 bad\n10.0.0.2\n');
  const byName = (key: string, detail = '') => hosts.answer({ database: 'hosts', by: 'name', key, detail }).status;
  expect([byName('one.example'), byName('six', '4'), byName('six', '6'), byName('bad')]).toEqual([
    'success',
    'notfound',
    'success',
    'notfound',
  ]);
});
