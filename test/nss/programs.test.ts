/** Ordinary programs, which know nothing of this library, and the names that they see. */
import { execFile } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Client, type Cluster, connect as connectTo, startCluster } from '../../src/index.ts';
import {
  createNss,
  masterNames,
  type Nss,
  serveUserdb,
  slaveNames,
  writeNameFiles,
  writeWrapperFiles,
} from '../../src/nss/index.ts';
import { openScratch, textOf } from '../support/other-user.ts';
import { scratchTree } from '../support/scratch.ts';

const isRoot = process.geteuid?.() === 0;
const UID = 31_337;
const SERVICE = 'io.bproc.Names';

let front: ReturnType<typeof scratchTree>;
let scratch: ReturnType<typeof openScratch>;
let cluster: Cluster;
let client: Client;
let nss: Nss;
const at = (...names: string[]): string => join(scratch.path, ...names);

beforeAll(async () => {
  front = scratchTree({
    'etc/passwd': `root:x:0:0:root:/root:/bin/sh\nalina:x:${UID}:${UID}:Alina,,,:/home/alina:/bin/bash\n`,
    'etc/group': `root:x:0:\nalinas:x:${UID}:\nstarfleet:x:31338:alina,somebody\n`,
    'etc/shadow': 'alina:secret:1::::::\n',
    'etc/hosts': '192.0.2.77 starbase\n',
  });
  scratch = openScratch();
  for (const name of ['node', 'wrapper', 'userdb', 'own']) mkdirSync(at(name));
  cluster = await startCluster({
    nodes: [{ ...(isRoot ? { root: at('node') } : {}), services: [slaveNames({ userdb: at('userdb', SERVICE) })] }],
    master: { services: [masterNames({ root: front.path, firstAddress: '10.3.0.5' })] },
  });
  client = cluster.client;
  const all = 'passwd: kickback\ngroup: kickback\nshadow: kickback\nhosts: kickback';
  nss = createNss(client, { switch: all });
});

afterAll(async () => {
  await cluster[Symbol.asyncDispose]();
  // and the socket went with its slave
  expect(existsSync(at('userdb', SERVICE))).toBe(false);
  scratch[Symbol.dispose]();
  front[Symbol.dispose]();
});

