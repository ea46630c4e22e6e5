import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOf, NO_ADDRESS } from '../../../src/boot/dhcp/ipv4.ts';
import { networksOf } from '../../../src/boot/dhcp/network.ts';
import { OPTION, textBytes, textOf } from '../../../src/boot/dhcp/options.ts';
import type { BootDecision, Machine } from '../../../src/boot/index.ts';
import { captures, datagramsOf } from '../../support/pcap.ts';
import { Dialogue, heard, MAC, NETWORK, questionBytes } from './dialogue.ts';

const OTHER = '52:54:00:12:34:02';
const OWN: Record<string, BootDecision> = { [MAC]: { node: 3, hostname: 'n3', address: '10.77.0.13' } };
const POOL = { ...NETWORK, pool: { first: '10.77.0.100', last: '10.77.0.102' } };
const anybody = (): BootDecision => ({});
const HOUR = 3_600_000;
const option = (code: number, ...addresses: string[]): ReadonlyMap<number, Uint8Array> =>
  new Map([[code, bytesOf(...addresses)]]);

describe('a server of DHCP by reservation', () => {
  it('gives a machine its own address, with all that it needs on the network', () => {
    const dialogue = new Dialogue([{ ...NETWORK, nameServers: ['10.77.0.2', '10.77.0.3'], domain: 'cluster' }], OWN);
    const ack = dialogue.boot(MAC);
    expect(ack).toMatchObject({ type: 'ack', address: '10.77.0.13', server: '10.77.0.1' });
    const options = Object.fromEntries([...(ack?.packet.options ?? [])].map(([code, value]) => [code, [...value]]));
    expect(options).toMatchObject({
      [OPTION.mask]: [255, 255, 255, 0],
      [OPTION.router]: [10, 77, 0, 1],
      [OPTION.dns]: [10, 77, 0, 2, 10, 77, 0, 3],
      [OPTION.broadcast]: [10, 77, 0, 255],
      [OPTION.leaseTime]: [0, 0, 14, 16],
      [OPTION.hostname]: [...textBytes('n3')],
      [OPTION.domain]: [...textBytes('cluster')],
    });
    expect(dialogue.kinds).toEqual(['discover', 'offer', 'request', 'ack']);
  });

  it('has no answer for a machine that nobody knows, and says that it was there', () => {
    const dialogue = new Dialogue([NETWORK], OWN);
    expect(dialogue.ask({ type: 'discover', mac: OTHER })).toBeUndefined();
    expect(
      dialogue.ask({ type: 'request', mac: OTHER, options: option(OPTION.requestedAddress, '10.77.0.9') }),
    ).toBeUndefined();
    expect(dialogue.events).toMatchObject([{ kind: 'unknown', machine: { mac: OTHER } }, { kind: 'unknown' }]);
  });

  it('answers on no network that it was not told to serve', () => {
    const dialogue = new Dialogue([NETWORK], () => ({ address: '10.77.0.13' }));
    expect(dialogue.ask({ type: 'discover', giaddr: '192.168.1.1' })).toBeUndefined();
    expect(dialogue.ask({ type: 'request', ciaddr: '192.168.1.7' })).toBeUndefined();
    expect(dialogue.asked).toEqual([]);
  });

  it('leaves a machine alone that takes the offer of another server, also by a server id that is made up', () => {
    const dialogue = new Dialogue([NETWORK], OWN);
    dialogue.ask({ type: 'discover' });
    const options = new Map([
      ...option(OPTION.serverId, '10.77.0.66'),
      ...option(OPTION.requestedAddress, '10.77.0.13'),
    ]);
    expect(dialogue.ask({ type: 'request', options })).toBeUndefined();
    expect(dialogue.kinds).toContain('elsewhere');
  });

  it('refuses an address that is not its own, to all on the wire, and takes up again where it returns with its own', () => {
    const dialogue = new Dialogue([NETWORK], OWN);
    const wrong = dialogue.ask({ type: 'request', options: option(OPTION.requestedAddress, '192.168.0.5') });
    expect(wrong).toMatchObject({ type: 'nak', address: NO_ADDRESS, to: { address: '255.255.255.255', port: 68 } });
    const right = dialogue.ask({ type: 'request', options: option(OPTION.requestedAddress, '10.77.0.13') });
    expect(right).toMatchObject({ type: 'ack', address: '10.77.0.13' });
    const renewed = dialogue.ask({ type: 'request', ciaddr: '10.77.0.13' });
    expect(renewed).toMatchObject({ type: 'ack', to: { address: '10.77.0.13', port: 68 } });
  });

  it('tells a machine with an address only what it asks to know', () => {
    const dialogue = new Dialogue([NETWORK], OWN);
    const told = dialogue.ask({ type: 'inform', ciaddr: '10.77.0.13' });
    expect(told).toMatchObject({ type: 'ack', address: NO_ADDRESS, to: { address: '10.77.0.13' } });
    expect(told?.packet.options.has(OPTION.leaseTime)).toBe(false);
    expect(told?.packet.options.has(OPTION.mask)).toBe(true);
  });

  it('gives an address at once to the machine that the policy gives it to now, but not one that a pool gave away', () => {
    let owner = MAC;
    const dialogue = new Dialogue([POOL], ({ mac }) => (mac === owner ? { address: '10.77.0.101' } : {}));
    expect(dialogue.boot(MAC)).toMatchObject({ address: '10.77.0.101' });
    owner = OTHER;
    expect(dialogue.boot(OTHER)).toMatchObject({ type: 'ack', address: '10.77.0.101' });
    const third = '52:54:00:12:34:03';
    const pooled = dialogue.boot(third);
    expect(pooled?.address).toBe('10.77.0.100');
    owner = MAC;
    const clash = new Dialogue([POOL], ({ mac }) => (mac === MAC ? { address: '10.77.0.100' } : {}));
    clash.boot(third);
    expect(clash.boot(MAC)).toBeUndefined();
    expect(clash.events.at(-1)).toMatchObject({ kind: 'conflict', address: '10.77.0.100' });
  });

  it('says that two machines show the same MAC, once', () => {
    const dialogue = new Dialogue([NETWORK], OWN);
    const uuid = (last: number): ReadonlyMap<number, Uint8Array> =>
      new Map([[OPTION.uuid, Uint8Array.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, last)]]);
    for (const last of [1, 1, 2, 2]) dialogue.ask({ type: 'discover', options: uuid(last) });
    expect(dialogue.kinds.filter((kind) => kind === 'duplicate')).toHaveLength(1);
    expect(dialogue.events.find(({ kind }) => kind === 'duplicate')?.reason).toContain(MAC);
  });

  it('answers later where the policy says so, and then to what was asked last', () => {
    const dialogue = new Dialogue([NETWORK], () => ({ address: '10.77.0.13', deferMs: 4000 }));
    expect(dialogue.ask({ type: 'discover', xid: 1 })).toBeUndefined();
    dialogue.now += 3000;
    expect(dialogue.ask({ type: 'discover', xid: 2 })).toBeUndefined();
    expect(dialogue.engine.dueAt).toBe(dialogue.now + 1000);
    expect(dialogue.engine.due(dialogue.now)).toEqual([]);
    dialogue.now += 1000;
    const [answer] = dialogue.engine.due(dialogue.now).map(heard);
    expect(answer).toMatchObject({ type: 'offer', address: '10.77.0.13', packet: { xid: 2 } });
    expect(dialogue.engine.dueAt).toBeUndefined();
  });
});

