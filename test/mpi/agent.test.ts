import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BprocError } from '../../src/index.ts';
import {
  type AgentLine,
  agentDialect,
  agentEnvironment,
  isHydraProxy,
  leavesDaemon,
  readAgentLine,
} from '../../src/mpi/index.ts';

const PLAIN: Omit<AgentLine, 'host' | 'command'> = {
  user: undefined,
  noInput: false,
  exports: [],
  job: undefined,
  master: undefined,
};

describe('the command line of a remote shell', () => {
  it.each<[title: string, program: string, args: readonly string[], line: Partial<AgentLine>]>([
    [
      'Hydra, rsh',
      'bprsh',
      ['n0', '"/usr/bin/hydra_pmi_proxy"', '--control-port', 'vm:42079', '--usize', '-2'],
      { host: 'n0', command: '"/usr/bin/hydra_pmi_proxy" --control-port vm:42079 --usize -2' },
    ],
    ['Hydra, ssh, a user', 'bprsh', ['-x', 'bob@n0', 'proxy'], { host: 'n0', user: 'bob', command: 'proxy' }],
    [
      'Hydra, SGE',
      'qrsh',
      ['-inherit', '-V', 'n3', '"/usr/bin/hydra_pmi_proxy"'],
      { host: 'n3', command: '"/usr/bin/hydra_pmi_proxy"', exports: 'all' },
    ],
    [
      'Open MPI',
      'bprsh',
      ['--job=5', 'n0', ' orted', '-mca', 'ess', '"env"'],
      { host: 'n0', command: ' orted -mca ess "env"', job: '5' },
    ],
    [
      'Open MPI, SGE',
      'qrsh',
      ['-inherit', '-nostdin', '-V', 'n0', ' orted'],
      { host: 'n0', command: ' orted', noInput: true, exports: 'all' },
    ],
    ['PVM', 'bprsh', ['n0', 'pvmd -s -d0x0 -nn0 1'], { host: 'n0', command: 'pvmd -s -d0x0 -nn0 1' }],
    ['PVM, a user', 'bprsh', ['n0', '-l', 'bob', 'pvmd -s'], { host: 'n0', user: 'bob', command: 'pvmd -s' }],
    ['LSF', 'blaunch', ['-n', 'n0', 'cmd', '-x'], { host: 'n0', command: 'cmd -x', noInput: true, exports: 'all' }],
    [
      'letters together',
      'rsh',
      ['-xqn', '-lbob', '-oA=b', 'n0', 'a'],
      { host: 'n0', command: 'a', user: 'bob', noInput: true },
    ],
    ['a value in the next word', 'ssh', ['-xo', 'A=b', '-p', '22', 'n0', 'a'], { host: 'n0', command: 'a' }],
    ['the end of options', 'ssh', ['--', 'n0', '--', 'a', '-n'], { host: 'n0', command: 'a -n' }],
    ['a name of another program', 'my-rsh', ['-X', '-v', '3', 'a  b', '$c'], { host: '3', command: 'a  b $c' }],
    [
      'ours',
      'bprsh',
      ['--env', 'A', '--env=B=c d', '--job', '7[2]', '--master', 'unix:/m', '0', 'a'],
      {
        host: '0',
        command: 'a',
        exports: ['A', 'B=c d'],
        job: '7[2]',
        master: 'unix:/m',
      },
    ],
    [
      'variables of qrsh',
      'qrsh',
      ['-inherit', '-v', 'A,B=c', 'n0', 'a'],
      { host: 'n0', command: 'a', exports: ['A', 'B=c'] },
    ],
  ])('of %s', (_, program, args, line) => {
    expect(readAgentLine(agentDialect(program), args)).toEqual({ ...PLAIN, ...line });
  });

  it.each([
    ['rsh', [], 'no host is given'],
    ['rsh', ['n0'], 'no command is given'],
    ['rsh', ['n0', '-n'], 'no command is given'],
    ['rsh', ['bob@', 'a'], 'names no host'],
    ['rsh', ['-l'], 'option -l needs a value'],
    ['rsh', ['-Z', 'n0', 'a'], 'unknown option "-Z"'],
    ['rsh', ['--forever', 'n0', 'a'], 'unknown option "--forever"'],
    ['qrsh', ['n0', 'a'], 'without -inherit'],
    ['qrsh', ['-inherit', '-pty', 'n0', 'a'], 'unknown option "-pty"'],
    ['blaunch', ['-z', 'n0 n1', 'a'], 'for many hosts'],
  ] as const)('called as %s with %j: %s', (program, args, message) => {
    expect(() => readAgentLine(agentDialect(program), args)).toThrow(message);
  });

  const dialects = fc.constantFrom('rsh' as const, 'qrsh' as const, 'blaunch' as const);

  it('keeps every word of the command, whatever it is, behind what it knows of any kind', () => {
    const flags = fc.shuffledSubarray(['-x', '-X', '-n', '-q', '-v', '-o A=b', '-l bob', '-ljoe', '--job=1']);
    const host = fc.stringMatching(/^[a-z0-9][a-z0-9.-]{0,20}$/);
    const first = fc.string({ minLength: 1 }).filter((word) => word.trim() !== '' && !word.startsWith('-'));
    fc.assert(
      fc.property(flags, flags, host, first, fc.array(fc.string()), (before, behind, name, word, more) => {
        const words = [...before, name, ...behind].flatMap((each) => (each === name ? [name] : each.split(' ')));
        const line = readAgentLine('rsh', [...words, word, ...more]);
        expect(line).toMatchObject({ host: name, command: [word, ...more].join(' ') });
        expect(line.noInput).toBe(before.includes('-n') || behind.includes('-n'));
      }),
    );
  });

  it('is either understood or told of, whatever it is', () => {
    const words = fc.oneof(fc.string(), fc.constantFrom('-n', '-l', '-inherit', '-V', 'n0', '--', '-', '@', '--env'));
    fc.assert(
      fc.property(dialects, fc.array(words), (dialect, args) => {
        try {
          const { host, command } = readAgentLine(dialect, args);
          expect(host).not.toBe('');
          expect(command.trim()).not.toBe('');
        } catch (error) {
          expect(BprocError.is(error) && error.code).toBe('EINVAL');
        }
      }),
    );
  });
});

