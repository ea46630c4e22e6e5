/** A real terminal: a window of tmux, in which keys are typed and whose screen can be read. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Far longer than anything takes to show. */
const DEADLINE_MS = 20_000;

/** The window, and the shell that runs in it. */
export class Tmux implements Disposable {
  readonly #socket: string;
  readonly #env: NodeJS.ProcessEnv;

  /** @param directory for the socket of a tmux of its own. */
  constructor(directory: string, env: NodeJS.ProcessEnv) {
    this.#socket = join(directory, `tmux-${Math.random().toString(36).slice(2)}`);
    this.#env = { ...env, HISTFILE: undefined, PROMPT_COMMAND: undefined };
    this.#tmux('-f', '/dev/null', 'new-session', '-d', '-x', '100', '-y', '30', 'bash --norc --noprofile -i');
  }

  /** What it shows now, without the blanks at the ends of lines. */
  get screen(): string {
    return this.#tmux('capture-pane', '-p').trimEnd();
  }

  /** Types text. */
  type(text: string): void {
    this.#tmux('send-keys', '-l', text);
  }

  /** Presses keys by their names, such as `Enter` and `C-c`. */
  press(...keys: readonly string[]): void {
    this.#tmux('send-keys', ...keys);
  }

  /** Types a line. */
  enter(line: string): void {
    this.type(line);
    this.press('Enter');
  }

  resize(columns: number, rows: number): void {
    this.#tmux('resize-window', '-x', String(columns), '-y', String(rows));
  }

  /** Waits until the screen matches; gives what does. */
  async shows(pattern: RegExp): Promise<string> {
    const deadline = Date.now() + DEADLINE_MS;
    for (;;) {
      const { screen } = this;
      const match = pattern.exec(screen);
      if (match !== null) return match[1] ?? match[0];
      if (Date.now() > deadline) throw new Error(`${pattern} is not shown within ${DEADLINE_MS} ms:\n${screen}`);
      await sleep(20);
    }
  }

  #tmux(...args: readonly string[]): string {
    const { status, stdout, stderr } = spawnSync('tmux', ['-u', '-S', this.#socket, ...args], {
      env: this.#env,
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`tmux ${args.join(' ')}: ${stderr}`);
    return stdout;
  }

  [Symbol.dispose](): void {
    spawnSync('tmux', ['-S', this.#socket, 'kill-server'], { env: this.#env });
  }
}
