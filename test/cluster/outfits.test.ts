import { createServer, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { BprocError, type SlaveHome, type SlaveService, startCluster } from '../../src/index.ts';

/** A service that gives each process what its client has said, and what its rank is; it keeps what it hears of them. */
function tailor(told: string[], socket?: string): SlaveService {
  return {
    name: 'tailor',
    serve: (home: SlaveHome) => ({
      outfit: async ({ body, rank, uid }) => {
        const text = Buffer.from(body).toString();
        if (text === 'nothing') throw new BprocError('EACCES', 'there is nothing for it');
        const descriptors =
          socket === undefined ? [] : [{ fd: 4, to: { socket, first: Buffer.from(`rank ${rank}\n`) } }];
        return {
          env: {
            FITTED: `${text} ${rank} ${home.node} ${uid === process.getuid?.()} ${home.hasDescriptors}`,
            HOME: '/',
          },
          descriptors,
          started: (pid) => void told.push(`${rank} runs ${pid > 1}`),
          ended: (status) => void told.push(`${rank} ended ${JSON.stringify(status)}`),
        };
      },
    }),
  };
}

const outfit = (text: string) => ({ outfit: { service: 'tailor', body: Buffer.from(text) } });

// what a process is given: PROTOCOL.md 13.8
describe.each(['holder', 'child_process'] as const)('an outfit, by the engine %s', (spawner) => {
  it('is put on by each process of a start, and its service hears of them', async () => {
    const told: string[] = [];
    const services = [tailor(told)];
    await using cluster = await startCluster({ nodes: [{ services }, { services }], spawner });
    const vector = await cluster.client.rexec([1, 0, 1], 'sh', ['-c', 'echo "$FITTED $HOME"; exit 3'], outfit('red'));
    const said = await Promise.all(vector.processes.map((process) => process.stdout.setEncoding('utf8').toArray()));
    const has = spawner === 'holder';
    expect(said.flat()).toEqual([`red 0 1 true ${has} /\n`, `red 1 0 true ${has} /\n`, `red 2 1 true ${has} /\n`]);
    await vector.wait();
    const ended = [0, 1, 2].map((rank) => `${rank} ended {"kind":"exited","code":3}`);
    expect([...told].sort()).toEqual([0, 1, 2].flatMap((rank) => [ended[rank], `${rank} runs true`]));
  });

  it('that cannot be had keeps a process from starting, and so does a service that is not there', async () => {
    const services = [tailor([])];
    await using cluster = await startCluster({ nodes: [{ services }], spawner });
    await expect(cluster.client.rexec(0, 'true', [], outfit('nothing'))).rejects.toThrow('there is nothing for it');
    const other = { outfit: { service: 'smith', body: Buffer.alloc(0) } };
    await expect(cluster.client.rexec(0, 'true', [], other)).rejects.toMatchObject({ code: 'ENOSYS' });
    const process = await cluster.client.rexec(0, 'true', [], outfit('blue'));
    expect(await process.wait()).toEqual({ kind: 'exited', code: 0 });
  });

  it('may be a descriptor, where the engine can give any', async () => {
    const socket = `bproc-test-${Math.random().toString(36).slice(2)}`.padEnd(107, '-');
    const server = createServer((visitor: Socket) => {
      visitor.on('data', (bytes) => visitor.write(`you said ${bytes.toString()}`));
    });
    await new Promise<void>((resolve) => server.listen({ path: `\0${socket}` }, resolve));
    try {
      const services = [tailor([], socket)];
      await using cluster = await startCluster({ nodes: [{ services }], spawner });
      const starting = cluster.client.rexec(
        0,
        'sh',
        ['-c', 'read line <&4; echo "$line"; ls /proc/self/fd'],
        outfit(''),
      );
      if (spawner === 'child_process') {
        await expect(starting).rejects.toMatchObject({ code: 'ENOSYS' });
      } else {
        const lines = (await (await starting).stdout.setEncoding('utf8').toArray()).join('').split('\n');
        // ls has 3 for the directory it lists
        expect(lines).toEqual(['you said rank 0', '0', '1', '2', '3', '4', '']);
      }
    } finally {
      server.close();
    }
  });
});
