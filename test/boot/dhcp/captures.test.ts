import { describe, expect, it } from 'vitest';
import { addressAt, NO_ADDRESS } from '../../../src/boot/dhcp/ipv4.ts';
import { OPTION, textOf } from '../../../src/boot/dhcp/options.ts';
import { type DhcpPacket, decodePacket } from '../../../src/boot/dhcp/packet.ts';
import type { BootDecision, Machine } from '../../../src/boot/index.ts';
import { captures, datagramsOf } from '../../support/pcap.ts';
import { Dialogue, type Heard, NETWORK } from './dialogue.ts';

const SCRIPT = 'http://10.77.0.1/boot.ipxe';

/** What a site does: firmware gets iPXE or a program, iPXE its script. */
function decide({ firmware, architecture }: Machine): BootDecision {
  const own = { node: 0, hostname: 'n0', address: '10.77.0.173' };
  if (firmware === 'ipxe') return { ...own, boot: { kind: 'url', url: SCRIPT } };
  if (firmware === 'http') return { ...own, boot: { kind: 'url', url: `http://10.77.0.1/${architecture}.efi` } };
  return { ...own, boot: { kind: 'file', name: `${architecture}.pxe` } };
}

/** Questions of a capture to one that serves as in it, and what each is answered. */
function replay(
  name: string,
  dialogue: Dialogue,
): readonly { question: DhcpPacket; answer: Heard | undefined; asked: Machine | undefined }[] {
  return datagramsOf(name, 67, 4011)
    .filter(({ to }) => to.port === 67 || to.port === 4011)
    .filter(({ bytes }) => bytes[0] === 1)
    .map(({ bytes, from, to }) => {
      const arrived = { bytes, address: from.address, port: from.port, at: to.port === 67 ? 'dhcp' : 'pxe' } as const;
      const answer = dialogue.hear(arrived);
      return { question: decodePacket(bytes), answer, asked: dialogue.asked.at(-1) };
    });
}

const text = (packet: DhcpPacket | undefined, code: number): string =>
  textOf(packet?.options.get(code) ?? new Uint8Array());

describe('what real firmware asks', () => {
  it.each([
    ['arm64', 'arm64', 'pxe'],
    ['bios-ipxe-http', 'bios', 'ipxe'],
    ['uefi-pxe-snponly', 'x64', 'pxe'],
    ['uefi-http-ipxe', 'x64', 'http'],
  ])('says in %s that it is %s and %s', (name, architecture, firmware) => {
    const dialogue = new Dialogue([NETWORK], decide);
    replay(name, dialogue);
    expect(dialogue.asked[0]).toMatchObject({ architecture, firmware });
  });

  it('says its UUID as its firmware prints it, and none where it has none', () => {
    const dialogue = new Dialogue([NETWORK], decide);
    replay('uuid', dialogue);
    expect(new Set(dialogue.asked.map(({ uuid }) => uuid))).toEqual(new Set(['4c4c4544-0011-2233-4455-0000000000aa']));
    const zeros = new Dialogue([NETWORK], decide);
    replay('late', zeros);
    expect(zeros.asked.filter(({ uuid }) => uuid !== undefined)).toEqual([]);
  });

  it('is answered with the address and what that firmware boots, in every capture of a server', () => {
    for (const name of captures().filter((each) => !each.startsWith('proxy'))) {
      const dialogue = new Dialogue([NETWORK], decide);
      for (const { question, answer, asked } of replay(name, dialogue)) {
        const type = question.options.get(OPTION.messageType)?.[0];
        const wanted = question.options.get(OPTION.requestedAddress);
        // one capture has a server that gave another address
        const isOther = wanted !== undefined && addressAt(wanted, 0) !== '10.77.0.173';
        if (question.ciaddr !== NO_ADDRESS) continue;
        expect(answer?.type).toBe(type === 1 ? 'offer' : isOther ? 'nak' : 'ack');
        if (isOther) continue;
        expect(answer).toMatchObject({ address: '10.77.0.173', to: { address: '255.255.255.255', port: 68 } });
        expect(answer?.packet).toMatchObject({ xid: question.xid, flags: question.flags });
        const booted = {
          ipxe: SCRIPT,
          http: `http://10.77.0.1/${asked?.architecture}.efi`,
          pxe: `${asked?.architecture}.pxe`,
        };
        const file = asked?.firmware === 'os' || asked === undefined ? '' : booted[asked.firmware];
        expect(text(answer?.packet, OPTION.bootFile)).toBe(file);
        expect(text(answer?.packet, OPTION.vendorClass)).toBe(asked?.firmware === 'http' ? 'HTTPClient' : '');
        expect(answer?.packet.options.has(OPTION.ipxe)).toBe(asked?.firmware === 'ipxe');
      }
    }
  });

  it('is answered by a proxy without an address: UEFI and BIOS ask again for the name, iPXE has it at once', () => {
    const proxy = { subnet: '10.77.0.0/24', server: '10.77.0.1', mode: 'proxy' } as const;
    const uefi = replay('proxy-uefi-pxeservice', new Dialogue([proxy], decide)).map(({ answer }) => answer);
    expect(
      uefi.map((answer) => answer && [answer.type, answer.packet.file, answer.to.address, answer.to.port]),
    ).toEqual([
      ['offer', '', '255.255.255.255', 68],
      undefined,
      ['ack', 'x64.pxe', '10.77.0.173', 4011],
      ['offer', SCRIPT, '255.255.255.255', 68],
      undefined,
      undefined,
      undefined,
    ]);
    for (const answer of uefi.filter((each) => each !== undefined)) {
      expect(answer).toMatchObject({ address: NO_ADDRESS, server: '10.77.0.1' });
      expect(text(answer.packet, OPTION.vendorClass)).toBe('PXEClient');
      expect(answer.packet.options.get(OPTION.uuid)).toHaveLength(17);
      expect(answer.packet.options.has(OPTION.leaseTime)).toBe(false);
    }
  });

  it('repeats to BIOS the entry of the menu that it has chosen', () => {
    const proxy = { subnet: '10.77.0.0/24', server: '10.77.0.1', mode: 'proxy' } as const;
    const bios = new Dialogue([proxy], () => ({ boot: { kind: 'file', name: 'pxelinux.0' } }));
    const [, , second] = replay('proxy-bios-pxeservice', bios);
    expect(second?.answer?.packet.file).toBe('pxelinux.0');
    expect(second?.answer?.to).toEqual({ address: '10.77.0.173', port: 68 });
    expect(Buffer.from(second?.answer?.packet.options.get(OPTION.vendor) ?? []).toString('hex')).toBe('470480000000ff');
  });
});
