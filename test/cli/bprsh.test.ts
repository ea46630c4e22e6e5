import { spawn } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { countWith, eventually, type Outcome, program, Running, TestCluster } from './commands.ts';

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await TestCluster.start(2);
  cluster.env['PVM_ROOT'] = '/pvm';
  cluster.env['FROM_THE_CALLER'] = 'hello';
});
afterAll(() => cluster[Symbol.asyncDispose]());

const bprsh = (...args: string[]) => cluster.run('bprsh', args);

/** The command by another name. */
function called(name: string, ...args: readonly string[]): Promise<Outcome> {
  const link = join(cluster.directory, name);
  symlinkSync(program('bprsh'), link);
  const child = spawn(process.execPath, [link, ...args], { env: cluster.env, stdio: 'pipe' });
  return new Running(child, '').outcome;
}

describe('what runs', () => {
  test.each([
    [['n1', 'echo', '$BPROC_NODE'], '1\n'],
    [['1', 'echo "a  b"; echo', 'c'], 'a  b\nc\n'],
    [['-x', 'master', 'echo $BPROC_NODE'], '-1\n'],
    [['--job=5[2]', 'n0', 'echo $BPROC_JOB'], '5[2]\n'],
    [['n0', 'echo $PVM_ROOT.$FROM_THE_CALLER'], '/pvm.\n'],
    [['--env', 'FROM_THE_CALLER', 'n0', 'echo $FROM_THE_CALLER'], 'hello\n'],
    [['n0', '-l', process.env['USER'] ?? 'root', 'echo here'], 'here\n'],
  ])('%j', async (args, stdout) => {
    expect(await bprsh(...args)).toEqual({ code: 0, stdout, stderr: '' });
  });

  test('by the names of the agents of batch systems', async () => {
    const done = await called('qrsh', '-inherit', '-nostdin', '-V', 'n1', 'cat;', 'echo $FROM_THE_CALLER');
    expect(done).toEqual({ code: 0, stdout: 'hello\n', stderr: '' });
    expect(await called('blaunch', 'n1', 'echo', '-n', '$BPROC_NODE')).toEqual({ code: 0, stdout: '1', stderr: '' });
  });

  test('can call it too, without being told where the master is', async () => {
    const line = `'${process.execPath}' '${program('bprsh')}' n1 'echo $BPROC_NODE'`;
    expect(await bprsh('n0', line)).toEqual({ code: 0, stdout: '1\n', stderr: '' });
  });
});

describe('its streams', () => {
  test('are those of the command, which sees the end of its input and goes on', async () => {
    const { stdout, stderr, code } = await cluster.start('bprsh', ['n0', 'cat; sleep 0.1; echo end >&2'], 'in').outcome;
    expect([stdout, stderr, code]).toEqual(['in', 'end\n', 0]);
  });

  test('do not keep it when an input that nobody ends outlives the command', async () => {
    const running = cluster.start('bprsh', ['n0', 'read line; echo $line']);
    running.child.stdin?.write('one\n');
    expect(await running.outcome).toMatchObject({ code: 0, stdout: 'one\n' });
  });

  test('are nothing with -n', async () => {
    expect(await cluster.start('bprsh', ['-n', 'n0', 'wc -c'], 'input').outcome).toMatchObject({ stdout: '0\n' });
  });

  test('may have lost their readers, and it ends with the command all the same', async () => {
    const running = cluster.start('bprsh', [
      'n0',
      'read line; for i in 1 2 3; do echo $i >&2; sleep 0.05; done; exit 4',
    ]);
    running.child.stderr?.destroy();
    running.child.stdin?.write('go\n');
    expect((await running.outcome).code).toBe(4);
  });
});

describe('its end', () => {
  test.each([
    ['exit 7', 7],
    ['kill -9 $$', 137],
    ['kill -TERM $$', 143],
  ])('of %s is %i', async (command, code) => {
    expect((await bprsh('n1', command)).code).toBe(code);
  });

  test.each([
    [['n7', 'true'], 'bprsh: n7: there is no node 7'],
    [['nowhere', 'true'], 'bprsh: nowhere: no node is called so'],
    [['n0'], 'bprsh: no command is given'],
    [['-Z', 'n0', 'true'], 'bprsh: unknown option "-Z"'],
    [['--master', 'unix:/nowhere', 'n0', 'true'], 'bprsh: n0: '],
  ])('of %j is 255, and says why', async (args, why) => {
    const { code, stdout, stderr } = await bprsh(...args);
    expect([code, stdout]).toEqual([255, '']);
    expect(stderr).toContain(why);
  });

  test('is that of the command, which has the signal', async () => {
    const running = cluster.start('bprsh', [
      'n0',
      "trap 'echo heard; exit 9' TERM; echo up; while :; do sleep 0.05; done",
    ]);
    await running.until('stdout', (text) => text.includes('up'));
    running.child.kill('SIGTERM');
    expect(await running.outcome).toMatchObject({ code: 9, stdout: 'up\nheard\n' });
  });

  test('takes the command along when it is killed', async () => {
    const running = cluster.start('bprsh', ['n0', 'echo up; exec sleep 12345.25']);
    await running.until('stdout', (text) => text.includes('up'));
    running.child.kill('SIGKILL');
    await running.outcome;
    await eventually(() => countWith('12345.25') === 0);
  });
});