describe('a relay', () => {
  const circuit = new Map([[OPTION.relayAgent, Uint8Array.of(1, 3, 9, 9, 9)]]);
  const far = { subnet: '10.88.0.0/16', server: '10.77.0.1', routers: ['10.88.0.1'] };

  it('is answered itself, with its option as it was and last, and says which network it is', () => {
    const dialogue = new Dialogue([NETWORK, far], () => ({ address: '10.88.3.4' }));
    const offer = dialogue.ask({ type: 'discover', giaddr: '10.88.0.1', options: circuit });
    expect(offer).toMatchObject({ address: '10.88.3.4', to: { address: '10.88.0.1', port: 67 } });
    expect([...(offer?.packet.options ?? [])].at(-1)).toEqual([OPTION.relayAgent, Uint8Array.of(1, 3, 9, 9, 9)]);
    expect(dialogue.asked[0]?.relay).toEqual({ address: '10.88.0.1', circuitId: '090909' });
  });

  it('may name another network than its own, and stand in for the server', () => {
    const words = new Map([[OPTION.relayAgent, Uint8Array.of(5, 4, 10, 88, 0, 0, 11, 4, 10, 88, 0, 1)]]);
    const dialogue = new Dialogue([NETWORK, far], () => ({ address: '10.88.3.4' }));
    const offer = dialogue.ask({ type: 'discover', giaddr: '172.16.0.1', options: words });
    expect(offer).toMatchObject({ address: '10.88.3.4', server: '10.88.0.1', to: { address: '172.16.0.1' } });
    const chosen = [...words, ...option(OPTION.serverId, '10.88.0.1'), ...option(OPTION.requestedAddress, '10.88.3.4')];
    expect(dialogue.ask({ type: 'request', giaddr: '172.16.0.1', options: new Map(chosen) })?.type).toBe('ack');
  });

  it('gets no address of another network for a machine', () => {
    const dialogue = new Dialogue([NETWORK, far], OWN);
    expect(dialogue.ask({ type: 'discover', giaddr: '10.88.0.1' })).toBeUndefined();
    expect(dialogue.events.at(-1)).toMatchObject({ kind: 'conflict', address: '10.77.0.13' });
  });
});

