/** Nodes that have nothing: an empty directory is their whole file system, and what is sent to them brings all it needs. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, copyFileSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import {
  type Client,
  connect,
  type Master,
  type MoveOptions,
  type Slave,
  startCluster,
  startMaster,
  startSlave,
} from '../../src/index.ts';
import { findHolder } from '../../src/linux/index.ts';
import { userNamespaceRefusal } from '../linux/suite/nobody.ts';
import { bundleProgram, connectAs, NOBODY, openScratch } from '../support/other-user.ts';

const isRoot = process.geteuid?.() === 0;

const LIBRARY = 'const char *greeting(void) { return "its own library"; }\n';
const DYNAMIC = '#include <stdio.h>\nconst char *greeting(void);\nint main(void) { return puts(greeting()) < 0; }\n';
const STATIC = '#include <stdio.h>\nint main(int n, char **v) { return printf("%s %d\\n", v[0], n) < 0; }\n';
const PYTHON = `
import hashlib, json, os, socket, sys
print(json.dumps(sys.argv[1:]), hashlib.sha256(b"x").hexdigest()[:8], socket.gethostbyname("127.0.0.1"))
print(os.path.realpath("/proc/self/exe") == os.path.realpath(sys.executable), sorted(os.listdir("/dev")) != [])
`;

let scratch: ReturnType<typeof openScratch>;
const at = (...names: string[]): string => join(scratch.path, ...names);

beforeAll(() => {
  scratch = openScratch();
  for (const name of ['work', 'src']) mkdirSync(at(name));
  for (const [name, source] of Object.entries({ library: LIBRARY, dynamic: DYNAMIC, static: STATIC }))
    writeFileSync(at('src', `${name}.c`), source);
  const build = (...argv: string[]) => execFileSync('cc', argv, { cwd: at('src') });
  build('-shared', '-fPIC', '-o', 'libgreeting.so', 'library.c');
  build('-o', 'dynamic', 'dynamic.c', '-L.', '-lgreeting', '-Wl,-rpath,$ORIGIN');
  build('-static', '-o', 'static', 'static.c');
  writeFileSync(at('src/script'), '#!/bin/bash\necho "script $1 in $PWD"\n', { mode: 0o755 });
  writeFileSync(at('src/private'), 'for its user\n', { mode: 0o600 });
});

afterAll(() => scratch[Symbol.dispose]());

async function ran(client: Client, file: string, argv: readonly string[] = [], options: MoveOptions = {}, node = 0) {
  const p = await client.execmove(node, file, argv, options);
  const [stdout, stderr, end] = await Promise.all([text(p.stdout), text(p.stderr), p.wait()]);
  return { stdout, stderr, end };
}

const well = (stdout: string) => ({ stdout, stderr: '', end: { kind: 'exited', code: 0 } });

describe.skipIf(!isRoot)('a node whose root is empty', () => {
  let master: Master;
  let slave: Slave;
  let root: Client;
  let nobody: Client;

  beforeAll(async () => {
    mkdirSync(at('empty'));
    const path = at('master.sock');
    master = await startMaster({ listen: `unix:${path}`, users: 'all' });
    // its directory is its user's alone
    const stateDir = at('state');
    slave = await startSlave({ master: () => master.connect(), node: 0, root: at('empty'), stateDir });
    await slave.attached;
    root = await connect({ master: `unix:${path}` });
    nobody = await connect({ master: async () => connectAs(path) });
  });

  afterAll(async () => {
    for (const part of [nobody, root, slave, master]) await part[Symbol.asyncDispose]();
    // and nothing was left there
    expect(readdirSync(at('empty'))).toEqual([]);
  });

  describe.each(['root', 'nobody'] as const)('runs for %s', (who) => {
    const bp = () => (who === 'root' ? root : nobody);

    test('bash', async () => {
      const script =
        'echo /* $UID; for d in null zero full random urandom tty; do [ -c /dev/$d ] || echo no $d; done; cat=$(</proc/self/comm); echo $cat > /tmp/$$; echo $(</tmp/$$)';
      const uid = who === 'root' ? 0 : NOBODY;
      expect(await ran(bp(), '/bin/bash', ['-c', script], { cwd: '/' })).toEqual(
        well(`/bin /dev /etc /lib /lib64 /proc /tmp /usr ${uid}\nbash\n`),
      );
    });

    test('Python with its library', { timeout: 60_000 }, async () => {
      const argv = ['-c', PYTHON, 'two words'];
      expect(await ran(bp(), '/usr/bin/python3', argv)).toEqual(well('["two words"] 2d711642 127.0.0.1\nTrue True\n'));
    });

    test('Perl with its library', { timeout: 60_000 }, async () => {
      const program = 'use List::Util "sum"; use POSIX; print sum(1, 2), " ", floor(2.5), " $0\\n"';
      expect(await ran(bp(), '/usr/bin/perl', ['-e', program])).toEqual(well('3 2 -e\n'));
    });

    test('C programs, with a library of their own and static', async () => {
      expect(await ran(bp(), at('src/dynamic'))).toEqual(well('its own library\n'));
      expect(await ran(bp(), at('src/static'), ['x'])).toEqual(well(`${at('src/static')} 2\n`));
    });

    test('what asks for names', async () => {
      expect(await ran(bp(), '/usr/bin/id', ['-un'])).toEqual(well(`${who}\n`));
    });

    test('a script, where its caller is', async () => {
      const cwd = at('work');
      expect(await ran(bp(), at('src/script'), ['runs'], { cwd })).toEqual(well(`script runs in ${cwd}\n`));
    });
  });

  test('the working directory is there, and empty where the node has none', async () => {
    for (const cwd of ['/', '/proc/sys', '/none/such']) {
      expect((await ran(root, '/bin/bash', ['-c', 'pwd; echo *'], { cwd })).stdout).toMatch(new RegExp(`^${cwd}\n`));
    }
    expect((await ran(root, '/bin/bash', ['-c', 'pwd; echo *'], { cwd: '/none/such' })).stdout).toBe('/none/such\n*\n');
  });

  test('what its caller alone may read, its user may there', async () => {
    const options = { files: [at('src/private')] };
    expect(await ran(root, '/bin/cat', [at('src/private')], options)).toEqual(well('for its user\n'));
    chownSync(at('src/private'), NOBODY, NOBODY);
    expect(await ran(nobody, '/bin/cat', [at('src/private')], options)).toEqual(well('for its user\n'));
  });

  test('its programs reach the master, each as its user', { timeout: 60_000 }, async () => {
    const program = await bundleProgram('visitor.mjs', scratch.path);
    const { stdout } = await ran(nobody, process.execPath, [program], { cwd: '/' });
    expect(JSON.parse(stdout)).toEqual({ nodes: [0], own: ['node'] });
  });

  test('an end after execve is an end, and a failure before it none', async () => {
    expect((await ran(root, 'bash', ['-c', 'exit 126'])).end).toEqual({ kind: 'exited', code: 126 });
    await expect(root.rexec(0, 'bash')).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

test.skipIf(!isRoot)('other users’ programs run from the cache of a slave whose directory is closed', async () => {
  await using master = await startMaster();
  const stateDir = at('closed');
  await using slave = await startSlave({ master: () => master.connect(), node: 0, stateDir });
  await slave.attached;
  const credentials = { uid: NOBODY, gids: [NOBODY] };
  await using nobody = await connect({ master: () => master.connect({ credentials }) });
  const own =
    'while read -r _ _ _ _ _ x; do case $x in */images/*) echo "$x $UID"; break;; esac; done < /proc/self/maps';
  const script = `${own}; ls ${stateDir}; cat ${stateDir}/* 2>/dev/null`;
  const { stdout, stderr } = await ran(nobody, '/bin/bash', ['-c', script], { cwd: '/' });
  expect(stdout).toMatch(new RegExp(`^${stateDir}/images/roots/\\w+/\\S+ ${NOBODY}\n$`));
  expect(stderr).toMatch(/Permission denied/);
});

test.skipIf(!isRoot)('a cluster in one program has nodes whose roots are directories', async () => {
  mkdirSync(at('node'));
  writeFileSync(at('node/file'), 'of the node\n');
  await using cluster = await startCluster({ nodes: [{ root: at('node') }] });
  expect(await ran(cluster.client, '/bin/cat', ['/file'])).toEqual(well('of the node\n'));
  await expect(startCluster({ nodes: [{ root: at('none') }] })).rejects.toMatchObject({
    code: 'ENOENT',
    message: expect.stringContaining(at('none')),
  });
});

test.skipIf(userNamespaceRefusal() !== undefined)(
  'an ordinary user’s slave gives programs a root in a namespace of its own',
  { timeout: 60_000 },
  async () => {
    for (const name of ['mine', 'mine/root', 'mine/state']) {
      mkdirSync(at(name));
      chownSync(at(name), NOBODY, NOBODY);
    }
    const program = await bundleProgram('capable-slave.mjs', at('mine'));
    const holder = at('mine/native/prebuilt', `bpspawn-${process.arch}`);
    mkdirSync(dirname(holder), { recursive: true });
    copyFileSync(findHolder(), holder);
    await using master = await startMaster();
    const server = createServer((socket) => master.handle(socket)).listen(at('mine/way.sock'));
    await once(server, 'listening');
    chownSync(at('mine/way.sock'), NOBODY, NOBODY);
    const ids = ['--reuid', String(NOBODY), '--regid', String(NOBODY), '--clear-groups', '--bounding-set', '-all'];
    const args = [program, `unix:${at('mine/way.sock')}`, at('mine/state'), at('mine/root')];
    const slave = spawn('setpriv', [...ids, process.execPath, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
    const closed = once(slave, 'close');
    onTestFinished(async () => {
      slave.stdin.end();
      await closed;
      server.close();
    });
    expect(String((await once(slave.stdout, 'data'))[0])).toBe('up\n');
    const credentials = { uid: NOBODY, gids: [NOBODY] };
    await using nobody = await connect({ master: () => master.connect({ credentials }) });
    const script = 'echo $UID /*; : > /tmp/x && echo /tmp/*; : > /usr/x';
    const { stdout, stderr } = await ran(nobody, '/bin/bash', ['-c', script], { cwd: '/' }, 5);
    expect(stdout).toBe(`${NOBODY} /bin /dev /etc /lib /lib64 /proc /tmp /usr\n/tmp/x\n`);
    expect(stderr).toMatch(/\/usr\/x: (Permission denied|Read-only)/);
  },
);
