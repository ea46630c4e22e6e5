/** What the command line of a remote shell means, as launchers call one: `rsh`, `ssh`, SGE's `qrsh` and LSF's `blaunch`. */
import { BprocError } from '../errors.ts';

/** What a launcher asks for. */
export interface AgentLine {
  /** The node, by a name or a number. */
  readonly host: string;
  /** Whom it is to run as; undefined: as the caller. */
  readonly user: string | undefined;
  /** A line for `sh -c` on the node. */
  readonly command: string;
  /** Whether stdin is `/dev/null`. */
  readonly noInput: boolean;
  /** Variables that go along, by name or as `NAME=VALUE`; `'all'`: the whole environment. */
  readonly exports: readonly string[] | 'all';
  /** What job it is for, as the command sees it in `BPROC_JOB`. */
  readonly job: string | undefined;
  /** The address of the master; undefined: as everywhere else. */
  readonly master: string | undefined;
}

/** Names by which launchers call the agent of their batch system. */
export type AgentDialect = 'rsh' | 'qrsh' | 'blaunch';

/** How a program of that name is called. */
export function agentDialect(program: string): AgentDialect {
  return program === 'qrsh' || program === 'blaunch' ? program : 'rsh';
}

/** What options say of a line. */
interface Found {
  user?: string;
  noInput?: boolean;
  exports?: readonly string[] | 'all';
  job?: string;
  master?: string;
}

/** Options of one letter of rsh and ssh without a value: all but `n` are about what there is nothing of here. */
const FLAGS = 'dKnxXkqvyYaATtsCfgG46MN';
/** And those with one. */
const VALUED = 'loFicpmEeILJRDWwBbSOQ';

/**
 * Reads what stands behind the name of the agent. Words of the command are joined by spaces, as rsh does: launchers put quotes, variables and whole
 * lines of shell into them.
 *
 * @throws BprocError EINVAL where there is no host, no command, or an option that nobody knows.
 */
export function readAgentLine(dialect: AgentDialect, args: readonly string[]): AgentLine {
  const found: Found = {};
  const rest = [...args];
  const options = OPTIONS_OF[dialect];
  options(rest, found);
  const said = rest.shift();
  if (said === undefined || said === '') throw new BprocError('EINVAL', 'no host is given');
  // of these only rsh lets options follow the host
  if (dialect === 'rsh') options(rest, found);
  const command = rest.join(' ');
  if (command.trim() === '')
    throw new BprocError('EINVAL', 'no command is given: bpsh --pty NODE is a shell on a node');
  const at = dialect === 'rsh' ? said.lastIndexOf('@') : -1;
  const host = said.slice(at + 1);
  if (host === '') throw new BprocError('EINVAL', `${JSON.stringify(said)} names no host`);
  const user = at > 0 ? said.slice(0, at) : found.user;
  const { noInput = false, exports = [], job, master } = found;
  return { host, user, command, noInput, exports, job, master };
}

/** Takes options off the beginning of `words`. */
type Reader = (words: string[], found: Found) => void;

const OPTIONS_OF: Readonly<Record<AgentDialect, Reader>> = {
  rsh: (words, found) => {
    for (let word = words[0]; word?.startsWith('-') === true && word !== '-'; word = words[0]) {
      words.shift();
      if (word === '--') return;
      if (word.startsWith('--')) readOwn(word, words, found);
      else readLetters(word, words, found);
    }
  },
  qrsh: (words, found) => {
    let within = false;
    eachWord(words, (word) => {
      if (word === '-inherit') within = true;
      else if (word === '-nostdin') found.noInput = true;
      else if (word === '-V') found.exports = 'all';
      else if (word === '-v') found.exports = withExports(found, taken(word, words).split(','));
      else if (word !== '-noshell' && word !== '-verbose') throw unknown(word);
    });
    if (!within) throw new BprocError('EINVAL', 'without -inherit qrsh asks for a job of its own: bpsub submits one');
  },
  blaunch: (words, found) => {
    // what LSF starts has the job's environment
    found.exports = 'all';
    eachWord(words, (word) => {
      if (word === '-n') found.noInput = true;
      else if (word === '-u' || word === '-z') throw new BprocError('EINVAL', `${word} is for many hosts: give one`);
      else if (word !== '-no-shell' && word !== '-use-login-shell') throw unknown(word);
    });
  },
};