describe('a pool', () => {
  const mac = (n: number): string =>
    `52:54:00:00:${(n >> 8).toString(16).padStart(2, '0')}:${(n & 255).toString(16).padStart(2, '0')}`;

  it('gives each machine another address, the same again, or that which it wants', () => {
    const dialogue = new Dialogue([POOL], anybody);
    expect(dialogue.boot(mac(1))?.address).toBe('10.77.0.100');
    expect(dialogue.boot(mac(2), option(OPTION.requestedAddress, '10.77.0.102'))?.address).toBe('10.77.0.102');
    expect(dialogue.boot(mac(3), option(OPTION.requestedAddress, '10.77.0.102'))?.address).toBe('10.77.0.101');
    expect(dialogue.boot(mac(1))?.address).toBe('10.77.0.100');
  });

  it('is exhausted by machines that have addresses, and says so; what ends is given again', () => {
    const dialogue = new Dialogue([POOL], anybody);
    for (const n of [1, 2, 3]) dialogue.boot(mac(n));
    expect(dialogue.boot(mac(4))).toBeUndefined();
    expect(dialogue.events.at(-1)).toMatchObject({ kind: 'exhausted', machine: { mac: mac(4) } });
    dialogue.ask({
      type: 'release',
      mac: mac(2),
      ciaddr: '10.77.0.101',
      options: option(OPTION.serverId, '10.77.0.1'),
    });
    expect(dialogue.boot(mac(4))?.address).toBe('10.77.0.101');
    dialogue.now += HOUR + 1;
    expect(dialogue.boot(mac(5))?.type).toBe('ack');
  });

  it('is not given back by somebody else', () => {
    const dialogue = new Dialogue([POOL], anybody);
    for (const n of [1, 2, 3]) dialogue.boot(mac(n));
    dialogue.ask({ type: 'release', mac: mac(2), ciaddr: '10.77.0.101', from: '10.77.0.100' });
    dialogue.ask({ type: 'release', mac: mac(1), ciaddr: '10.77.0.101' });
    expect(dialogue.boot(mac(4))).toBeUndefined();
  });

  it('is not exhausted by a flood of machines that only ask', () => {
    const dialogue = new Dialogue([{ ...NETWORK, pool: { first: '10.77.0.10', last: '10.77.0.209' } }], anybody);
    const bound = dialogue.boot(mac(1))?.address;
    for (let n = 100; n < 20_100; n++) {
      expect(dialogue.ask({ type: 'discover', mac: mac(n) })?.type).toBe('offer');
      dialogue.now += 0.05;
    }
    const real = dialogue.ask({ type: 'discover', mac: mac(2) });
    for (let n = 30_000; n < 30_150; n++) dialogue.ask({ type: 'discover', mac: mac(n) });
    const ack = real && dialogue.take(real, mac(2));
    expect(ack?.type).toBe('ack');
    expect(ack?.address).not.toBe(bound);
    expect(dialogue.engine.leases.of(mac(1))?.state).toBe('bound');
    expect(dialogue.engine.leases.size).toBeLessThanOrEqual(200);
  });

  it('gives an address that was offered to two to who takes it first', () => {
    const dialogue = new Dialogue([{ ...NETWORK, pool: { first: '10.77.0.100', last: '10.77.0.100' } }], anybody);
    const [one, two] = [1, 2].map((n) => dialogue.ask({ type: 'discover', mac: mac(n) }));
    expect([one?.address, two?.address]).toEqual(['10.77.0.100', '10.77.0.100']);
    expect(one && dialogue.take(one, mac(1))?.type).toBe('ack');
    expect(two && dialogue.take(two, mac(2))?.type).toBe('nak');
  });

  it('leaves an address alone that a machine has found in use', () => {
    const dialogue = new Dialogue([POOL], anybody);
    const ack = dialogue.boot(mac(1));
    const words = new Map([...option(OPTION.requestedAddress, '10.77.0.100'), ...option(OPTION.serverId, '10.77.0.1')]);
    expect(ack?.address).toBe('10.77.0.100');
    expect(dialogue.ask({ type: 'decline', mac: mac(1), options: words })).toBeUndefined();
    expect(dialogue.events.at(-1)).toMatchObject({ kind: 'declined', address: '10.77.0.100' });
    expect(dialogue.boot(mac(1))?.address).toBe('10.77.0.101');
    expect(dialogue.boot(mac(2), option(OPTION.requestedAddress, '10.77.0.100'))?.address).toBe('10.77.0.102');
  });

  it('says nothing to a machine with a lease that it does not know of: another server may', () => {
    const dialogue = new Dialogue([POOL], anybody);
    expect(dialogue.ask({ type: 'request', options: option(OPTION.requestedAddress, '10.77.0.101') })).toBeUndefined();
  });

  it('never gives one address to two machines at a time', () => {
    const step = fc.record({
      who: fc.nat(7),
      what: fc.constantFrom('boot', 'discover', 'renew', 'release', 'wait'),
      wants: fc.nat(5),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const dialogue = new Dialogue([POOL], anybody);
        const holds = new Map<string, { address: string; until: number }>();
        for (const { who, what, wants } of steps) {
          const held = holds.get(mac(who));
          if (what === 'wait') dialogue.now += HOUR / 3;
          if (what === 'discover') dialogue.ask({ type: 'discover', mac: mac(who) });
          if (what === 'release' && held !== undefined) {
            dialogue.ask({ type: 'release', mac: mac(who), ciaddr: held.address });
            holds.delete(mac(who));
          }
          const ack =
            what === 'boot'
              ? dialogue.boot(mac(who), option(OPTION.requestedAddress, `10.77.0.${99 + wants}`))
              : what === 'renew' && held !== undefined
                ? dialogue.ask({ type: 'request', mac: mac(who), ciaddr: held.address })
                : undefined;
          if (ack?.type === 'ack') holds.set(mac(who), { address: ack.address, until: dialogue.now + HOUR });
          const now = [...holds.values()].filter(({ until }) => until > dialogue.now).map(({ address }) => address);
          expect(new Set(now).size).toBe(now.length);
        }
      }),
    );
  });
});

