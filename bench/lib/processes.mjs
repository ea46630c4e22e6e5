/** Programs that the benchmarks start beside themselves: servers of peers, and Node agents that measure. */
import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const GONE_MS = 20_000;

/**
 * Ends a child process: TERM, then KILL.
 *
 * @param {import('node:child_process').ChildProcess} child
 */
export async function end(child) {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), GONE_MS);
  await gone;
  clearTimeout(late);
}

/**
 * Starts a server in the foreground. Its output is kept for the error where it dies too early.
 *
 * @param {string} file
 * @param {readonly string[]} args
 * @param {{ readonly env?: NodeJS.ProcessEnv, readonly cwd?: string }} [options]
 * @returns {{ readonly child: import('node:child_process').ChildProcess, readonly text: () => string }}
 */
export function serve(file, args, options = {}) {
  const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
  let text = '';
  const keep = (chunk) => {
    text = (text + chunk).slice(-4000);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  child.on('error', (error) => keep(error.message));
  return { child, text: () => text };
}

/**
 * Runs a program to its end.
 *
 * @param {string} file
 * @param {readonly string[]} args
 * @param {{ readonly env?: NodeJS.ProcessEnv, readonly cwd?: string }} [options]
 * @returns {Promise<string>} what it wrote to either output
 * @throws where it fails, with what it wrote
 */
export async function run(file, args, options = {}) {
  const { child, text } = serve(file, args, options);
  const [code] = await Promise.race([
    once(child, 'close'),
    once(child, 'error').then(([error]) => Promise.reject(error)),
  ]);
  if (code !== 0) throw new Error(`${file} ${args.join(' ')} ended with ${code}: ${text().trim()}`);
  return text();
}

/** A Node process that answers calls: `bench/programs/NAME.mjs`, which calls `answer`. */
export class Agent {
  #child;
  #name;
  #next = 1;
  /** @type {Map<number, { resolve: (value: unknown) => void, reject: (error: Error) => void }>} */
  #calls = new Map();
  #ready;

  /**
   * @param {string} name of the program
   * @param {readonly string[]} args
   * @param {{ readonly prefix?: readonly string[], readonly env?: NodeJS.ProcessEnv }} [options] `prefix`:
   *   a command that runs it, such as nsenter
   */
  constructor(name, args, options = {}) {
    this.#name = name;
    const program = fileURLToPath(new URL(`../programs/${name}.mjs`, import.meta.url));
    const [first = process.execPath, ...rest] = options.prefix ?? [];
    this.#child = fork(program, args, {
      execPath: first,
      execArgv: options.prefix === undefined ? [] : [...rest, process.execPath],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      // A session of its own, as a daemon has it: the scheduler shares the processors between sessions.
      detached: true,
      env: options.env ?? process.env,
    });
    this.#child.on('message', (message) => this.#answered(message));
    this.#child.on('exit', (code, signal) => this.#fail(new Error(`${name} ended with ${signal ?? code}`)));
    this.#child.on('error', (error) => this.#fail(error));
    this.#ready = this.call('ready', {});
  }

  /** Its pid. */
  get pid() {
    return this.#child.pid;
  }

  /** Resolves with itself when it is ready for calls. */
  async ready() {
    await this.#ready;
    return this;
  }

  /**
   * Calls one of its handlers.
   *
   * @param {string} method
   * @param {object} [params]
   * @returns {Promise<any>}
   */
  call(method, params = {}) {
    return new Promise((resolve, reject) => {
      const id = this.#next;
      this.#next += 1;
      this.#calls.set(id, { resolve, reject });
      this.#child.send({ id, method, params }, (error) => {
        if (error) this.#fail(new Error(`${this.#name} cannot be called: ${error.message}`));
      });
    });
  }

  /** Lets it end in order; kills it where it does not. */
  async stop() {
    this.#ready.catch(() => {});
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = once(this.#child, 'exit');
    if (this.#child.connected) this.#child.disconnect();
    const late = setTimeout(() => this.#child.kill('SIGKILL'), GONE_MS);
    await gone;
    clearTimeout(late);
  }

  #answered({ id, result, error }) {
    const call = this.#calls.get(id);
    this.#calls.delete(id);
    if (error === undefined) call?.resolve(result);
    else call?.reject(new Error(`${this.#name}: ${error}`));
  }

  #fail(error) {
    for (const call of this.#calls.values()) call.reject(error);
    this.#calls.clear();
  }
}
