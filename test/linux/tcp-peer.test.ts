import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { LoopbackPeers } from '../../src/linux/index.ts';
import { findLoopbackPeer } from '../../src/linux/tcp-peer.ts';

const row = (local: string, remote: string, state: string, uid: number): string =>
  `  0: ${local} ${remote} ${state} 00000000:00000000 00:00000000 00000000 ${uid}        0 1 1 0000 100 0 0 10 0`;

const V4 = '0100007F';
const OTHER_V4 = '0200007F';
const ROUTED_V4 = '0100A8C0';
const V6 = '00000000000000000000000001000000';
const MAPPED = '0000000000000000FFFF00000100007F';

describe('the peer of a loopback connection', () => {
  it.each([
    ['127.0.0.1', '127.0.0.1'],
    ['::', '127.0.0.1'],
    ['::1', '::1'],
  ])('listening on %s and connected to %s is found', async (host, target) => {
    const server = createServer().listen(0, host);
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const client = connect(port, target);
    const [socket] = (await once(server, 'connection')) as [Socket];
    const family = socket.remoteFamily === 'IPv6' ? 'IPv6' : 'IPv4';
    const peers = new LoopbackPeers();
    const uid = process.getuid?.();
    // several at once: those that come while the tables are read are served by one more reading
    const asked = Array.from({ length: 5 }, () => peers.uidOf(port, socket.remotePort ?? 0, family));
    expect(await Promise.all(asked)).toEqual([uid, uid, uid, uid, uid]);
    expect(await peers.uidOf(port, port, family)).toBeUndefined();
    client.destroy();
    socket.destroy();
    server.close();
    await once(server, 'close');
  });

  it.each([
    ['the other way round', row(`${V4}:1F90`, `${V4}:C350`, '01', 7), undefined],
    ['the peer', row(`${V4}:C350`, `${V4}:1F90`, '01', 7), 7],
    ['from another loopback address', row(`${OTHER_V4}:C350`, `${V4}:1F90`, '01', 7), 7],
    ['from an IPv6 socket', row(`${MAPPED}:C350`, `${MAPPED}:1F90`, '01', 7), 7],
    ['IPv6 though IPv4 was asked for', row(`${V6}:C350`, `${V6}:1F90`, '01', 7), undefined],
    ['not the loopback', row(`${ROUTED_V4}:C350`, `${ROUTED_V4}:1F90`, '01', 7), undefined],
    ['over', row(`${V4}:C350`, `${V4}:1F90`, '06', 7), undefined],
    ['garbage', `sl local\n\n x y z\n${row('x', ':', '01', 7)}`, undefined],
  ])('in the table, %s', (_, table, uid) => {
    expect(findLoopbackPeer(table, 8080, 50_000, 'IPv4')).toBe(uid);
  });

  it('is nobody where two users fit', () => {
    const rows = [row(`${V4}:C350`, `${V4}:1F90`, '01', 7), row(`${OTHER_V4}:C350`, `${OTHER_V4}:1F90`, '01', 8)];
    expect(findLoopbackPeer(rows.join('\n'), 8080, 50_000, 'IPv4')).toBeUndefined();
    expect(findLoopbackPeer(rows[0] ?? '', 8080, 50_000, 'IPv6')).toBe(7);
    expect(findLoopbackPeer(row(`${V6}:C350`, `${V6}:1F90`, '01', 9), 8080, 50_000, 'IPv6')).toBe(9);
  });
});