describe('the environment of what an agent starts', () => {
  const env = {
    PATH: '/bin',
    HOME: '/root',
    SHELL: '/bin/sh',
    PVM_ROOT: '/pvm',
    PVMSOCK: 'x',
    LD_LIBRARY_PATH: '/lib',
    A: 'a',
  };
  const plain = { exports: [], job: undefined, user: undefined };

  it('has who the caller is, what PVM needs, and nothing else', () => {
    const { PATH, HOME, SHELL, PVM_ROOT } = env;
    expect(agentEnvironment(plain, env)).toEqual({ PATH, HOME, SHELL, PVM_ROOT });
  });

  it('has what is named, and all of it where that is said', () => {
    expect(agentEnvironment({ ...plain, exports: ['A', 'B=b=c', 'C'] }, env)).toMatchObject({ A: 'a', B: 'b=c' });
    expect(agentEnvironment({ ...plain, exports: 'all' }, env)).toEqual(env);
  });

  it('has another home where it is for another user, and the job that is said', () => {
    const { PATH, PVM_ROOT } = env;
    const made = agentEnvironment({ ...plain, user: 'bob', job: '7' }, env);
    expect(made).toEqual({ PATH, PVM_ROOT, USER: 'bob', LOGNAME: 'bob', BPROC_JOB: '7' });
  });
});

it.each([
  ['"/usr/bin/hydra_pmi_proxy" --control-port vm:1', true],
  ['/opt/mpich/bin/hydra_bstrap_proxy --x', true],
  ['hydra_pmi_proxy', true],
  [' orted -mca ess "env"', false],
  ['echo hydra_pmi_proxy_log', false],
])('%s: Hydra waits for it: %s', (command, is) => {
  expect(isHydraProxy(command)).toBe(is);
});

it.each([
  ['pvmd -s -d0x0 -nn0 1 0a4d0064:ecad 4080 2 0a4d000a:0000', true],
  ['/usr/lib/pvm3/lib/pvmd -s -d0x0', true],
  ['hydra_pmi_proxy', false],
  ['echo pvmd', false],
])('%s: it leaves a daemon: %s', (command, does) => {
  expect(leavesDaemon(command)).toBe(does);
});
