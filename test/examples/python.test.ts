/** A client in another language, written from PROTOCOL.md and proto/ alone, against the built master. */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually, type Outcome, TestCluster } from '../cli/commands.ts';
import { BreakingProxy } from '../support/breaking-proxy.ts';
import { isAlive } from '../support/daemons.ts';
import { RawPeer } from '../support/raw-peer.ts';
import { scratchTree } from '../support/scratch.ts';
import { findTools, PythonClient } from './python-client.ts';

const MIB = 1024 * 1024;
/** Two in the middle of what is echoed, one in the middle of the large output. */
const BREAKS = [6 * MIB, 5 * MIB, 50 * MIB];
/** An output to which things happen: prints offset, limit and REWIND of what it answers. */
const GAPS = `
from bproc_streams import Output, Piece
output = Output(100, lambda *credit: print(*credit), lambda: print('stop'))
def receive(what, *piece):
    print(what, end=': ')
    output.receive(Piece(*piece))
receive('next', 0, b'abc', False); print()
receive('gap', 10, b'klm', False)
receive('under way before the REWIND', 13, b'nop', False); print()
receive('dropped since', 20, b'', False)
receive('next again', 3, b'defghij', False); print()
receive('another gap', 12, b'mno', False)
receive('beyond the limit', 10, b'x' * 200, True); print()
print(output.arrived, output.excess)
`;
const TAG = 0x0a0b0c0d;
/** It moves 116 MiB, each run. */
const TIMEOUT_MS = 60_000;

let python: PythonClient;

beforeAll(() => {
  python = new PythonClient();
});

afterAll(() => python?.[Symbol.dispose]());

test.each([
  ['Python', () => findTools(['/nowhere/python3'])],
  ['protoc', () => findTools(undefined, '/nowhere/protoc')],
])('without %s it says what to install', (_, find) => {
  expect(find).toThrow(
    /lacks .*nowhere.*: apt-get install python3 python3-protobuf python3-cryptography protobuf-compiler$/,
  );
});

describe('with a cluster', () => {
  let cluster: TestCluster;
  let state: string;
  /** Its address for other machines. */
  let remote: string;

  beforeAll(async () => {
    state = mkdtempSync(join(tmpdir(), 'bproc-python-'));
    cluster = await TestCluster.start(2, '--listen', 'tls://127.0.0.1:0', '--state', state);
    remote = /also at (tls:\S+)/.exec(cluster.master.stdout)?.[1] ?? '';
  });

  afterAll(async () => {
    await cluster?.[Symbol.asyncDispose]();
    rmSync(state, { recursive: true, force: true });
  });

  /** Checks all that the example says, and that what it left running has ended. */
  async function expectAll(address: string, connections: number, identity?: string): Promise<void> {
    const { code, stdout, stderr } = await python.run(address, identity);
    expect({ code, stderr }, stdout).toEqual({ code: 0, stderr: '' });
    const shown = [
      /^version 2: EPROTO: .*\b2 to 2\b.*\b1 to 1\b.*$/,
      /^nodes: 0 up, 1 up$/,
      /^process \d+: b'node 0 got hello\\n' b'oops\\n', exited with 3$/,
      /^echo: 16 MiB came back as they were sent, exited with 0$/,
      /^large: 100 MiB with the right hash, never beyond the window, exited with 0$/,
      /^signal: killed by SIGTERM$/,
      // by SIGPIPE, or by its own hand where this machine has that signal ignored
      /^output not wanted: (?:killed by SIGPIPE|exited with 1)$/,
      /^output cut short: exited with 0$/,
      /^no start: ENOENT: .*no-such-program/,
      /^no signal: BE_INVALIDPROC: ./,
      // every end was acknowledged before the question
      /^processes: 0$/,
      /^left running: \d+$/,
      new RegExp(`^closed; connections: ${connections}$`),
    ];
    const lines = stdout.trimEnd().split('\n');
    expect(lines).toEqual(shown.map((pattern) => expect.stringMatching(pattern)));
    const left = Number(/^left running: (\d+)$/m.exec(stdout)?.[1]);
    await eventually(() => !isAlive(left));
  }

  test('it does all that a client does', { timeout: TIMEOUT_MS }, () =>
    expectAll(cluster.env['BPROC_MASTER'] ?? '', 1),
  );

  test('over TLS too, with a certificate that it gets by a token [PROTOCOL 8.7]', { timeout: TIMEOUT_MS }, async () => {
    const file = join(state, 'me.pem');
    const { stdout } = await cluster.run('bpctl', ['token', '--role', 'client']);
    const token = stdout.trim();
    const [, hash = ''] = token.split('.');
    expect(await python.login(remote, token.replace(hash, '0'.repeat(64)), file)).toEqual({
      code: 1,
      stdout: '',
      stderr: `login.py: EPERM: the token is of another cluster than that at ${remote}: nothing was sent to it\n`,
    });
    expect(await python.login(remote, token, file)).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    await expectAll(remote, 1, file);
    const again = await python.login(remote, token, `${file}.2`);
    expect([again.code, again.stderr]).toEqual([1, expect.stringContaining('EPERM: this token has been used')]);
    const without = await python.run(remote);
    expect([without.code, without.stderr]).toEqual([1, expect.stringContaining('takes a certificate')]);
  });

  test('connections that break lose and double nothing', { timeout: TIMEOUT_MS }, async () => {
    const path = join(cluster.directory, 'proxy.sock');
    using proxy = new BreakingProxy(path, join(cluster.directory, 'run/master.sock'), BREAKS);
    await expectAll(`unix:${path}`, 1 + BREAKS.length);
    expect(proxy.left).toBe(0);
  });
});

