/** Names in a cluster: of nodes, of this machine's files, and of the master's. */
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Cluster, connect, startCluster } from '../../src/index.ts';
import { createNss, masterNames, type Nss, type NssSource, slaveNames } from '../../src/nss/index.ts';
import { found } from '../../src/nss/question.ts';
import { VirtualClock } from '../../src/testing/index.ts';
import { advance } from '../support/advance.ts';
import { scratchTree } from '../support/scratch.ts';

const FILES = {
  'etc/passwd': 'root:x:0:0:root:/root:/bin/sh\nalice:x:4711:4711:Alice:/home/alice:/bin/bash\n',
  'etc/group': 'root:x:0:\nalice:x:4711:\nvideo:x:44:alice,bob\nusers:x:100:bob,alice\n',
  'etc/shadow': 'alice:$6$secret:19000:0:99999:7:::\n',
  'etc/hosts': '127.0.0.1 localhost\n10.1.1.1 front.example front\nfe80::1 front\n10.9.9.9 machine9\n',
  'etc/ethers': '02:00:00:00:00:01 front\n',
  'etc/services': 'http 80/tcp www\ndomain 53/tcp\ndomain 53/udp\n',
  'etc/netgroup': 'trusted (front,,) (,alice,) admins\nadmins (-,root,) trusted\n',
};

let tree: ReturnType<typeof scratchTree>;
let cluster: Cluster;
/** How often the master's own sources were asked for anything. */
let queries: string[];

beforeAll(async () => {
  tree = scratchTree({ ...FILES, 'empty/etc/none': '' });
  queries = [];
  const counting: NssSource = {
    answer: ({ database, by, key }) => {
      queries.push(`${database} ${by} ${key}`);
      return new Promise((resolve) => setImmediate(() => resolve(found([]))));
    },
  };
  const node = { services: [slaveNames({ ttlMs: 60_000 })] };
  cluster = await startCluster({
    nodes: Array.from({ length: 20 }, (_, at) => ({ ...node, address: at === 9 ? 'machine9' : `10.0.0.${at + 1}` })),
    spawner: 'child_process',
    master: {
      services: [
        masterNames({
          root: tree.path,
          switch: 'passwd: counting files\ngroup: files\nhosts: files beo',
          sources: { counting },
          names: [{ format: 'node%02N', first: 1, netgroup: 'numbered' }],
        }),
      ],
    },
  });
  await cluster.client.setNodeAttr(5, 'ip', '192.0.2.5 2001:db8::5');
  await cluster.client.setNodeAttr(5, 'mac', '02:0:0:0:0:A5');
});

afterAll(async () => {
  await cluster[Symbol.asyncDispose]();
  tree[Symbol.dispose]();
});