describe.skipIf(!isRoot)('files in a node’s own root', () => {
  const ran = async (file: string, ...argv: string[]): Promise<string> =>
    textOf(await client.execmove(0, file, argv, { cwd: '/' }));

  beforeAll(() => writeNameFiles(nss, at('node'), { node: 0 }));

  test('are what getent, id and ls -l go by there', async () => {
    expect(await ran('/usr/bin/getent', 'passwd', 'alina', String(UID))).toBe(
      `alina:x:${UID}:${UID}:Alina,,,:/home/alina:/bin/bash\n`.repeat(2),
    );
    expect(await ran('/usr/bin/id', 'alina')).toBe(
      `uid=${UID}(alina) gid=${UID}(alinas) groups=${UID}(alinas),31338(starfleet)\n`,
    );
    expect(await ran('/usr/bin/getent', 'hosts', 'starbase', 'n0', 'self')).toMatch(
      /^192\.0\.2\.77 +starbase\n10\.3\.0\.5 +n0 \.0\n127\.0\.0\.1 +localhost self \.-2\n$/,
    );
    writeFileSync(at('node/report'), '');
    execChown(at('node/report'));
    expect(await ran('/bin/ls', '-l', '/report')).toMatch(/ alina starfleet /);
  });

  test('are written anew, but over nobody else’s', async () => {
    await writeNameFiles(nss, at('node'));
    expect(readFileSync(at('node/etc/hosts'), 'utf8')).not.toContain('self');
    mkdirSync(at('own/etc'));
    writeFileSync(at('own/etc/group'), 'ours:x:1:\n');
    await expect(writeNameFiles(nss, at('own'))).rejects.toMatchObject({ code: 'EEXIST' });
    expect(existsSync(at('own/etc/passwd'))).toBe(false);
    await writeNameFiles(nss, at('own'), { overwrite: true, databases: ['group', 'shadow'] });
    expect(readFileSync(at('own/etc/group'), 'utf8')).toContain('starfleet');
    expect(statSync(at('own/etc/shadow')).mode & 0o777).toBe(0o600);
    expect(readFileSync(at('own/etc/shadow'), 'utf8')).toContain('secret');
  });

  test('stay inside, whatever links are there', async () => {
    mkdirSync(at('linked'));
    mkdirSync(at('linked/inside'));
    symlinkSync('/inside', at('linked/etc'));
    writeFileSync(at('elsewhere'), 'untouched');
    symlinkSync(at('elsewhere'), at('linked/inside/passwd'));
    await writeNameFiles(nss, at('linked'), { overwrite: true });
    expect(readFileSync(at('elsewhere'), 'utf8')).toBe('untouched');
    expect(readFileSync(at('linked/inside/passwd'), 'utf8')).toContain('alina');
    rmSync(at('linked/etc'));
    symlinkSync('/no/where', at('linked/etc'));
    await expect(writeNameFiles(nss, at('linked'))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

function execChown(path: string): void {
  chownSync(path, UID, 31_338);
}

describe('nss_wrapper', () => {
  test('has programs see these names instead of their machine’s', async () => {
    const env = { PATH: process.env['PATH'], ...(await writeWrapperFiles(nss, at('wrapper'))) };
    const ran = async (file: string, ...args: string[]) => (await promisify(execFile)(file, args, { env })).stdout;
    expect(await ran('getent', 'passwd', 'alina')).toBe(`alina:x:${UID}:${UID}:Alina,,,:/home/alina:/bin/bash\n`);
    expect(await ran('id', 'alina')).toBe(
      `uid=${UID}(alina) gid=${UID}(alinas) groups=${UID}(alinas),31338(starfleet)\n`,
    );
    expect(await ran('getent', 'ahostsv4', 'n0')).toMatch(/^10\.3\.0\.5 /);
  });
});

describe.skipIf(!isRoot)('systemd’s user database', () => {
  /** Runs a line of shell where the only source is the socket of the slave. */
  async function inNamespace(line: string): Promise<string> {
    writeFileSync(at('nsswitch.conf'), 'passwd: systemd\ngroup: systemd\n');
    const mounts = [
      'mount -t tmpfs none /run',
      'mkdir -p /run/systemd/userdb',
      `mount --bind '${at('userdb')}' /run/systemd/userdb`,
      `mount --bind '${at('nsswitch.conf')}' /etc/nsswitch.conf`,
    ];
    const script = [...mounts, line].join(' && ');
    return (await promisify(execFile)('unshare', ['-m', 'sh', '-c', script])).stdout;
  }

  test('is what getent, id and ls -l ask', async () => {
    expect(await inNamespace(`getent passwd alina ${UID}`)).toBe(
      `alina:x:${UID}:${UID}:Alina:/home/alina:/bin/bash\n`.repeat(2),
    );
    expect(await inNamespace('getent group starfleet')).toBe('starfleet:x:31338:alina,somebody\n');
    expect(await inNamespace('id alina')).toBe(
      `uid=${UID}(alina) gid=${UID}(alinas) groups=${UID}(alinas),31338(starfleet)\n`,
    );
    writeFileSync(at('report'), '');
    execChown(at('report'));
    expect(await inNamespace(`ls -l '${at('report')}'`)).toMatch(/ alina starfleet /);
    expect(await inNamespace('getent passwd nobody-there || echo none')).toBe('none\n');
    expect((await inNamespace('getent passwd')).split('\n')).toContain(
      `alina:x:${UID}:${UID}:Alina:/home/alina:/bin/bash`,
    );
  });
});

describe('the socket of the user database', () => {
  /** What is answered to these messages, until that is over. */
  function said(path: string, ...messages: readonly (object | string)[]): Promise<unknown[]> {
    return new Promise((resolve) => {
      const socket = connect(path);
      let text = '';
      for (const each of messages) socket.write(`${typeof each === 'string' ? each : JSON.stringify(each)}\0`);
      socket.end();
      socket.on('error', () => {});
      socket.on('data', (chunk) => {
        text += chunk;
      });
      socket.on('close', () => resolve(text.split('\0').flatMap((each) => (each === '' ? [] : [JSON.parse(each)]))));
    });
  }

  const call = (method: string, parameters: object, more = false) => ({
    method: `io.systemd.UserDatabase.${method}`,
    parameters: { service: SERVICE, ...parameters },
    ...(more ? { more } : {}),
  });
  const failure = (name: string) => ({ error: `io.systemd.UserDatabase.${name}`, parameters: {} });

  test('answers one question after another, as the protocol says', async () => {
    const path = at('userdb', SERVICE);
    const answers = await said(
      path,
      call('GetUserRecord', { userName: 'alina', uid: UID }),
      call('GetUserRecord', { userName: 'alina', uid: 1 }),
      call('GetUserRecord', { uid: 1 }),
      call('GetMemberships', { userName: 'alina' }),
      call('GetMemberships', { groupName: 'starfleet' }, true),
      call('GetGroupRecord', {}, false),
      call('GetUserRecord', { service: 'io.systemd.Other', userName: 'alina' }),
      { method: 'org.varlink.service.GetInfo' },
    );
    expect(answers).toEqual([
      {
        parameters: {
          record: expect.objectContaining({ userName: 'alina', uid: UID, service: SERVICE }),
          incomplete: false,
        },
      },
      failure('ConflictingRecordFound'),
      failure('NoRecordFound'),
      { parameters: { userName: 'alina', groupName: 'starfleet' } },
      { parameters: { userName: 'alina', groupName: 'starfleet' }, continues: true },
      { parameters: { userName: 'somebody', groupName: 'starfleet' } },
      { error: 'org.varlink.service.ExpectedMore', parameters: {} },
      failure('BadService'),
      { error: 'org.varlink.service.MethodNotFound', parameters: { method: 'org.varlink.service.GetInfo' } },
    ]);
  });

  test.each(['', '{', '[]', '7', 'null', '{"method":7}', 'x'.repeat(70_000)])(
    'takes no harm from %.20j',
    async (text) => {
      const path = at('userdb', SERVICE);
      expect(await said(path, text)).toEqual([]);
      expect(await said(path, call('GetGroupRecord', { gid: 31_338 }))).toMatchObject([
        { parameters: { record: { gid: 31_338 } } },
      ]);
    },
  );

  test('is taken over from one that is dead, and from no other', async () => {
    const path = at('own', 'socket');
    writeFileSync(path, '');
    const userdb = await serveUserdb(nss, { path });
    await expect(serveUserdb(nss, { path })).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await userdb[Symbol.asyncDispose]();
    expect(existsSync(path)).toBe(false);
  });

  test('says that nobody can say where the master is away', async () => {
    const path = at('own', 'alone');
    const other = await startCluster({ nodes: 0, spawner: 'child_process', client: { giveUpMs: 1 } });
    const theirs = await connectTo({ master: () => other.master.connect(), giveUpMs: 1 });
    await using _ = await serveUserdb(createNss(theirs, { switch: 'passwd: kickback' }), { path });
    await other[Symbol.asyncDispose]();
    await expect.poll(() => theirs.isConnected).toBe(false);
    const question = { ...call('GetUserRecord', { userName: 'x' }), parameters: { userName: 'x', service: 'alone' } };
    expect(await said(path, question)).toEqual([failure('ServiceNotAvailable')]);
    await theirs[Symbol.asyncDispose]();
  });
});
