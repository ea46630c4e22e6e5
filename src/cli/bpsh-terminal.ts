/** `bpsh --pty`: a command at a terminal of its node, with this one at the other end. */
import { basename } from 'node:path';
import type { Client, ProcessEnd, RemoteProcess } from '../index.ts';
import { BprocError, describeEnd } from '../index.ts';
import type { BpshRun } from './bpsh-request.ts';
import { Console } from './console.ts';
import type { Escape } from './escapes.ts';
import { ESCAPE_HELP, EscapeReader } from './escapes.ts';
import { exitCodeOfAll } from './exit-rule.ts';
import { LocalTerminal } from './local-terminal.ts';
import { chooseNodes } from './node-choice.ts';
import { dieOfBrokenPipe } from './program.ts';
import { exitCodeOfSignal, onEndingSignals } from './signals.ts';

/** What may be typed ahead of a node that does not take it: so long is `~.` heard. */
const MOST_TYPED_BYTES = 1024 * 1024;

/** One command at one terminal. */
export class TerminalRun {
  readonly #run: BpshRun;
  readonly #client: Client;
  readonly #terminal = new LocalTerminal();
  readonly #console: Console;
  /** Aborted where what is being started is not wanted any more. */
  readonly #starting = new AbortController();
  #leaving = false;
  #resizing = false;
  #resizeAgain = false;

  constructor(run: BpshRun, client: Client) {
    this.#run = run;
    this.#client = client;
    this.#console = new Console(() => this.#leave(dieOfBrokenPipe));
    // who is at the terminal ends it by ^C and the like, which go to the node: these come from elsewhere
    onEndingSignals((signal) => this.#leave(() => process.exit(exitCodeOfSignal(signal))));
    client.on('detached', (reason) => {
      const why = reason === undefined ? '' : `: ${reason.message}`;
      this.#say(`the connection to the master is lost${why}; looking for it`);
    });
  }

  /** Gives the exit code. */
  async finish(): Promise<number> {
    const startedAt = performance.now();
    const end = await this.#follow().catch((error: unknown) => {
      // what fails because this program leaves is no failure
      if (this.#leaving) return new Promise<never>(() => {});
      throw error;
    });
    const seconds = (performance.now() - startedAt) / 1000;
    if (end.kind !== 'exited') this.#say(describeEnd(end));
    if (this.#run.timed) await this.#console.stdout.write(`${seconds.toFixed(6)}\n`);
    await Promise.all([this.#console.stdout.flushed(), this.#console.stderr.flushed()]);
    return exitCodeOfAll([end], 0);
  }

  async #follow(): Promise<ProcessEnd> {
    const node = await this.#node();
    const started = await this.#start(node, this.#terminal.size);
    this.#starting.signal.throwIfAborted();
    try {
      this.#terminal.raw();
      this.#feed(started);
      const resize = (): void => void this.#resize(started);
      process.on('SIGWINCH', resize);
      // whoever stopped this program may have had the terminal meanwhile
      process.on('SIGCONT', () => {
        this.#terminal.raw();
        resize();
      });
      // it may have changed while the command was started
      resize();
      for await (const chunk of started.stdout) await this.#console.stdout.write(chunk);
      return await started.wait();
    } finally {
      this.#terminal.restore();
      process.stdin.destroy();
    }
  }

  async #node(): Promise<number> {
    const { nodes } = this.#run;
    const [chosen, ...others] = await chooseNodes(this.#client, nodes);
    if (chosen !== undefined && others.length === 0) return chosen.node;
    throw new BprocError(
      'EINVAL',
      `--pty takes one node, and ${nodes} is ${chosen === undefined ? 0 : others.length + 1}`,
    );
  }

  #start(node: number, pty: { readonly rows: number; readonly columns: number }): Promise<RemoteProcess> {
    const { file, argv } = this.#run;
    const options = { pty, signal: this.#starting.signal };
    if (file !== undefined) return this.#client.rexec(node, file, argv, options);
    const login = (shell: string) => this.#client.rexec(node, shell, [], { ...options, argv0: `-${basename(shell)}` });
    const shell = process.env['SHELL'] || '/bin/sh';
    return login(shell).catch((error: unknown) => {
      if (shell !== '/bin/sh' && BprocError.is(error) && error.code === 'ENOENT') return login('/bin/sh');
      throw error;
    });
  }

  #feed({ stdin }: RemoteProcess): void {
    // it has ended, or closed its terminal: nobody is left to type for
    stdin.on('error', () => {});
    if (!this.#terminal.isInput) {
      process.stdin.on('error', () => stdin.end());
      process.stdin.pipe(stdin);
      return;
    }
    const reader = new EscapeReader(
      (bytes) => void stdin.write(bytes),
      (order) => this.#escaped(order),
    );
    process.stdin.on('data', (bytes: Buffer) => {
      reader.push(bytes);
      if (stdin.writableLength > MOST_TYPED_BYTES) process.stdin.pause();
    });
    stdin.on('drain', () => process.stdin.resume());
    const hungUp = (): void => this.#leave(() => process.exit(exitCodeOfSignal('SIGHUP')));
    process.stdin.on('error', hungUp).on('end', hungUp);
  }

  #escaped(order: Escape): void {
    if (order === 'leave') return this.#leave(() => process.exit(255), 'left');
    if (order === 'help') return void this.#console.stderr.write(`\r\n${ESCAPE_HELP.join('\r\n')}\r\n`);
    this.#terminal.restore();
    process.kill(process.pid, 'SIGTSTP');
  }

  /** Passes the size on, the newest one where it changes faster than that. */
  async #resize(started: RemoteProcess): Promise<void> {
    this.#resizeAgain = true;
    if (this.#resizing) return;
    this.#resizing = true;
    while (this.#resizeAgain && started.end === undefined && !this.#leaving) {
      this.#resizeAgain = false;
      await started.resize(this.#terminal.size).catch((cause: unknown) => {
        const error = BprocError.from(cause);
        // it has ended meanwhile, or this program has
        if (error.code === 'BE_INVALIDPROC' || error.code === 'ECANCELED') return;
        this.#say(`the terminal's size does not get there: ${error.message}`);
      });
    }
    this.#resizing = false;
  }

  /** A line on stderr, also on a terminal that is raw. */
  #say(text: string): void {
    const line = this.#terminal.isRaw ? `\r\nbpsh: ${text}\r\n` : `bpsh: ${text}\n`;
    void this.#console.stderr.write(line);
  }

  /** Leaves at once. The master hangs up what this program has started. */
  #leave(exit: () => void, why?: string): void {
    if (this.#leaving) return;
    this.#leaving = true;
    this.#starting.abort();
    if (why !== undefined) this.#say(why);
    this.#terminal.restore();
    void this.#client[Symbol.asyncDispose]().then(() => setImmediate(exit));
  }
}
