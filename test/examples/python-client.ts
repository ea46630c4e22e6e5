/** The Python example as a program: its messages made by protoc, its interpreter found. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Outcome } from '../cli/commands.ts';

const PACKAGES = 'python3 python3-protobuf python3-cryptography protobuf-compiler';
const EXAMPLE = resolve('examples/python');
const PROTO = resolve('proto/bproc/v1');

/** The programs that the example needs. */
export interface Tools {
  readonly python: string;
  readonly protoc: string;
}

/**
 * Finds an interpreter that has protobuf, Debian's own before others, and protoc.
 *
 * @throws Error naming the packages where there are none.
 */
export function findTools(pythons = ['/usr/bin/python3', 'python3'], protoc = 'protoc'): Tools {
  const python = pythons.find((each) => succeeds(each, ['-c', 'import google.protobuf, cryptography']));
  const missing = [
    ...(python === undefined ? [`a Python with protobuf and cryptography (none of ${pythons.join(', ')})`] : []),
    ...(succeeds(protoc, ['--version']) ? [] : [protoc]),
  ];
  if (python === undefined || missing.length > 0) {
    throw new Error(`the Python example lacks ${missing.join(' and ')}: apt-get install ${PACKAGES}`);
  }
  return { python, protoc };
}

function succeeds(command: string, args: readonly string[]): boolean {
  try {
    execFileSync(command, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** The example, ready to run. Disposing ends what of it still runs. */
export class PythonClient implements Disposable {
  readonly #interpreter: string;
  readonly #messages = mkdtempSync(join(tmpdir(), 'bproc-python-'));
  readonly #running = new Set<ChildProcess>();

  constructor({ python, protoc }: Tools = findTools()) {
    this.#interpreter = python;
    const files = readdirSync(PROTO).filter((name) => name.endsWith('.proto'));
    execFileSync(protoc, ['-I', PROTO, `--python_out=${this.#messages}`, ...files.map((name) => join(PROTO, name))]);
  }

  /** Runs it against the master at this address, with a certificate where that takes one. */
  run(address: string, identity?: string): Promise<Outcome> {
    const shown = identity === undefined ? {} : { BPROC_IDENTITY: identity };
    return this.#python([join(EXAMPLE, 'run.py')], { BPROC_MASTER: address, ...shown });
  }

  /** Gets a certificate by a token into a file. */
  login(address: string, token: string, file: string): Promise<Outcome> {
    return this.#python([join(EXAMPLE, 'login.py'), address, token, file], {});
  }

  /** Runs a program that uses its modules. */
  evaluate(program: string): Promise<Outcome> {
    return this.#python(['-c', program], { PYTHONPATH: `${this.#messages}:${EXAMPLE}` });
  }

  async #python(args: readonly string[], more: NodeJS.ProcessEnv): Promise<Outcome> {
    const env = { ...process.env, PYTHONPATH: this.#messages, PYTHONDONTWRITEBYTECODE: '1', ...more };
    // what is not closed is said on stderr
    const child = spawn(this.#interpreter, ['-W', 'default::ResourceWarning', ...args], { env, stdio: 'pipe' });
    this.#running.add(child);
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (bytes: Buffer) => {
      stdout += bytes.toString();
    });
    child.stderr.on('data', (bytes: Buffer) => {
      stderr += bytes.toString();
    });
    const [code] = await once(child, 'close');
    this.#running.delete(child);
    return { code, stdout, stderr };
  }

  [Symbol.dispose](): void {
    for (const child of this.#running) child.kill('SIGKILL');
    rmSync(this.#messages, { recursive: true });
  }
}
