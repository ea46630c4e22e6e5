import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually, TestCluster } from './commands.ts';

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await TestCluster.start(4);
});
afterAll(() => cluster[Symbol.asyncDispose]());

const bpstat = (...args: string[]) => cluster.run('bpstat', args);
const bpctl = (...args: string[]) => cluster.run('bpctl', args);
const me = userInfo().username.slice(0, 8);

/** The columns of a line. */
const columns = (text: string, line = 1) => text.split('\n')[line]?.split(/\s+/);

/** Waits until a node has this state. */
const untilState = (node: number, state: string) =>
  cluster.shell(`until [ "$(bpstat -s ${node})" = ${state} ]; do sleep 0.1; done`);

describe('bpstat', () => {
  test('groups nodes that are alike', async () => {
    const { code, stdout } = await bpstat();
    expect([code, stdout.split('\n')[0]]).toEqual([
      0,
      'Node(s)                             Status          Mode       User     Group',
    ]);
    expect(columns(stdout)?.slice(0, 4)).toEqual(['0-3', 'up', '---x--x--x', me]);
    expect((await bpstat('-c', '0-1', '3')).stdout.split('\n')[1]).toMatch(/^0-1,3 /);
  });

  test('-l has a line for each', async () => {
    const { stdout } = await bpstat('-l');
    expect(stdout.split('\n')[0]).toBe('Node Address         Status       Mode          User       Group');
    expect(stdout.split('\n')).toHaveLength(6);
    expect(stdout.split('\n')[4]).toMatch(/^ {3}3 \S+ +up {11}---x--x--x\t\S+ +\S+$/);
    expect(columns((await bpstat('--long', 'master')).stdout)?.slice(1, 3)).toEqual(['-1', 'self']);
  });

  test('one value for each, in any order', async () => {
    expect((await bpstat('-n')).stdout).toBe('0\n1\n2\n3\n');
    expect((await bpstat('-n', '-R')).stdout).toBe('3\n2\n1\n0\n');
    expect((await bpstat('-n', '-O', '2,0', '1')).stdout).toBe('2\n0\n1\n');
    expect((await bpstat('-n', '-N', '2,0', '1')).stdout).toBe('0\n1\n2\n');
    expect((await bpstat('-s')).stdout).toBe('up\nup\nup\nup\n');
    expect((await bpstat('-t')).stdout).toBe('4\n');
    expect((await bpstat('-t', 'down')).stdout).toBe('0\n');
    expect((await bpstat('-a', 'master')).stdout).toBe('self\n');
  });

  test('-S sorts by the state', async () => {
    await bpctl('-S', '2', '-s', 'error');
    expect((await bpstat('-n', '-S')).stdout).toBe('2\n0\n1\n3\n');
    expect((await bpstat('-n', 'notup')).stdout).toBe('2\n');
    await bpctl('-S', '2', '-s', 'up');
  });

  test('a node by its address', async () => {
    const address = await bpstat('127.0.0.1');
    expect(address).toMatchObject({
      code: 1,
      stderr: 'bpstat: no node has the address 127.0.0.1; bpstat -l lists them\n',
    });
  });

  test('-p lists processes, and -P finds them in what ps prints', async () => {
    const running = cluster.start('bpsh', ['1-2', 'sh', '-c', 'echo $$; exec sleep 1000']);
    await running.until('stdout', (text) => text.split('\n').length === 3);
    const { stdout } = await bpstat('-p');
    expect(stdout).toMatch(/^PID\tNode\n[0-9]+\t1\n[0-9]+\t2\n$/);
    const { stdout: listed } = await cluster.shell('ps -e -o pid,args | bpstat -P | sort');
    expect(listed.split('\n').filter((line) => /^ +[12] +[0-9]+ sleep 1000$/.test(line))).toHaveLength(2);
    expect(listed.split('\n').filter((line) => /^ {6,}1 /.test(line))).toHaveLength(1);
    expect((await cluster.run('bpstat', ['-P'], 'hello\n')).stderr).toContain('no column PID');
    running.child.kill('SIGINT');
    await running.outcome;
  });

  test('-U shows it again when it changes', async () => {
    const running = cluster.start('bpstat', ['-U', '-s', '0']);
    await running.until('stdout', (text) => text === 'up\n');
    await bpctl('-S', '0', '-s', 'unavailable');
    await running.until('stdout', (text) => text === 'up\nunavailable\n');
    await bpctl('-S', '0', '-s', 'up');
    await running.until('stdout', (text) => text === 'up\nunavailable\nup\n');
    running.child.kill('SIGINT');
    await running.outcome;
  });
});