describe('names of nodes', () => {
  let nss: Nss;
  const addresses = async (name: string, family: 0 | 4 | 6 = 0) =>
    (await nss.gethostbyname(name, { family }))?.addresses;

  beforeAll(() => {
    nss = createNss(cluster.client, {
      root: tree.path,
      switch: 'hosts: files beo\nnetgroup: files beo\nethers: files beo',
      names: [
        { format: 'node%02N', first: 1, netgroup: 'numbered' },
        { format: 'ib%N', addressOffset: '0.0.1.0' },
      ],
    });
  });

  test('are found in every form, and have one canonical one', async () => {
    for (const name of ['n3', '.3', 'N3', 'node04'])
      expect(await nss.gethostbyname(name), name).toMatchObject({ name: 'n3', addresses: ['10.0.0.4'] });
    expect(await nss.gethostbyname('n3')).toEqual({ name: 'n3', aliases: [], addresses: ['10.0.0.4'] });
    expect(await nss.gethostbyname('.3')).toEqual({ name: 'n3', aliases: ['.3'], addresses: ['10.0.0.4'] });
    for (const name of ['master', '.-1', 'n-1', 'self', '.-2'])
      expect((await nss.gethostbyname(name))?.name, name).toBe('n-1');
    for (const name of ['n77', '.-3', 'node00', 'nowhere']) expect(await nss.gethostbyname(name), name).toBeUndefined();
  });

  test('have the addresses that the administrator gave, of each family, or those of their machine', async () => {
    expect(await addresses('n5')).toEqual(['192.0.2.5', '2001:db8::5']);
    expect(await addresses('n5', 4)).toEqual(['192.0.2.5']);
    expect(await addresses('n5', 6)).toEqual(['2001:db8::5']);
    expect(await addresses('n4', 6)).toBeUndefined();
    expect(await addresses('n9')).toEqual(['10.9.9.9']);
    expect(await nss.gethostbyname('ib3')).toEqual({ name: 'ib3', aliases: [], addresses: ['10.0.1.4'] });
  });

  test('are found by address: the canonical one alone', async () => {
    expect(await nss.gethostbyaddr('10.0.0.4')).toEqual({ name: 'n3', aliases: [], addresses: ['10.0.0.4'] });
    expect((await nss.gethostbyaddr('2001:0DB8:0::5'))?.name).toBe('n5');
    expect((await nss.gethostbyaddr('127.0.0.9'))?.name).toBe('n-1');
    expect(await nss.gethostbyaddr('10.77.0.1')).toBeUndefined();
    await expect(nss.gethostbyaddr('n3')).rejects.toMatchObject({ code: 'EINVAL' });
  });

  test('make netgroups, and are found by Ethernet address', async () => {
    expect(await nss.getnetgrent('cluster')).toHaveLength(20);
    expect(await nss.innetgr('cluster', { host: 'N7' })).toBe(true);
    expect(await nss.innetgr('cluster', { host: 'n20' })).toBe(false);
    expect((await nss.getnetgrent('numbered'))[0]).toEqual({ host: 'node01' });
    expect(await nss.etherNtohost('02:00:00:00:00:a5')).toEqual({ address: '02:00:00:00:00:a5', name: 'n5' });
    expect((await nss.etherHostton('node06'))?.address).toBe('02:00:00:00:00:a5');
    expect((await nss.etherHostton('front'))?.address).toBe('02:00:00:00:00:01');
    expect(await nss.etherHostton('n6')).toBeUndefined();
    await expect(nss.etherNtohost('n5')).rejects.toMatchObject({ code: 'EINVAL' });
  });

  test('are listed with all that they are called', async () => {
    const lines = await nss.getent('hosts');
    expect(lines).toContain('10.0.0.4        n3 .3 node04');
    expect(lines).toContain('10.0.1.4        ib3');
    expect(lines).toContain('10.9.9.9        n9 .9 node10');
  });

  test('count up from the first address where nothing else says one', async () => {
    const counted = createNss(cluster.client, { switch: 'hosts: beo', firstAddress: '10.2.0.250' });
    expect((await counted.gethostbyname('n9'))?.addresses).toEqual(['10.2.1.3']);
    expect((await counted.gethostbyname('n3'))?.addresses).toEqual(['10.0.0.4']);
    expect(() => createNss(undefined, { firstAddress: '10.2' })).toThrow(expect.objectContaining({ code: 'EINVAL' }));
  });

  test('are the master and this machine alone where no master is there', async () => {
    const alone = createNss(undefined, { switch: 'hosts: beo' });
    expect((await alone.gethostbyname('master'))?.addresses).toEqual(['127.0.0.1']);
    expect((await alone.gethostbyname('self'))?.addresses).toEqual(['127.0.0.1']);
    expect(await alone.gethostbyname('elsewhere')).toBeUndefined();
    await expect(alone.gethostbyname('n3')).rejects.toMatchObject({ code: 'EAGAIN' });
  });
});