describe('with a master by hand', () => {
  /** Runs against a master that welcomes everybody with this version; returns what came, and of each connection the peer. */
  async function welcomed(major: number, run: (address: string) => Promise<Outcome>) {
    using directory = scratchTree({});
    const path = join(directory.path, 'master.sock');
    const peers: RawPeer[] = [];
    const server = createServer(async (socket) => {
      const master = new RawPeer(socket);
      peers.push(master);
      await master.control('hello');
      const epoch = { generation: 0, revision: 1 };
      const welcome = { major, session: TAG, epoch, master: Buffer.alloc(16, 1), heartbeatMs: 1000 };
      master.send({ epoch, welcome });
      master.channel.establish(TAG);
    }).listen(path);
    try {
      return { outcome: await run(`unix:${path}`), peers };
    } finally {
      server.close();
    }
  }

  test('it declines a version that it did not offer, and says so [PROTOCOL 3.1]', async () => {
    const { outcome, peers } = await welcomed(7, (address) => python.run(address));
    expect(outcome).toEqual({
      code: 1,
      stdout: 'version 2: EPROTO: the master chose version 7; versions 2 to 2 were offered\n',
      stderr: 'run.py: EPROTO: the master chose version 7; versions 1 to 1 were offered\n',
    });
    expect(await Promise.all(peers.map((peer) => peer.close()))).toMatchObject([
      { code: 'EPROTO' },
      { code: 'EPROTO' },
    ]);
  });

  test('it says GOODBYE when it leaves, and nothing after that [PROTOCOL 2.7]', async () => {
    const { outcome, peers } = await welcomed(1, (address) =>
      python.evaluate(`
import asyncio
from bproc_client import Client
async def main():
    async with Client(${JSON.stringify(address)}):
        pass
asyncio.run(main())
`),
    );
    expect(outcome).toEqual({ code: 0, stdout: '', stderr: '' });
    const [peer] = peers;
    await peer?.whenEnded();
    expect(peer?.failure).toBeUndefined();
    const said = peer?.heard.map((heard) => (heard.kind === 'control' ? heard.message.body : heard.kind));
    expect(said?.[0]).toBe('hello');
    expect(said?.at(-1)).toBe('goodbye');
  });
});

test('it asks again for what was dropped while a REWIND was under way [PROTOCOL 5.3]', async () => {
  expect(await python.evaluate(GAPS)).toEqual({
    code: 0,
    stdout: [
      'next: ',
      'gap: 3 100 True',
      'under way before the REWIND: ',
      'dropped since: 3 100 True',
      'next again: ',
      'another gap: 10 100 True',
      'beyond the limit: ',
      '100 110',
      '',
    ].join('\n'),
    stderr: '',
  });
});