describe('bpctl', () => {
  test('does one after the other, each for what was selected before it', async () => {
    expect(await bpctl('-S', '0-1', '-s', 'error', '-S', '1', '-m', '0100', '-u', '12345', '-g', '54321')).toEqual({
      ...{ code: 0, stdout: '', stderr: '' },
    });
    const { stdout } = await bpstat('-l', '0-1');
    expect(columns(stdout, 1)?.slice(3, 5)).toEqual(['error', '---x--x--x']);
    expect(columns(stdout, 2)?.slice(3)).toEqual(['error', '---x------', '#12345', '#54321']);
    await bpctl('-S', '0-1', '-s', 'up', '-m', '111', '-u', me, '-g', 'root');
    expect(columns((await bpstat('1')).stdout)).toEqual(['1', 'up', '---x--x--x', me, 'root']);
  });

  test('goes on after what fails', async () => {
    const { code, stdout, stderr } = await bpctl(
      '-S',
      '9',
      '-s',
      'up',
      '-S',
      '0-1',
      '-R',
      '-M',
      '-m',
      '1',
      '-S',
      '2',
      '-s',
      'busy',
    );
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr.split('\n').map((line) => line.slice(0, 34))).toEqual([
      'bpctl: node 9 does not exist; the ',
      '0: node 0 may not switch its machi',
      '1: node 1 may not switch its machi',
      '-1: the master has no mode to chan',
      '',
    ]);
    expect((await bpstat('-s', '2')).stdout).toBe('busy\n');
    await bpctl('-S', '2', '-s', 'up');
  });

  test('down disconnects a node until it is set up', async () => {
    expect((await bpctl('-S', '3', '--reason', 'new disk', '-s', 'down')).code).toBe(0);
    expect(columns((await bpstat('3')).stdout)?.slice(0, 3)).toEqual(['3', 'down', '----------']);
    expect(await cluster.run('bpsh', ['3', 'true'])).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^3: node 3 is down/),
    });
    expect((await bpctl('-S', '3', '-s', 'up')).code).toBe(0);
    await untilState(3, 'up');
    expect((await cluster.run('bpsh', ['3', 'true'])).code).toBe(0);
  });

  test('--reconnect keeps what runs', async () => {
    const running = cluster.start('bpsh', ['2', 'sh', '-c', 'echo ready; read line; echo $line']);
    await running.until('stdout', (text) => text === 'ready\n');
    expect(await bpctl('-S', '2', '--reconnect', '-f')).toEqual({ code: 0, stdout: '', stderr: '' });
    expect((await bpctl('-S', '2', `--reconnect=${cluster.env['BPROC_MASTER']}`)).code).toBe(0);
    running.child.stdin?.end('hello\n');
    expect(await running.outcome).toEqual({ code: 0, stdout: 'ready\nhello\n', stderr: '' });
  });

  test('-r needs a directory', async () => {
    expect((await bpctl('-S', '2', '-r', '/no/such/directory')).stderr).toMatch(/^2: .*\/no\/such\/directory/);
  });

  test.each([
    [[], 'nothing is to be done'],
    [['-s', 'up'], '-s comes before any nodes: select them by -S or -M first'],
    [['-S', '1'], 'nothing is to be done'],
    [['-S', '1', '-m', '999'], '-m is "999": it must be octal, such as 0111 or 100'],
    [['-S', '1', '-u', 'no-such-user'], 'there is no user "no-such-user" in /etc/passwd: give one, or a number'],
    [['1'], '"1" is no option: nodes are given by -S'],
    [['-S'], 'option -S needs a value: -S NODES'],
  ])('%j is a mistake', async (args, message) => {
    const { code, stderr } = await bpctl(...args);
    const usage = 'usage: bpctl -M|-S NODES action... [-M|-S NODES action...]...';
    expect([code, stderr]).toEqual([1, `bpctl: ${message}\n${usage}\n`]);
  });
});

