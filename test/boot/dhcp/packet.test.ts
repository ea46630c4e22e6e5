import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OPTION } from '../../../src/boot/dhcp/options.ts';
import { type DhcpPacket, decodePacket, encodePacket, mostBytesFor } from '../../../src/boot/dhcp/packet.ts';
import { BprocError } from '../../../src/boot/index.ts';
import { captures, datagramsOf } from '../../support/pcap.ts';

const address = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255)).map((parts) => parts.join('.'));
const latin = (maxLength: number): fc.Arbitrary<string> =>
  fc.array(fc.integer({ min: 1, max: 255 }), { maxLength }).map((codes) => String.fromCharCode(...codes));
const RESERVED: readonly number[] = [OPTION.pad, OPTION.overload, OPTION.end];
const options = (maxLength: number, minLength = 0): fc.Arbitrary<ReadonlyMap<number, Uint8Array>> =>
  fc
    .uniqueArray(fc.tuple(fc.nat(255), fc.uint8Array({ minLength, maxLength })), {
      selector: ([code]) => code,
      maxLength: 12,
    })
    .map((all) => new Map(all.filter(([code]) => !RESERVED.includes(code))));
const packetWith = (of: fc.Arbitrary<ReadonlyMap<number, Uint8Array>>): fc.Arbitrary<DhcpPacket> =>
  fc.record({
    op: fc.nat(255),
    hardware: fc.nat(255),
    hardwareBytes: fc.nat(16),
    hops: fc.nat(255),
    xid: fc.nat(0xffff_ffff),
    secs: fc.nat(0xffff),
    flags: fc.nat(0xffff),
    ciaddr: address,
    yiaddr: address,
    siaddr: address,
    giaddr: address,
    clientHardware: fc.uint8Array({ minLength: 16, maxLength: 16 }),
    sname: latin(63),
    file: latin(127),
    options: of,
  });

/** Options by their numbers, so that their order does not count. */
function sorted(packet: DhcpPacket): unknown {
  return {
    ...packet,
    options: [...packet.options].sort(([a], [b]) => a - b).map(([code, value]) => [code, [...value]]),
  };
}

describe('a packet of DHCP', () => {
  it('is on the wire what it was before, with long options in pieces', () => {
    fc.assert(
      fc.property(packetWith(options(700)), (packet) => {
        expect(sorted(decodePacket(encodePacket(packet, 9000)))).toEqual(sorted(packet));
      }),
    );
  });

  it('has its options in the name fields too where it has to be short, or is refused whole', () => {
    let overloaded = 0;
    fc.assert(
      fc.property(packetWith(options(70, 40)), (packet) => {
        let bytes: Uint8Array;
        try {
          bytes = encodePacket({ ...packet, file: '', sname: '' });
        } catch (error) {
          expect(error).toMatchObject({ code: 'E2BIG' });
          return;
        }
        expect(bytes.length).toBeLessThanOrEqual(548);
        if (bytes[108] !== 0) overloaded += 1;
        expect(sorted(decodePacket(bytes))).toEqual(sorted({ ...packet, file: '', sname: '' }));
      }),
      { numRuns: 500 },
    );
    expect(overloaded).toBeGreaterThan(0);
  });

  it('says its type and server first and the relay last, wherever they were', () => {
    const [captured] = datagramsOf('late', 67);
    const packet = decodePacket(captured?.bytes ?? new Uint8Array());
    const given = new Map([
      [OPTION.relayAgent, Uint8Array.of(1, 1, 7)],
      [OPTION.mask, Uint8Array.of(255, 0, 0, 0)],
      [OPTION.serverId, Uint8Array.of(10, 0, 0, 1)],
      [OPTION.messageType, Uint8Array.of(2)],
    ]);
    const bytes = encodePacket({ ...packet, options: given });
    const end = [82, 3, 1, 1, 7, 255];
    expect([...bytes.subarray(240, 249)]).toEqual([53, 1, 2, 54, 4, 10, 0, 0, 1]);
    expect([...bytes.subarray(255, 255 + end.length)]).toEqual(end);
    expect(bytes).toHaveLength(300);
  });

  it('is refused or understood, whatever its bytes are', () => {
    const real = captures().flatMap((name) => datagramsOf(name, 67, 4011).map(({ bytes }) => bytes));
    const damage = fc.array(fc.tuple(fc.nat(9000), fc.nat(255)), { maxLength: 12 });
    const damaged = fc.tuple(fc.constantFrom(...real), damage, fc.nat(500)).map(([bytes, changes, cut]) => {
      const copy = bytes.slice(0, Math.max(bytes.length - (cut > 400 ? cut - 400 : 0), 0));
      for (const [at, value] of changes) copy[at % copy.length] = value;
      return copy;
    });
    const seen = { refused: 0, understood: 0 };
    fc.assert(
      fc.property(fc.oneof(damaged, fc.uint8Array({ maxLength: 700 })), (bytes) => {
        try {
          const packet = decodePacket(bytes);
          encodePacket(packet, 20_000);
          mostBytesFor(packet);
          seen.understood += 1;
        } catch (error) {
          expect(BprocError.is(error) && error.code).toBe('EPROTO');
          seen.refused += 1;
        }
      }),
      { numRuns: 3000 },
    );
    expect(seen.refused).toBeGreaterThan(0);
    expect(seen.understood).toBeGreaterThan(0);
  });

  it('is refused with more options than any wire carries', () => {
    const bomb = new Uint8Array(65_000).fill(1);
    bomb.set(Uint8Array.of(0x63, 0x82, 0x53, 0x63), 236);
    expect(() => decodePacket(bomb)).toThrow(/of 65000 bytes/);
  });

  it('keeps every option that real clients and servers write', () => {
    for (const name of captures()) {
      for (const { bytes } of datagramsOf(name, 67, 4011)) {
        const packet = decodePacket(bytes);
        expect(sorted(decodePacket(encodePacket(packet, 1472)))).toEqual(sorted(packet));
      }
    }
  });

  it.each([
    [undefined, 548],
    [Uint8Array.of(5, 192), 1444],
    [Uint8Array.of(255, 0), 1472],
    [Uint8Array.of(0, 1), 548],
    [Uint8Array.of(9), 548],
  ])('is answered with what option 57 %s allows', (said, most) => {
    const [captured] = datagramsOf('late', 67);
    const packet = decodePacket(captured?.bytes ?? new Uint8Array());
    expect(mostBytesFor({ ...packet, options: new Map(said && [[OPTION.maxBytes, said]]) })).toBe(most);
  });
});