describe('bad questions', () => {
  it('are never answered with more than one packet, and end nothing', () => {
    const real = captures().flatMap((name) => datagramsOf(name, 67, 4011).map(({ bytes }) => bytes));
    const damaged = fc
      .tuple(fc.constantFrom(...real), fc.array(fc.tuple(fc.nat(600), fc.nat(255)), { maxLength: 20 }))
      .map(([bytes, changes]) => {
        const copy = bytes.slice();
        for (const [at, value] of changes) copy[at % copy.length] = value;
        return copy;
      });
    const policy = ({ mac }: Machine): BootDecision => (mac === MAC ? { address: '10.77.0.13' } : {});
    const dialogue = new Dialogue([POOL], policy);
    const ways = fc.record({ address: fc.constantFrom('0.0.0.0', '10.77.0.9'), at: fc.constantFrom('dhcp', 'pxe') });
    fc.assert(
      fc.property(damaged, ways, (bytes, { address, at }) => {
        const answer = dialogue.hear({ bytes, address, port: 68, at: at === 'pxe' ? 'pxe' : 'dhcp' });
        if (answer !== undefined) expect(answer.answer.bytes.length).toBeLessThanOrEqual(1472);
      }),
      { numRuns: 3000 },
    );
    expect(dialogue.boot(MAC)).toMatchObject({ type: 'ack', address: '10.77.0.13' });
  });

  it('are not repeated where they are bombs: a relay’s option that fits in no answer is told, an id is left out', () => {
    const dialogue = new Dialogue([NETWORK], OWN);
    const bomb = new Uint8Array(2000).fill(1);
    const offer = dialogue.ask({ type: 'discover', options: new Map([[OPTION.clientId, bomb]]) });
    expect(offer?.packet.options.has(OPTION.clientId)).toBe(false);
    const relayed = new Map([[OPTION.relayAgent, bomb]]);
    expect(dialogue.ask({ type: 'discover', giaddr: '10.77.0.9', options: relayed })).toBeUndefined();
    expect(dialogue.events.at(-1)?.kind).toBe('malformed');
  });

  it('are none of a machine: groups, no address at all, another kind of hardware', () => {
    const dialogue = new Dialogue([POOL], anybody);
    for (const mac of ['ff:ff:ff:ff:ff:ff', '01:00:5e:00:00:01', '00:00:00:00:00:00']) {
      expect(dialogue.ask({ type: 'discover', mac })).toBeUndefined();
    }
    const infiniband = questionBytes({ type: 'discover' });
    infiniband[1] = 32;
    expect(dialogue.hear({ bytes: infiniband, address: NO_ADDRESS, port: 68, at: 'dhcp' })).toBeUndefined();
    expect(dialogue.asked).toEqual([]);
  });

  it('show in no log what would change a terminal', () => {
    expect(textOf(Uint8Array.of(0x1b, 0x5b, 0x41, 0xe9))).toBe('?[A?');
  });
});

describe('networks', () => {
  it.each([
    [{ ...NETWORK, subnet: '10.77.0.0' }, /write it as 10\.0\.0\.0\/24/],
    [{ ...NETWORK, subnet: '10.77.0.5/24' }, /10\.77\.0\.0\/24 is the network/],
    [{ ...NETWORK, server: 'front' }, /server’s address is "front"/],
    [{ ...NETWORK, pool: { first: '10.77.0.9', last: '10.77.1.9' } }, /not within 10\.77\.0\.0\/24/],
    [{ ...POOL, mode: 'proxy' as const }, /leave its pool out/],
    [{ ...NETWORK, leaseMs: 5 }, /at least 60000 ms/],
    [{ ...NETWORK, routers: ['gw'] }, /a router is "gw"/],
  ])('are refused where they cannot be: %o', (network, message) => {
    expect(() => networksOf([network])).toThrow(message);
  });

  it('do not overlap', () => {
    expect(() => networksOf([NETWORK, { ...NETWORK, subnet: '10.77.0.128/25' }])).toThrow(/overlap: leave one out/);
  });
});
