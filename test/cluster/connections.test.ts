/** Standard descriptors that are connections to a listener of the caller's: `_io` of BProc. Only the holder makes them. */
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { endianness } from 'node:os';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Cluster, startCluster } from '../../src/index.ts';
import { addressBytes } from '../../src/linux/ip-address.ts';

const PREAMBLE = 8;
const NODES = 4;

let cluster: Cluster;

beforeAll(async () => {
  cluster = await startCluster({ nodes: NODES, spawner: 'holder' });
});

afterAll(() => cluster[Symbol.asyncDispose]());

/** A listener, and what each connection to it has said when it ended, by who it said it was. */
class Listener implements AsyncDisposable {
  readonly said = new Map<string, string>();
  readonly #server: Server;
  #ended = 0;
  #notify: (() => void) | undefined;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async open(host: string, answer: (pid: number, fd: number) => string | undefined): Promise<Listener> {
    const server = createServer({ allowHalfOpen: true });
    const listener = new Listener(server);
    server.on('connection', (socket) => listener.#take(socket, answer));
    server.listen(0, host);
    await once(server, 'listening');
    return listener;
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  #take(socket: Socket, answer: (pid: number, fd: number) => string | undefined): void {
    let bytes = Buffer.alloc(0);
    let isKnown = false;
    socket.on('data', (more: Buffer) => {
      bytes = Buffer.concat([bytes, more]);
      if (isKnown || bytes.length < PREAMBLE) return;
      isKnown = true;
      const input = answer(...who(bytes));
      if (input !== undefined) socket.end(input);
    });
    socket.on('end', () => {
      this.said.set(who(bytes).join(' '), bytes.toString('utf8', PREAMBLE));
      socket.end();
      this.#ended += 1;
      this.#notify?.();
    });
  }

  async until(count: number): Promise<void> {
    while (this.#ended < count) {
      await new Promise<void>((resolve) => {
        this.#notify = resolve;
      });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
    await once(this.#server, 'close');
  }
}

function who(bytes: Buffer): [pid: number, fd: number] {
  const read = (at: number): number => (endianness() === 'LE' ? bytes.readInt32LE(at) : bytes.readInt32BE(at));
  return [read(0), read(4)];
}

test('one listener has three connections of each process, and knows which is which', { timeout: 60_000 }, async () => {
  await using listener = await Listener.open('127.0.0.1', (pid, fd) => (fd === 0 ? `for ${pid}` : undefined));
  // to wherever this program is
  const to = { connect: `0.0.0.0:${listener.port}`, preamble: true };
  const script = 'read line; echo "out $line"; echo "err $BPROC_RANK" >&2';
  const options = { stdin: to, stdout: to, stderr: to };
  const vector = await cluster.client.rexec(`0-${NODES - 1}`, 'sh', ['-c', script], options);
  expect(await vector.wait()).toEqual(Array(NODES).fill({ kind: 'exited', code: 0 }));
  await listener.until(3 * NODES);
  const expected = vector.entries.flatMap((entry, rank): [string, string][] => {
    const pid = 'pid' in entry ? entry.pid : 0;
    const shown = String(rank).padStart(7, '0');
    return [
      [`${pid} 0`, ''],
      [`${pid} 1`, `out for ${pid}\n`],
      [`${pid} 2`, `err ${shown}\n`],
    ];
  });
  expect(new Map([...listener.said].sort())).toEqual(new Map(expected.sort()));
});

test.each([
  ['localhost', '127.0.0.1'],
  ['[::1]', '::1'],
])('a host is known as %s too', async (host, address) => {
  await using listener = await Listener.open(address, () => undefined);
  const stdout = { connect: `${host}:${listener.port}`, preamble: true };
  const p = await cluster.client.rexec(0, 'echo', ['hello'], { stdout });
  await listener.until(1);
  expect([...listener.said]).toEqual([[`${p.pid} 1`, 'hello\n']]);
});

test('where nobody listens the start fails, and says which descriptor and where', async () => {
  const listener = await Listener.open('127.0.0.1', () => undefined);
  const { port } = listener;
  await listener[Symbol.asyncDispose]();
  await expect(cluster.client.rexec(0, 'true', [], { stderr: { connect: `127.0.0.1:${port}` } })).rejects.toMatchObject(
    {
      code: 'ECONNREFUSED',
      message: expect.stringMatching(`stderr cannot be connected to 127.0.0.1 port ${port}`),
    },
  );
});

test.each(['nowhere', '1.2.3.4:0', '1.2.3.4:70000', '[1.2.3.4]:5', ''])(
  '%j is no place to connect to',
  async (connect) => {
    await expect(cluster.client.rexec(0, 'true', [], { stdin: { connect } })).rejects.toMatchObject({ code: 'EINVAL' });
  },
);

test('the engine child_process says that it makes none', async () => {
  await using other = await startCluster({ nodes: 1, spawner: 'child_process' });
  await expect(other.client.rexec(0, 'true', [], { stdout: { connect: '127.0.0.1:1' } })).rejects.toMatchObject({
    code: 'ENOSYS',
    message: expect.stringMatching(/stdout cannot be a connection/),
  });
});

test.each([
  ['1.2.3.4', '01020304'],
  ['::1', '00000000000000000000000000000001'],
  ['fe80::1:2', 'fe800000000000000000000000010002'],
  ['1:2:3:4:5:6:7:8', '00010002000300040005000600070008'],
  ['::ffff:1.2.3.4', '00000000000000000000ffff01020304'],
  ['::', '00000000000000000000000000000000'],
])('the address %s has the bytes %s', (text, hex) => {
  expect(addressBytes(text).toString('hex')).toBe(hex);
});
