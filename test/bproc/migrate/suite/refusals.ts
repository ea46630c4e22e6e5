/** What is seen of a process before anything stands still: why it cannot be moved. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { request, script, until } from '../../../linux/recorder.ts';
import type { Mover, Traveller } from '../mover.ts';
import type { Programs } from '../programs.ts';

const PYTHON = '/usr/bin/python3';

export function describeRefusals(mover: () => Mover, programs: () => Programs): void {
  /** Runs some Python that says `ready`, and then echoes. */
  function python(text: string, more: Parameters<typeof request>[2] = {}): Promise<Traveller> {
    const program = `import sys, os\n${text}\nprint("ready", flush=True)\nfor line in sys.stdin: print("got", line, end="", flush=True)`;
    return mover().start(request(PYTHON, ['-c', program], more));
  }

  async function isAlive(traveller: Traveller): Promise<void> {
    traveller.write('it\n');
    await traveller.says(/got it\r?\n/);
  }

  describe('it sees beforehand, and says', () => {
    it('what is open that nothing makes again, in a child too', async () => {
      const size = 101 * 1024 * 1024;
      const home = programs().directory('refused');
      const deleted = await python(
        `f = open("big", "w"); f.truncate(${size}); os.unlink("big")\nif os.fork() == 0: os.closerange(0, 3); os.read(os.pipe()[0], 1)`,
        { cwd: home },
      );
      await deleted.says(/ready/);
      const open = new RegExp(
        `^process \\d+ \\(python3\\) has open as descriptor 3 ${home}/big, which was deleted and has ${size} bytes`,
      );
      const reasons = await until(async () => {
        const found = await mover().inspect(deleted);
        return found.length === 2 && found;
      }, 'both');
      for (const reason of reasons) expect(reason).toMatch(open);
      await isAlive(deleted);
    });

    it('its terminal', async () => {
      const terminal = await python('', {
        stdio: ['terminal', 'terminal', 'terminal'],
        terminal: { rows: 24, columns: 80 },
      });
      await terminal.says(/ready/);
      expect((await mover().inspect(terminal)).slice(0, 1)).toEqual([
        expect.stringMatching(/has open as descriptor 0 the terminal \/dev\/pts\/\d+: start it without one$/),
      ]);
      await isAlive(terminal);
    });

    it('its io_uring', async () => {
      const uring = await mover().start(request(programs().compile('uring')));
      const has = (await uring.says(/\n/)) === 'io_uring\n';
      const reason = expect.stringMatching(
        /has open as descriptor 3 an io_uring, as Node 22 and later do: start it on a slave with noIoUring \(bpslave --no-io-uring\)$/,
      );
      // where the kernel has none to give there is nothing to say
      expect(await mover().inspect(uring)).toEqual(has ? [reason] : []);
    });

    it('that it is traced', async () => {
      const traced = await mover().start(script('echo ready; read x; echo got $x'));
      await traced.says(/ready/);
      const strace = spawn('strace', ['-p', String(traced.identity?.outerPid)], { stdio: 'ignore' });
      const reasons = await until(async () => {
        const found = await mover().inspect(traced);
        return found.length > 0 && found;
      }, 'a tracer');
      expect(reasons).toEqual([expect.stringMatching(new RegExp(`\\(sh\\) is traced by process ${strace.pid}, `))]);
      strace.kill('SIGINT');
      await once(strace, 'close');
      expect(await mover().inspect(traced)).toEqual([]);
      await isAlive(traced);
    });

    it.each(['127.0.0.1', '::1'])('its connection to %s, which it loses where it may be closed', async (host) => {
      const sockets: Socket[] = [];
      const server = createServer((socket) => {
        sockets.push(socket.on('error', () => {}));
      });
      await new Promise<void>((resolve) => void server.listen(0, host, resolve));
      try {
        const { port } = server.address() as AddressInfo;
        const connected = await python(`import socket\ns = socket.create_connection(("${host}", ${port}))`);
        await connected.says(/ready/);
        const [reason, ...others] = await mover().inspect(connected);
        const address = host === '::1' ? '[0:0:0:0:0:0:0:1]' : host;
        expect(reason).toContain(`(python3) has a TCP connection to ${address}:${port} as descriptor 3`);
        expect(others).toEqual([]);
        await expect(mover().capture(connected)).rejects.toMatchObject({ code: 'ENOTSUP' });
        await isAlive(connected);
        if (mover().isRootless) {
          const refusal = await mover().inspect(connected, 0, 'close');
          expect(refusal).toEqual([expect.stringContaining('as descriptor 3, which only root can capture')]);
          return;
        }
        expect(await mover().inspect(connected, 0, 'close')).toEqual([]);
        const closed = once(await until(() => sockets[0], 'a connection'), 'close');
        sockets[0]?.resume();
        await mover().move(connected, 1, 'close');
        await closed;
        connected.write('again\n');
        await connected.says(/got again\n/);
        expect(await mover().inspect(connected, 1)).toEqual([]);
      } finally {
        server.close();
      }
    });
  });
}