function eachWord(words: string[], read: (word: string) => void): void {
  for (let word = words[0]; word?.startsWith('-') === true; word = words[0]) {
    words.shift();
    read(word);
  }
}

/** One word of letters, such as `-x`, `-xn`, `-l bob`, `-lbob`. */
function readLetters(word: string, words: string[], found: Found): void {
  for (let index = 1; index < word.length; index += 1) {
    const letter = word.charAt(index);
    if (letter === 'n') found.noInput = true;
    if (FLAGS.includes(letter)) continue;
    if (!VALUED.includes(letter)) throw unknown(`-${letter}`);
    const value = word.slice(index + 1) || taken(`-${letter}`, words);
    if (letter === 'l') found.user = value;
    return;
  }
}

/** What the agent knows of itself, for the extra arguments that launchers let one give. */
function readOwn(word: string, words: string[], found: Found): void {
  const [, name = '', joined] = /^--([a-z]+)(?:=(.*))?$/s.exec(word) ?? [];
  if (name !== 'job' && name !== 'master' && name !== 'env') throw unknown(word);
  const value = joined ?? taken(word, words);
  if (name === 'env') found.exports = withExports(found, [value]);
  else found[name] = value;
}

function withExports({ exports = [] }: Found, more: readonly string[]): readonly string[] | 'all' {
  return exports === 'all' ? 'all' : [...exports, ...more];
}

function taken(option: string, words: string[]): string {
  const value = words.shift();
  if (value === undefined || value === '') throw new BprocError('EINVAL', `option ${option} needs a value`);
  return value;
}

function unknown(option: string): BprocError {
  return new BprocError('EINVAL', `unknown option ${JSON.stringify(option.slice(0, 80))}`);
}

/** What goes along without being asked for: who the caller is, where agents on nodes find the master, and what PVM has only there. */
const ALWAYS = /^(?:PATH|HOME|USER|LOGNAME|SHELL|LANG|TZ|BPROC_MASTER|BPROC_JOB|PVM_.*)$/;

/** The environment of the command. A remote shell has none of the caller's; launchers rely on that, so little goes along. */
export function agentEnvironment(
  { exports, job, user }: Pick<AgentLine, 'exports' | 'job' | 'user'>,
  env: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string | undefined>> {
  const along = Object.entries(env).filter(([name]) => exports === 'all' || ALWAYS.test(name));
  const asked = (exports === 'all' ? [] : exports).map((word) => {
    const at = word.indexOf('=');
    return at < 0 ? [word, env[word]] : [word.slice(0, at), word.slice(at + 1)];
  });
  return {
    ...Object.fromEntries([...along, ...asked]),
    // another user has another home
    ...(user === undefined ? {} : { HOME: undefined, SHELL: undefined, USER: user, LOGNAME: user }),
    ...(job === undefined ? {} : { BPROC_JOB: job }),
  };
}

/** Whether a command is what Hydra starts on a node: an mpiexec waits for it to connect, for ever where nothing comes of it. */
export function isHydraProxy(command: string): boolean {
  return /(?:^|[\s"'/])hydra_[a-z_]*proxy(?:["'\s]|$)/.test(command);
}

/** Whether a command leaves a daemon behind which is to live on when the agent has ended, as PVM's do: nobody else ends it but PVM. */
export function leavesDaemon(command: string): boolean {
  return /(?:^|[\s"'/])pvmd["']? +-s(?:\s|$)/.test(command);
}
