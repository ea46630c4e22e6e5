import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { bestEngine } from '../../src/bproc/index.ts';
import { countWith, eventually, TestCluster } from './commands.ts';

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await TestCluster.start(4);
  cluster.env['FROM_THE_CALLER'] = 'hello';
});
afterAll(() => cluster[Symbol.asyncDispose]());

const bpsh = (...args: string[]) => cluster.run('bpsh', args);
const sorted = (text: string) => text.split('\n').filter(Boolean).sort();

describe('where it runs', () => {
  test.each([
    [['2'], ['2']],
    [['0-1,3'], ['0', '1', '3']],
    [['-a'], ['0', '1', '2', '3']],
    [['-A'], ['0', '1', '2', '3']],
    [['notdown'], ['0', '1', '2', '3']],
    [['1', '-n'], ['1']],
    [['-1'], ['-1']],
    [['master'], ['-1']],
    [['1,1'], ['1', '1']],
  ])('%j', async (where, nodes) => {
    const { code, stdout, stderr } = await bpsh(...where, 'sh', '-c', 'echo $BPROC_NODE');
    expect([code, sorted(stdout), stderr]).toEqual([0, nodes.sort(), '']);
  });

  test('nowhere for an empty set, without a word', async () => {
    expect(await bpsh('error', 'echo', 'hello')).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  test('a node that does not exist keeps it from running anywhere', async () => {
    const file = join(cluster.directory, 'must-not-be');
    const { code, stderr } = await bpsh('0,9', 'touch', file);
    expect([code, stderr]).toEqual([1, 'bpsh: node 9 does not exist; the nodes are 0-3\n']);
    expect(existsSync(file)).toBe(false);
  });

  test('a set that cannot be read', async () => {
    const { code, stdout, stderr } = await bpsh('5-2', 'true');
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain('the range is reversed');
  });

  test('in the directory it is called from, with the environment', async () => {
    expect(await bpsh('3', 'sh', '-c', 'pwd; echo $FROM_THE_CALLER $BPROC_RANK')).toMatchObject({
      stdout: `${cluster.directory}\nhello 0000000\n`,
    });
  });
});

describe('the exit code', () => {
  test('is the highest', async () => {
    expect(await bpsh('-a', 'sh', '-c', 'exit $((BPROC_NODE * 10))')).toEqual({ code: 30, stdout: '', stderr: '' });
  });

  test('is 255 where a signal killed one', async () => {
    const { code, stderr } = await bpsh('-a', 'sh', '-c', '[ $BPROC_NODE != 2 ] || kill -SEGV $$');
    expect([code, stderr]).toEqual([255, expect.stringMatching(/^2: killed by SIGSEGV/)]);
  });

  test('does not count a node where it did not start', async () => {
    const { code, stdout, stderr } = await cluster.shell(
      'bpctl -M -S 1 -s down && bpsh 0-1 sh -c "echo here; exit 3"; code=$?; bpctl -S 1 -s up; exit $code',
    );
    expect([code, stdout]).toEqual([3, 'here\n']);
    expect(stderr).toMatch(/^1: node 1 is down/);
    await eventually(() => cluster.slaves().size === 4);
    await cluster.shell('until [ "$(bpstat -s 1)" = up ]; do sleep 0.1; done');
  });

  test('is 1 where it started nowhere', async () => {
    const { code, stdout, stderr } = await bpsh('-a', 'no-such-program');
    expect([code, stdout]).toEqual([1, '']);
    const lines = [0, 1, 2, 3].map((node) =>
      expect.stringMatching(`^${node}: program "no-such-program" does not exist`),
    );
    expect(sorted(stderr)).toEqual(lines);
  });
});

describe('output', () => {
  test('is both streams, apart', async () => {
    expect(await bpsh('0', 'sh', '-c', 'echo out; echo err >&2')).toEqual({
      code: 0,
      stdout: 'out\n',
      stderr: 'err\n',
    });
  });

  test('-p begins each line with its node', async () => {
    const { stdout, stderr } = await bpsh('-a', '-p', 'sh', '-c', 'printf "a\\nb"; echo c >&2');
    expect(sorted(stdout)).toEqual([0, 1, 2, 3].flatMap((node) => [`  ${node}: a`, `  ${node}: b`]));
    expect(sorted(stderr)).toEqual([0, 1, 2, 3].map((node) => `  ${node}: c`));
  });

  test('-b bounds the lines', async () => {
    const { stdout } = await bpsh('0', '-p', '-b', '4', 'echo', 'abcdefghij');
    expect(stdout).toBe('  0: abcd\n  0: efgh\n  0: ij\n');
  });

  test('-L keeps lines whole', async () => {
    const script = 'for i in 1 2 3 4 5 6 7 8 9; do printf "%s" $BPROC_NODE; printf "%s\\n" $BPROC_NODE; done';
    const { stdout } = await bpsh('-a', '-L', 'sh', '-c', script);
    expect(sorted(stdout)).toEqual([0, 1, 2, 3].flatMap((node) => Array(9).fill(`${node}${node}`)));
  });

  test('-s writes one node after the other, in the order they were named', async () => {
    // the first one named is the last to write, and the others write more than is kept for them
    const script = '[ $BPROC_NODE = 3 ] && sleep 0.5; head -c 3000000 /dev/zero | tr "\\0" $BPROC_NODE; echo';
    const { stdout } = await bpsh('-s', '3,0-1', 'sh', '-c', script);
    expect(stdout.replace(/(.)\1*/g, '$1')).toBe('3\n0\n1\n');
    expect(stdout.length).toBe(3 * 3_000_001);
  });

  test('-d puts a divider before each', async () => {
    const divider = (node: number) => `${node}\t${'-'.repeat(69)}\n`;
    const { stdout } = await bpsh('-d', '1,0', 'sh', '-c', 'echo $BPROC_NODE');
    expect(stdout).toBe(`${divider(1)}1\n${divider(0)}0\n`);
  });

  test('-O and -E are files on the node, -I another', async () => {
    const file = (name: string) => join(cluster.directory, name);
    writeFileSync(file('in'), 'input\n');
    const script = 'cat; echo err >&2';
    const outcome = await bpsh('-I', 'in', '-O', 'out', '-E', file('err'), '2', 'sh', '-c', script);
    expect(outcome).toEqual({ code: 0, stdout: '', stderr: '' });
    expect([readFileSync(file('out'), 'utf8'), readFileSync(file('err'), 'utf8')]).toEqual(['input\n', 'err\n']);
    expect((await bpsh('--stdin', 'nowhere', '2', 'cat')).stderr).toMatch(/^2: .*nowhere/);
  });

  test('-N has none', async () => {
    const { stdout } = await bpsh('-N', '1', 'sh', '-c', `readlink /proc/$$/fd/0 /proc/$$/fd/1 /proc/$$/fd/2 > fds`);
    expect(stdout).toBe('');
    expect(readFileSync(join(cluster.directory, 'fds'), 'utf8').split('\n')[0]).toBe('/dev/null');
    expect(await bpsh('-N', '1', 'sh', '-c', 'echo hello; echo there >&2')).toEqual({
      code: 0,
      stdout: '',
      stderr: '',
    });
  });

  test('-t is the time it took', async () => {
    for (const option of ['-t', '--time']) {
      expect((await bpsh(option, '0', 'echo', 'x')).stdout).toMatch(/^x\n[0-9]+\.[0-9]{6}\n$/);
    }
  });

  test('nobody reads ends it, and what it runs', async () => {
    const mark = `${cluster.directory}/yes`;
    const { code, stdout, stderr } = await cluster.shell(`bpsh -a sh -c 'while echo y; do :; done' ${mark} | head -1`);
    expect([code, stdout, stderr]).toEqual([141, 'y\n', '']);
    await eventually(() => countWith(mark) === 0);
  });

  test('of a slow reader is not lost, however long it takes', async () => {
    const { stdout } = await cluster.shell('bpsh 0-1 sh -c "head -c 4000000 /dev/zero" | { sleep 1; wc -c; }');
    expect(Number(stdout)).toBe(8_000_000);
  });
});

describe('stdin', () => {
  test('goes to every process', async () => {
    const input = 'x'.repeat(300_000);
    const { stdout } = await cluster.run('bpsh', ['-a', 'wc', '-c'], input);
    expect(sorted(stdout)).toEqual(Array(4).fill('300000'));
  });

  test('-n is empty', async () => {
    expect((await cluster.run('bpsh', ['-n', '0', 'wc', '-c'], 'input')).stdout.trim()).toBe('0');
  });

  test('left open does not keep it from ending', async () => {
    expect((await cluster.start('bpsh', ['-a', 'true']).outcome).code).toBe(0);
  });

  test('closed by one is still read by the others', async () => {
    const running = cluster.start('bpsh', [
      '0-1',
      'sh',
      '-c',
      '[ $BPROC_NODE = 1 ] && exec cat; exec <&-; echo closed; sleep 1',
    ]);
    await running.until('stdout', (text) => text.includes('closed'));
    running.child.stdin?.write('first\n');
    await running.until('stdout', (text) => text.includes('first'));
    running.child.stdin?.end('second\n');
    expect(await running.outcome).toMatchObject({ code: 0, stdout: expect.stringContaining('second') });
  });
});

describe('signals', () => {
  const trap = (mark: string, signal: string) => {
    return ['sh', '-c', `trap "echo got ${signal}" ${signal}; echo ready; while :; do sleep 0.1; done`, mark];
  };
  const allReady = (text: string) => text.split('ready').length === 5;

  test.each(['INT', 'TERM', 'HUP'] as const)('%s once goes to every process, and twice ends it', async (signal) => {
    const mark = `${cluster.directory}/${signal}`;
    const running = cluster.start('bpsh', ['-a', ...trap(mark, signal)]);
    await running.until('stdout', allReady);
    running.child.kill(`SIG${signal}`);
    await running.until('stdout', (text) => text.split(`got ${signal}`).length === 5);
    expect([running.child.exitCode, countWith(mark)]).toEqual([null, 4]);
    running.child.kill(`SIG${signal}`);
    expect((await running.outcome).code).toBe({ INT: 130, TERM: 143, HUP: 129 }[signal]);
    await eventually(() => countWith(mark) === 0);
  });

  test('^C ends what does not mind it, with a message for each', async () => {
    const running = cluster.start('bpsh', ['-a', 'sh', '-c', 'echo ready; exec sleep 1000']);
    await running.until('stdout', allReady);
    running.child.kill('SIGINT');
    const { code, stderr } = await running.outcome;
    expect([code, sorted(stderr)]).toEqual([255, [0, 1, 2, 3].map((node) => `${node}: killed by SIGINT`)]);
  });

  test('SIGKILL of bpsh ends what it runs', async () => {
    const mark = `${cluster.directory}/killed`;
    const running = cluster.start('bpsh', ['-a', ...trap(mark, 'INT')]);
    await running.until('stdout', allReady);
    running.child.kill('SIGKILL');
    await eventually(() => countWith(mark) === 0);
  });
});

describe.skipIf(bestEngine() !== 'holder')('a slave that is killed', () => {
  test('comes back to its node, where everything has run on', async () => {
    const mark = `${cluster.directory}/kept`;
    const script = 'echo ready; i=0; while [ ! -e done ]; do i=$((i+1)); echo $i; sleep 0.05; done; exit 3';
    const running = cluster.start('bpsh', ['-a', '-p', 'sh', '-c', script, mark]);
    await running.until('stdout', (text) => text.split('ready').length === 5);
    const before = cluster.slaves();
    process.kill(before.get(2) ?? 0, 'SIGKILL');
    await eventually(() => ![undefined, before.get(2)].includes(cluster.slaves().get(2)));
    await cluster.shell('until [ "$(bpstat -s 2)" = up ]; do sleep 0.1; done');
    expect(countWith(mark)).toBeGreaterThanOrEqual(4);
    expect(await bpsh('2', 'echo', 'again')).toMatchObject({ code: 0, stdout: 'again\n' });
    writeFileSync(join(cluster.directory, 'done'), '');
    const { code, stdout } = await running.outcome;
    expect(code).toBe(3);
    for (const node of [0, 1, 2, 3]) {
      const counted = [...stdout.matchAll(new RegExp(`^ *${node}: (\\d+)$`, 'gm'))].map(([, count]) => Number(count));
      expect(counted).toEqual(counted.map((_, at) => at + 1));
      expect(counted.length).toBeGreaterThan(5);
    }
    const after = cluster.slaves();
    expect([0, 1, 3].map((node) => after.get(node))).toEqual([0, 1, 3].map((node) => before.get(node)));
  });
});

describe('how it is called', () => {
  test('-h and -v', async () => {
    for (const option of ['-h', '--help']) {
      const { code, stdout, stderr } = await bpsh(option);
      expect([code, stdout.split('\n')[0], stderr]).toEqual([
        0,
        'usage: bpsh [options] NODES command [argument...]',
        '',
      ]);
    }
    for (const option of ['-v', '-V', '--version']) {
      expect(await bpsh(option)).toEqual({ code: 0, stdout: `bpsh ${manifest.version}\n`, stderr: '' });
    }
  });

  test.each([
    [['-x', '0', 'ls'], 'unknown option -x'],
    [['0'], 'no command is given'],
    [['0', '-a', 'ls'], 'nodes are given twice: give NODES, -a or -A'],
    [['-b'], 'option -b needs a value: -b BYTES'],
  ])('%j is a mistake', async (args, message) => {
    const { code, stdout, stderr } = await bpsh(...args);
    expect([code, stdout]).toEqual([1, '']);
    const usage = ['[options] NODES command [argument...]', '-a|-A [options] command [argument...]'];
    const [first, ...others] = [...usage, '--pty [-t] NODE [command [argument...]]'];
    const lines = [`usage: bpsh ${first}`, ...others.map((other) => `       bpsh ${other}`)];
    expect(stderr).toBe(`bpsh: ${message}\n${lines.join('\n')}\n`);
  });

  test('without a master it says what to do', async () => {
    const { code, stdout, stderr } = await cluster.shell('BPROC_MASTER=unix:/nowhere/master.sock bpsh 0 true');
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain('cannot reach unix:/nowhere/master.sock');
    expect(stderr).toContain('start a master there with "bpmaster"');
  });
});
