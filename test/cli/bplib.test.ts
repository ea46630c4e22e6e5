/** `bplib` and what `bpctl` does about images, as real programs. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TestCluster } from './commands.ts';

let cluster: TestCluster;

beforeAll(async () => {
  cluster = await TestCluster.start(1, '--cache-bytes', '64M');
});

afterAll(() => cluster[Symbol.asyncDispose]());

const ok = (stdout = '', stderr = '') => ({ code: 0, stdout, stderr });

test('the list is what was added, deleted and cleared, by name and from the input', async () => {
  expect(await cluster.run('bplib', ['-l'])).toEqual(ok());
  expect(await cluster.run('bplib', ['-a', '/lib/one.so', '-'], '/lib/two.so\nthree.so\n')).toEqual(ok());
  expect(await cluster.run('bplib', ['-a', '--program', '/bin/cat', '/etc/motd'])).toEqual(ok());
  const three = `${cluster.directory}/three.so`;
  const all = `/lib/one.so\n/lib/two.so\n${three}\n/etc/motd\t/bin/cat\n`;
  expect(await cluster.run('bplib', ['-l'])).toEqual(ok(all));
  expect(await cluster.run('bplib', ['-d', '/lib/two.so', three])).toEqual(ok());
  expect(await cluster.run('bplib', ['-l'])).toEqual(ok('/lib/one.so\n/etc/motd\t/bin/cat\n'));
  const again = await cluster.run('bplib', ['-d', '/lib/two.so']);
  expect(again).toMatchObject({ code: 1, stderr: expect.stringMatching(/^bplib: .*two\.so is not in the list/) });
  expect(await cluster.run('bplib', ['-c'])).toEqual(ok());
  expect(await cluster.run('bplib', ['-l'])).toEqual(ok());
});

test.each([
  [[], /give one of/],
  [['-l', '-c'], /give one of/],
  [['-a'], /-a needs files/],
  [['-l', 'x'], /-l takes no files/],
  [['--learn'], /needs a program/],
])('%j is refused with the usage', async (args, message) => {
  const { code, stderr } = await cluster.run('bplib', args);
  expect(code).toBe(1);
  expect(stderr).toMatch(message);
  expect(stderr).toMatch(/^usage: bplib/m);
});

test('caches are purged by bpctl', async () => {
  const purged = await cluster.run('bpctl', ['-S', '0', '--cache-purge', '--cache-purge-fail']);
  expect(purged).toEqual(ok());
  const none = await cluster.run('bpctl', ['-S', '0', '--cache-purge=x']);
  expect(none).toMatchObject({ code: 1, stderr: expect.stringMatching(/takes no value/) });
});

test.each(['0', '12Q', '-1', '9999999T'])('a cache of %s bytes is refused', async (size) => {
  const { code, stderr } = await cluster.run('bpslave', [`--cache-bytes=${size}`]);
  expect(code).toBe(1);
  expect(stderr).toMatch(/--cache-bytes is .*give a number of bytes/);
});

test('a node’s root has to be there', async () => {
  const { code, stderr } = await cluster.run('bpslave', ['--node', '7', '--root', '/none/such']);
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: expect.stringMatching(/^bpslave: \/none\/such cannot be a root/),
  });
});
