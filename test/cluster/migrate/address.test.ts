/** TCP connections of a process that moves with its address: PROTOCOL.md 12.11, on nodes that are network namespaces. Needs root. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Client, connect, type RemoteProcess } from '../../../src/index.ts';
import { until } from '../../linux/recorder.ts';
import { CriuGates } from '../../support/criu-gates.ts';
import { type Daemon, Machines } from '../../support/daemons.ts';
import { Network, type NetworkMachine } from '../../support/network.ts';

const PYTHON = '/usr/bin/python3';
/** Writes numbered lines as fast as they are taken, until a file is there, and then how many there were. */
const WRITER = `
import os, sys
def write(connection, stop):
    count = 0
    while not os.path.exists(stop):
        lines = "".join("%d\\n" % each for each in range(count + 1, count + 501))
        connection.sendall(lines.encode())
        count += 500
    connection.close()
    print(count, flush=True)
`;
/** Reads them, and says at each hundred thousand how many have come; at the end whether each has come once, in order. */
const READER = `
def read(connection):
    count = 0
    for line in connection.makefile():
        count += 1
        if int(line) != count: return print("line %s after %d" % (line.strip(), count - 1), flush=True)
        if count % 20000 == 0: print("at %d" % count, flush=True)
    print("whole %d\\n" % count, end="", flush=True)
`;
const LISTEN = `
import socket, sys
listener = socket.create_server((sys.argv[1], 7777))
print("listening", flush=True)
connection = listener.accept()[0]
`;
const CONNECT = `
import socket, sys
connection = socket.create_connection((sys.argv[1], 7777), source_address=(sys.argv[2], 0) if len(sys.argv) > 2 else None)
print("connected", flush=True)
`;