describe('bpslave', () => {
  test('serves a node by hand, with attributes and a power command', async () => {
    const script = join(cluster.directory, 'power');
    writeFileSync(script, `#!/bin/sh\necho "$@" >> ${script}.log\n`);
    chmodSync(script, 0o755);
    const state = join(cluster.directory, 'state-7');
    const slave = cluster.start('bpslave', [
      '--node',
      '7',
      '--state',
      state,
      '--attribute',
      'rack=r1=b',
      '--power-command',
      script,
    ]);
    await slave.until('stdout', (text) => text === 'bpslave: node 7 up\n');
    expect(existsSync(state)).toBe(true);
    expect((await bpctl('-S', '7', '-R', '-H', '-P', '--poweroff')).code).toBe(0);
    expect(readFileSync(`${script}.log`, 'utf8')).toBe('reboot\nhalt\npoweroff\npoweroff\n');
    expect((await bpstat('-s', '7')).stdout).toBe('pwroff\n');
    slave.child.kill('SIGTERM');
    expect((await slave.outcome).code).toBe(0);
    await untilState(7, 'down');
  });

  test('says who has its node', async () => {
    const slave = cluster.start('bpslave', ['--node', '0']);
    await slave.until('stderr', (text) => text.includes('node 0 is served by another slave'));
    slave.child.kill('SIGINT');
    expect(await slave.outcome).toMatchObject({ code: 0, stdout: '' });
  });

  test('waits for a master, and says so', async () => {
    const slave = cluster.start('bpslave', ['-v', '--master-lost-ms', 'kill', `unix:${cluster.directory}/none.sock`]);
    await slave.until('stderr', (text) => text.includes('no master has this node: cannot reach'));
    slave.child.kill('SIGHUP');
    expect((await slave.outcome).code).toBe(0);
  });

  test('runs what it is given to its end when the master is lost, or ends it', async () => {
    const other = await TestCluster.start(0);
    const address = other.env['BPROC_MASTER'] ?? '';
    const none = ['--pid-namespace', 'none'];
    const keeper = other.start('bpslave', [...none, '--node', '0', address]);
    const killer = other.start('bpslave', [...none, '--node', '1', '--master-lost-ms', 'kill', address]);
    await Promise.all([keeper, killer].map((slave) => slave.until('stdout', (text) => text.includes('up'))));
    const script = 'echo $$ > pid.$BPROC_NODE; exec sleep 1000';
    const running = other.start('bpsh', ['0-1', 'sh', '-c', script], '');
    const pid = (node: number) => Number(readFileSync(join(other.directory, `pid.${node}`), 'utf8'));
    await eventually(() => [0, 1].every((node) => existsSync(join(other.directory, `pid.${node}`)) && pid(node) > 0));
    other.master.child.kill('SIGKILL');
    await eventually(() => !existsSync(`/proc/${pid(1)}`));
    expect(existsSync(`/proc/${pid(0)}`)).toBe(true);
    for (const slave of [keeper, killer]) slave.child.kill('SIGTERM');
    expect((await Promise.all([keeper.outcome, killer.outcome])).map(({ code }) => code)).toEqual([0, 0]);
    expect(existsSync(`/proc/${pid(0)}`)).toBe(false);
    running.child.kill('SIGKILL');
    await running.outcome;
    await other[Symbol.asyncDispose]();
  });
});

test.each(['bpmaster', 'bpslave', 'bpstat', 'bpctl', 'bpcp'] as const)(
  '%s knows --help and --version',
  async (command) => {
    const help = await cluster.run(command, ['--help']);
    expect([help.code, help.stdout.startsWith(`usage: ${command} `), help.stderr]).toEqual([0, true, '']);
    expect((await cluster.run(command, ['-V'])).stdout).toMatch(new RegExp(`^${command} [0-9]+\\.[0-9]+\\.[0-9]+\n$`));
    const wrong = await cluster.run(command, ['--nonsense']);
    expect(wrong).toMatchObject({ code: 1, stdout: '' });
    expect(wrong.stderr.startsWith(`${command}: unknown option --nonsense\nusage: ${command} `)).toBe(true);
  },
);
