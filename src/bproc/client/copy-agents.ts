/** File agents: processes that give or take files, on this machine or on a node. */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { BprocError } from '../../errors.ts';
import { AGENT_ARGV, findHolder, MARKER_VARIABLE } from '../../linux/index.ts';
import { describeEnd } from '../process-end.ts';
import type { RemoteProcess } from './remote-process.ts';

/** Milliseconds in which an agent that is not wanted any more may clear up. */
const GRACE_MS = 2000;
/** Milliseconds in which one that was stopped has ended, unless the kernel keeps it. */
export const LONGEST_END_MS = 2 * GRACE_MS;

/** A file agent that runs. */
export interface FileAgent {
  /** Undefined on this machine. */
  readonly node: number | undefined;
  readonly stdin: Writable;
  readonly stdout: Readable;
  /** Resolves when it has ended, with how, where that is not as it should be. */
  readonly ended: Promise<BprocError | undefined>;
  /** Whether its node can be reached now. */
  readonly isWithinReach: boolean;
  /** Calls back when that may have changed; returns a function that stops it. */
  watch(listener: () => void): () => void;
  /** Ends it; what it has not finished it removes. */
  stop(): void;
}

/** An agent on a node. */
export function remoteAgent(process: RemoteProcess): FileAgent {
  const { node, stdin, stdout, stderr } = process;
  stderr.resume();
  const ended = process.wait().then(
    (end) => {
      if (end.kind === 'exited' && end.code === 0) return undefined;
      const code = end.kind === 'lost' ? 'BE_SLAVEDIED' : 'ECONNRESET';
      return new BprocError(code, `the file agent of node ${node} ended: ${describeEnd(end)}`, { node });
    },
    (error: unknown) => BprocError.from(error),
  );
  return {
    node,
    stdin,
    stdout,
    ended,
    get isWithinReach() {
      return process.state !== 'unknown';
    },
    watch: (listener) => process.watch(listener),
    // where that fails it has ended, or does so with this client
    stop: () => void process.terminate({ graceMs: GRACE_MS }).catch(() => {}),
  };
}

/**
 * Starts an agent on this machine, with this program's rights.
 *
 * @throws BprocError ENOSYS where the package has no native program; what keeps that from running.
 */
export async function localAgent(): Promise<FileAgent> {
  const program = findProgram();
  const marker = process.env[MARKER_VARIABLE];
  const env = marker === undefined ? {} : { [MARKER_VARIABLE]: marker };
  const child = spawn(program, AGENT_ARGV.slice(1), { env, stdio: ['pipe', 'pipe', 'ignore'] });
  const ended = new Promise<BprocError | undefined>((resolve) => {
    child.once('close', (status, signal) => {
      const how = signal === null ? `exit code ${status}` : `signal ${signal}`;
      resolve(status === 0 ? undefined : new BprocError('ECONNRESET', `the file agent of this machine ended: ${how}`));
    });
  });
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (cause) => reject(BprocError.from(cause)));
  });
  return { node: undefined, ...streamsOf(child), ended, isWithinReach: true, watch: () => () => {}, stop };

  function stop(): void {
    if (!child.kill()) return;
    const timer = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
    void ended.then(() => clearTimeout(timer));
  }
}

/** Resolves when it has ended, or its node cannot be reached, which whoever waits is not to wait for. */
export function goneOrUnreachable(agent: FileAgent): Promise<unknown> {
  const unreachable = new Promise<void>((resolve) => {
    const look = (): void => {
      if (!agent.isWithinReach) resolve();
    };
    const unwatch = agent.watch(look);
    void agent.ended.then(unwatch);
    look();
  });
  return Promise.race([agent.ended, unreachable]);
}

function streamsOf(child: ChildProcessByStdio<Writable, Readable, null>): Pick<FileAgent, 'stdin' | 'stdout'> {
  return { stdin: child.stdin, stdout: child.stdout };
}

function findProgram(): string {
  try {
    return findHolder();
  } catch (cause) {
    const message = `files cannot be copied from or to this machine: ${BprocError.from(cause).message}`;
    throw new BprocError('ENOSYS', message, { cause });
  }
}