describe('files', () => {
  let nss: Nss;

  beforeAll(() => {
    const all = ['passwd', 'group', 'shadow', 'hosts', 'netgroup', 'ethers', 'services'];
    nss = createNss(undefined, { root: tree.path, switch: all.map((each) => `${each}: files`).join('\n') });
  });

  test('say users and groups', async () => {
    expect(await nss.getpwnam('alice')).toMatchObject({ uid: 4711, dir: '/home/alice' });
    expect((await nss.getpwuid(4711))?.name).toBe('alice');
    expect((await nss.getgrnam('video'))?.gid).toBe(44);
    expect((await nss.getgrgid(100))?.members).toEqual(['bob', 'alice']);
    expect(await nss.initgroups('alice')).toEqual([4711, 44, 100]);
    expect(await nss.initgroups('bob', 7)).toEqual([7, 44, 100]);
    await expect(nss.initgroups('bob')).rejects.toMatchObject({ code: 'ENOENT' });
    expect([await nss.getpwnam('ALICE'), await nss.getpwuid(1), await nss.getgrnam('x')]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect((await nss.getpwent()).map(({ name }) => name)).toEqual(['root', 'alice']);
    expect(await nss.getgrent()).toHaveLength(4);
  });

  test('say services, netgroups and hosts', async () => {
    expect(await nss.getservbyname('www')).toEqual({ name: 'http', aliases: ['www'], port: 80, protocol: 'tcp' });
    expect((await nss.getservbyport(53, 'udp'))?.protocol).toBe('udp');
    expect(await nss.getservbyname('http', 'udp')).toBeUndefined();
    expect(await nss.getservent()).toHaveLength(3);
    // each of the two is part of the other one
    expect(await nss.getnetgrent('trusted')).toEqual([
      { host: 'front' },
      { user: 'alice' },
      { host: '-', user: 'root' },
    ]);
    expect(await nss.innetgr('trusted', { host: 'elsewhere', user: 'alice' })).toBe(true);
    expect(await nss.innetgr('trusted', { host: 'elsewhere', user: 'bob' })).toBe(false);
    expect(await nss.gethostbyname('FRONT')).toEqual({
      name: 'front.example',
      aliases: ['front'],
      addresses: ['10.1.1.1', 'fe80::1'],
    });
    expect(await nss.getaddrinfo('front', 'http', { family: 4 })).toEqual([
      { address: '10.1.1.1', family: 4, port: 80, canonicalName: 'front.example' },
    ]);
    expect(await nss.getaddrinfo('192.0.2.1', 22)).toMatchObject([{ address: '192.0.2.1', port: 22 }]);
    expect(await nss.getaddrinfo('front', 'nothing')).toEqual([]);
  });

  test('say what getent says', async () => {
    expect(await nss.getent('passwd', 'alice', '0', 'nobody-there')).toEqual([
      'alice:x:4711:4711:Alice:/home/alice:/bin/bash',
      'root:x:0:0:root:/root:/bin/sh',
    ]);
    expect(await nss.getent('group', '44')).toEqual(['video:x:44:alice,bob']);
    expect(await nss.getent('services', '53/udp', 'www')).toEqual([
      'domain               53/udp',
      'http                 80/tcp www',
    ]);
    expect(await nss.getent('netgroup', 'admins')).toEqual(['admins (-,root,) (front,,) (,alice,)']);
    expect(await nss.getent('hosts', '10.1.1.1')).toEqual(['10.1.1.1        front.example front']);
  });

  test('are read again when they have changed', async () => {
    const other = scratchTree({ 'etc/passwd': 'one:x:1:1::/:\n' });
    const clock = new VirtualClock();
    const nss = createNss(undefined, { root: other.path, switch: 'passwd: files', clock });
    expect((await nss.getpwuid(1))?.name).toBe('one');
    expect(await nss.getpwuid(2)).toBeUndefined();
    appendFileSync(join(other.path, 'etc/passwd'), 'two:x:2:2::/:\n');
    advance(clock, 1000);
    expect((await nss.getpwuid(2))?.name).toBe('two');
    other[Symbol.dispose]();
  });

  test('of a root that is elsewhere are no others, whatever links say; a directory in the place of one is an error', async () => {
    const other = scratchTree({ 'etc/x': '' });
    mkdirSync(join(other.path, 'etc/group'));
    const nss = createNss(undefined, { root: other.path, switch: 'passwd: files\ngroup: files' });
    expect(await nss.getpwnam('root')).toBeUndefined();
    await expect(nss.getgrnam('root')).rejects.toMatchObject({ code: 'EAGAIN' });
    other[Symbol.dispose]();
  });

  test('a long one holds nothing else up', async () => {
    const lines = Array.from({ length: 200_000 }, (_, at) => `user${at}:x:${at}:${at}:A user:/home/user${at}:/bin/sh`);
    const other = scratchTree({ 'etc/passwd': lines.join('\n') });
    const nss = createNss(undefined, { root: other.path, switch: 'passwd: files' });
    let turns = 0;
    let over = false;
    const turn = (): void => {
      turns += 1;
      if (!over) setImmediate(turn);
    };
    turn();
    expect((await nss.getpwuid(199_999))?.name).toBe('user199999');
    over = true;
    // it is read in as many pieces, and others have their turn between them
    expect(turns).toBeGreaterThan(90);
    other[Symbol.dispose]();
  });

  test.each(['', 'a\nb', 'x'.repeat(256), '\0', '\ud800'])('the name %j is refused', async (name) => {
    await expect(nss.getpwnam(name)).rejects.toMatchObject({ code: 'EINVAL' });
    await expect(nss.gethostbyname(name)).rejects.toMatchObject({ code: 'EINVAL' });
    await expect(nss.getnetgrent(name)).rejects.toMatchObject({ code: 'EINVAL' });
  });

  test('names that look like paths are names', async () => {
    for (const name of ['../etc/passwd', '/etc/passwd', '..']) expect(await nss.getpwnam(name)).toBeUndefined();
    for (const uid of [-1, 1.5, 2 ** 32 - 1, Number.NaN])
      await expect(nss.getpwuid(uid)).rejects.toMatchObject({ code: 'EINVAL' });
    await expect(nss.getservbyport(65_536)).rejects.toMatchObject({ code: 'EINVAL' });
  });
});

describe('kickback', () => {
  const all =
    'passwd: kickback\ngroup: kickback\nshadow: kickback\nhosts: kickback\nnetgroup: kickback\nethers: kickback\nservices: kickback';

  test('says what the master’s machine says', async () => {
    const nss = createNss(cluster.client, { switch: all });
    expect(await nss.getpwnam('alice')).toEqual({
      name: 'alice',
      passwd: 'x',
      uid: 4711,
      gid: 4711,
      gecos: 'Alice',
      dir: '/home/alice',
      shell: '/bin/bash',
    });
    expect(await nss.initgroups('alice')).toEqual([4711, 44, 100]);
    expect(await nss.getservbyname('www', 'tcp')).toEqual({
      name: 'http',
      aliases: ['www'],
      port: 80,
      protocol: 'tcp',
    });
    expect(await nss.getnetgrent('trusted')).toEqual([
      { host: 'front' },
      { user: 'alice' },
      { host: '-', user: 'root' },
    ]);
    expect((await nss.gethostbyname('node04'))?.addresses).toEqual(['10.0.0.4']);
    expect((await nss.etherNtohost('02:00:00:00:00:a5'))?.name).toBe('n5');
    expect(await nss.getpwnam('nobody-there')).toBeUndefined();
    // what this is only the one who asks knows
    expect(await nss.gethostbyname('self')).toBeUndefined();
  });

  test('says lists that are longer than a message', async () => {
    const lines = Array.from({ length: 20_000 }, (_, at) => `user${at}:x:${at}:${at}:${'A user '.repeat(8)}:/:/bin/sh`);
    const other = scratchTree({ 'etc/passwd': lines.join('\n') });
    await using long = await startCluster({
      nodes: 0,
      spawner: 'child_process',
      master: { services: [masterNames({ root: other.path })] },
    });
    const nss = createNss(long.client, { switch: all });
    const users = await nss.getpwent();
    expect(users.map(({ uid }) => uid)).toEqual(lines.map((_, at) => at));
    other[Symbol.dispose]();
  });

  test('says passwords to root alone, and to no node', async () => {
    const nss = createNss(cluster.client, { switch: all });
    const isRoot = process.geteuid?.() === 0;
    if (isRoot) {
      expect(await nss.getspnam('alice')).toEqual({
        name: 'alice',
        passwd: '$6$secret',
        lastChange: 19_000,
        min: 0,
        max: 99_999,
        warn: 7,
      });
    } else await expect(nss.getspnam('alice')).rejects.toMatchObject({ code: 'EACCES' });
    const credentials = { uid: 4711, gids: [4711] };
    await using other = await connect({ master: () => cluster.master.connect({ credentials }) });
    const his = createNss(other, { switch: all });
    if (isRoot) expect(await his.getspnam('alice')).toBeUndefined();
    expect((await his.getpwnam('alice'))?.uid).toBe(4711);
    const question = Buffer.from('0a06736861646f7712046e616d651a05616c696365', 'hex');
    const answer = await cluster.client.askService('nss', question, { node: 2 });
    expect(Buffer.from(answer).toString('latin1')).not.toContain('secret');
  });

  test('asks once what it knows then, and once what many nodes ask at the same time', async () => {
    const nss = createNss(cluster.client, { switch: all });
    queries.length = 0;
    await Promise.all(Array.from({ length: 100 }, () => nss.getpwnam('carol')));
    await nss.getpwnam('carol');
    expect(queries).toEqual(['passwd name carol']);
    queries.length = 0;
    // name dave of passwd
    const question = Buffer.from('0a0670617373776412046e616d651a0464617665', 'hex');
    const nodes = Array.from({ length: 20 }, (_, node) => node);
    await Promise.all(nodes.map((node) => cluster.client.askService('nss', question, { node })));
    await Promise.all(nodes.map((node) => cluster.client.askService('nss', question, { node })));
    expect(queries).toEqual(['passwd name dave']);
  });

  test.each([
    ['nothing', ''],
    ['no message', 'ffffffff'],
    ['another database', '0a03707770120461'],
    ['no way', '0a06706173737764120377686f1a0161'],
    ['a control character', '0a0670617373776412046e616d651a010a'],
  ])('refuses %s, and goes on', async (_what, hex) => {
    const question = cluster.client.askService('nss', Buffer.from(hex, 'hex'));
    await expect(question).rejects.toMatchObject({ code: expect.stringMatching(/^E(INVAL|PROTO)$/) });
    expect((await createNss(cluster.client, { switch: all }).getpwuid(0))?.name).toBe('root');
  });
});

test('a master that went away leaves what was asked of it before', async () => {
  const clock = new VirtualClock();
  await using other = await startCluster({
    nodes: 0,
    spawner: 'child_process',
    master: { services: [masterNames({ root: tree.path })] },
    client: { giveUpMs: 1 },
  });
  const nss = createNss(other.client, { switch: 'passwd: kickback', clock });
  expect((await nss.getpwnam('alice'))?.uid).toBe(4711);
  await other.master[Symbol.asyncDispose]();
  await expect.poll(() => other.client.isConnected).toBe(false);
  advance(clock, 3_600_000);
  expect((await nss.getpwnam('alice'))?.uid).toBe(4711);
  await expect(nss.getpwnam('bob')).rejects.toMatchObject({ code: 'EAGAIN' });
});

test('the master’s own files are what it answers by where nothing else is said', async () => {
  const other = scratchTree({});
  mkdirSync(join(other.path, 'etc'));
  writeFileSync(join(other.path, 'etc/passwd'), 'x:x:1:1::/:\n');
  await using usual = await startCluster({ nodes: 1, spawner: 'child_process' });
  const nss = createNss(usual.client, { root: other.path, switch: 'passwd: files kickback' });
  expect((await nss.getpwuid(1))?.name).toBe('x');
  expect((await nss.getpwuid(0))?.name).toBe('root');
  other[Symbol.dispose]();
});
