/** The source `dns`, with a name server on this machine. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createNss, type Nss } from '../../src/nss/index.ts';
import { NameServer } from '../support/name-server.ts';

let server: NameServer;
let nss: Nss;

beforeAll(async () => {
  server = await NameServer.start({
    'front.example': ['192.0.2.1', '192.0.2.2', '2001:db8::1'],
    'four.example': ['192.0.2.4'],
    'only.inside.example': ['192.0.2.5'],
    '1.2.0.192.in-addr.arpa': ['front.example'],
    'broken.example': 'fail',
    'silent.example': 'silence',
  });
  nss = createNss(undefined, {
    switch: 'hosts: dns',
    dns: { servers: [server.address], search: ['inside.example', 'example'], tryMs: 100, tries: 1 },
  });
});

afterAll(() => server[Symbol.asyncDispose]());

describe('a name server', () => {
  test('says the addresses of both families, or of one', async () => {
    expect(await nss.gethostbyname('front.example')).toEqual({
      name: 'front.example',
      aliases: [],
      addresses: ['192.0.2.1', '192.0.2.2', '2001:db8::1'],
    });
    expect((await nss.gethostbyname('FRONT.example.', { family: 6 }))?.addresses).toEqual(['2001:db8::1']);
    expect(await nss.gethostbyname('four.example', { family: 6 })).toBeUndefined();
    expect((await nss.gethostbyname('four.example'))?.addresses).toEqual(['192.0.2.4']);
  });

  test('is asked for names without a dot in the domains that are searched', async () => {
    expect(await nss.gethostbyname('only')).toEqual({
      name: 'only.inside.example',
      aliases: ['only'],
      addresses: ['192.0.2.5'],
    });
    expect((await nss.gethostbyname('four'))?.name).toBe('four.example');
    expect(await nss.gethostbyname('nowhere')).toBeUndefined();
  });

  test('says who has an address', async () => {
    expect((await nss.gethostbyaddr('192.0.2.1'))?.name).toBe('front.example');
    expect(await nss.gethostbyaddr('192.0.2.9')).toBeUndefined();
  });

  test('is asked once for as long as its answer holds', async () => {
    const count = () => server.asked.filter((each) => each === 'A four.example').length;
    await nss.gethostbyname('four.example', { family: 4 });
    const before = count();
    await nss.gethostbyname('four.example', { family: 4 });
    expect([before > 0, count()]).toEqual([true, before]);
  });

  test('that fails or says nothing is no proof that there is none', async () => {
    for (const name of ['broken.example', 'silent.example'])
      await expect(nss.gethostbyname(name), name).rejects.toMatchObject({ code: 'EAGAIN' });
    const stop = createNss(undefined, {
      switch: 'hosts: dns [TRYAGAIN=return] beo',
      dns: { servers: [server.address], tryMs: 100, tries: 1 },
    });
    await expect(stop.gethostbyname('silent.example')).rejects.toMatchObject({ code: 'EAGAIN' });
  });

  test('is never asked what nodes are called', async () => {
    for (const name of ['self', 'master', '.3', 'localhost']) await nss.gethostbyname(name);
    expect(server.asked.filter((each) => /self|master|localhost| \.?\d+$/.test(each))).toEqual([]);
  });
});
