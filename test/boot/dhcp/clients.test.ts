/** Clients that others have made, on a network of namespaces: they take what the server says as they take ISC's. */
import { chmodSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LabServer, run, udhcpc } from '../../support/dhcp-lab.ts';
import { Network, type NetworkMachine } from '../../support/network.ts';
import { scratchTree } from '../../support/scratch.ts';

const SCRIPT = 'http://10.77.0.1/n3.ipxe';
const OWN = { hostname: 'n3', address: '10.77.0.13' };
const MACHINES = {
  pxe: { ...OWN, boot: { kind: 'file', name: 'snponly.efi' } },
  http: { ...OWN, boot: { kind: 'url', url: 'http://10.77.0.1/node.efi' } },
  ipxe: { ...OWN, boot: { kind: 'url', url: SCRIPT } },
  os: OWN,
};
const NETWORK = { subnet: '10.77.0.0/24', server: '10.77.0.1', routers: ['10.77.0.1'], nameServers: ['10.77.0.9'] };
const firmware = (number: number, name: string): readonly string[] => [
  ...['-V', name, '-x', `0x5d:${number.toString(16).padStart(4, '0')}`, '-O', '66', '-O', '67'],
];

describe.runIf(process.geteuid?.() === 0)('the server of DHCP', () => {
  let network: Network;
  let front: NetworkMachine;
  let node: NetworkMachine;
  const files = scratchTree({ 'env.sh': '#!/bin/sh\n[ "$1" = bound ] && exec env\nexit 0\n' });
  const script = join(files.path, 'env.sh');

  beforeAll(async () => {
    chmodSync(script, 0o755);
    network = await Network.create();
    [front, node] = [await network.machine(), await network.machine()];
  });
  afterAll(async () => {
    await network[Symbol.asyncDispose]();
    files[Symbol.dispose]();
  });

  it.each([
    ['an operating system', [], undefined],
    ['PXE of BIOS', firmware(0, 'PXEClient:Arch:00000:UNDI:002001'), 'snponly.efi'],
    ['PXE of x86-64', firmware(7, 'PXEClient:Arch:00007:UNDI:003000'), 'snponly.efi'],
    ['PXE of arm64', firmware(11, 'PXEClient:Arch:00011:UNDI:003000'), 'snponly.efi'],
    ['HTTP boot of x86-64', firmware(16, 'HTTPClient:Arch:00016:UNDI:003000'), 'http://10.77.0.1/node.efi'],
    ['iPXE', [...firmware(7, 'PXEClient:Arch:00007:UNDI:003010'), '-x', '0x4d:69505845'], SCRIPT],
  ])('gives %s its address and what it boots, to udhcpc', async (_, args, file) => {
    await using server = await LabServer.start({ networks: [NETWORK], machines: MACHINES }, front.enter);
    const said = await udhcpc(node, script, ...args);
    expect(said).toMatchObject({
      ...{ ip: '10.77.0.13', subnet: '255.255.255.0', router: '10.77.0.1', dns: '10.77.0.9' },
      ...{ hostname: 'n3', serverid: '10.77.0.1', lease: '3600' },
    });
    expect(said['boot_file'] ?? said['bootfile']).toBe(file);
    expect(said['siaddr']).toBe(file === undefined ? undefined : '10.77.0.1');
    expect((await server.says('ack')).machine?.firmware).toBeDefined();
  });

  it('gives ISC’s client its address, and again', async () => {
    await using _server = await LabServer.start({ networks: [NETWORK], machines: MACHINES }, front.enter);
    const [leases, pid] = [join(files.path, 'leases'), join(files.path, 'pid')];
    const argv = [
      'dhclient',
      '-4',
      '-1',
      '-v',
      '-sf',
      '/bin/true',
      '-lf',
      leases,
      '-pf',
      pid,
      '-cf',
      '/dev/null',
      'eth0',
    ];
    // bound, it stays in the background in order to renew
    const text = 'said=$("$@" 2>&1); echo "$said"; kill -9 "$(cat "$0")"';
    const once = async (): Promise<string> => (await run(node, 'sh', '-c', text, pid, ...argv)).stdout;
    expect(await once()).toMatch(/DHCPOFFER of 10\.77\.0\.13 from 10\.77\.0\.1[\s\S]*bound to 10\.77\.0\.13/);
    // it remembers it now, and asks for no other
    const again = await once();
    expect(again).toMatch(/DHCPREQUEST for 10\.77\.0\.13[\s\S]*bound to 10\.77\.0\.13/);
    expect(again).not.toContain('DHCPDISCOVER');
  });

  it('serves machines behind perfdhcp’s relay at once, without a loss, and keeps what it gave over a kill', async () => {
    const stateDir = join(files.path, 'state');
    const pooled = { subnet: '10.77.0.0/16', server: '10.77.0.1', pool: { first: '10.77.4.0', last: '10.77.7.255' } };
    const options = { networks: [pooled], else: {}, stateDir };
    {
      await using _server = await LabServer.start(options, front.enter);
      const argv = ['-4', '-l', 'eth0', '-R', '200', '-r', '200', '-n', '200', '-W', '5000000', '10.77.0.1'];
      const { stdout } = await run(node, 'perfdhcp', ...argv);
      const drops = [...stdout.matchAll(/^drops: (\d+)$/gm)].map(([, count]) => count);
      expect(drops).toEqual(['0', '0']);
    }
    await using again = await LabServer.start(options, front.enter);
    const { leases } = await again.says('ready');
    expect(leases).toHaveLength(200);
  });

  it('leaves a machine to another server whose offer it takes', async () => {
    const other = await network.machine();
    const pool = (last: string): unknown => ({ first: `10.77.0.${last}`, last: `10.77.0.${last}` });
    const networks = [{ ...NETWORK, pool: pool('50') }];
    await using one = await LabServer.start({ networks, else: {} }, front.enter);
    const rival = [{ ...NETWORK, server: other.address, pool: pool('60') }];
    await using two = await LabServer.start({ networks: rival, else: {} }, other.enter);
    const { ip, serverid } = await udhcpc(node, script);
    const [taken, left] = serverid === '10.77.0.1' ? [one, two] : [two, one];
    expect(ip).toBe(serverid === '10.77.0.1' ? '10.77.0.50' : '10.77.0.60');
    await taken.says('ack');
    expect((await left.says('elsewhere')).reason).toBe(`it takes the offer of ${serverid}`);
    expect(left.lines.map(({ kind }) => kind)).not.toContain('ack');
  });

  it('gives no address of a pool that it cannot keep, as on a full disk, but serves others, and does so once there is room', async () => {
    const stateDir = join(files.path, 'full');
    mkdirSync(stateDir);
    const fill = `mount -t tmpfs -o size=16k none ${stateDir} && head -c 20000 /dev/zero >${stateDir}/filler 2>/dev/null`;
    const enter = [...front.enter, 'unshare', '--mount', 'sh', '-c', `${fill}; exec "$@"`, 'sh'];
    const pool = { first: '10.77.0.50', last: '10.77.0.50' };
    const options = { networks: [{ ...NETWORK, pool }], machines: { pxe: MACHINES.pxe }, else: {}, stateDir };
    await using server = await LabServer.start(options, enter);
    await expect(udhcpc(node, script, '-t', '2')).rejects.toThrow();
    const { code, reason } = await server.says('unkept');
    expect([code, reason]).toEqual(['ENOSPC', expect.stringContaining('make room there')]);
    expect(await udhcpc(node, script, ...firmware(7, 'PXEClient:Arch:00007'))).toMatchObject({ ip: '10.77.0.13' });
    const pid = server.pid;
    await run(node, 'nsenter', '--mount', '--target', String(pid), 'rm', `${stateDir}/filler`);
    expect(await udhcpc(node, script)).toMatchObject({ ip: '10.77.0.50' });
    expect(existsSync(join(stateDir, 'leases'))).toBe(false);
  });

  it('says how to have a port that is not permitted, and which address is not there', async () => {
    const nobody = ['setpriv', '--reuid', '65534', '--clear-groups', '--bounding-set=-all', '--inh-caps=-all'];
    await using refused = new LabServer({ networks: [NETWORK] }, [...front.enter, ...nobody]);
    expect(await refused.says('failed')).toMatchObject({
      code: 'EACCES',
      reason: expect.stringContaining('sysctl net.ipv4.ip_unprivileged_port_start=67'),
    });
    await using absent = new LabServer({ networks: [{ ...NETWORK, server: '10.77.0.200' }] }, front.enter);
    expect(await absent.says('failed')).toMatchObject({
      code: 'EINVAL',
      reason: expect.stringContaining('ip -4 addr'),
    });
    await using _first = await LabServer.start({ networks: [NETWORK] }, front.enter);
    await using taken = new LabServer({ networks: [NETWORK] }, front.enter);
    expect(await taken.says('failed')).toMatchObject({
      code: 'EADDRINUSE',
      reason: expect.stringContaining('ss -lunp sport = :67'),
    });
  });
});
