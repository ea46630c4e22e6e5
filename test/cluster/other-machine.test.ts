/** Master, slave and client on machines of their own: none of them can be reached at the address of another one. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { connect } from '../../src/index.ts';
import { Machines } from '../support/daemons.ts';
import { Network } from '../support/network.ts';

test.runIf(process.geteuid?.() === 0)(
  'a process connects back to the machine of the client that started it',
  async () => {
    await using network = await Network.create();
    const [masters, slaves, clients] = [await network.machine(), await network.machine(), await network.machine()];
    await using machines = await Machines.create();
    const at = (name: string): string => join(machines.directory, name);
    const listen = [machines.address, `tls://${masters.address}:0`];
    const master = JSON.stringify({ listen, stateDir: at('master') });
    const [, address = ''] = (await machines.run('master', [master], masters.enter)).ready;
    await using bp = await connect({ master: machines.address });
    const token = (await bp.createToken({ node: 0 })).text;
    const slave = { master: address, node: 0, stateDir: at('slave'), token, spawner: 'holder' };
    await machines.run('slave', [JSON.stringify(slave)], slaves.enter);
    const { file } = await bp.login({ file: at('login.pem') });
    const [pid, said = ''] = (await machines.run('listening-client', [address, file], clients.enter)).ready;
    const from = slaves.address;
    expect(JSON.parse(Buffer.from(said, 'base64').toString())).toEqual(
      expect.arrayContaining([
        { from, pid: Number(pid), fd: 1, text: 'out\n' },
        { from, pid: Number(pid), fd: 2, text: 'err\n' },
      ]),
    );
  },
);
