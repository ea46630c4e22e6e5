/** A server on sockets of its own, as anybody may run one: machines behind a relay, which is the test. */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bytesOf } from '../../../src/boot/dhcp/ipv4.ts';
import { FileLeaseStore } from '../../../src/boot/dhcp/lease-store.ts';
import type { Lease } from '../../../src/boot/dhcp/leases.ts';
import { OPTION } from '../../../src/boot/dhcp/options.ts';
import { decodePacket } from '../../../src/boot/dhcp/packet.ts';
import { type BootPolicy, type DhcpEvent, type DhcpServer, startDhcp } from '../../../src/boot/index.ts';
import { scratchTree } from '../../support/scratch.ts';
import { MAC, questionBytes } from './dialogue.ts';

const RELAY = '127.9.0.2';
const NETWORK = { subnet: '127.9.0.0/16', server: '127.9.0.1', pool: { first: '127.9.1.1', last: '127.9.1.9' } };
const anybody: BootPolicy = { decide: () => ({}) };

class Relay implements AsyncDisposable {
  readonly #socket: Socket;
  readonly #port: number;

  private constructor(socket: Socket, port: number) {
    this.#socket = socket;
    this.#port = port;
  }

  static async beside({ port }: DhcpServer): Promise<Relay> {
    const socket = createSocket({ type: 'udp4', reuseAddr: true });
    socket.bind(port, RELAY);
    await once(socket, 'listening');
    return new Relay(socket, port);
  }

  async ask(
    ...[type, mac, ...options]: [Parameters<typeof questionBytes>[0]['type'], string, ...[number, Uint8Array][]]
  ) {
    const bytes = questionBytes({ type, mac, giaddr: RELAY, options: new Map(options) });
    this.#socket.send(bytes, this.#port, NETWORK.server);
    const [answer] = await once(this.#socket, 'message');
    return decodePacket(answer);
  }

  /** @returns the address that the machine has then. */
  async boot(mac: string): Promise<string> {
    const { yiaddr } = await this.ask('discover', mac);
    const chosen = [OPTION.requestedAddress, bytesOf(yiaddr)] as [number, Uint8Array];
    return (await this.ask('request', mac, chosen, [OPTION.serverId, bytesOf(NETWORK.server)])).yiaddr;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#socket.close();
    await once(this.#socket, 'close');
  }
}

const lease = (last: number, mac: string, until: number): Lease => ({
  ...{ address: 0x7f090100 + last, mac, until },
  ...{ state: 'bound', isReserved: false },
});

describe('a server of DHCP', () => {
  it('serves on a free port of anybody’s, and says which', async () => {
    await using server = await startDhcp({ networks: [NETWORK], policy: anybody, port: 0 });
    await using relay = await Relay.beside(server);
    expect(server.pxePort).toBeUndefined();
    expect(await relay.boot(MAC)).toBe('127.9.1.1');
    expect(server.leases()).toMatchObject([{ address: '127.9.1.1', mac: MAC, isReserved: false }]);
  });

  it('answers at the second port that firmware asks of a proxy', async () => {
    const proxy = { subnet: NETWORK.subnet, server: NETWORK.server, mode: 'proxy' } as const;
    const policy: BootPolicy = { decide: () => ({ boot: { kind: 'file', name: 'node.efi' } }) };
    await using server = await startDhcp({ networks: [proxy], policy, port: 0, pxePort: 0 });
    const socket = createSocket('udp4').bind(0, RELAY);
    await once(socket, 'listening');
    const options = new Map([[OPTION.vendorClass, Buffer.from('PXEClient:Arch:00007')]]);
    socket.send(questionBytes({ type: 'request', ciaddr: RELAY, options }), server.pxePort ?? 0, NETWORK.server);
    const [answer] = await once(socket, 'message');
    socket.close();
    expect(decodePacket(answer)).toMatchObject({ op: 2, file: 'node.efi', siaddr: NETWORK.server });
  });

  it('answers when an answer that was deferred is due', async () => {
    const events: DhcpEvent[] = [];
    const policy: BootPolicy = { decide: () => ({ deferMs: 30 }) };
    const onEvent = (event: DhcpEvent): number => events.push(event);
    await using server = await startDhcp({ networks: [NETWORK], policy, port: 0, onEvent });
    await using relay = await Relay.beside(server);
    expect((await relay.ask('discover', MAC)).yiaddr).toBe('127.9.1.1');
    expect(events.map(({ kind }) => kind)).toEqual(['deferred', 'discover', 'offer']);
  });

  it('remembers what it gave, and gives it to nobody else after a start', async () => {
    using state = scratchTree({});
    const options = { networks: [NETWORK], policy: anybody, port: 0, stateDir: join(state.path, 'dhcp') };
    {
      await using server = await startDhcp(options);
      await using relay = await Relay.beside(server);
      expect(await relay.boot(MAC)).toBe('127.9.1.1');
    }
    await using server = await startDhcp(options);
    await using relay = await Relay.beside(server);
    expect(await relay.boot('52:54:00:00:00:99')).toBe('127.9.1.2');
    expect(await relay.boot(MAC)).toBe('127.9.1.1');
  });

  it('does not start on what is no file of leases, on no network, or beside another on its port', async () => {
    using state = scratchTree({ leases: '{"address":"127.9.1.1"}\n' });
    const options = { networks: [NETWORK], policy: anybody, port: 0 };
    await expect(startDhcp({ ...options, stateDir: state.path })).rejects.toMatchObject({
      ...{ code: 'EIO', message: expect.stringContaining('restore it or remove it') },
    });
    await expect(startDhcp({ ...options, networks: [] })).rejects.toMatchObject({ code: 'EINVAL' });
    await using server = await startDhcp(options);
    await expect(startDhcp({ ...options, port: server.port })).rejects.toMatchObject({
      ...{ code: 'EADDRINUSE', message: expect.stringContaining(`ss -lunp sport = :${server.port}`) },
    });
  });
});

describe('the store of leases', () => {
  it('has of each address who got it last, whatever half of a line is left at the end', async () => {
    using state = scratchTree({});
    const store = new FileLeaseStore(state.path);
    store.load();
    await store.keep([lease(1, MAC, 5), lease(2, 'b', 6)]);
    await store.keep([lease(1, 'c', 7)]);
    await store.close();
    appendFileSync(join(state.path, 'leases'), '{"address":"127.9.1.3","ma');
    const again = new FileLeaseStore(state.path);
    expect(again.load()).toEqual([lease(2, 'b', 6), lease(1, 'c', 7)]);
    await again.keep([lease(3, 'd', 8)]);
    await again.close();
    expect(new FileLeaseStore(state.path).load()).toEqual([lease(2, 'b', 6), lease(1, 'c', 7), lease(3, 'd', 8)]);
  });

  it('says what is spoiled that it had kept', async () => {
    using state = scratchTree({});
    const store = new FileLeaseStore(state.path);
    await store.keep([lease(1, MAC, 5)]);
    await store.keep([lease(2, MAC, 5)]);
    await store.close();
    const path = join(state.path, 'leases');
    writeFileSync(path, readFileSync(path, 'utf8').replace('{', '('));
    expect(() => new FileLeaseStore(state.path).load()).toThrow(/spoiled at byte 0/);
  });
});
