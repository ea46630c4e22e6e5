/** Who is at the other end of a unix socket, by the kernel's word. */
import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import type { Socket } from 'node:net';
import type { Cancel, Clock } from '../clock.ts';
import { BprocError } from '../errors.ts';

/** A user of this machine as the kernel knew him when he connected. */
export interface PeerIdentity {
  readonly pid: number;
  readonly uid: number;
  /** His effective group, and the supplementary ones. */
  readonly gids: readonly number[];
}

/** Connections that may wait for an answer. */
const MOST_WAITING = 4096;
/** Connections that one run of the program is asked about. */
const MOST_AT_ONCE = 256;
/** How long a run may take, and how long one may wait for it, in milliseconds. */
const ANSWER_MS = 5000;
/** Starting a program holds this one up, longer the more memory it has: so many times as long nothing is started then. */
const REST = 4;

interface Question {
  readonly socket: Socket;
  readonly since: number;
  readonly answer: (line: string) => void;
  readonly fail: (error: BprocError) => void;
}

/**
 * Asks the kernel (SO_PEERCRED, SO_PEERGROUPS), which Node cannot do itself: the holder's program reads it from the
 * descriptors that it is given, those of all who have come meanwhile at a time. Nothing tells users apart before:
 * where more come than can wait, one by chance is refused, who is most likely one of those that come in numbers.
 * Disposing it refuses who waits, and ends the run that is under way.
 */
export class PeerAsker implements AsyncDisposable {
  readonly #program: string;
  readonly #clock: Clock;
  readonly #waiting: Question[] = [];
  #isBusy = false;
  #run: Run | undefined;
  #cancelRest: Cancel = () => {};
  #isOver = false;

  /** @param program the holder's, as `findHolder` finds it. */
  constructor(program: string, clock: Clock) {
    this.#program = program;
    this.#clock = clock;
  }

  /**
   * Who has connected.
   *
   * @throws BprocError EPERM where it cannot be known, EAGAIN where too many want to be known: then nobody is let in;
   *   ECANCELED once this is disposed of.
   */
  async ask(socket: Socket): Promise<PeerIdentity> {
    if (this.#isOver) throw cancelled();
    if (this.#waiting.length >= MOST_WAITING) {
      const [unlucky] = this.#waiting.splice(randomInt(MOST_WAITING), 1);
      unlucky?.fail(tooMany(`${MOST_WAITING} wait already`));
    }
    const line = await new Promise<string>((answer, fail) => {
      this.#waiting.push({ socket, since: this.#clock.now(), answer, fail });
      this.#next();
    });
    const [pid, uid, ...gids] = line.split(' ').map(Number);
    if (line === '' || pid === undefined || uid === undefined || ![pid, uid, ...gids].every(Number.isSafeInteger)) {
      throw unknown(line === '' ? 'the kernel does not say' : `${this.#program} said ${JSON.stringify(line)}`);
    }
    return { pid, uid, gids: [...new Set(gids)] };
  }

  #next(): void {
    if (this.#isBusy || this.#waiting.length === 0) return;
    this.#isBusy = true;
    // after all that came in this turn
    setImmediate(() => void this.#answer());
  }

  async #answer(): Promise<void> {
    const { questions, fds } = this.#take();
    const before = this.#clock.now();
    let heldUpMs = 0;
    try {
      if (questions.length > 0) this.#run = run(this.#program, fds);
      heldUpMs = this.#clock.now() - before;
      const lines = (await this.#run?.lines) ?? [];
      for (const [at, { answer }] of questions.entries()) answer(lines[at] ?? '');
    } catch (error) {
      for (const { fail } of questions) fail(this.#isOver ? cancelled() : BprocError.from(error));
    }
    this.#run = undefined;
    if (this.#isOver) return;
    this.#cancelRest = this.#clock.after(REST * heldUpMs, () => {
      this.#isBusy = false;
      this.#next();
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true;
    this.#cancelRest();
    for (const { fail } of this.#waiting.splice(0)) fail(cancelled());
    this.#run?.kill();
    await this.#run?.lines.catch(() => {});
  }

  /** The next ones whose connection is still there and who have not waited for too long. */
  #take(): { readonly questions: Question[]; readonly fds: number[] } {
    const [questions, fds]: [Question[], number[]] = [[], []];
    const oldest = this.#clock.now() - ANSWER_MS;
    while (questions.length < MOST_AT_ONCE) {
      const question = this.#waiting.shift();
      if (question === undefined) break;
      const fd = descriptorOf(question.socket);
      if (question.since < oldest) question.fail(tooMany('its turn did not come in time'));
      else if (fd === undefined)
        question.fail(unknown('the connection is gone, or this Node shows no descriptor of it'));
      else {
        questions.push(question);
        fds.push(fd);
      }
    }
    return { questions, fds };
  }
}

function descriptorOf(socket: Socket): number | undefined {
  const handle: unknown = Reflect.get(socket, '_handle');
  const fd: unknown = typeof handle === 'object' && handle !== null ? Reflect.get(handle, 'fd') : undefined;
  return typeof fd === 'number' && fd >= 0 ? fd : undefined;
}

/** The program while it runs. */
interface Run {
  /** What it says, a line for each descriptor; nothing of it is left then. */
  readonly lines: Promise<string[]>;
  kill(): void;
}

function run(program: string, fds: readonly number[]): Run {
  const child = spawn(program, ['--peers', String(fds.length)], {
    stdio: ['ignore', 'pipe', 'pipe', ...fds],
    timeout: ANSWER_MS,
    killSignal: 'SIGKILL',
    env: {},
  });
  const lines = new Promise<string[]>((resolve, reject) => {
    let said = '';
    let complaint = '';
    child.stdout?.on('data', (bytes: Buffer) => {
      said += bytes.toString();
    });
    child.stderr?.on('data', (bytes: Buffer) => {
      complaint += bytes.toString();
    });
    // one that was started has not ended by this
    child.on('error', (cause) => {
      if (child.pid === undefined) reject(unknown(`${program}: ${cause.message}`));
    });
    child.once('close', (code, signal) => {
      if (code === 0) resolve(said.split('\n'));
      else reject(unknown(complaint.trim() || `${program} ended with ${signal ?? code}`));
    });
  });
  return { lines, kill: () => void child.kill('SIGKILL') };
}

function cancelled(): BprocError {
  return new BprocError('ECANCELED', 'nobody is let in any more: whoever asked who connects is shutting down');
}

function tooMany(why: string): BprocError {
  return new BprocError('EAGAIN', `too many connect at once, ${why}: come again in a moment`);
}

function unknown(why: string): BprocError {
  return new BprocError('EPERM', `the user at the other end of the connection cannot be known: ${why}`);
}