describe.runIf(process.geteuid?.() === 0)('a process with an address of its own', () => {
  let network: Network;
  let machines: Machines;
  let gates: CriuGates;
  let bp: Client;
  let directory: string;
  let outside: NetworkMachine;
  let address: string;
  const nodes: NetworkMachine[] = [];
  const daemons: Daemon[] = [];
  const peers: ChildProcess[] = [];
  /** Each test's own: whoever is outside remembers where the last one was. */
  let own: string;

  beforeEach(({ task }) => {
    own = `10.77.0.${100 + (task.suite?.tasks.indexOf(task) ?? 0)}`;
  });

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'bproc-address-test-'));
    network = await Network.create();
    machines = await Machines.create();
    gates = await CriuGates.create(machines.directory);
    const masters = await network.machine();
    nodes.push(await network.machine(), await network.machine());
    outside = await network.machine();
    const listen = [machines.address, `tls://${masters.address}:0`];
    const options = JSON.stringify({ listen, stateDir: join(machines.directory, 'master') });
    [, address = ''] = (await machines.run('master', [options], masters.enter)).ready;
    bp = await connect({ master: machines.address });
    for (const node of [0, 1]) await startSlave(node, (await bp.createToken({ node })).text);
  });

  afterEach(() => {
    for (const node of holders()) ip(nodes[node], `address del ${own}/32 dev eth0`);
  });

  afterAll(async () => {
    for (const peer of peers) peer.kill('SIGKILL');
    await bp?.[Symbol.asyncDispose]();
    await machines?.[Symbol.asyncDispose]();
    await network?.[Symbol.asyncDispose]();
    await rm(directory, { recursive: true });
  });

  async function startSlave(node: number, token?: string): Promise<void> {
    const stateDir = join(machines.directory, `slave-${node}`);
    const slave = { master: address, node, stateDir, token, spawner: 'holder', criu: gates.executable };
    daemons[node] = await machines.run('slave', [JSON.stringify(slave)], nodes[node]?.enter);
    await until(async () => (await bp.nodeStatus(node)) === 'up', `node ${node}`);
  }

  function ip(machine: NetworkMachine | undefined, command: string): string {
    const [program = '', ...args] = [...(machine?.enter ?? []), 'ip', ...command.split(' ')];
    return execFileSync(program, args, { encoding: 'utf8' });
  }

  /** On which nodes the address is. */
  function holders(): number[] {
    return [0, 1].filter((node) => ip(nodes[node], '-o -4 address show dev eth0').includes(` ${own}/`));
  }

  async function started(node: number, program: string, ...args: string[]) {
    const p = await bp.rexec(node, PYTHON, ['-c', program, ...args]);
    const said = { text: '' };
    for (const stream of [p.stdout, p.stderr]) {
      stream.on('data', (bytes: Buffer) => {
        said.text += bytes.toString();
      });
    }
    return { p, said };
  }

  /** A program that is none of the cluster's. */
  function peer(program: string, ...args: string[]): { text: string } {
    const [command = '', ...rest] = [...outside.enter, PYTHON, '-c', program, ...args];
    const child = spawn(command, rest, { stdio: ['ignore', 'pipe', 'inherit'] });
    peers.push(child);
    const said = { text: '' };
    child.stdout.on('data', (bytes: Buffer) => {
      said.text += bytes.toString();
    });
    return said;
  }

  /** More has come than when it was called. */
  async function goesOn(said: { readonly text: string }): Promise<void> {
    const { length } = said.text;
    await until(() => said.text.length > length, 'more to come');
  }

  async function endsWhole(p: RemoteProcess, stop: string, said: { text: string }, total: () => string): Promise<void> {
    await writeFile(stop, '');
    await until(() => /whole \d+\n/.test(said.text), 'the end of the connection');
    expect(await p.wait()).toEqual({ kind: 'exited', code: 0 });
    expect(said.text.trim().split('\n').at(-1)).toBe(`whole ${total().trim().split('\n').at(-1)}`);
  }

  /** One that listens at its own address on node 0, and writes to who has come from outside. */
  async function serving(name: string) {
    ip(nodes[0], `address add ${own}/32 dev eth0`);
    const stop = join(directory, name);
    const server = await started(0, `${LISTEN}${WRITER}write(connection, sys.argv[2])`, own, stop);
    await until(() => server.said.text.includes('listening'), 'it to listen');
    const reader = peer(`${CONNECT}${READER}read(connection)`, own);
    await goesOn(reader);
    return { ...server, reader, stop };
  }

  test('takes its connections along while it writes, there and back', async () => {
    const { p, said, reader, stop } = await serving('stop-server');
    for (const node of [1, 0, 1, 0]) {
      await bp.move(p.pid, node, { address: own });
      expect(p.node).toBe(node);
      expect(holders()).toEqual([node]);
      await goesOn(reader);
    }
    await endsWhole(p, stop, reader, () => said.text);
  });

  test('takes a connection along that it has made and reads from', async () => {
    ip(nodes[0], `address add ${own}/32 dev eth0`);
    const stop = join(directory, 'stop-client');
    const writer = peer(`${LISTEN}${WRITER}write(connection, sys.argv[2])`, outside.address, stop);
    await until(() => writer.text.includes('listening'), 'it to listen');
    const { p, said } = await started(0, `${CONNECT}${READER}read(connection)`, outside.address, own);
    await goesOn(said);
    for (const node of [1, 0, 1]) {
      await bp.move(p.pid, node, { address: own });
      expect(holders()).toEqual([node]);
      await goesOn(said);
    }
    await endsWhole(p, stop, said, () => writer.text);
  });

  test('stays with its connection where the move fails when all of it is there', async () => {
    const { p, said, reader, stop } = await serving('stop-failing');
    await gates.stopAt('restored');
    const moving = Promise.allSettled([bp.move(p.pid, 1, { address: own })]);
    await gates.reached('restored');
    expect(holders()).toEqual([0, 1]);
    await daemons[1]?.kill();
    await gates.pass('restored');
    await startSlave(1);
    expect(await moving).toMatchObject([{ status: 'rejected' }]);
    await goesOn(reader);
    expect(holders()).toEqual([0]);
    await bp.move(p.pid, 1, { address: own });
    await goesOn(reader);
    await endsWhole(p, stop, reader, () => said.text);
  });

  test('stays with its connection where its own slave dies before it has left', async () => {
    const { p, said, reader, stop } = await serving('stop-captured');
    await gates.stopAt('captured');
    const moving = Promise.allSettled([bp.move(p.pid, 1, { address: own })]);
    await gates.reached('captured');
    await daemons[0]?.kill();
    await gates.pass('captured');
    await startSlave(0);
    expect(await moving).toMatchObject([{ status: 'rejected' }]);
    await goesOn(reader);
    expect(holders()).toEqual([0]);
    await endsWhole(p, stop, reader, () => said.text);
  });

  test('arrives with its connection where the slave that it left dies, and takes no address back', async () => {
    const { p, said, reader, stop } = await serving('stop-dumped');
    await gates.stopAt('dumped');
    const moving = bp.move(p.pid, 1, { address: own });
    await gates.reached('dumped');
    await daemons[0]?.kill();
    await gates.pass('dumped');
    await startSlave(0);
    await moving;
    expect(p.node).toBe(1);
    await goesOn(reader);
    expect(holders()).toEqual([1]);
    await endsWhole(p, stop, reader, () => said.text);
  });

  test('is refused before it stands still where its address cannot go along', async () => {
    const refused = async (p: RemoteProcess, from: string): Promise<string> => {
      const [result] = await Promise.allSettled([bp.move(p.pid, 1, { address: from })]);
      return result?.status === 'rejected' ? String(result.reason) : 'it moved';
    };
    const { p, said, reader, stop } = await serving('stop-refused');
    expect(await refused(p, '10.77.0.99')).toMatch(/10\.77\.0\.99 cannot go along: its node has no such IPv4 address/);
    expect(await refused(p, nodes[0]?.address ?? '')).toMatch(/it is the node's own: only one with the prefix \/32/);
    ip(nodes[0], 'address add 10.77.0.99/32 dev eth0');
    ip(nodes[0], 'address add 10.99.0.1/32 dev eth0');
    expect(await refused(p, '10.77.0.99')).toMatch(
      /has a TCP connection to 10\.77\.0\.\d+:\d+ by 10\.77\.0\.105, which stays/,
    );
    const other = await started(0, 'print("ready", flush=True)\ninput()');
    await until(() => other.said.text.includes('ready'), 'another one');
    expect(await refused(other.p, own)).toMatch(
      /10\.77\.0\.105 cannot go along: another process uses it, on port 7777/,
    );
    expect(await refused(other.p, '10.99.0.1')).toMatch(
      /10\.99\.0\.1 cannot go along: node 1 has no interface in its network/,
    );
    ip(nodes[1], 'address add 10.77.0.99/32 dev eth0');
    expect(await refused(other.p, '10.77.0.99')).toMatch(/10\.77\.0\.99 cannot go along: node 1 has it already/);
    other.p.stdin.end();
    for (const each of ['10.77.0.99', '10.99.0.1']) ip(nodes[0], `address del ${each}/32 dev eth0`);
    ip(nodes[1], 'address del 10.77.0.99/32 dev eth0');
    await goesOn(reader);
    await endsWhole(p, stop, reader, () => said.text);
  });
});
